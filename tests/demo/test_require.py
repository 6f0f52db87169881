"""A missing extra is told in one clear sentence."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

from helpdesk import demo
from helpdesk.errors import UsageError


def test_what_the_demo_needs_is_there() -> None:
    """`make setup` installs the extra, and nothing is complained of."""
    demo.require()
    assert all(find_spec(name) is not None for name in demo.EMBEDDED)


def test_a_missing_package_is_named_with_the_way_to_install_it() -> None:
    """Not a traceback of an import."""
    with pytest.raises(UsageError, match=r"no_such_package is not installed.*make run.*pip install '.*\[demo\]'"):
        demo.require(("no_such_package",))


def test_two_missing_packages_are_told_in_good_grammar() -> None:
    """They are not installed."""
    with pytest.raises(UsageError, match="no_such and no_more are not installed"):
        demo.require(("no_such", "no_more"))

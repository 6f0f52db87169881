"""The words that decide about a letter which waits."""

from __future__ import annotations

import pytest

from helpdesk.desk import one_word


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Send.", "send"),
        ("\n *send* \n\nAnna", "send"),
        ("„send”", "send"),
        ("#drop!", "#drop"),
        ("", ""),
        ("a b", "a b"),
    ],
)
def test_the_first_line_is_read_without_the_signs_around_it(text: str, said: str) -> None:
    """Telephones write capitals and full stops."""
    assert one_word.said(text) == said

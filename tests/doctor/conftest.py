"""A site that is well."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.doctor.place import USER, Site
from tests.servers.mailstack import MailStack


@pytest.fixture
def site(mailstack: MailStack, tmp_path: Path) -> Site:
    """With an empty mailbox; sending needs the fixture ``postfix`` as well."""
    mailstack.empty(USER)
    return Site(tmp_path, mailstack)

"""A server that does not work is told with the key, and the place, to be mended."""

from __future__ import annotations

import socket
import threading
from pathlib import Path
from typing import Any

import pytest

from helpdesk.doctor import State
from tests.doctor.place import Site, wrong
from tests.servers.mailstack import MailStack
from tests.servers.ports import free_ports

pytestmark = [pytest.mark.dovecot, pytest.mark.postfix]


def mends(site: Site, **changes: Any) -> dict[str, str]:
    """Repairs by the name of what is wrong."""
    checks = site.but(**changes).examine()
    return {name: checks[name].finding.mend for name in wrong(checks)}


def test_without_the_probe_no_letter_leaves(postfix: MailStack, site: Site) -> None:
    """Everything else is looked at."""
    assert mends(site) == {}
    assert postfix.inbox("support@helpdesk.test") == []


@pytest.mark.parametrize("part", ["smtp", "imap"])
def test_a_wrong_password_is_told(postfix: MailStack, site: Site, part: str) -> None:
    """With the user, and where the password comes from; the password itself is never printed."""
    checks = site.but(environ={"PW": "secret", "OTHER": "tops3cret"}, **{part: {"password_env": "OTHER"}}).examine()
    found = checks["smtp: login" if part == "smtp" else "support: login"]
    assert found.wrong
    assert "OTHER" in found.finding.mend
    assert "tops3cret" not in str(checks)


@pytest.mark.parametrize("part", ["smtp", "imap"])
def test_a_port_where_nobody_listens_is_told(postfix: MailStack, site: Site, part: str) -> None:
    """The login is not tried."""
    checks = site.but(**{part: {"port": free_ports(1)[0]}}).examine()
    server = "smtp" if part == "smtp" else "support"
    assert checks[f"{server}: login"].finding.state is State.SKIPPED
    assert "Nobody listens there" in checks[f"{server}: connection"].finding.mend
    assert ".port (not in helpdesk.toml yet)" in checks[f"{server}: connection"].finding.mend


@pytest.mark.parametrize(("part", "port"), [("smtp", "submission"), ("imap", "imap")])
def test_tls_where_starttls_is_spoken_is_told(postfix: MailStack, site: Site, part: str, port: str) -> None:
    """Port and security do not belong together."""
    (mend,) = mends(site, **{part: {"port": getattr(postfix, port)}}).values()
    assert "security" in mend
    assert "it is tls now" in mend


@pytest.mark.parametrize(("part", "port"), [("smtp", "submission"), ("imap", "imap")])
def test_starttls_is_understood(postfix: MailStack, site: Site, part: str, port: str) -> None:
    """Its certificate is looked at, too."""
    checks = site.but(**{part: {"port": getattr(postfix, port), "security": "starttls"}}).examine()
    assert wrong(checks) == []
    name = "smtp: connection" if part == "smtp" else "support: connection"
    assert "valid until" in checks[name].finding.said


@pytest.mark.parametrize("part", ["smtp", "imap"])
def test_a_certificate_that_is_not_trusted_is_told(postfix: MailStack, site: Site, part: str) -> None:
    """The authority of one's own has to be named."""
    (mend,) = mends(site, **{part: {"ca_file": None}}).values()
    assert "ca_file" in mend


def test_a_certificate_file_that_is_none_is_told(postfix: MailStack, site: Site, tmp_path: Path) -> None:
    """As is one that is not there."""
    (tmp_path / "no.pem").write_text("no certificate")
    (mend,) = mends(site, imap={"ca_file": "no.pem"}).values()
    assert "ca_file" in mend


def test_a_name_that_nobody_knows_is_told(postfix: MailStack, site: Site) -> None:
    """The host is the key to be mended."""
    (mend,) = mends(site, smtp={"host": "no-such-host.invalid"}).values()
    assert "mend smtp.host" in mend


def test_a_server_that_hangs_up_is_told(postfix: MailStack, site: Site) -> None:
    """It takes the connection, and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        hanging_up = threading.Thread(target=lambda: server.accept()[0].close())
        hanging_up.start()
        found = mends(site, imap={"port": server.getsockname()[1]})
        hanging_up.join()
    assert "mailboxes.support.imap.port" in found["support: connection"]


def test_a_folder_that_is_not_there_is_told(postfix: MailStack, site: Site) -> None:
    """And what cannot be looked into is not waited for."""
    checks = site.but(imap={"folder": "Support"}).examine(probe=True)
    assert wrong(checks) == ["support: folder Support"]
    assert "mailboxes.support.imap.folder" in checks["support: folder Support"].finding.mend
    assert checks["support: probe"].finding.state is State.SKIPPED


def test_plain_text_is_noted(postfix: MailStack, site: Site) -> None:
    """It works when insecure = true says that it is meant."""
    plain = {"security": "none", "insecure": True, "port": postfix.imap}
    checks = site.but(imap=plain).examine()
    assert wrong(checks) == []
    assert "travel readable" in checks["support: connection"].finding.said

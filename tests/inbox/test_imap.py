"""The door to the server: secure or not at all, and every fault in our own words."""

from __future__ import annotations

import datetime as dt
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from helpdesk.config import Imap
from helpdesk.errors import ConfigError, ConnectionLost, LoginRefused, MailboxError, ServerRefused
from helpdesk.inbox import imap
from helpdesk.inbox.imap import Door
from tests.inbox.place import USER, Place, mail
from tests.inbox.scripted import Answer, ScriptedServer, scripted


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with scripted() as server:
        yield server


def door(server: ScriptedServer, tmp_path: Path, **changes: Any) -> Door:
    values: dict[str, Any] = {
        "host": "127.0.0.1",
        "port": server.port,
        "security": "none",
        "insecure": True,
        "user": "u",
    }
    return Door(Imap(**(values | changes)), password=changes.get("password_env", "secret"), site=tmp_path)


@pytest.mark.dovecot
@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_an_unknown_certificate_authority_is_refused_with_the_repair(place: Place, security: str) -> None:
    """Nothing is sent to a server whose certificate nobody vouches for."""
    port = place.stack.imaps if security == "tls" else place.stack.imap
    with pytest.raises(ConnectionLost, match=r"is not trusted: .* name its file in ca_file"):
        place.door(security=security, port=port, ca_file=None)


@pytest.mark.dovecot
def test_a_certificate_for_another_name_is_refused(place: Place) -> None:
    """The name is checked, not only the signature."""
    with pytest.raises(ConnectionLost, match="is not trusted"):
        place.door(host="127.1")  # another way to write 127.0.0.1


@pytest.mark.dovecot
def test_starttls_secures_a_plain_connection(place: Place) -> None:
    """Before the password is sent."""
    with closing(place.door(security="starttls", port=place.stack.imap)) as connection:
        assert connection.select("INBOX", readonly=True).uidnext == 1


def test_without_starttls_on_offer_no_password_is_sent(server: ScriptedServer, tmp_path: Path) -> None:
    """No silent fallback to plain text (CVE-2016-0772)."""
    with pytest.raises(ServerRefused, match="STARTTLS"):
        door(server, tmp_path, security="starttls")
    assert server.count("LOGIN") == 0


def test_plain_text_needs_an_explicit_word(server: ScriptedServer, tmp_path: Path) -> None:
    """security = none alone does nothing."""
    with pytest.raises(MailboxError, match="insecure = true"):
        door(server, tmp_path, insecure=False)
    assert server.connections == []


def test_a_missing_ca_file_is_named(server: ScriptedServer, tmp_path: Path) -> None:
    """Relative to the site, with what to do."""
    with pytest.raises(ConfigError, match=r"nowhere\.pem: .* cannot be read \(No such file"):
        door(server, tmp_path, security="tls", ca_file="nowhere.pem")


@pytest.mark.dovecot
@pytest.mark.parametrize("user", [USER, "no body@helpdesk.test", "b\u00e9la@helpdesk.test"])
def test_a_wrong_password_is_a_refused_login(place: Place, user: str) -> None:
    """Whatever the characters."""
    with pytest.raises(LoginRefused, match="Authentication failed"):
        Door(place.imap_config(user=user), password="wr\u00f6ng", site=place.site)


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (b"NO [AUTHENTICATIONFAILED] no", LoginRefused),
        (b"NO [UNAVAILABLE] Temporary authentication failure", ConnectionLost),
        (b"NO [INUSE] wait", ConnectionLost),
    ],
)
def test_a_temporary_refusal_says_nothing_about_the_password(
    server: ScriptedServer, tmp_path: Path, words: bytes, error: type[MailboxError]
) -> None:
    """RFC 5530: the account is fine, the server is not."""
    server.answers["LOGIN"] = lambda _: (b"", words)
    with pytest.raises(error):
        door(server, tmp_path)


def test_a_connection_cut_at_login_is_no_wrong_password(server: ScriptedServer, tmp_path: Path) -> None:
    """The library calls both a login error."""
    server.answers["LOGIN"] = lambda _: None
    with pytest.raises(ConnectionLost):
        door(server, tmp_path)


def test_nobody_listens() -> None:
    """The address is in the sentence."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(ConnectionLost, match=f"127.0.0.1:{port} does not answer: Connection refused"):
        Door(Imap(host="127.0.0.1", port=port, user="u", security="none", insecure=True), password="p", site=Path())


def test_passwords_are_not_written_to_any_log(
    server: ScriptedServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Not even at the lowest level."""
    caplog.set_level(0)
    door(server, tmp_path).close()
    assert "secret" in " ".join(server.commands) and "secret" not in caplog.text


def test_an_answer_that_is_no_imap_is_not_quoted(server: ScriptedServer, tmp_path: Path) -> None:
    """It may be a piece of a mail."""
    server.answers["UID SEARCH"] = lambda _: (b"* SEARCH my secret words (\r\n", b"OK done")
    with closing(door(server, tmp_path)) as connection:
        connection.select("INBOX", readonly=True)
        with pytest.raises(ConnectionLost) as caught:
            connection.uids_above(0)
    assert "words" not in str(caught.value)


def test_a_missing_folder_is_refused_and_not_made(server: ScriptedServer, tmp_path: Path) -> None:
    """A watched folder is somebody else's."""
    server.answers["EXAMINE"] = lambda _: (b"", b"NO [NONEXISTENT] no such folder")
    with (
        closing(door(server, tmp_path)) as connection,
        pytest.raises(ServerRefused, match="open the folder Support/In"),
    ):
        connection.select("Support/In", readonly=True)
    assert server.count("CREATE") == 0
    assert any("Support.In" in command for command in server.commands)


def test_the_last_mail_is_not_new_again(server: ScriptedServer, tmp_path: Path) -> None:
    """A search for 4:* names mail 3 when there is no 4 (RFC 3501)."""
    server.mails = {1: b"a", 3: b"b"}
    with closing(door(server, tmp_path)) as connection:
        folder = connection.select("INBOX", readonly=True)
        assert (folder.uidvalidity, folder.uidnext) == (7, 4)
        assert connection.uids_above(1) == [3]
        assert connection.uids_above(3) == []


def test_a_huge_folder_is_searched_in_pieces(
    server: ScriptedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The library gives up on lines of more than a million bytes."""
    monkeypatch.setattr(imap, "SEARCHED_AT_ONCE", 10)
    server.mails = dict.fromkeys((*range(1, 12), 35, 45), b"a")
    with closing(door(server, tmp_path)) as connection:
        connection.select("INBOX", readonly=True)
        found: list[int] = []
        while uids := connection.uids_above(max(found, default=0)):
            found += uids
    assert found == list(server.mails)
    assert server.count("UID SEARCH") > 4


def test_a_server_that_does_not_tell_uidnext_is_asked_for_the_last(server: ScriptedServer, tmp_path: Path) -> None:
    """Old servers leave it out."""
    server.mails = {9: b"a"}
    server.answers["EXAMINE"] = lambda _: (b"* 1 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n", b"OK done")
    with closing(door(server, tmp_path)) as connection:
        assert connection.select("INBOX", readonly=True).uidnext == 10


def test_without_uidvalidity_mails_cannot_be_told_apart(server: ScriptedServer, tmp_path: Path) -> None:
    """Then nothing is taken rather than something twice."""
    server.answers["EXAMINE"] = lambda _: (b"* 1 EXISTS\r\n", b"OK done")
    with closing(door(server, tmp_path)) as connection, pytest.raises(ServerRefused, match="no UIDVALIDITY"):
        connection.select("INBOX", readonly=True)


def test_a_folder_that_may_only_be_read_is_read(server: ScriptedServer, tmp_path: Path) -> None:
    """The rights of a shared mailbox are enough to take mail in."""
    server.answers["SELECT"] = lambda _: (b"* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 1] ok\r\n", b"OK [READ-ONLY] done")
    with closing(door(server, tmp_path)) as connection:
        assert not connection.select("INBOX", readonly=False).writable


def test_a_folder_of_ours_is_made_below_the_personal_prefix(server: ScriptedServer, tmp_path: Path) -> None:
    """Courier and its kind: everything lies below "INBOX."."""
    server.capability += b" NAMESPACE"
    server.answers["NAMESPACE"] = lambda _: (b'* NAMESPACE (("INBOX." ".")) NIL NIL\r\n', b"OK done")
    server.answers["LIST"] = lambda _: (b"", b"OK done")
    moves: list[str] = []

    def move(rest: str) -> Answer:
        moves.append(rest)
        return b"", b"OK done" if moves[1:] else b"NO [TRYCREATE] no such folder"

    server.answers["UID MOVE"] = move
    with closing(door(server, tmp_path)) as connection:
        connection.select("INBOX", readonly=False)
        connection.move([1, 2], "Helpdesk/Done")
    assert moves == ['1,2 "INBOX.Helpdesk.Done"'] * 2
    assert 'CREATE "INBOX.Helpdesk.Done"' in server.commands


@pytest.mark.dovecot
def test_arrival_is_told_with_its_time_zone(place: Place) -> None:
    """INTERNALDATE, in UTC."""
    received = dt.datetime(2026, 3, 2, 8, 59, tzinfo=dt.UTC)
    place.append(mail("one"), received=received)
    with closing(place.door()) as connection:
        connection.select("INBOX", readonly=True)
        (info,) = connection.infos([1])
    assert (info.uid, info.received, info.size) == (1, received, len(mail("one")))

"""The door to the mail server: secure or not at all, and every fault in our own words."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from helpdesk.config import Smtp, tls
from helpdesk.errors import ChannelError, ChannelLost, ChannelRefused, ConfigError
from helpdesk.outbox.outcomes import Broken
from helpdesk.outbox.pool import Pool
from helpdesk.outbox.smtp import Connection
from tests.outbox.scripted import ScriptedSmtp, scripted
from tests.outbox.test_wire import LETTER
from tests.servers.mailstack import MailStack


async def connect(port: int, *, password: str = "secret", site: Path = Path(), **changes: Any) -> Connection:
    values: dict[str, Any] = {"host": "localhost", "port": port, "security": "none", "insecure": True}
    smtp = Smtp(**(values | {"user": "u", "timeout_seconds": 1} | changes))
    context = None if smtp.security == "none" else tls.context(smtp, site)
    return await Connection.open(smtp, password=password, context=context)


@pytest.fixture
def secure(mailstack: MailStack) -> Iterator[ScriptedSmtp]:
    """A scripted server that speaks TLS from the first byte."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(mailstack.root / "certs/cert.pem", mailstack.root / "certs/key.pem")
    with scripted(context=context) as server:
        yield server


async def test_plain_text_needs_an_explicit_word(server: ScriptedSmtp) -> None:
    """security = none alone does nothing."""
    with pytest.raises(ChannelRefused, match="insecure = true"):
        await connect(server.port, insecure=False)
    assert server.connections == []


@pytest.mark.parametrize("insecure", [True, False])
async def test_a_server_without_starttls_gets_nothing(server: ScriptedSmtp, insecure: bool) -> None:
    """No way leads back to plain text: neither password nor letter is sent."""
    with pytest.raises(ChannelRefused, match="does not offer STARTTLS, so nothing is sent"):
        await connect(server.port, security="starttls", insecure=insecure)
    assert server.count("AUTH") == server.count("MAIL") == 0


async def test_a_server_that_refuses_starttls_gets_nothing(server: ScriptedSmtp) -> None:
    """Also when it had offered it."""
    server.extensions = ("STARTTLS", *server.extensions)
    server.answers["STARTTLS"] = lambda _: "454 4.7.0 not now"
    with pytest.raises(ChannelLost, match=r"454 4\.7\.0 not now"):
        await connect(server.port, security="starttls")
    assert server.count("AUTH") == 0


async def test_tls_to_a_plain_port_says_so(server: ScriptedSmtp) -> None:
    """With what to mend."""
    server.answers["GREETING"] = lambda _: "220 plain"
    with pytest.raises(ChannelRefused, match=r"does not speak TLS\. Mend security or port"):
        await connect(server.port, security="tls")


@pytest.mark.dovecot
async def test_an_unknown_authority_is_refused_with_the_repair(secure: ScriptedSmtp) -> None:
    """Nothing is sent to a server whose certificate nobody vouches for."""
    with pytest.raises(ChannelRefused, match=r"is not trusted: .* name its file in ca_file"):
        await connect(secure.port, security="tls")
    assert secure.commands == []


@pytest.mark.dovecot
async def test_the_name_of_the_certificate_is_checked(secure: ScriptedSmtp, mailstack: MailStack) -> None:
    """The signature alone does not do; with the right name it is well."""
    with pytest.raises(ChannelRefused, match="is not trusted"):
        await connect(secure.port, security="tls", ca_file=str(mailstack.ca), host="127.1")
    connection = await connect(secure.port, security="tls", ca_file=str(mailstack.ca))
    await connection.close()
    assert secure.count("QUIT") == 1


async def test_a_missing_ca_file_is_named(server: ScriptedSmtp, tmp_path: Path) -> None:
    """Relative to the site, with what to do."""
    with pytest.raises(ConfigError, match=r"nowhere\.pem: ca_file: .* cannot be read \(No such file"):
        await connect(server.port, security="tls", ca_file="nowhere.pem", site=tmp_path)


@pytest.mark.parametrize(("offered", "first"), [("PLAIN LOGIN CRAM-MD5", "AUTH PLAIN"), ("LOGIN", "AUTH LOGIN")])
async def test_a_wrong_password_is_tried_once(server: ScriptedSmtp, offered: str, first: str) -> None:
    """Not once for each way to log in: servers count. Nothing of it is in the words."""
    server.extensions = (f"AUTH {offered}",)
    server.refuse("AUTH", "535 5.7.8 no")
    with pytest.raises(ChannelRefused, match=r"refused the user u or the password: 535 5\.7\.8 no") as refused:
        await connect(server.port, password="hunter2")
    assert [command[: len(first)] for command in server.commands if command.startswith("AUTH")] == [first]
    assert "hunter2" not in str(refused.value)


async def test_a_server_without_login_says_so(server: ScriptedSmtp) -> None:
    """A user is configured, so letters would leave without the login that is meant."""
    server.extensions = ()
    with pytest.raises(ChannelRefused, match="offers no way to log in"):
        await connect(server.port)


async def test_without_a_user_no_login_is_tried(server: ScriptedSmtp) -> None:
    """Not even the newer greeting is needed."""
    server.refuse("EHLO", "502 what?")
    connection = await connect(server.port, user=None)
    assert server.count("HELO") == 1 and server.count("AUTH") == 0
    await connection.close()


async def test_a_server_that_says_nothing_is_not_waited_for(server: ScriptedSmtp) -> None:
    """The letter has not left, and the connection is not used again."""
    connection = await connect(server.port)
    server.refuse("MAIL", ScriptedSmtp.HANG)
    outcome = await connection.deliver(LETTER, begin=lambda: asyncio.sleep(0, True))
    assert isinstance(outcome, Broken) and not connection.is_whole
    assert str(outcome.error).endswith("did not answer in time when asked to take a letter.")


async def test_nobody_there_is_a_fault_to_try_again() -> None:
    """With what the system said."""
    with scripted() as server:
        port = server.port
    with pytest.raises(ChannelLost, match=rf"localhost:{port} does not answer"):
        await connect(port)


async def test_resting_connections_are_used_again_and_closed_at_last(server: ScriptedSmtp) -> None:
    """The newest first; one that the server has closed is not used."""
    pool = Pool(lambda: connect(server.port))
    first, second = await pool.take(), await pool.take()
    pool.give_back(first)
    pool.give_back(second)
    assert await pool.take() is second
    second.discard()
    pool.give_back(second)
    assert await pool.take() is first
    pool.give_back(first)
    await pool.close_idle()
    assert first.is_whole
    await pool.close_idle(seconds=0)
    assert not first.is_whole and server.count("QUIT") == 1


async def test_a_fresh_connection_is_a_new_one(server: ScriptedSmtp) -> None:
    """After a fault those that rest are not to be trusted."""
    pool = Pool(lambda: connect(server.port))
    first = await pool.take()
    pool.give_back(first)
    second = await pool.take(fresh=True)
    assert second is not first and not first.is_whole
    second.discard()


async def test_every_fault_is_a_channel_error(server: ScriptedSmtp) -> None:
    """Nothing of the library gets out."""
    for answer in ("what?", "999 no", None, "220-" + "x" * 40_000):
        server.answers["GREETING"] = lambda _, answer=answer: answer  # type: ignore[misc]  # a lambda with a default
        with pytest.raises(ChannelError):
            await connect(server.port)

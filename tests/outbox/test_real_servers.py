"""The way out through a real Postfix, and two senders on one PostgreSQL."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from helpdesk.errors import ChannelError
from helpdesk.store import migrate
from helpdesk.store.session import Store
from tests.outbox.post import Post
from tests.outbox.scripted import ScriptedSmtp
from tests.servers.mailstack import PASSWORD, MailStack
from tests.servers.postgres import Postgres

SENDER = "support@helpdesk.test"
USER = "maria@customer.test"


@pytest.fixture
def real(store: Store, postfix: MailStack, tmp_path: Path) -> Post:
    """A sender for Postfix's submission port, as a site would have it."""
    (tmp_path / "password").write_text(PASSWORD)
    smtp = {"security": "starttls", "insecure": False, "ca_file": str(postfix.ca), "password_file": "password"}
    smtp |= {"password_env": None, "timeout_seconds": 20, "connections": 3}
    return Post(site=tmp_path, store=store, port=postfix.submission, smtp=smtp)


@pytest.mark.postfix
@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_letters_arrive_byte_for_byte(real: Post, postfix: MailStack, security: str) -> None:
    """Each once, after a login over TLS; also from the null sender."""
    real.smtp["security"] = security
    real.port = postfix.smtps if security == "tls" else postfix.submission
    postfix.empty(USER)
    head = b"Date: Mon, 2 Mar 2026 10:00:00 +0100\r\nMessage-ID: <1@helpdesk.test>\r\nFrom: support@helpdesk.test\r\n"
    whole = head + b"\r\n.\r\n..dots and\r\n" + b"w\xc3\xb6rds " * 20 + b"\r\n"
    for number in range(20):
        real.put(number, recipient=USER, envelope_from=SENDER if number else "", raw=whole)
    assert await real.sender().once() == 20
    await asyncio.to_thread(postfix.wait_for, USER, lambda _: len(postfix.inbox(USER)) == 20)
    assert all(raw.endswith(whole) for raw in postfix.inbox(USER))


@pytest.mark.postfix
async def test_what_postfix_refuses(real: Post) -> None:
    """450 is tried again in a minute, 550 has failed and is told; the others arrive on the same connection."""
    later, never = real.put(1, recipient="a@defer.test"), real.put(2, recipient="a@bounce.test")
    taken = real.put(3, recipient=USER)
    assert await real.sender(connections=1).once() == 3
    assert [real.letter(number).state for number in (later, never, taken)] == ["retry", "failed", "sent"]
    assert (real.letter(later).reason or "").startswith("450 4.7.1")
    assert (real.letter(never).reason or "").startswith("550 5.1.1")
    assert real.failed == [never]


@pytest.mark.postfix
async def test_a_wrong_password_leaves_the_letters_alone(real: Post, tmp_path: Path) -> None:
    """When it is put right, without a restart, everything leaves."""
    (tmp_path / "password").write_text("wrong")
    number = real.put(1, recipient=USER)
    with pytest.raises(ChannelError, match=r"refused the user support@helpdesk\.test or the password: 535"):
        await real.sender().once()
    assert (real.letter(number).state, real.letter(number).attempts) == ("queued", 0)
    (tmp_path / "password").write_text(PASSWORD + "\n")
    assert await real.sender().once() == 1


@pytest.mark.postgresql
async def test_two_senders_on_one_postgresql_send_each_letter_once(
    postgres: Postgres, server: ScriptedSmtp, tmp_path: Path
) -> None:
    """They share the work and never a letter."""
    store = Store(postgres.fresh_database(), site=tmp_path)
    migrate.upgrade(store)
    post = Post(site=tmp_path, store=store, port=server.port)
    for number in range(300):
        post.put(number)
    senders = [post.sender(process=name, connections=3) for name in ("first", "second")]
    settled = await asyncio.gather(*(sender.once() for sender in senders))
    assert sum(settled) == len(server.taken) == len({mail.recipient for mail in server.taken}) == 300
    assert min(settled) > 0
    assert set(post.states()) == {"sent"}
    store.close()

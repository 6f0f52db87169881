"""Every fault at every step of SMTP: what becomes of the letter, of the way out, and how it ends when all is well."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, NamedTuple

import pytest

from helpdesk.errors import ChannelError
from helpdesk.store import queues
from tests.outbox.post import Post
from tests.outbox.scripted import Answer, ScriptedSmtp, scripted
from tests.servers.mailstack import MailStack

FAULTS: dict[str, Answer] = {
    "421": "421 4.3.2 closing",
    "4xx": "451 4.3.0 not now",
    "5xx": "550 5.5.0 no",
    "hang": ScriptedSmtp.HANG,
    "lost": None,
}


class Fate(NamedTuple):
    """What becomes of an answer to a customer at the first try, and at last when the server is well again."""

    state: str
    attempts: int
    minutes: float | None
    """Until the next try; 0 for as soon as the way out is well, None for never."""
    channel: bool
    """Whether the way out is in trouble, and the status says so."""
    finally_: str = "sent"
    copies: int = 1
    """How many the server was given in the end."""


# No fault of the channel costs a letter a try.
WAITS = Fate("queued", 0, 0, channel=True)
LATER = Fate("retry", 1, 1, channel=False)
NEVER = Fate("failed", 1, None, channel=False, finally_="failed", copies=0)
# The server may have it: once more, after half an hour, and marked.
UNKNOWN = Fate("unknown", 1, 30, channel=False, copies=2)
GONE = Fate("sent", 1, None, channel=False)

FATES: dict[str, dict[str, Fate]] = {
    **{step: dict.fromkeys(FAULTS, WAITS) for step in ("GREETING", "EHLO", "STARTTLS", "AUTH", "MAIL")},
    **{step: {"421": WAITS, "4xx": LATER, "5xx": NEVER, "hang": WAITS, "lost": WAITS} for step in ("RCPT", "DATA")},
    "DOT": {"421": LATER, "4xx": LATER, "5xx": NEVER, "hang": UNKNOWN, "lost": UNKNOWN},
    "QUIT": dict.fromkeys(FAULTS, GONE),
}
# A hang after the final dot takes ten times as long; test_sender.py has it.
CELLS = [(step, fault) for step, fates in FATES.items() for fault in fates if (step, fault) != ("DOT", "hang")]


@pytest.fixture(scope="module")
def certificate(mailstack: MailStack) -> ssl.SSLContext:
    """For localhost, by an authority that `MailStack.ca` names."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(mailstack.root / "certs/cert.pem", mailstack.root / "certs/key.pem")
    return context


@pytest.fixture
def server(certificate: ssl.SSLContext) -> Iterator[ScriptedSmtp]:
    """A scripted server with STARTTLS."""
    with scripted(starttls=certificate) as server:
        yield server


@pytest.fixture
def secure(post: Post, mailstack: MailStack) -> Post:
    """A sender that insists on STARTTLS."""
    post.smtp = {"security": "starttls", "insecure": False, "ca_file": str(mailstack.ca)}
    return post


def first_try(post: Post, number: int) -> tuple[str, int, float | None]:
    """What became of a letter: its state, how many tries it lost, and the minutes until the next one."""
    letter = post.letter(number)
    waits = None if letter.next_try is None else (letter.next_try - post.time).total_seconds() / 60
    if letter.state == "queued":
        # The pause of the channel, half a minute at most where nobody must mend anything.
        assert waits is not None and waits <= 1
        waits = 0
    return letter.state.value, letter.attempts, waits


@pytest.mark.dovecot
@pytest.mark.parametrize(("step", "fault"), CELLS)
async def test_a_fault_at_a_step(secure: Post, server: ScriptedSmtp, step: str, fault: str) -> None:
    """Then the server is well again: everything leaves by itself, byte for byte, and the status says so."""
    fate = FATES[step][fault]
    server.refuse(step, FAULTS[fault])
    number = secure.put()
    sender = secure.sender()
    with suppress(ChannelError):
        await sender.once()
    beat = secure.beat()
    assert first_try(secure, number) == (fate.state, fate.attempts, fate.minutes)
    assert beat is not None and (beat.state, bool(beat.error)) == (
        ("failed", True) if fate.channel else ("running", False)
    )
    server.answers.clear()
    secure.pass_time(minutes=fate.minutes or 15)
    await sender.once()
    beat = secure.beat()
    assert beat is not None and beat.state == "running"
    letter = secure.letter(number)
    assert (letter.state, letter.resent) == (fate.finally_, fate.state == "unknown")
    with secure.store.reading() as session:
        raw = queues.letter_bytes(session, number)
    assert [mail.raw for mail in server.taken] == [raw] * fate.copies


@pytest.mark.dovecot
@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"extensions": ("AUTH PLAIN",)}, "does not offer STARTTLS, so nothing is sent"),
        ({"ca_file": None}, "is not trusted"),
        ({"host": "127.1"}, "is not trusted"),
    ],
    ids=["no STARTTLS", "unknown authority", "wrong name"],
)
async def test_without_trusted_tls_letters_wait(
    secure: Post, server: ScriptedSmtp, wrong: dict[str, Any], words: str
) -> None:
    """Neither password nor letter goes out in plain text, none is lost, the status tells why; mended, all leave."""
    usual = server.extensions
    server.extensions = wrong.pop("extensions", usual)
    number = secure.put()
    with pytest.raises(ChannelError, match=words):
        await secure.sender(**wrong).once()
    letter, beat = secure.letter(number), secure.beat()
    assert (letter.state, letter.attempts) == ("queued", 0)
    assert beat is not None and beat.error is not None and words in beat.error
    assert server.count("AUTH") == server.count("MAIL") == 0
    server.extensions = usual
    assert await secure.sender().once() == 1
    assert secure.letter(number).state == "sent" and len(server.taken) == 1


@pytest.mark.dovecot
@pytest.mark.parametrize("fault", ["lost", "421", "5xx"])
async def test_one_of_several_recipients_refused(secure: Post, server: ScriptedSmtp, fault: str) -> None:
    """Each has a letter of his own: the others get theirs, once."""
    server.refuse("RCPT", FAULTS[fault], only="customer2@")
    numbers = [secure.put(number) for number in (1, 2, 3)]
    sender = secure.sender()
    for _ in range(4):
        with suppress(ChannelError):
            await sender.once()
        secure.pass_time(minutes=1)
    assert [secure.letter(number).state for number in (numbers[0], numbers[2])] == ["sent"] * 2
    assert secure.letter(numbers[1]).state in (("failed",) if fault == "5xx" else ("queued", "retry"))
    assert sorted(mail.recipient[8] for mail in server.taken) == ["1", "3"]


@pytest.mark.dovecot
async def test_a_relay_that_refuses_the_null_sender(secure: Post, server: ScriptedSmtp) -> None:
    """What a person wrote still leaves; the others wait without losing a try until the relay takes them."""
    server.refuse("MAIL", "550 5.1.7 no null sender", only="<>")
    automatic = secure.put(1, automatic=True, kind="acknowledgement", envelope_from="")
    answer = secure.put(2)
    sender = secure.sender()
    with pytest.raises(ChannelError, match='refuses the null sender, set automatic_envelope = "mailbox"'):
        await sender.once()
    assert first_try(secure, automatic) == ("queued", 0, 0) and secure.letter(answer).state == "sent"
    server.answers.clear()
    secure.pass_time(minutes=15)
    assert await sender.once() == 1
    assert [mail.sender for mail in server.taken] == ["support@helpdesk.test", ""]


@pytest.mark.dovecot
async def test_letters_are_tried_by_the_table(secure: Post, server: ScriptedSmtp) -> None:
    """1, 5, 15, 30, 60 minutes, then two hours, a fifth more or less, to the end of the fifth day; never sooner."""
    server.refuse("DATA", "451 4.3.0 not now")
    number = secure.put()
    began, sender, pauses = secure.time, secure.sender(), list[float]()
    await sender.once()
    while (again := secure.letter(number).next_try) is not None:
        pauses.append((again - secure.time).total_seconds() / 60)
        secure.time = again
        await sender.once()
    assert pauses[:5] == [1, 5, 15, 30, 60]
    assert all(96 <= pause <= 144 for pause in pauses[5:-1]) and len(set(pauses[5:])) > 10
    assert sum(pauses) == pytest.approx(5 * 24 * 60) and (secure.time - began).days == 5
    assert server.count("DATA") == secure.letter(number).attempts == len(pauses) + 1
    assert (secure.letter(number).state, secure.failed) == ("failed", [number])

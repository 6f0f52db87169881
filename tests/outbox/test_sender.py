"""Letters leave once each, faults of the server are outlived, and the status tells how the way out is."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress

import pytest

from helpdesk.errors import ChannelError
from helpdesk.store import queues
from tests.outbox.post import Post, running, until
from tests.outbox.scripted import ScriptedSmtp

PAUSED = 60  # seconds; more than any first pause


async def test_a_letter_leaves_byte_for_byte(post: Post, server: ScriptedSmtp) -> None:
    """Nothing is parsed or made anew; dots at the start of a line survive."""
    number = post.put()
    assert await post.sender().once() == 1
    (mail,) = server.taken
    assert mail.raw == b"Subject: Answer\r\nMessage-ID: <1@helpdesk.test>\r\n\r\nWords.\r\n.\r\n..dots\r\n"
    assert (mail.sender, mail.recipient) == ("support@helpdesk.test", "customer1@customer.test")
    letter = post.letter(number)
    assert (letter.state, letter.response, letter.attempts) == ("sent", "250 ok", 1)


async def test_many_letters_share_few_connections(post: Post, server: ScriptedSmtp) -> None:
    """At most as many at once as configured, each used for many letters, each letter once."""
    for number in range(250):
        post.put(number)
    assert await post.sender(connections=3).once() == 250
    assert len(server.connections) == server.most_at_once == 3
    assert len({mail.recipient for mail in server.taken}) == len(server.taken) == 250


@pytest.mark.parametrize(
    ("step", "answer", "state", "minutes"),
    [
        ("RCPT", "450 4.2.1 greylisted", "retry", 1),
        ("RCPT", "451 4.7.1 greylisted too", "retry", 1),
        ("DATA", "451 4.3.0 not now", "retry", 1),
        ("DOT", "452 4.3.1 no room", "retry", 1),
        ("DOT", "421 4.4.0 later", "retry", 1),
        ("RCPT", "550 5.1.1 nobody of that name", "failed", None),
        ("DATA", "554 5.6.0 no", "failed", None),
        ("DOT", "550 5.6.0 not such a letter", "failed", None),
        ("MAIL", "552 5.3.4 too large", "failed", None),
    ],
)
async def test_what_the_server_says_of_a_letter(
    post: Post, server: ScriptedSmtp, step: str, answer: str, state: str, minutes: int | None
) -> None:
    """4xx is tried again later, 5xx never; the next letter passes on the way that is well."""
    server.refuse(step, answer, times=1)
    first, second = post.put(1), post.put(2)
    assert await post.sender().once() == 2
    letter = post.letter(first)
    waits = letter.next_try and (letter.next_try - post.time).total_seconds() / 60
    assert (letter.state, letter.reason, waits) == (state, answer, minutes)
    assert post.failed == ([first] if state == "failed" else [])
    assert post.letter(second).state == "sent"


@pytest.mark.parametrize(
    ("step", "answer"),
    [
        ("GREETING", "421 too busy"),
        ("GREETING", "554 not you"),
        ("GREETING", None),
        ("GREETING", ScriptedSmtp.HANG),
        ("EHLO", "451 not now"),
        ("EHLO", "550 not you"),
        ("AUTH", "454 4.7.0 temporary trouble"),
        ("AUTH", "535 5.7.8 wrong password"),
        ("MAIL", "421 too many"),
        ("MAIL", "451 4.3.0 not now"),
        ("MAIL", "530 5.7.0 login first"),
        ("MAIL", None),
        ("MAIL", ScriptedSmtp.HANG),
        ("RCPT", "554 5.7.1 relaying denied"),
        ("RCPT", "421 shutting down"),
        ("RCPT", None),
        ("RCPT", ScriptedSmtp.HANG),
        ("DATA", None),
        ("DATA", ScriptedSmtp.HANG),
        ("DATA", "250 what?"),
        ("DATA", "no SMTP at all"),
    ],
)
async def test_a_fault_of_the_channel_costs_no_letter_anything(
    post: Post, server: ScriptedSmtp, step: str, answer: str | None
) -> None:
    """The letters wait as if they had never been tried, and the status tells why."""
    server.refuse(step, answer)
    numbers = [post.put(1), post.put(2)]
    with pytest.raises(ChannelError):
        await post.sender().once()
    letters = [post.letter(number) for number in numbers]
    assert [(letter.state, letter.attempts) for letter in letters] == [("queued", 0)] * 2
    assert (server.taken, post.failed) == ([], [])
    beat = post.beat()
    assert beat and beat.state == "failed" and beat.error and "localhost" in beat.error + "localhost"


async def test_a_wrong_password_is_tried_once_and_never_fails_a_letter(post: Post, server: ScriptedSmtp) -> None:
    """One login for all connections, although the letter's time is over; nothing of the password is told."""
    server.refuse("AUTH", "535 5.7.8 wrong")
    numbers = [post.put(number) for number in range(10)]
    post.pass_time(days=30)
    with pytest.raises(ChannelError, match=r"refused the user support@helpdesk\.test .* 535 5\.7\.8"):
        await post.sender(connections=4).once()
    assert server.count("AUTH") <= 4
    assert {post.letter(number).state for number in numbers} == {"queued"}


async def test_after_a_failure_one_connection_probes(post: Post, server: ScriptedSmtp) -> None:
    """When the channel works again, everything leaves, and the status is well."""
    server.refuse("MAIL", "451 4.3.0 not now", times=1)
    post.ticking = True
    for number in range(30):
        post.put(number)
    assert await post.sender(connections=4).once() == 30
    assert set(post.states()) == {"sent"} and len(server.taken) == 30
    beat = post.beat()
    assert beat and beat.state == "running"


@pytest.mark.parametrize(
    ("step", "answer", "state"),
    [
        ("RCPT", "550 5.7.1 not to this person", "failed"),
        ("DOT", "554 5.7.1 looks like spam", "failed"),
        ("MAIL", "451 4.3.0 not such a large one", "retry"),
        ("RCPT", None, "retry"),
    ],
)
async def test_a_letter_that_breaks_the_channel_alone_does_not_stop_the_others(
    post: Post, server: ScriptedSmtp, step: str, answer: str | None, state: str
) -> None:
    """The second fault at it, after another one passed, is its own."""
    bad = post.put(1, envelope_from="bad@helpdesk.test", recipient="bad@customer.test")
    server.refuse(step, answer, only="bad")
    sender, seen = post.sender(), set()
    for number in range(2, 6):
        post.put(number)
        with suppress(ChannelError):
            await sender.once()
        seen.add(post.letter(bad).state.value)
        post.pass_time(seconds=PAUSED)
        await until(lambda: not sender.means.channel.rest_seconds)
    assert post.states()[1:4] == ["sent"] * 3
    assert state in seen


async def test_a_refused_sender_holds_up_only_its_own_letters(post: Post, server: ScriptedSmtp) -> None:
    """They wait and lose nothing; the status names the sender."""
    server.refuse("MAIL", "553 5.7.1 not your address", only="billing@")
    bad = post.put(1, envelope_from="billing@helpdesk.test")
    good = post.put(2)
    with pytest.raises(ChannelError, match=r"refuses the sender billing@helpdesk\.test: 553"):
        await post.sender().once()
    letter = post.letter(bad)
    assert (letter.state, letter.attempts, letter.next_try and letter.next_try > post.time) == ("queued", 0, True)
    assert post.letter(good).state == "sent"


async def test_the_null_path_works_and_its_refusal_says_what_to_do(post: Post, server: ScriptedSmtp) -> None:
    """Some relays refuse it."""
    post.put(1, envelope_from="")
    assert await post.sender().once() == 1
    assert server.taken[0].sender == ""
    server.refuse("MAIL", "550 5.1.7 no null sender")
    post.put(2, envelope_from="")
    with pytest.raises(ChannelError, match=r'refuses the null sender, set automatic_envelope = "mailbox"'):
        await post.sender().once()


@pytest.mark.parametrize("answer", [None, "what?"])
async def test_after_the_final_dot_nobody_knows(post: Post, server: ScriptedSmtp, answer: str | None) -> None:
    """An answer of a person is sent once more after half an hour, the same bytes, and marked; never a third time."""
    server.refuse("DOT", answer)
    number = post.put()
    sender = post.sender()
    await sender.once()
    letter = post.letter(number)
    assert (letter.state, letter.resent, letter.next_try) == ("unknown", True, post.time.replace(minute=30))
    post.pass_time(minutes=29)
    assert await sender.once() == 0
    post.pass_time(minutes=1)
    assert await sender.once() == 1
    assert (post.letter(number).state, post.letter(number).next_try) == ("unknown", None)
    assert [mail.raw for mail in server.taken] == [server.taken[0].raw] * 2


async def test_an_automatic_letter_of_unknown_fate_is_not_sent_again(post: Post, server: ScriptedSmtp) -> None:
    """Better none than two."""
    server.refuse("DOT", None)
    number = post.put(automatic=True, kind="acknowledgement")
    sender = post.sender()
    await sender.once()
    post.pass_time(days=1)
    assert await sender.once() == 0
    assert (post.letter(number).state, post.letter(number).resent) == ("unknown", False)


@pytest.mark.slow
async def test_the_answer_to_the_final_dot_gets_ten_times_the_patience(post: Post, server: ScriptedSmtp) -> None:
    """Ten minutes by default, as RFC 5321 4.5.3.2.6 asks for; then the fate is unknown."""
    server.refuse("DOT", ScriptedSmtp.HANG)
    number = post.put()
    began = time.monotonic()
    assert await post.sender().once() == 1
    assert 9 < time.monotonic() - began < 15
    assert post.letter(number).state == "unknown"


async def test_an_error_in_the_goodbye_is_no_failure(post: Post, server: ScriptedSmtp) -> None:
    """The letter was taken."""
    server.refuse("QUIT", None)
    number = post.put()
    assert await post.sender().once() == 1
    assert post.letter(number).state == "sent"


async def test_a_connection_that_was_closed_while_it_rested_is_replaced(post: Post, server: ScriptedSmtp) -> None:
    """Servers hang up after a while or after some letters; that is no trouble."""
    server.refuse("MAIL", "421 enough for one connection", only="customer", times=0)
    said = iter(["250 ok", "421 enough", "250 ok", None, "250 ok"])
    server.answers["MAIL"] = lambda _: next(said)
    for number in range(3):
        post.put(number)
    assert await post.sender().once() == 3
    assert (len(server.taken), len(server.connections)) == (3, 3)


async def test_an_address_beyond_ascii_needs_a_server_that_carries_it(post: Post, server: ScriptedSmtp) -> None:
    """It fails with a clear reason; a domain alone is translated."""
    first = post.put(1, recipient="kőbánya@customer.test")
    second = post.put(2, recipient="eva@kőbánya.test")
    await post.sender().once()
    assert "no SMTPUTF8" in (post.letter(first).reason or "") and post.failed == [first]
    assert post.letter(second).state == "sent" and server.taken[0].recipient == "eva@xn--kbnya-yqa69e.test"


async def test_a_temporary_refusal_ends_with_the_time_of_the_letter(post: Post, server: ScriptedSmtp) -> None:
    """The last try is at its very end; then it has failed, and that is told."""
    server.refuse("RCPT", "450 4.2.1 not now")
    number = post.put()
    expires = post.letter(number).expires
    sender = post.sender()
    for _ in range(200):
        await sender.once()
        if not (again := post.letter(number).next_try):
            break
        post.time = again
    letter = post.letter(number)
    assert (letter.state, post.time, post.failed) == ("failed", expires, [number])
    assert letter.reason == f"given up after {letter.attempts} attempts, the last answer: 450 4.2.1 not now"


async def test_an_automatic_letter_that_came_too_late_is_not_sent(post: Post, server: ScriptedSmtp) -> None:
    """It would only confuse; an answer of a person is tried however late it is."""
    first, second = post.put(1, automatic=True), post.put(2)
    post.pass_time(days=6)
    await post.sender().once()
    assert (post.letter(first).state, post.letter(second).state) == ("failed", "sent")
    assert (post.letter(first).reason or "").startswith("expired")
    assert post.failed == [first]


async def test_a_wake_up_sends_at_once(post: Post, server: ScriptedSmtp) -> None:
    """From another thread; the connection is still there from the start."""
    async with running(post.sender()) as sender:
        await until(lambda: server.connections)
        await asyncio.sleep(0.2)
        post.put()
        began = time.monotonic()
        await asyncio.to_thread(sender.wake)
        await until(lambda: server.taken)
        assert time.monotonic() - began < 1
    assert len(server.connections) == 1
    beat = post.beat()
    assert beat and beat.state == "stopped"


async def test_the_table_is_looked_at_without_a_wake_up(post: Post, server: ScriptedSmtp) -> None:
    """What a shell command queues is sent a few seconds later."""
    async with running(post.sender()):
        await until(lambda: server.connections)
        post.put()
        await until(lambda: server.taken, seconds=8)
    assert len(server.taken) == 1


async def test_the_status_tells_when_the_way_out_is_down_and_when_it_is_well_again(
    post: Post, server: ScriptedSmtp, caplog: pytest.LogCaptureFixture
) -> None:
    """Already at the start, without a letter; and once each in the log."""
    caplog.set_level("INFO", "helpdesk")
    server.refuse("EHLO", "451 4.3.0 starting", times=2)
    async with running(post.sender()):
        await until(lambda: (beat := post.beat()) and beat.state == "failed")
        await until(lambda: (beat := post.beat()) and beat.state == "running")
    told = [record.message for record in caplog.records if record.message.startswith("outbox")]
    assert told == ["outbox in trouble", "outbox well again"]


async def test_a_stop_finishes_the_letter_in_hand_and_hands_back_the_others(post: Post, server: ScriptedSmtp) -> None:
    """What was not begun waits as if it had never been claimed."""
    sender = post.sender()

    def slow(_said: str) -> str:
        sender.stop()
        time.sleep(0.3)
        return "250 ok"

    server.answers["DOT"] = slow
    numbers = [post.put(number) for number in range(50)]
    async with running(sender):
        await until(lambda: sender.means.stopping)
    letters = [post.letter(number) for number in numbers]
    assert [letter.state for letter in letters] == ["sent"] + ["queued"] * 49
    assert {letter.attempts for letter in letters[1:]} == {0}
    assert len(server.taken) == 1


@pytest.mark.slow
@pytest.mark.parametrize(("step", "state"), [("DOT", "unknown"), ("RCPT", "queued"), ("GREETING", "queued")])
async def test_a_stop_does_not_wait_for_ever(post: Post, server: ScriptedSmtp, step: str, state: str) -> None:
    """A server that hangs is cut off after a while; what it may have is of unknown fate, the rest handed back."""
    server.refuse(step, ScriptedSmtp.HANG)
    number = post.put()
    sender = post.sender(timeout_seconds=60)
    async with running(sender):
        await until(lambda: server.commands[-1:] == ["DATA"] if step == "DOT" else server.connections)
        await asyncio.sleep(0.2)
    assert post.letter(number).state == state


async def test_a_failure_that_could_not_be_told_is_told_later(post: Post, server: ScriptedSmtp) -> None:
    """A crash between the commit and the word to the staff loses nothing."""
    server.refuse("RCPT", "550 5.1.1 nobody")
    number = post.put()
    with pytest.raises(ZeroDivisionError):
        await post.sender(on_failed=_broken).once()
    assert post.letter(number).state == "failed"
    post.pass_time(hours=1)
    await post.sender(process="next").once()
    assert post.failed == [number]


def _broken(_number: int) -> None:
    raise ZeroDivisionError


async def test_a_letter_that_another_sender_took_over_is_not_sent(post: Post, server: ScriptedSmtp) -> None:
    """A sender that slept past the end of its claim asks again before the bytes leave."""
    number = post.put()
    first, second = post.sender(process="first"), post.sender(process="second")
    (letter,) = await asyncio.to_thread(first.means.ledger.claim, 10)
    assert letter.id == number
    post.pass_time(hours=1)
    assert await second.once() == 0
    with post.store.writing() as session:
        queues.recover_letters(session, post.time)
    assert await second.once() == 1
    assert first.means.ledger.write([number], []) == frozenset()
    assert len(server.taken) == 1

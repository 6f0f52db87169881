"""The whole of thinking, from the bytes of a mail to the decision: what people really send, and what attackers do."""

from __future__ import annotations

import pytest

from helpdesk.desk import tokens
from helpdesk.desk.changes import KeepMessage, LedgerOutcome, NoticeKind, OpenTicket, SetStatus
from helpdesk.desk.ticket import MessageKind
from helpdesk.mail import parse
from helpdesk.thinking import Thought
from tests.builders import KEYS, notices, of_kind, thought, ticket

ANNAS = f"support+{tokens.write(tokens.agent(1042, 1), KEYS)}@helpdesk.test"
HEAD = "From: Kovács Anna <anna@helpdesk.test>\r\nTo: {to}\r\nSubject: Re: [HD-1042] x\r\nMessage-ID: <a@b>\r\n"
PLAIN = "Content-Type: text/plain; charset=utf-8\r\n\r\n"
LETTER = "##- Please write your reply above this line -##\n\nTicket HD-1042\n* New person: x\n\n> words\n\n-- \n#close"
QUOTED = "On Mon, 2 Mar 2026, Éva via HD-1042 <support@helpdesk.test> wrote:\n" + "\n".join(
    f"> {line}" for line in LETTER.split("\n")
)
OUTLOOK = f"From: Éva <support@helpdesk.test>\nSent: Monday, 2 March 2026 9:00\nTo: Anna\nSubject: x\n\n{LETTER}"


def from_anna(body: str, head: str = PLAIN) -> Thought:
    raw = (HEAD.format(to=ANNAS) + head + body).replace("\r\n", "\n").replace("\n", "\r\n").encode()
    return thought(parse.parse(raw), ticket())


def answers(found: Thought) -> list[str]:
    return [letter.text for letter in notices(found.decision.changes) if letter.kind is NoticeKind.ANSWER]


@pytest.mark.parametrize("quoted", [QUOTED, OUTLOOK])
def test_a_reply_relays_what_was_written_and_nothing_else(quoted: str) -> None:
    """Neither our letter, nor the signature, nor a command that stands in the quotation."""
    found = from_anna(f"Kész, próbálja ki.\n\n-- \nAnna\nanna@helpdesk.test\n\n{quoted}")
    assert answers(found) == ["Kész, próbálja ki."]
    assert of_kind(found.decision.changes, SetStatus)[0].status.value == "pending"


@pytest.mark.parametrize("quoted", [QUOTED, OUTLOOK])
def test_a_reply_without_words_sends_nothing_of_our_letter(quoted: str) -> None:
    """It is held with no words in it, and the author is asked."""
    found = from_anna(f"\n\n{quoted}")
    assert answers(found) == [""]
    assert all(letter.guarded for letter in notices(found.decision.changes) if letter.kind is NoticeKind.ANSWER)
    assert of_kind(found.decision.changes, SetStatus) == []


@pytest.mark.parametrize(
    "body",
    [
        "---------- Forwarded message ---------\nFrom: x <x@y.test>\nSubject: z\n\n#close\n",
        f"> #close\n\n{QUOTED}",
        "Kész.\n\n-- \n#close\n",
        "Kész. #close\n",
        "Kész.\n\n#cl\u200bose\n",
    ],
)
def test_a_command_that_was_not_written_as_one_is_not_executed(body: str) -> None:
    """C49: forwarded, quoted, in a signature, in a sentence, with unseen letters."""
    changes = from_anna(body).decision.changes
    assert [change for change in of_kind(changes, SetStatus) if change.status.value == "closed"] == []


def test_hidden_html_is_no_command() -> None:
    """C49: what the eye does not see was not written by the author."""
    body = '<p>Kész.</p><div style="display:none">#close</div>'
    found = from_anna(body, "Content-Type: text/html; charset=utf-8\r\n\r\n")
    assert [change.status.value for change in of_kind(found.decision.changes, SetStatus)] == ["pending"]


def test_an_attached_mail_has_no_rights() -> None:
    """C82: the outer headers alone decide who wrote, and what is inside is no command."""
    inner = HEAD.format(to=ANNAS) + PLAIN + "#close\r\n"
    outer = (
        "From: x@customer.test\r\nTo: support@helpdesk.test\r\nSubject: Fwd\r\nMessage-ID: <o@x>\r\n"
        "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" + PLAIN + "see\r\n"
        "--b\r\nContent-Type: message/rfc822\r\n\r\n" + inner + "\r\n--b--\r\n"
    )
    found = thought(parse.parse(outer.encode()), ticket())
    assert len(of_kind(found.decision.changes, OpenTicket)) == 1
    assert not found.situation.sender.proven
    assert of_kind(found.decision.changes, SetStatus) == []


def test_a_refused_mail_can_be_written_again() -> None:
    """What was kept of it is a draft and no note: the corrected mail is not held for repeating it."""
    words = "A toner elfogyott, holnap kicseréljük, addig kérjük a másikat."
    found = from_anna(f"#clsoe\n\n{words}")
    assert [change.kind for change in of_kind(found.decision.changes, KeepMessage)] == [MessageKind.DRAFT]
    assert answers(from_anna(f"#close\n\n{words}")) == [words]


@pytest.mark.parametrize(
    "mark",
    ["Auto-Submitted: auto-replied", "Precedence: auto_reply", "X-Auto-Response-Suppress: All", "Return-Path: <>"],
)
def test_an_agents_out_of_office_never_reaches_the_customer(mark: str) -> None:
    """Nor runs a command, whichever sign it bears."""
    found = from_anna("#close\n\nSzabadságon vagyok.", f"{mark}\r\n{PLAIN}")
    assert notices(found.decision.changes) == []
    assert of_kind(found.decision.changes, SetStatus) == []
    assert found.decision.outcome in (LedgerOutcome.AUTOMATIC, LedgerOutcome.QUARANTINE)


def test_a_decision_is_the_same_every_time() -> None:
    """Thinking has no clock, no chance and no memory."""
    assert from_anna("#close\n\nKész.").decision == from_anna("#close\n\nKész.").decision


def test_an_answer_between_the_quoted_lines_is_not_sent_in_part() -> None:
    """Its author is asked first: only what stands on top would reach the customer."""
    inline = QUOTED.replace("> > words", "> > words\nIgen, így van.")
    found = from_anna(f"Kedves Éva, lásd lent.\n\n{inline}")
    assert [letter.guarded for letter in notices(found.decision.changes) if letter.kind is NoticeKind.ANSWER] == [
        "left_out: words of yours between or below the quoted lines would not be sent"
    ]

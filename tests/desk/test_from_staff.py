"""A proven staff member's mail: an answer, a note, commands, or a word about a held letter; and who reads what."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from helpdesk.config import Tickets
from helpdesk.desk import tokens
from helpdesk.desk.changes import (
    AddParticipant,
    CancelHeld,
    Decision,
    FirstResponse,
    KeepMessage,
    LedgerOutcome,
    Notice,
    NoticeKind,
    ReleaseHeld,
    SetOwner,
    SetStatus,
)
from helpdesk.desk.situation import HeldLetter
from helpdesk.desk.ticket import MessageKind, Status, TicketView
from helpdesk.mail.message import Address, Attachment, Mail
from tests.builders import ANNA, BELA, EVA, JANOS, NOW, at_token, config, from_staff, notices, of_kind, thought, ticket

NOTE = "ez az ügyfél soha nem fizet időben nekünk"
LOGO = Attachment(name="logo.png", type="image/png", size=9, position=2, inline=True)


def done(message: Mail, on: TicketView | None = None, **values: Any) -> Decision:
    return thought(message, on or ticket(), **values).decision


def outside(decision: Decision) -> list[Notice]:
    """The letters that leave the house."""
    return [letter for letter in notices(decision.changes) if letter.recipient.domain != "helpdesk.test"]


def kept(decision: Decision) -> MessageKind:
    (message,) = of_kind(decision.changes, KeepMessage)
    assert isinstance(message, KeepMessage)
    return message.kind


def status(decision: Decision) -> list[Status]:
    return [change.status for change in of_kind(decision.changes, SetStatus)]


def test_an_answer_goes_to_the_customer_makes_an_owner_and_is_the_first_response() -> None:
    """The plain case: no command, no receipt."""
    decision = done(from_staff("Kész."), ticket(status=Status.NEW))
    (letter,) = notices(decision.changes)
    assert (letter.kind, letter.recipient, letter.text, letter.author) == (NoticeKind.ANSWER, EVA, "Kész.", "anna")
    assert [change.owner for change in of_kind(decision.changes, SetOwner)] == ["anna"]
    assert [change.staff for change in of_kind(decision.changes, FirstResponse)] == ["anna"]
    assert (kept(decision), status(decision)) == (MessageKind.ANSWER, [Status.PENDING])


def test_a_second_answer_changes_neither_owner_nor_first_response() -> None:
    """They are facts of the first one."""
    decision = done(from_staff(), ticket(owner="anna", first_response=NOW, status=Status.PENDING))
    assert len(decision.changes) == 2
    assert len(outside(decision)) == 1


def test_the_proof_is_in_the_history() -> None:
    """I6: what is done for a staff member says what his rights rested on."""
    (message,) = of_kind(done(from_staff()).changes, KeepMessage)
    assert message.reason == "an answer to the customer (token+from)"


def test_every_participant_gets_one_letter_that_names_the_others() -> None:
    """But not whom the staff member's own program has written to already."""
    third = Address(name=None, address="third@customer.test")
    decision = done(from_staff(cc=(third,)), ticket(participants=(EVA, JANOS, third)))
    assert [letter.recipient for letter in outside(decision)] == [EVA, JANOS]
    assert outside(decision)[0].copies == (JANOS, third)


def test_whom_a_colleague_copies_becomes_a_participant() -> None:
    """By a staff act; colleagues and we ourselves do not."""
    support = Address(name=None, address="info@helpdesk.test")
    decision = done(from_staff(cc=(JANOS, BELA, EVA, support)))
    (added,) = of_kind(decision.changes, AddParticipant)
    assert (added.person, added.reason) == (JANOS, "copied by Kovács Anna")


def test_only_a_command_sends_nothing_to_the_customer() -> None:
    """C48; the picture in a signature is no answer either."""
    decision = done(from_staff("#close\n\n-- \nAnna", attachments=(LOGO,)))
    assert outside(decision) == []
    assert (kept(decision), status(decision)) == (MessageKind.NOTE, [Status.CLOSED])
    assert notices(decision.changes)[0].lines == ("closed: HD-1042",)


@pytest.mark.parametrize(
    ("site", "text", "letters"),
    [
        ("with_answer", "#close\n\nKész.", [(NoticeKind.ANSWER, True)]),
        ("never", "#close\n\nKész.", [(NoticeKind.ANSWER, False)]),
        ("always", "#close\n\nKész.", [(NoticeKind.ANSWER, True)]),
        ("with_answer", "#close", []),
        ("never", "#close", []),
        ("always", "#close", [(NoticeKind.CLOSING, False)]),
    ],
)
def test_the_customer_is_told_of_closing_as_the_site_wants(
    site: Any, text: str, letters: list[tuple[NoticeKind, bool]]
) -> None:
    """In the answer, always, or never; the ticket is closed in any case."""
    decision = done(from_staff(text), site=config(tickets=Tickets(closing_note=site)))
    assert [(letter.kind, letter.closing) for letter in outside(decision)] == letters
    assert status(decision) == [Status.CLOSED]


def test_a_note_stays_inside() -> None:
    """Its words, its files and everything below go to colleagues."""
    attached = Attachment(name="x.pdf", type="application/pdf", size=9, position=1)
    decision = done(from_staff("#note\nrossz fizető", attachments=(attached,)), ticket(owner="bela"))
    assert outside(decision) == []
    assert kept(decision) is MessageKind.NOTE
    letter, receipt = notices(decision.changes)
    assert (letter.kind, letter.staff, letter.text) == (NoticeKind.STAFF_NOTE, "bela", "rossz fizető")
    assert (receipt.kind, receipt.staff, receipt.lines) == (NoticeKind.RECEIPT, "anna", ("noted: HD-1042",))
    assert status(decision) == []


@pytest.mark.parametrize(
    ("text", "shown", "author"), [("#assign bela", "Nem megy.", EVA), ("#assign bela\n#note vigyázz", "vigyázz", ANNA)]
)
def test_a_colleague_who_gets_the_ticket_reads_what_it_is_about(text: str, shown: str, author: Address) -> None:
    """The customer's latest words, or the note that came with it; one letter, not two."""
    decision = done(from_staff(text), ticket(owner="bela"), last_words="Nem megy.")
    letters = [letter for letter in notices(decision.changes) if letter.staff == "bela"]
    assert [(letter.text, letter.incoming_author, letter.history_cut) for letter in letters] == [(shown, author, False)]
    assert letters[0].lines == ("handed_over_by: Kovács Anna",)
    assert outside(decision) == []


def test_a_refused_command_does_nothing_and_sends_nothing() -> None:
    """The words are kept, and shown to their author, who writes again."""
    decision = done(from_staff("#clsoe\n\nKész."))
    assert (outside(decision), status(decision), kept(decision)) == ([], [], MessageKind.DRAFT)
    (receipt,) = notices(decision.changes)
    assert (receipt.lines[0], receipt.text) == ("nothing_done", "#clsoe\n\nKész.")


@pytest.mark.parametrize("text", ["", "> csak idézet", ".", "On Mon, Mar 2, 2026, Éva <eva@customer.test> wrote:\n> x"])
def test_an_answer_without_words_is_held_and_its_author_asked(text: str) -> None:
    """The guard `empty`: what was quoted is not sent instead."""
    decision = done(from_staff(text))
    waiting, asked = notices(decision.changes)
    assert (waiting.kind, waiting.guarded is not None) == (NoticeKind.ANSWER, True)
    assert (asked.kind, asked.recipient.address) == (NoticeKind.GUARD_HELD, ANNA.address)
    assert (kept(decision), status(decision)) == (MessageKind.DRAFT, [])
    assert of_kind(decision.changes, FirstResponse) == of_kind(decision.changes, SetOwner) == []


def test_words_of_a_note_are_held_and_no_command_is_carried_out() -> None:
    """The guard `quoted_note`; whom the author has copied has his mail, so he may answer it."""
    decision = done(from_staff(f"#close\n\nSajnos {NOTE}.", cc=(JANOS,)), notes=(NOTE,))
    assert decision.reason.startswith("held by a guard, quoted_note")
    assert status(decision) == []
    assert [change.person for change in of_kind(decision.changes, AddParticipant)] == [JANOS]
    assert all(letter.guarded for letter in outside(decision))


def test_what_a_person_had_already_is_not_held_for_him() -> None:
    """There is no letter to him that could wait."""
    assert outside(done(from_staff("", cc=(EVA,)))) == []


def about_held(said: str, **held: Any) -> Decision:
    """Anna's word about letter 5, which waits."""
    letter = HeldLetter(number=5, staff="anna", ticket=ticket(status=Status.NEW), waiting=True, text=f"{NOTE}")
    return done(from_staff(said, to=at_token(tokens.held(5, 1))), held=replace(letter, **held))


@pytest.mark.parametrize("said", ["send", "Send.", "SEND!", "#send", "send\n\nÜdv, Anna"])
def test_send_lets_the_letter_go_and_does_what_an_answer_does(said: str) -> None:
    """An owner, the first response, and that we wait for the customer."""
    decision = about_held(said)
    assert [change.outgoing for change in of_kind(decision.changes, ReleaseHeld)] == [5]
    assert len(of_kind(decision.changes, FirstResponse)) == 1
    assert (decision.outcome, status(decision)) == (LedgerOutcome.ANSWERED, [Status.PENDING])
    assert notices(decision.changes) == []


def test_send_does_what_the_held_mail_asked_for() -> None:
    """Its letter tells the customer of closing; so the ticket is closed, and the colleague told."""
    decision = about_held("send", text=f"#close\n#assign bela\n\n{NOTE}\n\n> #assign anna")
    assert status(decision) == [Status.CLOSED]
    assert of_kind(decision.changes, SetOwner)[-1].owner == "bela"
    assert [letter.kind for letter in notices(decision.changes)] == [NoticeKind.NEW_TICKET, NoticeKind.RECEIPT]


def test_send_does_not_do_twice_what_was_done_when_the_answer_came() -> None:
    """Only its letter waited, because a backup was restored; the ticket may have been opened anew since."""
    decision = about_held("send", text=f"#close\n#assign bela\n\n{NOTE}", done=True)
    assert [type(change) for change in decision.changes] == [ReleaseHeld]


@pytest.mark.parametrize("text", ["Kész.", ""])
def test_the_author_of_an_answer_that_was_probably_sent_before_a_restore_is_asked(text: str) -> None:
    """With that first, and the doubts of a guard behind it."""
    asked = notices(done(from_staff(text), again=True).changes)[-1]
    assert (asked.kind, asked.recipient.address, asked.lines[0]) == (
        NoticeKind.GUARD_HELD,
        ANNA.address,
        "sent_before",
    )


@pytest.mark.parametrize("said", ["cancel", "Cancel.", "drop", "#cancel", "#drop"])
def test_cancel_stops_the_letter(said: str) -> None:
    """Nothing else is done, and its author reads that it was stopped."""
    decision = about_held(said, text="#close\n\nx")
    assert [change.outgoing for change in of_kind(decision.changes, CancelHeld)] == [5]
    assert [letter.lines for letter in notices(decision.changes)] == [("held_cancelled",)]
    assert len(decision.changes) == 2


@pytest.mark.parametrize(
    ("said", "held", "line"),
    [
        ("send", {"waiting": False}, "held_gone"),
        ("send", {"staff": "bela"}, "held_not_yours"),
        ("cancel", {"ticket": None, "waiting": False}, "held_gone"),
    ],
)
def test_what_cannot_be_decided_is_answered_with_a_receipt(said: str, held: dict[str, Any], line: str) -> None:
    """The letter goes on waiting; nothing reaches the customer."""
    decision = about_held(said, **held)
    (receipt,) = notices(decision.changes)
    assert (receipt.kind, receipt.lines, decision.reason) == (NoticeKind.RECEIPT, (line,), line)
    assert len(decision.changes) == 1


@pytest.mark.parametrize(
    ("said", "held", "line"),
    [
        ("please send it", {}, "held_not_understood"),
        ("", {}, "held_not_understood"),
        ("", {"ticket": None}, "held_not_understood"),
        ("send", {"text": "send\n\nÜdv, Anna"}, "one_word"),
        ("send", {"text": "#close\n\nsend"}, "one_word"),
    ],
)
def test_what_decides_nothing_is_asked_again_at_the_same_address(said: str, held: dict[str, Any], line: str) -> None:
    """With the held letter's own reply address: at the ticket's a ``send`` would be an answer to the customer."""
    decision = about_held(said, **held)
    (asked,) = notices(decision.changes)
    assert (asked.kind, asked.held, asked.staff, asked.lines) == (NoticeKind.GUARD_HELD, 5, "anna", (line,))
    assert asked.text == held.get("text", NOTE)
    assert len(decision.changes) == 1


@pytest.mark.parametrize("said", ["send", "Send!", "cancel", "drop", "send\n\nÜdv, Anna"])
def test_a_word_about_a_held_letter_never_goes_to_the_customer(said: str) -> None:
    """Sent as a reply to another letter than the one that asked."""
    decision = done(from_staff(said))
    assert [letter.guarded for letter in outside(decision)] == ["one_word: it is only a word about a letter that waits"]


def test_a_word_about_a_letter_that_is_not_known_any_more() -> None:
    """The row is gone from the outbox."""
    decision = done(from_staff("send", to=at_token(tokens.held(5, 1))))
    assert notices(decision.changes)[0].lines == ("held_gone",)


def test_a_held_letter_without_a_ticket_can_be_sent() -> None:
    """There is no ticket that anything could follow for."""
    assert len(about_held("send", ticket=None).changes) == 1


@pytest.mark.parametrize("text", ["#note", "#note:\n\n-- \nAnna", "#note\n#assign bela"])
def test_a_note_without_words_is_refused(text: str) -> None:
    """Its writer thinks that he has said something; a file alone is a note."""
    decision = done(from_staff(text, attachments=(LOGO,)))
    assert [letter.lines for letter in notices(decision.changes)] == [("nothing_done", "note_without_words")]
    assert of_kind(decision.changes, SetOwner) == []
    photo = Attachment(name="x.jpg", type="image/jpeg", size=9, position=1)
    assert kept(done(from_staff(text, attachments=(photo,)))) is MessageKind.NOTE


@pytest.mark.parametrize("site", ["always", "with_answer"])
def test_closing_what_is_closed_says_so(site: Any) -> None:
    """Nothing changes, and the customer is not told again."""
    decision = done(from_staff("#close"), ticket(status=Status.CLOSED), site=config(tickets=Tickets(closing_note=site)))
    assert [letter.lines for letter in notices(decision.changes)] == [("already_closed: HD-1042",)]
    assert (status(decision), outside(decision)) == ([], [])


def test_an_answer_with_close_leaves_a_closed_ticket_closed() -> None:
    """It is not opened by the way."""
    decision = done(from_staff("#close\n\nMég valami."), ticket(status=Status.CLOSED))
    assert (status(decision), len(outside(decision))) == ([], 1)


@pytest.mark.parametrize(
    ("owner", "text", "told"),
    [
        ("bela", "Kész.", ["bela"]),
        ("anna", "Kész.", []),
        (None, "Kész.", []),
        ("gone", "Kész.", []),
        ("bela", "#close", []),
        ("bela", "#assign bela\n\nKész.", []),
    ],
)
def test_the_owner_reads_what_a_colleague_answered(owner: str | None, text: str, told: list[str]) -> None:
    """So that he does not say it again; nobody else is told, and he not twice."""
    found = notices(done(from_staff(text), ticket(owner=owner)).changes)
    letters = [letter for letter in found if letter.kind is NoticeKind.STAFF_ANSWER]
    assert [letter.staff for letter in letters] == told
    assert all((letter.text, letter.incoming_author) == ("Kész.", ANNA) for letter in letters)


def test_the_owner_reads_an_answer_that_was_released() -> None:
    """As if it had gone out at once; what was attached to the ``send`` is not shown."""
    decision = about_held("send", ticket=ticket(owner="bela"))
    (letter,) = notices(decision.changes)
    assert (letter.kind, letter.staff, letter.text, letter.attachments) == (
        NoticeKind.STAFF_ANSWER,
        "bela",
        NOTE,
        False,
    )


@pytest.mark.parametrize(
    ("text", "words", "last_words", "last_answer"),
    [
        ("#assign bela", "Nem megy.", "", "Próbálja újra."),
        ("#assign bela\n\nKollégám jelentkezik.", "Nem megy.", "", "Kollégám jelentkezik."),
        ("#assign bela\n#note vigyázz", "vigyázz", "Nem megy.", "Próbálja újra."),
    ],
)
def test_a_handover_shows_the_conversation(text: str, words: str, last_words: str, last_answer: str) -> None:
    """The customer's last words, our last answer, and which files there are; not those of the colleague's mail."""
    decision = done(
        from_staff(text, attachments=(LOGO,)),
        last_words="Nem megy.",
        last_answer="Próbálja újra.",
        customer_files=("foto.jpg", "foto.jpg", *(f"{number}.pdf" for number in range(30))),
    )
    (letter,) = [letter for letter in notices(decision.changes) if letter.kind is NoticeKind.NEW_TICKET]
    assert (letter.text, letter.last_words, letter.last_answer) == (words, last_words, last_answer)
    assert letter.lines[1].startswith("customer_files: foto.jpg, 0.pdf, ")
    assert letter.lines[1].endswith(", 18.pdf, …")


def alone(*staff: str, admin: str = "anna") -> Any:
    """A site whose department has these members."""
    base = config()
    company = base.company.model_copy(update={"admin": admin})
    support = base.departments["support"].model_copy(update={"members": staff})
    return base.model_copy(update={"company": company, "departments": {"support": support}})


@pytest.mark.parametrize(
    ("members", "admin", "told"),
    [
        (("anna", "bela"), "anna", ["bela"]),
        (("anna",), "bela", ["bela"]),
        (("anna",), "anna", ["anna"]),
        ((), "anna", ["anna"]),
    ],
)
def test_a_colleagues_own_ticket_is_never_seen_by_nobody(members: tuple[str, ...], admin: str, told: list[str]) -> None:
    """The others of the department, else the admin, else the writer himself."""
    mine = from_staff("A rendszer áll.", to=(Address(name=None, address="support@helpdesk.test"),), subject="x")
    decision = thought(mine, site=alone(*members, admin=admin), released=True).decision
    letters = [letter for letter in notices(decision.changes) if letter.kind is NoticeKind.NEW_TICKET]
    assert [letter.staff for letter in letters] == told

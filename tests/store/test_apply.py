"""The one write: every change of the closed list becomes rows and a line of history with who, why, from which mail."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any, get_args

import pytest

from helpdesk.desk import changes
from helpdesk.desk.changes import (
    AddParticipant,
    CancelHeld,
    Change,
    FirstResponse,
    KeepMessage,
    MarkBounced,
    Notice,
    NoticeKind,
    Notify,
    ReleaseHeld,
    SetOwner,
    SetStatus,
)
from helpdesk.desk.ticket import MessageKind, Status
from helpdesk.mail.message import Address
from helpdesk.store.apply import LONGEST_SHOWN, Cause, apply, record
from helpdesk.store.queues import HANDLED_BEFORE
from helpdesk.store.session import Store
from helpdesk.store.tables import (
    Contact,
    Event,
    Link,
    Message,
    Outgoing,
    OutgoingState,
    Participant,
    Ticket,
)
from helpdesk.store.views import view
from tests.builders import EVA, JANOS, NOW, mail
from tests.store.rows import OPEN, all_of, change, fetched, held, keep, kinds, letter, one, put, ticket

LATER = NOW + timedelta(hours=1)
WHY = "because"


def last(store: Store) -> Event:
    """The newest line of history."""
    return all_of(store, Event)[-1]


def test_a_new_ticket(store: Store) -> None:
    """With its customer, who is its first participant; opened when the server took the mail in."""
    arrived = NOW - timedelta(minutes=5)
    applied = change(store, OPEN, received=arrived)
    assert applied.ticket is not None
    row = one(store, Ticket, applied.ticket)
    assert (row.status, row.subject, row.opened, row.updated) == (Status.NEW, "Nyomtató", arrived, NOW)
    assert [(person.address, person.name) for person in all_of(store, Contact)] == [(EVA.address, EVA.name)]
    assert [person.reason for person in all_of(store, Participant)] == ["wrote the first mail"]
    assert kinds(store, applied.ticket) == ["opened", "participant"]


def test_copied_people_take_part_once(store: Store) -> None:
    """The author among them is no second participant, and no second line of history."""
    number = ticket(store, participants=(JANOS, EVA, JANOS))
    assert [person.contact_id for person in all_of(store, Participant)] == [1, 2]
    assert kinds(store, number) == ["opened", "participant", "participant"]


def test_a_ticket_that_follows_another(store: Store) -> None:
    """The link says why."""
    old = ticket(store)
    new = ticket(store, linked=old, reason="late reply")
    assert [(link.ticket, link.other, link.reason) for link in all_of(store, Link)] == [(new, old, "late reply")]
    assert kinds(store, new)[-1] == "linked"


def test_a_mail_becomes_a_message(store: Store) -> None:
    """With its words, people and attachments, on the ticket that was opened just before."""
    (incoming,) = keep(store, fetched(1))
    words = mail(text="new words", full_text="new words\n> old", cc=(JANOS,))
    keeps = KeepMessage(kind=MessageKind.CUSTOMER, reason=WHY, flags=("new person",))
    applied = change(store, OPEN, keeps, mail=words, incoming=incoming, received=NOW)
    (row,) = all_of(store, Message)
    assert (row.ticket, row.incoming_id, row.text, row.full_text) == (
        applied.ticket,
        incoming,
        "new words",
        "new words\n> old",
    )
    assert row.copies == [
        {"name": None, "address": "support@helpdesk.test"},
        {"name": JANOS.name, "address": JANOS.address},
    ]
    assert (row.author_address, row.flags, row.at) == (EVA.address, ["new person"], NOW)


def test_very_long_words_are_cut(store: Store) -> None:
    """The raw mail keeps all."""
    long = mail(text="é" * (LONGEST_SHOWN + 5))
    change(store, OPEN, KeepMessage(kind=MessageKind.CUSTOMER, reason=WHY), mail=long)
    assert len(all_of(store, Message)[0].text) == LONGEST_SHOWN


def test_a_status_with_before_and_after(store: Store) -> None:
    """Closing notes when; reopening forgets it."""
    number = ticket(store)
    change(store, SetStatus(status=Status.CLOSED, reason=WHY, ticket=number), now=LATER)
    assert (one(store, Ticket, number).status, one(store, Ticket, number).closed) == (Status.CLOSED, LATER)
    assert last(store).data == {"before": "new", "after": "closed"}
    change(store, SetStatus(status=Status.OPEN, reason=WHY, ticket=number), now=LATER)
    assert (one(store, Ticket, number).status, one(store, Ticket, number).closed) == (Status.OPEN, None)


def test_a_new_ticket_with_an_owner_is_open(store: Store) -> None:
    """That is a change of its own in the history, which knows all that changed."""
    number = ticket(store)
    change(store, SetOwner(owner="anna", reason=WHY, ticket=number))
    row = one(store, Ticket, number)
    assert (row.owner, row.status) == ("anna", Status.OPEN)
    assert kinds(store, number)[-2:] == ["owner", "status"]


def test_an_owner_can_be_taken_away(store: Store) -> None:
    """The status stays."""
    number = ticket(store, owner="anna")
    change(store, SetOwner(owner=None, reason=WHY, ticket=number))
    assert (one(store, Ticket, number).owner, one(store, Ticket, number).status) == (None, Status.NEW)
    assert last(store).data == {"before": "anna", "after": None}


def test_a_participant_is_added_once(store: Store) -> None:
    """Whoever takes part already is not told of again."""
    number = ticket(store)
    for _ in range(2):
        change(store, AddParticipant(person=JANOS, reason=WHY, ticket=number))
    assert len(all_of(store, Participant)) == 2
    assert kinds(store, number).count("participant") == 2


def test_the_first_response_is_noted_once(store: Store) -> None:
    """A second one cannot move it."""
    number = ticket(store)
    for at in (NOW, LATER):
        change(store, FirstResponse(at=at, staff="anna", reason=WHY, ticket=number))
    assert one(store, Ticket, number).first_response == NOW
    assert kinds(store, number).count("first_response") == 1


@pytest.mark.parametrize(
    ("status", "permanent", "suspended"),
    [
        ("5.1.1", True, True),
        ("5.1.10", True, True),
        ("4.1.1", False, False),
        ("5.1.1", False, False),
        ("5.2.2", True, False),
        ("5.1.7", True, False),
        ("5.1.8", True, False),
        ("", True, False),
    ],
)
def test_a_letter_that_came_back(store: Store, status: str, permanent: bool, suspended: bool) -> None:
    """It shows on the letter; only an address that does not exist is suspended, not one that dislikes us."""
    number = ticket(store)
    (sent,) = put(store, letter("Eva@Customer.test", message_id="<sent@x>", ticket=number))
    bounce = MarkBounced(
        address="Eva@customer.test",
        status=status,
        permanent=permanent,
        message_id="<sent@x>",
        reason=WHY,
        ticket=number,
    )
    change(store, bounce)
    assert sent.id is not None
    assert one(store, Outgoing, sent.id).reason == f"came back: {status or WHY}"
    assert [person.suspended for person in all_of(store, Contact)] == [NOW if suspended else None]
    assert last(store).data == {"address": "Eva@customer.test", "status": status, "final": permanent}


def test_letters_are_handed_back_to_be_composed(store: Store) -> None:
    """Those of the new ticket with its number; a warning about held mail has no ticket."""
    told = Notice(kind=NoticeKind.NEW_TICKET, recipient=JANOS, key="a")
    warned = Notice(kind=NoticeKind.UNPROVEN, recipient=JANOS, key="b")
    old = Notice(kind=NoticeKind.STAFF_NOTE, recipient=JANOS, key="c", ticket=7)
    applied = change(store, OPEN, *(Notify(notice=each, reason=WHY) for each in (told, warned, old)))
    assert [(notice.key, notice.ticket) for notice in applied.notices] == [("a", applied.ticket), ("b", None), ("c", 7)]
    assert all_of(store, Outgoing) == []


def test_a_release_of_the_time_before_a_restore_sends_nothing(store: Store) -> None:
    """The letter has been sent then; now a person at the shell decides, and sees why it waits."""
    number = ticket(store)
    (letter,) = held(store, number, "eva@customer.test")
    change(store, ReleaseHeld(outgoing=letter, reason=WHY, ticket=number), again=True)
    row = one(store, Outgoing, letter)
    assert (row.state, row.next_try) == (OutgoingState.HELD, None)
    assert row.reason == f"{HANDLED_BEFORE} ({WHY})"
    assert "held" in kinds(store, number)


def every_change(number: int, letters: list[int]) -> list[Change]:
    """One of each kind, but for letters, which leave their line when they are queued."""
    about: dict[str, Any] = {"reason": WHY, "ticket": number}
    return [
        OPEN,
        KeepMessage(kind=MessageKind.NOTE, **about),
        SetStatus(status=Status.PENDING, **about),
        SetOwner(owner="bela", **about),
        AddParticipant(person=Address(name=None, address="new@x.test"), **about),
        FirstResponse(at=NOW, staff="anna", **about),
        MarkBounced(address="eva@customer.test", status="5.1.1", permanent=True, message_id="<x@y>", **about),
        ReleaseHeld(outgoing=letters[0], **about),
        CancelHeld(outgoing=letters[1], **about),
        Notify(notice=Notice(kind=NoticeKind.RECEIPT, recipient=EVA, key="k"), **about),
    ]


def test_every_change_leaves_a_line_of_history(store: Store) -> None:
    """When, by whom, why, from which mail; and the ticket has changed now."""
    number = ticket(store)
    (incoming,) = keep(store, fetched(1))
    letters = held(store, number, "a@x.test") + held(store, number, "b@x.test")
    asked = every_change(number, letters)
    assert {type(each) for each in asked} == set(get_args(changes.Change))
    for each in asked:
        before = len(all_of(store, Event))
        applied = change(store, each, actor="staff:anna", now=LATER, incoming=incoming, mail=mail())
        lines = all_of(store, Event)[before:]
        assert {(line.actor, line.at, line.incoming_id) for line in lines} <= {("staff:anna", LATER, incoming)}
        assert bool(lines) is not isinstance(each, Notify)
        assert applied.events == [(line.kind, line.ticket) for line in lines]
        assert isinstance(each, Notify) or WHY in {line.reason for line in lines} or each is OPEN
    assert one(store, Ticket, number).updated == LATER


def test_a_message_moves_the_ticket_up_in_the_list(store: Store) -> None:
    """A reply that changes no status is the latest change all the same; so is a letter."""
    number = ticket(store)
    change(store, KeepMessage(kind=MessageKind.CUSTOMER, reason=WHY, ticket=number), mail=mail(), now=LATER)
    assert one(store, Ticket, number).updated == LATER
    with store.writing() as session:
        record(session, number, "letter", WHY, Cause(actor="helpdesk", now=LATER + timedelta(hours=1)))
    assert one(store, Ticket, number).updated == LATER + timedelta(hours=1)


KEPT = KeepMessage(kind=MessageKind.CUSTOMER, reason=WHY)
WRITTEN = replace(EVA, name=None, address="EVA@Customer.test")  # the same person: letter case tells nobody apart


@pytest.mark.parametrize(
    "asked",
    [
        (OPEN, KEPT),
        (replace(OPEN, participants=(JANOS, EVA), owner="anna", priority="high"), KEPT),
        (replace(OPEN, contact=WRITTEN), KEPT),
        (OPEN, replace(KEPT, kind=MessageKind.NOTE)),
        (OPEN, KEPT, SetOwner(owner="anna", reason=WHY), SetStatus(status=Status.CLOSED, reason=WHY)),
        (OPEN, KEPT, FirstResponse(at=NOW, staff="anna", reason=WHY), AddParticipant(person=JANOS, reason=WHY)),
    ],
    ids=["as usual", "with others", "known by another name", "a note", "closed at once", "answered at once"],
)
def test_what_is_told_of_a_new_ticket_is_what_is_written(store: Store, asked: tuple[Change, ...]) -> None:
    """Letters about it are composed from what is told, and nobody asks the database again."""
    ticket(store, EVA)
    applied = change(store, *asked, mail=mail(references=("<root@x>",)))
    assert applied.opened is not None
    with store.reading() as session:
        assert applied.opened == view(session, applied.opened.number)


def test_a_change_of_what_was_there_before_opens_nothing(store: Store) -> None:
    """Letters about it ask for it."""
    assert change(store, replace(KEPT, ticket=ticket(store)), mail=mail()).opened is None


def test_an_unknown_change_is_refused(store: Store) -> None:
    """The list is closed; nothing is passed over in silence."""
    with pytest.raises(TypeError, match="no way to write str"), store.writing() as session:
        apply(session, ["x"], Cause(actor="shell", now=NOW))  # type: ignore[list-item]  # what nobody may ask for


def test_odd_characters_reach_no_column(store: Store) -> None:
    """NUL and half characters in text, lists and objects: kept as a replacement, on both databases."""
    odd = mail(text="nul \0", full_text="half \ud83d", cc=(Address(name="\0\udc80", address="a@x.test"),))
    keeps = KeepMessage(kind=MessageKind.CUSTOMER, reason="why \0", flags=("flag \udc80",))
    number = change(store, OPEN, keeps, mail=odd).ticket
    (row,) = all_of(store, Message)
    assert (row.text, row.full_text, row.flags) == ("nul \ufffd", "half \ufffd", ["flag \ufffd"])
    assert row.copies[1]["name"] == "\ufffd\ufffd"
    assert (last(store).ticket, last(store).reason) == (number, "why \ufffd")

"""The drill: yesterday's backup is put back on real servers; nobody gets a letter twice, and no mail is lost."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from helpdesk.demo.received import Received
from helpdesk.store import queues
from helpdesk.store.tables import OutgoingState
from tests.flows.house import House, number, reply
from tests.servers.mailstack import USERS, MailStack

pytestmark = [pytest.mark.postfix, pytest.mark.xdist_group("restore")]

EVA, JANOS, ANNA = "eva@customer.test", "janos@customer.test", "anna@helpdesk.test"


@dataclass(frozen=True, kw_only=True)
class Drill:
    """A site after the restore, and what was in people's boxes before it."""

    house: House
    first: int
    """The ticket that was in the backup."""
    lost: Received
    """The confirmation of a ticket that was not."""
    sent: Counter[str]
    """Message-IDs of all letters to customers before the restore."""


@pytest.fixture(scope="module")
def drill(postfix: MailStack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Drill]:
    """A backup, then an answer and a new ticket, then a crash, a mail that nobody takes in, and the restore."""
    folder: Path = tmp_path_factory.mktemp("restore")
    postfix.empty(*USERS)
    house = House(site=folder / "site", stack=postfix, url="sqlite:///helpdesk.db")
    house.write_site()
    house.start()
    house.customer_writes(EVA, "Elso")
    first = house.letter("anna@helpdesk.test", lambda mail: "Elso" in mail.subject)
    house.quiet()
    typed(house, "backup", str(folder / "file"))
    house.send(reply(first, ANNA, "Kapcsolja be!"))
    house.letter(EVA, lambda mail: "Kapcsolja be" in mail.text)
    house.customer_writes(EVA, "Masodik")
    lost = house.letter(EVA, lambda mail: "Masodik" in mail.subject)
    house.quiet()
    house.stop(signal.SIGKILL)
    sent = letters(house)
    house.customer_writes(JANOS, "Harmadik")
    postfix.wait_for(house.address, lambda raw: b"Harmadik" in raw)
    typed(house, "restore", str(folder / "file"), "--yes")
    house.start()
    for subject in ("Masodik", "Harmadik"):
        house.new_ticket(subject)
    house.quiet()
    yield Drill(house=house, first=number(first), lost=lost, sent=sent)
    assert house.stop() == 0, house.log


def typed(house: House, *words: str) -> None:
    """A shell command beside the daemon or without it."""
    command = [sys.executable, "-m", "helpdesk", "--site", str(house.site), *words]
    done = subprocess.run(command, check=False, env=house.environ, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def letters(house: House) -> Counter[str]:
    """How often each letter arrived at customers."""
    boxes = [Received.read(0, raw) for user in (EVA, JANOS) for raw in house.stack.inbox(user)]
    return Counter(mail.field("Message-ID") for mail in boxes)


def test_no_customer_gets_a_letter_twice(drill: Drill) -> None:
    """Neither the same one nor another about a mail of the time before: no confirmation, no answer."""
    assert letters(drill.house) == drill.sent
    assert set(drill.sent.values()) == {1}


def test_what_would_have_gone_out_again_waits_for_a_person(drill: Drill) -> None:
    """The answer that has been sent since the backup."""
    with drill.house.opened() as app, app.store.reading() as session:
        waiting = queues.letters(session, states={OutgoingState.HELD})
        assert {letter.id for letter in waiting} == set(queues.held_by_restore(session))
    assert [(letter.kind, letter.recipient, letter.ticket) for letter in waiting] == [("answer", EVA, drill.first)]


def test_the_author_of_the_answer_is_asked_whether_it_was_sent(drill: Drill) -> None:
    """He knows best, and one word of his would send it."""
    asked = drill.house.letter(ANNA, lambda mail: "Kapcsolja be" in mail.text and ": send" in mail.text)
    assert number(asked) == drill.first


def test_every_mail_since_the_backup_is_there_once(drill: Drill) -> None:
    """Those that were filed away, too; the answer stands on its ticket."""
    subjects = [row["subject"] for row in drill.house.tickets("")]
    assert sorted(subjects) == ["Elso", "Harmadik", "Masodik"]
    kinds = [message["kind"].value for message in drill.house.ticket(drill.first)["messages"]]
    assert kinds == ["customer", "answer"]


def test_staff_are_told_of_the_new_number(drill: Drill) -> None:
    """A ticket that was opened once more has another number, and reply addresses of its own."""
    (again,) = drill.house.tickets("Masodik")
    assert again["number"] > 3000 > number(drill.lost)
    told = drill.house.letters(ANNA, lambda mail: "Masodik" in mail.subject)
    assert {number(mail) for mail in told} == {again["number"], number(drill.lost)}


def test_an_answer_to_a_lost_letter_finds_its_ticket_and_no_other(drill: Drill) -> None:
    """By the customer's own first mail; the number and the token of the lost letter say nothing any more."""
    house = drill.house
    (again,) = house.tickets("Masodik")
    house.send(reply(drill.lost, EVA, "Sikerult."))
    house.until(lambda: len(house.ticket(again["number"])["messages"]) == 2)
    house.quiet()
    assert letters(house) == drill.sent


def test_after_the_restore_mail_is_answered_as_ever(drill: Drill) -> None:
    """One confirmation, with a number that nobody has seen before."""
    drill.house.customer_writes("vera@customer.test", "Negyedik")
    ticket = drill.house.new_ticket("Negyedik")
    assert ticket["number"] > 3000
    drill.house.until(lambda: "acknowledgement" in str(drill.house.ticket(ticket["number"])["letters"]))

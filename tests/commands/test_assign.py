"""The command #assign finds a colleague by name only, and says in the receipt what it did."""

from __future__ import annotations

import pytest

from helpdesk.commands import assign
from helpdesk.config import Staff
from helpdesk.desk.asked import Asked
from helpdesk.desk.changes import SetOwner
from helpdesk.desk.identity import Proof, Sender
from tests.builders import ANNA, config, of_kind, ticket

TWIN = Staff(key="peter", id=3, name="Szabó Péter", addresses=("peter@helpdesk.test",))
GONE = Staff(key="gone", id=4, name="Nagy Gábor", addresses=("gone@helpdesk.test",), active=False)


def ask(words: str) -> Asked:
    site = config(staff={**config().staff, "peter": TWIN, "gone": GONE})
    sender = Sender(address=ANNA, staff=site.staff["anna"], proof=Proof.TOKEN_FROM)
    return assign.ask(words, ticket(), sender, site)


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("bela", "assigned: Szabó Béla"),
        ("szabó", "not_one_person: szabó (Szabó Béla, Szabó Péter)"),
        ("sz", "not_one_person: sz (Szabó Béla, Szabó Péter)"),
    ],
)
def test_the_receipt_names_what_was_done(words: str, answer: str) -> None:
    """One line a command."""
    assert ask(words).answers == (answer,)


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ("x", "colleagues: anna, bela, peter"),
        ("belaa", "colleague_near: bela"),
        ("ann", "colleague_near: anna"),
        ("kov", "colleague_near: anna"),
        ("gone", "colleagues: anna, bela, peter"),
        ("", "colleagues: anna, bela, peter"),
    ],
)
def test_who_is_nobody_is_told_apart_from_whom_there_is(words: str, hint: str) -> None:
    """Somebody who has left is nobody, and the beginning of a name hands nothing over."""
    assert ask(words).answers == (f"not_a_colleague: {words or '?'}", hint)


@pytest.mark.parametrize(
    ("words", "owner", "told"), [("péter", "peter", ("peter",)), ("anna", "anna", ()), ("me", "anna", ())]
)
def test_the_new_owner_is_told_unless_he_asked_himself(words: str, owner: str, told: tuple[str, ...]) -> None:
    """A reason is kept with the change."""
    asked = ask(words)
    (change,) = of_kind(asked.changes, SetOwner)
    assert (change.owner, change.reason, asked.told) == (owner, f"#assign {words}", told)

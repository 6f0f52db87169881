"""Commands stand at the top or after a blank line; all of a mail's commands are obeyed, or none."""

from __future__ import annotations

import pytest

from helpdesk import commands
from helpdesk.desk.asked import Asked
from helpdesk.desk.changes import SetOwner, SetStatus
from helpdesk.desk.identity import Proof, Sender
from tests.builders import ANNA, config, of_kind, ticket


def read(text: str) -> Asked:
    site = config()
    sender = Sender(address=ANNA, staff=site.staff["anna"], proof=Proof.TOKEN_FROM)
    return commands.read(text, ticket=ticket(), sender=sender, config=site)


def test_words_and_commands_are_told_apart() -> None:
    """The customer gets the words only."""
    asked = read("#close\n\nKicseréltük a tonert.\n\nÜdv, Anna")
    assert asked.text == "Kicseréltük a tonert.\n\nÜdv, Anna"
    assert asked.closes


def test_a_command_may_stand_below_after_a_blank_line() -> None:
    """People write first and remember to close afterwards."""
    asked = read("Kész.\n\n#close")
    assert (asked.text, asked.closes) == ("Kész.", True)


@pytest.mark.parametrize("text", ["#Close", "#CLOSE", "Kész.\n\n#Close", "Kész.\n\n  #close  "])
def test_letter_case_does_not_matter(text: str) -> None:
    """Telephones begin every line with a capital."""
    assert read(text).closes


@pytest.mark.parametrize("text", ["Ticket #close to done", "Kész.\n#close", "1. #close it", "Szia\n-- \n\n#close"])
def test_a_command_inside_of_words_is_words(text: str) -> None:
    """In a sentence, glued below a line, or in the signature."""
    assert not read(text).closes


@pytest.mark.parametrize(
    "text",
    [
        "#clsoe\n\nKész.",
        "#сlose\n\nKész.",
        "#assign nobody\n#close\nKész.",
        "#\u200bclose\nKész.",
        "\u202e#close",
        "Kész.\n\n#clsoe",
        "Kész.\n\n#сlose",
        "Kész.\n\n#cl\u00adose",
        "#close\n\nKész.\n\n#assgin bela",
    ],
)
def test_one_refused_command_refuses_all(text: str) -> None:
    """C49: a typing error, a look-alike or an unseen letter must not reach the customer, and nothing is half done."""
    asked = read(text)
    assert asked.refused
    assert asked.changes == ()
    assert asked.answers


def test_the_nearest_command_is_named() -> None:
    """The receipt helps."""
    assert read("#clsoe").answers == ("unknown_command_near: #clsoe #close",)


@pytest.mark.parametrize("tag", ["#nyomtató", "#1042", "# fejléc", "#szerviz2026"])
def test_a_hashtag_below_is_for_the_customer(tag: str) -> None:
    """It is like no command."""
    assert read(f"Kész.\n\n{tag}").text == f"Kész.\n\n{tag}"


def test_a_signature_under_commands_is_no_answer() -> None:
    """C48: nothing of it goes to the customer; under words it stays, it may be more than a signature."""
    assert read("#close\n\n-- \nAnna").text == ""
    assert read("Kész.\n-- \nAnna").text == "Kész.\n-- \nAnna"


def test_too_many_commands_are_refused_as_a_whole() -> None:
    """C52."""
    asked = read("#close\n" * 5000)
    assert asked.refused
    assert asked.answers == ("too_many_commands: 5000",)


@pytest.mark.parametrize("name", ["bela", "Béla", "BELA@helpdesk.test", "szabo", "Szabó Béla"])
def test_a_colleague_is_found_by_any_of_his_names(name: str) -> None:
    """Key, first name, surname, with or without diacritics, address."""
    (change,) = of_kind(read(f"#assign {name}").changes, SetOwner)
    assert change.owner == "bela"


@pytest.mark.parametrize("name", ["$(id)", "../x", "", "belaa"])
def test_an_unknown_name_is_refused(name: str) -> None:
    """C51: only a look-up, nothing is executed."""
    assert read(f"#assign {name}").refused


def test_me_is_the_writer() -> None:
    """``#assign me`` takes the ticket."""
    asked = read("#assign me")
    assert of_kind(asked.changes, SetOwner)[0].owner == "anna"
    assert asked.told == ()


def test_a_note_keeps_all_its_words_inside() -> None:
    """The words beside the command and those below it."""
    asked = read("#note figyelem\nrossz fizető")
    assert (asked.internal, asked.text) == (True, "figyelem\n\nrossz fizető")
    assert of_kind(asked.changes, SetStatus) == []

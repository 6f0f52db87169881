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


@pytest.mark.parametrize(
    "text",
    [
        "#note: titok",
        "#Note: titok",
        "#note, titok",
        "#note:titok",
        "# note\ntitok",
        "##note\ntitok",
        "*#note*\ntitok",
        "**#note:** titok",
        "*#note titok*",
        "_#note_ titok",
        "\uff03note\ntitok",
        "\ufe5fnote titok",
        "Szia,\n\n#note:\ntitok",
    ],
)
def test_what_can_mean_nothing_but_a_note_is_one(text: str) -> None:
    """Habits and mail programs put something around a command; what was meant for colleagues stays inside."""
    asked = read(text)
    assert (asked.internal, asked.refused) == (True, False)
    assert asked.text.split()[-1] == "titok"


@pytest.mark.parametrize("text", ["#close.", "#close!", "#CLOSE:", "# close", "Kész.\n\n*#close*", "\uff03close"])
def test_what_can_mean_nothing_but_closing_closes(text: str) -> None:
    """The same for another command."""
    assert (read(text).closes, read(text).refused) == (True, False)


@pytest.mark.parametrize("text", ["#assign: bela", "#assign bela.", "#assign, Béla!"])
def test_signs_around_a_name_do_not_hide_it(text: str) -> None:
    """A colon before it, a full stop behind it."""
    assert of_kind(read(text).changes, SetOwner)[0].owner == "bela"


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("Szia!\n#close", "misplaced_command: #close"),
        ("Szia,\n#note\ntitok", "misplaced_command: #note"),
        ("a\nb\nc\nd\ne\nf\n#note: titok", "misplaced_command: #note"),
        ("Szia,\n#ntoe\ntitok", "unknown_command_near: #ntoe #note"),
        ("- #note\ntitok", "malformed_command: #note"),
        ("(#note) titok", "malformed_command: #note"),
        ("###note\ntitok", "malformed_command: #note"),
        ("#note-titok", "malformed_command: #note"),
        ("#close?", "malformed_command: #close"),
        ("\u266fclose", "malformed_command: #close"),
        ("#cl\u200bose", "disguised_command: #close"),
        ("#\uff4e\uff4f\uff54\uff45 titok", "disguised_command: #note"),
        ("Kész.\n\n#\u0441l\u043e\u0455\u0435", "unknown_command_near: #\u0441l\u043e\u0455\u0435 #close"),
        ("Kész.\n\n#send", "unknown_command: #send"),
    ],
)
def test_what_only_looks_like_a_command_is_refused(text: str, answer: str) -> None:
    """It is not obeyed where that is a guess, and it never reaches the customer."""
    asked = read(text)
    assert (asked.refused, asked.answers, asked.changes, asked.text) == (True, (answer,), (), asked.text)


@pytest.mark.parametrize(
    "text",
    [
        "A #1234 számú rendelés",
        "#1234",
        "Írja ezt: #close",
        "Szia,\n#nyomtató",
        "Kész.\n\n#nyomtató-csere",
        "C# note",
        "# Összefoglaló\nKész.",
    ],
)
def test_numbers_and_hashtags_stay_words(text: str) -> None:
    """Inside a sentence anything may stand, and a hashtag at a line of its own is for the customer."""
    assert (read(text).text, read(text).refused) == (text, False)


def test_only_the_refusals_are_told() -> None:
    """Nothing of the mail was done, so nothing is said to be done."""
    assert read("#close\n#assign nobody\n#note x").answers[0].startswith("not_a_colleague: nobody")
    assert read("#close\n#assign nobody\n#note x").answers[1:] == ("colleagues: anna, bela",)

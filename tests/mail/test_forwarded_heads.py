"""What programs write around a forwarded mail besides its fields is none of its words."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from helpdesk.mail.forwards import read
from helpdesk.mail.message import Address

HEAD = "From: Béla <bela@other.example>\nTo: eva@kunde.example\nSubject: Invoice"
SEPARATOR = "----- Forwarded message from Béla <bela@other.example> -----"


@pytest.mark.parametrize(
    "end", ["----- End forwarded message -----", "-" * 41, "-------- Конец пересылаемого сообщения --------"]
)
def test_a_line_that_says_where_it_ends_goes(end: str) -> None:
    """Mutt, KMail and Yandex write one."""
    found = read("Fwd: Invoice", f"{SEPARATOR}\n\n{HEAD}\n\nIt is wrong.\n\n{end}\n", [])
    assert found is not None
    assert found.text == "It is wrong."


def test_fields_that_nobody_knows_are_fields() -> None:
    """Some programs show the whole header."""
    found = read("Fwd: Invoice", f"{SEPARATOR}\n\n{HEAD}\nX-Mailer: Mutt\n\nIt is wrong.\n", [])
    assert found is not None
    assert found.text == "It is wrong."


def test_an_attribution_may_stand_below_the_separator() -> None:
    """Yandex names author and date so, in the place of fields."""
    line = '02.03.2026, 09:00, "Béla Kis" <bela@other.example>:'
    found = read("Fwd: x", f"Please look.\n-------- Пересылаемое сообщение --------\n{line}\n\nIt is wrong.\n", [])
    assert found is not None
    assert found.sender == Address(name="Béla Kis", address="bela@other.example")
    assert (found.date, found.text) == (datetime(2026, 3, 2, 9, tzinfo=UTC), "It is wrong.")
    assert found.comment == "Please look."


def test_the_line_of_a_telephone_is_no_comment() -> None:
    """Nobody wrote it."""
    found = read("Fwd: Invoice", f"Sent from my iPhone\n\n{SEPARATOR}\n\n{HEAD}\n\nIt is wrong.\n", [])
    assert found is not None
    assert found.comment == ""


def test_vs_is_an_answer_where_the_program_speaks_finnish() -> None:
    """In Danish and Norwegian it stands before what is forwarded."""
    danish = "Se her.\n\nFra: B <b@x.example>\nSendt: 2. marts 2026 09:00\nTil: e@x.example\nEmne: x\n\nHej\n"
    finnish = "Kiitos.\n\nLähettäjä: B <b@x.example>\nLähetetty: 2.3.2026\nVastaanottaja: e@x.example\nAihe: x\n\nHei\n"
    assert read("VS: x", danish, []) is not None
    assert read("VS: x", finnish, []) is None


def test_orange_shows_the_date_without_a_colon() -> None:
    """``Message du 02/03/26 09:00`` is the first of its fields."""
    head = '> Message du 02/03/26 09:00\n> De : "B" <b@x.example>\n> A : e@x.example\n> Objet : Facture\n> \n> Bonjour'
    found = read("TR: Facture", f"Voici.\n\n{head}\n", [])
    assert found is not None
    assert (found.date, found.text) == (datetime(2026, 3, 2, 9, tzinfo=UTC), "Bonjour")

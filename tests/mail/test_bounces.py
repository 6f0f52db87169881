"""A report that a mail did not arrive is told from mail by people, and names who did not get it, and why."""

from __future__ import annotations

import pytest

from helpdesk.mail.message import Bounce
from helpdesk.mail.parse import parse

SUBJECTS = [
    "Undelivered Mail Returned to Sender",
    "Delivery Status Notification (Failure)",
    "failure notice",
    "Mail delivery failed: returning message to sender",
    "Undeliverable: Printer",
    "Kézbesíthetetlen: Nyomtató",
    "Niedostarczalna: Drukarka",
    "Недоставленное: Принтер",
    "Unzustellbar: Drucker",
    "Non remis : Imprimante",
    "No se puede entregar: Impresora",
    "Non recapitabile: Stampante",
    "Não entregue: Impressora",
    "Onbestelbaar: Printer",
    "Olevererat: Skrivare",
    "Ikke leveret: Printer",
    "Nedoručitelné: Tiskárna",
    "Nedoručené: Tlačiareň",
    "Neisporučivo: Pisač",
    "Teslim edilemedi: Yazıcı",
    "系统退信",
    "配信不能",
]


def bounce(
    text: str, subject: str = "Undeliverable", sender: str = "postmaster@x.example", extra: str = ""
) -> Bounce | None:
    """What is made of a mail with this plain text."""
    head = f"From: {sender}\nTo: support@minta.example\nSubject: {subject}\n{extra}"
    head += "Content-Type: text/plain; charset=utf-8\n"
    return parse(f"{head}\n{text}\n".encode()).bounce


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_servers_subject_is_known_in_every_language(subject: str) -> None:
    """A daemon's address and such a subject make a bounce."""
    found = bounce("nobody@other.example: 550 5.1.1 unknown", subject)
    assert found is not None
    assert [(each.address, each.status, each.permanent) for each in found.recipients] == [
        ("nobody@other.example", "5.1.1", True)
    ]


@pytest.mark.parametrize(
    ("subject", "sender"),
    [
        ("Undeliverable parcel", "eva@kunde.example"),
        ("Printer", "postmaster@x.example"),
        ("Hello", "eva@kunde.example"),
    ],
)
def test_a_person_is_not_taken_for_a_server(subject: str, sender: str) -> None:
    """One sign alone, the words or the address, is not enough."""
    assert bounce("nobody@other.example 550 5.1.1", subject, sender) is None


def test_the_null_path_with_a_servers_subject_is_enough() -> None:
    """Some servers write under a person's name."""
    assert bounce("x@other.example failed", "Undeliverable", "it@x.example", "Return-Path: <>\n") is not None


def test_a_delay_is_not_for_good() -> None:
    """Nobody's address is suspended because a server is slow."""
    found = bounce("Delivery to nobody@other.example has been delayed. It will be retried.", "Delivery delayed")
    assert found is not None
    assert not found.recipients[0].permanent


def test_each_recipient_has_its_own_status_and_is_named_once() -> None:
    """The status that stands nearest behind the address."""
    found = bounce("<a@other.example>: 550 5.1.1 unknown\n<b@other.example>: 452 4.2.2 full\n<a@other.example> again")
    assert found is not None
    assert [(each.address, each.status) for each in found.recipients] == [
        ("a@other.example", "5.1.1"),
        ("b@other.example", "4.2.2"),
    ]


def test_our_message_id_is_found_in_the_returned_headers() -> None:
    """It ties the bounce to what we sent."""
    found = bounce("nobody@other.example failed\n\n> Message-ID: <ours@minta.example>\n> Subject: x")
    assert found is not None
    assert found.message_ids == ("<ours@minta.example>",)

"""A mail knows its one author, whom it was sent to and what it answers."""

from __future__ import annotations

from helpdesk.mail.message import Address, Mail

EVA, ANNA = Address(name=None, address="Eva@Kunde.Example."), Address(name="A", address="anna@minta.example")


def test_two_authors_or_two_from_fields_are_no_sender() -> None:
    """RFC 5322 3.6: whoever is not the one author has no rights."""
    assert Mail(sha256="", size=0, from_=(EVA,)).sender == EVA
    assert Mail(sha256="", size=0, from_=(EVA, ANNA)).sender is None
    assert Mail(sha256="", size=0, from_=(EVA,), from_fields=2).sender is None


def test_addresses_are_compared_in_lower_case() -> None:
    """And the domain without the dot at its end."""
    assert (EVA.key, EVA.local, EVA.domain) == ("eva@kunde.example.", "eva", "kunde.example")


def test_the_nearest_ancestor_comes_first() -> None:
    """RFC 5322 3.6.4: In-Reply-To, then References from the end."""
    mail = Mail(sha256="", size=0, in_reply_to=("<c>",), references=("<a>", "<b>", "<c>"))
    assert mail.thread_ids == ("<c>", "<b>", "<a>")


def test_the_envelope_tells_first_whom_it_was_sent_to() -> None:
    """A blind copy names us nowhere else."""
    mail = Mail(sha256="", size=0, to=(EVA,), cc=(ANNA,), delivered_to=("support@minta.example",))
    assert mail.addressed == ("support@minta.example", "eva@kunde.example.", "anna@minta.example")

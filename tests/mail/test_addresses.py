"""Who wrote, out of fields as people and programs write them; nobody gets another's address by a trick."""

from __future__ import annotations

import pytest

from helpdesk.mail.addresses import one, read
from tests.quick import AT_ONCE, seconds

WRITTEN = [
    ("Éva Nagy <eva@kunde.example>", [("Éva Nagy", "eva@kunde.example")]),
    ("eva@kunde.example", [(None, "eva@kunde.example")]),
    ("eva@kunde.example (Éva Nagy)", [("Éva Nagy", "eva@kunde.example")]),
    ("Nagy, Éva <eva@kunde.example>", [("Nagy, Éva", "eva@kunde.example")]),
    ('"Nagy, Éva" <eva@kunde.example>', [("Nagy, Éva", "eva@kunde.example")]),
    ("=?utf-8?q?Nagy=2C_=C3=89va?= <eva@kunde.example>", [("Nagy, Éva", "eva@kunde.example")]),
    ('"=?utf-8?q?=C3=89va?=" <eva@kunde.example>', [("Éva", "eva@kunde.example")]),
    ("=?utf-8?q?Nagy=2C_=C3=89va_=3Ceva=40x.example=3E?=", [("Nagy, Éva", "eva@x.example")]),
    ("a@x.example, b@y.example", [(None, "a@x.example"), (None, "b@y.example")]),
    ("a@x.example; b@y.example", [(None, "a@x.example"), (None, "b@y.example")]),
    ("team: a@x.example, b@y.example;", [(None, "a@x.example"), (None, "b@y.example")]),
    ("Éva eva@kunde.example", [("Éva", "eva@kunde.example")]),
    ("<@relay.example:eva@kunde.example>", [(None, "eva@kunde.example")]),
    ("<mailto:eva@kunde.example>", [(None, "eva@kunde.example")]),
    ("eva @ kunde.example", [(None, "eva@kunde.example")]),
    ("<eva@kunde.example.>", [(None, "eva@kunde.example")]),
    ("Éva <eva@kunde.example", [("Éva", "eva@kunde.example")]),
    ("", []),
    ("<>", []),
    ("root", []),
    ("undisclosed-recipients:;", []),
]
TRICKS = [
    ('"anna@minta.example" <eva@kunde.example>', ["eva@kunde.example"]),
    ("anna@minta.example <eva@kunde.example>", ["eva@kunde.example"]),
    ('"anna@minta.example" <eva@kunde.example', ["eva@kunde.example"]),
    ("anna@minta.example@kunde.example", []),
    ("<anna@minta.example@kunde.example>", []),
    ("<an na@minta.example>", []),
    ("<anna@minta\u200b.example>", ["anna@minta\ufffd.example"]),
    ("<anna@minta\u202e.example>", ["anna@minta\ufffd.example"]),
    ("(anna@minta.example) eva@kunde.example", ["eva@kunde.example"]),
    (f"<{'a' * 700}@kunde.example>", []),
]


@pytest.mark.parametrize(("field", "expected"), WRITTEN)
def test_mailboxes_are_read_as_they_are_written(field: str, expected: list[tuple[str | None, str]]) -> None:
    """Names in quotes, comments and encoded words; commas forgotten or too many; groups and routes."""
    assert [(person.name, person.address) for person in read([field], 10)] == expected


@pytest.mark.parametrize(("field", "expected"), TRICKS)
def test_a_trick_never_gives_the_address_that_it_shows(field: str, expected: list[str]) -> None:
    """The sender is the real addr-spec, or nobody."""
    assert [person.address for person in read([field], 10)] == expected


def test_no_more_addresses_are_kept_than_the_limit() -> None:
    """Twenty thousand recipients are of no use to anybody."""
    assert len(read([", ".join(f"a{number}@x.example" for number in range(20_000))], 200)) == 200


def test_one_address_is_one_only_when_it_is_the_only_one() -> None:
    """Two addresses in Return-Path are none."""
    assert one("<Eva@Kunde.example>") == "eva@kunde.example"
    assert one("a@x.example, b@x.example") is None


@pytest.mark.parametrize("piece", ["(", '"', "<", "@", ",", ":", "\\", '\\"', "a@", "(\\", "=?", "[", "a@b,"])
def test_twenty_thousand_of_any_sign_are_read_at_once(piece: str) -> None:
    """No recursion, no time that grows faster than the field."""
    assert seconds(lambda: read([piece * 20_000], 200)) < AT_ONCE


def test_single_quotes_around_a_name_are_none_of_it() -> None:
    """Exchange writes them; an apostrophe stays."""
    assert [person.name for person in read(["'Éva Kis' <e@x.example>, O'Hara <o@x.example>"], 9)] == [
        "Éva Kis",
        "O'Hara",
    ]

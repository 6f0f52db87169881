"""A verdict counts only where our own server wrote it; the worst wins; a forged pass never counts."""

from __future__ import annotations

import pytest

from helpdesk.mail.authentication import dmarc, zone
from helpdesk.mail.parse import parse

PASS = "mx.minta.example; dkim=pass header.d=minta.example; dmarc=pass (p=reject) header.from=minta.example"
FAIL = "mx.minta.example; dmarc=fail header.from=minta.example"
OUTSIDE = "from mail.kunde.example (mail.kunde.example [203.0.113.7]) by mx.minta.example with ESMTPS"
LMTP = "from mx.minta.example by imap.minta.example with LMTP id x"
REINJECTED = "from localhost (localhost [127.0.0.1]) by mx.minta.example (Postfix)"


def verdict(*fields: str, zone: int | None = None, tampered: bool = False) -> str:
    """The verdict for a mail from minta.example; all fields are in the zone unless said otherwise."""
    number = len(fields) if zone is None else zone
    return dmarc(fields, number, "mx.minta.example", "minta.example", tampered=tampered)


@pytest.mark.parametrize(
    "field",
    [
        PASS,
        "MX.Minta.Example 1; dmarc=PASS header.from=MINTA.example.",
        "(hop) mx.minta.example (v) ; dmarc = pass header.from = minta.example",
    ],
)
def test_a_pass_of_our_server_for_the_domain_in_from_counts(field: str) -> None:
    """Case, comments, version and the dot at the end mean nothing."""
    assert verdict(field) == "pass"


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("evil.mx.minta.example; dmarc=pass header.from=minta.example", "none"),
        ("mx.minta.example.evil.example; dmarc=pass header.from=minta.example", "none"),
        ("(mx.minta.example;) evil.example; dmarc=pass header.from=minta.example", "none"),
        ('mx.minta.example; spf=fail reason="; dmarc=pass header.from=minta.example"', "none"),
        ("mx.minta.example; (; dmarc=pass header.from=minta.example) spf=fail", "none"),
        ("mx.minta.example; (a \\) ; dmarc=pass header.from=minta.example) spf=fail", "none"),
        ("mx.minta.example; (a (b) ; dmarc=pass header.from=minta.example", "none"),
        ('mx.minta.example; spf=pass "dmarc=pass header.from=minta.example', "none"),
        ('mx.minta.example; "dmarc"=pass header.from=minta.example', "none"),
        ('mx.minta.example; dmarc=pass reason="header.from" minta.example', "fail"),
        ("mx.minta.example; dmarc=pass header.from=evil.example", "fail"),
        ("mx.minta.example; dmarc=pass header.from=minta.example header.from=evil.example", "fail"),
        ("mx.minta.example; dmarc=pass", "fail"),
        ("mx.minta.example; none", "none"),
        ("mx.minta.example; dkim=pass header.d=minta.example", "none"),
        ("mx.minta.example; dmarc=temperror header.from=minta.example", "fail"),
        ("", "none"),
    ],
)
def test_what_only_looks_like_a_pass_is_none(field: str, expected: str) -> None:
    """Other servers, comments, quoted reasons, other domains (C33, C34)."""
    assert verdict(field) == expected


def test_the_worst_of_several_fields_and_statements_wins() -> None:
    """A pass beside a fail is a fail (C31), a pass beside none is none."""
    assert verdict(PASS, FAIL) == verdict(FAIL, PASS) == "fail"
    assert verdict(f"{PASS}; dmarc=fail header.from=minta.example") == "fail"
    assert verdict(PASS, "mx.minta.example; dmarc=none header.from=minta.example") == "none"


def test_a_field_in_our_name_outside_the_zone_is_a_forgery() -> None:
    """Whoever forges one verdict is not believed another (C31)."""
    assert verdict(PASS, PASS, zone=1) == "fail"
    assert verdict("other.example; dmarc=fail", PASS, zone=1) == "fail"


def test_nothing_counts_in_a_mail_that_was_tampered_with_or_has_no_single_author() -> None:
    """A bare CR may have made a field of our server out of one of the sender's (C32); two authors are none (C35)."""
    assert verdict(PASS, tampered=True) == "fail"
    assert dmarc([PASS], 1, "mx.minta.example", "", tampered=False) == "fail"


def test_domains_are_compared_in_the_letters_of_the_dns() -> None:
    """The server writes xn--, the mail may not."""
    field = "mx.minta.example; dmarc=pass header.from=xn--rd-9ia.example"
    assert dmarc([field], 1, "mx.minta.example", "Érd.example", tampered=False) == "pass"


RESULTS = ("authentication-results", PASS)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ([RESULTS, ("received", OUTSIDE), ("from", "x")], 1),
        ([("received", OUTSIDE), RESULTS, ("received", "from a [198.51.100.1] by b"), RESULTS], 1),
        ([("received", LMTP), RESULTS, ("received", OUTSIDE), ("received", "x"), RESULTS], 1),
        ([("received", LMTP), ("received", REINJECTED), RESULTS, ("received", OUTSIDE), ("received", "x"), RESULTS], 1),
        ([("received", "by 2002:a05::1 with SMTP id x"), ("received", OUTSIDE), RESULTS, ("received", "x")], 1),
        ([("received", "from [127.0.0.1] (unknown [203.0.113.66]) by mx"), ("received", REINJECTED), RESULTS], 0),
        ([("from", "x")], 0),
    ],
)
def test_the_zone_ends_where_the_mail_came_in_from_outside(fields: list[tuple[str, str]], expected: int) -> None:
    """Hops inside the house do not end it; a name in HELO that looks like one does not stretch it."""
    assert zone(fields) == expected


def test_a_forged_field_below_the_received_of_a_stranger_is_outside() -> None:
    """The whole way from bytes to the verdict."""
    raw = (
        f"Authentication-Results: {FAIL}\r\nReceived: {OUTSIDE}\r\nReceived: from a by b\r\n"
        f"Authentication-Results: {PASS}\r\nFrom: anna@minta.example\r\n\r\nhi"
    )
    mail = parse(raw.encode())
    assert (len(mail.authentication), mail.authentication_zone) == (2, 1)


@pytest.mark.parametrize("piece", ['("', '"\\', "(", ";", "a=", '"', "\\"])
def test_a_long_field_is_read_at_once(piece: str) -> None:
    """The time grows with the length and not faster."""
    verdict(f"mx.minta.example; {piece * 16_000}")

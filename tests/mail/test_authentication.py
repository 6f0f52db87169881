"""A verdict counts only where our own server wrote it; the worst wins; a forged pass never counts."""

from __future__ import annotations

import pytest

from helpdesk.mail import authentication
from helpdesk.mail.authentication import zone
from helpdesk.mail.parse import parse
from tests.quick import AT_ONCE, seconds

PASS = "mx.minta.example; dkim=pass header.d=minta.example; dmarc=pass (p=reject) header.from=minta.example"
FAIL = "mx.minta.example; dmarc=fail header.from=minta.example"
OUTSIDE = "from mail.kunde.example (mail.kunde.example [203.0.113.7]) by mx.minta.example with ESMTPS"
LMTP = "from mx.minta.example by imap.minta.example with LMTP id x"
REINJECTED = "from localhost (localhost [127.0.0.1]) by mx.minta.example (Postfix)"


def verdict(*fields: str, zone: int | None = None, tampered: bool = False) -> str:
    """The verdict for a mail from minta.example; all fields are in the zone unless said otherwise."""
    number = len(fields) if zone is None else zone
    return authentication.verdict(fields, number, "mx.minta.example", "minta.example", tampered=tampered)


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
        ("mx.minta.example; dmarc=bestguesspass header.from=minta.example", "none"),
        ("mx.minta.example; dmarc=quarantine header.from=minta.example", "fail"),
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


@pytest.mark.parametrize("result", ["temperror", "permerror"])
def test_a_trouble_with_the_dns_is_no_failure(result: str) -> None:
    """An honest sender pays for nothing; beside a real verdict it counts as none."""
    trouble = f"mx.minta.example; dmarc={result} header.from=minta.example"
    assert verdict(trouble) == "none"
    assert verdict(PASS, trouble) == "none"
    assert verdict(trouble, FAIL) == "fail"


@pytest.mark.parametrize(
    "said",
    [
        "dkim=pass header.d=minta.example",
        "dkim=PASS (2048-bit key; unprotected) header.d=MINTA.example. header.i=@mail.minta.example header.b=abc=",
        'dkim=pass reason="good; signature" header.d=minta.example',
        "dkim/1 = pass header.d (the domain) = minta.example",
        "dkim=pass header.i=@minta.example",
        "dkim=pass header.i=anna@minta.example",
        "dkim=fail header.d=minta.example; dkim=pass header.d=news.example; dkim=pass header.d=minta.example",
        "spf=pass smtp.mailfrom=minta.example",
        "spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=<bounce@minta.example> smtp.helo=x.example",
        "dmarc=none header.from=minta.example; spf=fail smtp.mailfrom=x.example; dkim=pass header.d=minta.example",
        "dmarc=temperror header.from=minta.example; dkim=pass header.d=minta.example",
    ],
)
def test_an_aligned_pass_counts_where_dmarc_says_nothing(said: str) -> None:
    """DKIM by its domain, or its identity where there is none; SPF by the envelope sender; one is enough."""
    assert verdict(f"mx.minta.example; {said}") == "pass"


@pytest.mark.parametrize(
    "said",
    [
        "dkim=pass",
        "dkim=none",
        "dkim=fail header.d=minta.example",
        "dkim=neutral header.d=minta.example",
        "dkim=pass (header.d=minta.example)",
        'dkim=pass reason="header.d=minta.example"',
        'dkim=pass header.d="minta.example"',
        "dkim=pass header.d=evil.example header.i=@minta.example",
        "dkim=pass header.d=minta.example header.d=evil.example",
        "dkim=pass header.d=mail.minta.example",
        "dkim=pass header.d=xminta.example",
        "dkim=pass header.d=example",
        "dkim=pass header.d=",
        "spf=pass",
        "spf=pass smtp.helo=minta.example",
        "spf=softfail smtp.mailfrom=anna@minta.example",
        "spf=pass smtp.mailfrom=anna@bounce.minta.example",
        "spf=pass smtp.mailfrom=minta.example@evil.example",
        "spf=pass smtp.mailfrom=minta.example=anna@evil.example",
        'spf=pass smtp.mailfrom="minta.example"@evil.example',
        'spf=pass smtp.mailfrom=minta.example."x"@evil.example',
        "spf=pass smtp.mailfrom=minta.example (x) @evil.example",
        "spf=pass smtp.mailfrom=<>",
        "iprev=pass policy.iprev=192.0.2.1 header.d=minta.example",
    ],
)
def test_what_only_looks_aligned_is_none(said: str) -> None:
    """No other domain, none below, no comment, no quoted word, no local part that looks like a domain."""
    assert verdict(f"mx.minta.example; {said}") == "none"


@pytest.mark.parametrize("said", ["dkim=pass header.d=minta.example", "spf=pass smtp.mailfrom=x@minta.example"])
def test_a_domain_speaks_for_those_inside_it(said: str) -> None:
    """A mail of one department is signed by the company."""
    field = f"mx.minta.example; {said}"
    assert authentication.verdict([field], 1, "mx.minta.example", "north.minta.example", tampered=False) == "pass"


def test_dmarc_decides_where_it_has_decided() -> None:
    """A failure stays one beside an aligned pass, and foreign servers are not heard."""
    aligned = "mx.minta.example; dkim=pass header.d=minta.example"
    assert verdict(aligned, FAIL) == verdict(FAIL, aligned) == "fail"
    assert verdict(aligned, "mx.minta.example; dmarc=pass header.from=evil.example") == "fail"
    assert verdict("other.example; dkim=pass header.d=minta.example") == "none"
    assert verdict(aligned, zone=0) == verdict(aligned, tampered=True) == "fail"


def test_an_aligned_pass_needs_one_author() -> None:
    """Two are none (C35)."""
    field = "mx.minta.example; dkim=pass header.d=minta.example"
    assert authentication.verdict([field], 1, "mx.minta.example", "", tampered=False) == "none"


def test_a_field_in_our_name_outside_the_zone_is_a_forgery() -> None:
    """Whoever forges one verdict is not believed another (C31)."""
    assert verdict(PASS, PASS, zone=1) == "fail"
    assert verdict("other.example; dmarc=fail", PASS, zone=1) == "fail"


def test_nothing_counts_in_a_mail_that_was_tampered_with_or_has_no_single_author() -> None:
    """A bare CR may have made a field of our server out of one of the sender's (C32); two authors are none (C35)."""
    assert verdict(PASS, tampered=True) == "fail"
    assert authentication.verdict([PASS], 1, "mx.minta.example", "", tampered=False) == "fail"


def test_domains_are_compared_in_the_letters_of_the_dns() -> None:
    """The server writes xn--, the mail may not."""
    field = "mx.minta.example; dmarc=pass header.from=xn--rd-9ia.example"
    signed = "mx.minta.example; dkim=pass header.d=Érd.example"
    assert authentication.verdict([signed], 1, "mx.minta.example", "xn--rd-9ia.example", tampered=False) == "pass"
    assert authentication.verdict([field], 1, "mx.minta.example", "Érd.example", tampered=False) == "pass"


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
    assert seconds(lambda: verdict(f"mx.minta.example; {piece * 16_000}")) < AT_ONCE

"""Letters and addresses are sent so that the server reads exactly what is meant."""

from __future__ import annotations

from dataclasses import replace
from email.utils import parseaddr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk.outbox import wire
from helpdesk.outbox.outcomes import Refused
from helpdesk.store.queues import ToSend
from tests.builders import NOW

LETTER = ToSend(
    id=1,
    kind="answer",
    recipient="eva@customer.test",
    envelope_from="support@helpdesk.test",
    message_id="<1@helpdesk.test>",
    raw=b"Subject: x\r\n\r\ntext\r\n",
    attempts=1,
    created=NOW,
    expires=NOW,
    resent=False,
    automatic=False,
    outside=True,
    ticket=None,
)


@pytest.mark.parametrize(
    ("raw", "sent"),
    [
        (b"a\r\nb\r\n", b"a\r\nb\r\n.\r\n"),
        (b"no end", b"no end\r\n.\r\n"),
        (b".a\r\n.\r\n..b\r\n", b"..a\r\n..\r\n...b\r\n.\r\n"),
        (b"smuggled\n.\r\nMAIL FROM:<x>\r\n", b"smuggled\r\n..\r\nMAIL FROM:<x>\r\n.\r\n"),
        (b"smuggled\r.\r\n", b"smuggled\r\n..\r\n.\r\n"),
        (b"", b"\r\n.\r\n"),
    ],
)
def test_only_the_last_dot_ends_the_letter(raw: bytes, sent: bytes) -> None:
    """Dots are doubled, and no lonely CR or LF leaves the house."""
    assert wire.content(raw) == sent


@pytest.mark.parametrize(
    "address",
    ["a b@x.test", "a@x.test> SIZE=1", "a@x.test\r\nRCPT TO:<b@x.test>", "a@x.test\0", "a(b)@x.test", "a, b@x.test"],
)
def test_an_address_that_would_be_read_as_something_else_is_refused(address: str) -> None:
    """For good, before anything is sent."""
    for letter in (replace(LETTER, recipient=address), replace(LETTER, envelope_from=address)):
        refused = wire.envelope(letter, offers=lambda _: True, where="host")
        assert isinstance(refused, Refused) and refused.permanent


@settings(max_examples=30)
@given(st.from_regex(wire.PLAIN, fullmatch=True))
def test_a_plain_address_is_read_as_itself(address: str) -> None:
    """The library, which is not asked about such addresses, would say the same."""
    assert parseaddr(address)[1] == address and not wire.UNSENDABLE.search(address)


@pytest.mark.parametrize(
    ("changes", "options"),
    [
        ({}, ["SIZE=20"]),
        ({"envelope_from": ""}, ["SIZE=20"]),
        ({"raw": b"\xff\r\n"}, ["SIZE=3", "BODY=8BITMIME"]),
        ({"recipient": "kőbánya@x.test"}, ["SIZE=20", "SMTPUTF8"]),
    ],
)
def test_the_server_is_told_what_comes(changes: dict[str, object], options: list[str]) -> None:
    """Extensions are used where there are any; only SMTPUTF8 cannot be done without."""
    letter = replace(LETTER, **changes)  # type: ignore[arg-type]  # the types of a dict are mixed
    for offered in (True, False):
        envelope = wire.envelope(letter, offers=lambda _, offered=offered: offered, where="host")  # type: ignore[misc]
        if "SMTPUTF8" in options and not offered:
            assert isinstance(envelope, Refused) and "no SMTPUTF8" in envelope.words
        else:
            assert isinstance(envelope, wire.Envelope) and envelope.options == (options if offered else [])


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("eva@Customer.test", "eva@Customer.test"),
        ("eva@bücher.test", "eva@xn--bcher-kva.test"),
        ("", ""),
        ("a@" + "ő" * 99, "a@" + "ő" * 99),
    ],
)
def test_a_domain_is_written_as_the_dns_knows_it(address: str, written: str) -> None:
    """What cannot be translated stays, and needs SMTPUTF8."""
    assert wire.ascii_domain(address) == written


def test_our_own_name_is_a_domain_or_an_address() -> None:
    """Anything else is refused by strict servers."""
    assert wire.own_name() == "[127.0.0.1]" or "." in wire.own_name()

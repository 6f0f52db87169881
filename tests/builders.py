"""Small makers of values for tests; everything that a test does not care about has a sensible default."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from helpdesk.config import Company, Config, Department, Imap, Mailbox, Smtp, Staff, StoreConfig, Tickets
from helpdesk.desk import decide, matching, tokens
from helpdesk.desk.changes import Change, Decision, Notice, Notify
from helpdesk.desk.matching import Candidates
from helpdesk.desk.ticket import Status, TicketView
from helpdesk.desk.tokens import Keys, Token
from helpdesk.desk.verdict import Authentication, Facts, Finding, Kind, Outcome, Verdict
from helpdesk.mail.message import Address, Mail
from helpdesk.store.lookups import Known, Question
from helpdesk.thinking import Thought, think

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
KEYS = Keys(secrets=(b"k" * 32, b"old" * 8))
EVA, JANOS = Address(name="Nagy Éva", address="eva@customer.test"), Address(name="János", address="janos@customer.test")
ANNA, BELA = (
    Address(name="Kovács Anna", address="anna@helpdesk.test"),
    Address(name="Béla", address="bela@helpdesk.test"),
)


def config(*, site: Path = Path(), url: str = "sqlite:///helpdesk.db", **changes: Any) -> Config:
    """A company with one mailbox, one department and two staff members; ``mailbox`` and other sections by keyword."""
    box: dict[str, Any] = {
        "name": "support",
        "address": "support@helpdesk.test",
        "aliases": ("info@helpdesk.test",),
        "department": "support",
        "language": "hu",
        "imap": Imap(host="localhost", user="support@helpdesk.test", password_env="PW"),
    }
    box |= changes.pop("mailbox", {})
    values: dict[str, Any] = {
        "site": site,
        "company": Company(name="Minta Kft.", language="hu", timezone="Europe/Budapest"),
        "store": StoreConfig(url=url),
        "smtp": Smtp(host="localhost", user="support@helpdesk.test", password_env="PW"),
        "mailboxes": {"support": Mailbox(**box)},
        "tickets": Tickets(),
        "departments": {"support": Department(key="support", name="Support", members=("anna", "bela"))},
        "staff": {
            "anna": Staff(key="anna", id=1, name="Kovács Anna", addresses=("anna@helpdesk.test",), role="lead"),
            "bela": Staff(key="bela", id=2, name="Szabó Béla", addresses=("bela@helpdesk.test",)),
        },
        "environ": {"PW": "secret"},
    }
    return Config(**(values | changes))


def mail(sender: Address | None = EVA, text: str = "Nem megy a nyomtató.", **values: Any) -> Mail:
    """A mail to support by a customer."""
    given: dict[str, Any] = {
        "sha256": "0" * 64,
        "size": 100,
        "from_": (sender,) if sender else (),
        "to": (Address(name=None, address="support@helpdesk.test"),),
        "subject": "Nyomtató",
        "message_id": "<first@customer.test>",
        "text": text,
        "full_text": text,
    }
    return Mail(**(given | values))


def ticket(number: int = 1042, **values: Any) -> TicketView:
    """Éva's open ticket."""
    view = TicketView(
        number=number,
        status=Status.OPEN,
        subject="Nyomtató",
        department="support",
        mailbox="support",
        contact=EVA,
        language="hu",
        opened=NOW,
        participants=(EVA,),
        thread=("<first@customer.test>",),
    )
    return replace(view, **values)


def facts(**values: Any) -> Facts:
    """Nothing is known but our own address."""
    given: dict[str, Any] = {"now": NOW, "received": NOW, "own_addresses": frozenset({"support@helpdesk.test"})}
    return Facts(**(given | values))


def thought(
    message: Mail,
    *tickets: TicketView,
    site: Config | None = None,
    by_id: dict[str, tuple[int, ...]] | None = None,
    children: tuple[int, ...] = (),
    authentication: Authentication = Authentication.UNKNOWN,
    released: bool = False,
    again: bool = False,
    now: datetime = NOW,
    more: dict[str, Any] | None = None,
    **known: Any,
) -> Thought:
    """What is thought about a mail when these tickets exist; ``by_id`` maps Message-IDs to ticket numbers.

    ``more`` are further facts for the filters, ``known`` is whatever else the store has to say.
    """
    used = site or config()
    box = next(iter(used.mailboxes.values()))
    question = Question(mail=message, mailbox=box, received=now, now=now, incoming=7, released=released, again=again)
    values = Known(
        facts=facts(now=now, own_addresses=used.own_addresses, authentication=authentication, **(more or {})),
        claims=matching.claims(message, used, KEYS),
        candidates=Candidates(tickets={each.number: each for each in tickets}, by_id=by_id or {}, children=children),
        **known,
    )
    return think(question, values, used)


def of_kind(changes: tuple[Change, ...], kind: type[Any]) -> list[Any]:
    """The changes of one type."""
    return [change for change in changes if isinstance(change, kind)]


def at_token(token: Token) -> tuple[Address, ...]:
    """A To field with the reply address of support that bears the token."""
    return (Address(name=None, address=f"support+{tokens.write(token, KEYS)}@helpdesk.test"),)


def from_staff(text: str = "Kész, próbálja ki.", *, sender: Address = ANNA, **values: Any) -> Mail:
    """Anna's reply to the letter by which she was told of ticket 1042."""
    given: dict[str, Any] = {
        "to": at_token(tokens.agent(1042, 1)),
        "subject": "Re: [HD-1042] Nyomtató",
        "message_id": "<staff@helpdesk.test>",
    }
    return mail(sender, text, **(given | values))


def judged(outcome: Outcome, kind: Kind | None = None, *, by: str = "a_filter") -> Verdict:
    """What one filter says."""
    return Verdict(findings=(Finding(filter=by, outcome=outcome, reason="it has a reason", kind=kind),))


def decided(before: Thought, verdict: Verdict) -> Decision:
    """The decision when the filters say something else about the same mail."""
    return decide.decide(replace(before.situation, verdict=verdict))


def notices(changes: tuple[Change, ...]) -> list[Notice]:
    """The letters that are to be written."""
    return [change.notice for change in changes if isinstance(change, Notify)]


def raw_mail(number: int = 1, text: str = "Nem megy a nyomtató.", *, to: str = "support@helpdesk.test") -> bytes:
    """A customer's mail as it travels; the number makes each one different."""
    return (
        f"From: =?utf-8?q?Nagy_=C3=89va?= <eva@customer.test>\r\nTo: {to}\r\nSubject: Printer {number}\r\n"
        f"Date: Mon, 2 Mar 2026 08:59:00 +0100\r\nMessage-ID: <{number}@customer.test>\r\n"
        f"Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
    ).encode()

"""Makes mails as a helpdesk gets them, always the same for the same seed, and says what must come of each.

`python -m bench.generate FOLDER --mails 1000` writes them as files, with `manifest.json`.
"""

from __future__ import annotations

import argparse
import json
import random
from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from bench import wording
from bench.manifest import Earlier, Expected, Kind, Way, totals
from bench.wording import SCRIPTS, Script

SEED = 2026
ADDRESS = "support@helpdesk.test"
# What stands in each round of 200 mails, in shuffled order: 40 % replies, 5 % of machines, 1 % duplicates.
ROUND = (
    [Kind.TICKET] * 108
    + [Kind.REPLY] * 80
    + [Kind.VACATION] * 3
    + [Kind.BOUNCE] * 2
    + [Kind.MAILING_LIST] * 2
    + [Kind.MONITORING] * 3
    + [Kind.COPY, Kind.DETOUR]
)
ATTACHED_EVERY = 10  # a mail in ten has an attachment
SMALLEST, LARGEST = 5_000, 500_000  # bytes of an attachment; spread evenly on a logarithmic scale
TEXT_CHARACTERS = 800  # of new text in the middle mail
TEXT_SPREAD = 0.9  # sigma of the logarithm: a mail in twenty is four times as long
LONGEST_TEXT = 30_000
HISTORY_CHARACTERS = 6_000  # of what a reply quotes
REMEMBERED = 300  # replies answer one of the latest so many mails
GOLDEN = 0.6180339887498949  # steps of it fill an interval evenly, however many there are


@dataclass(frozen=True, kw_only=True)
class Made:
    """A mail, and what must come of it."""

    raw: bytes
    expected: Expected


@dataclass(kw_only=True)
class _Past:
    """What later mails can refer to."""

    lot: int
    opened: list[Expected] = field(default_factory=list)
    replies: list[Expected] = field(default_factory=list)
    last: Made | None = None


@dataclass(kw_only=True)
class _Draft:
    """A mail while it is written; ``lot`` is the seed, so that no two lots share a Message-ID."""

    number: int
    lot: int
    kind: Kind
    sender: str
    subject: str
    fields: list[str] = field(default_factory=list)
    to: str = ADDRESS
    history: str = ""
    way: Way | None = None
    ticket: int | None = None
    parent: str | None = None


def mails(count: int, *, seed: int = SEED, earlier: Sequence[Earlier] = ()) -> Iterator[Made]:
    """So many mails, every one after those that it refers to.

    Without ``earlier`` tickets all replies answer mails of this very lot.
    """
    chance = random.Random(seed)
    past = _Past(lot=seed)
    kinds: list[Kind] = []
    for number in range(count):
        if not kinds:
            kinds = chance.sample(ROUND, len(ROUND))
        made = _next(chance, number, kinds.pop(), past, earlier)
        past.last = made
        yield made


def _next(chance: random.Random, number: int, kind: Kind, past: _Past, earlier: Sequence[Earlier]) -> Made:
    if kind in (Kind.COPY, Kind.DETOUR) and past.last is not None:
        return _again(past.last, kind, number)
    if kind is Kind.REPLY and (past.opened or earlier):
        made = _written(chance, _reply(chance, number, past, earlier))
        past.replies = [*past.replies[-REMEMBERED:], made.expected]
        return made
    if kind in (Kind.VACATION, Kind.BOUNCE, Kind.MAILING_LIST, Kind.MONITORING):
        return _written(chance, _by_a_machine(number, kind, past.lot))
    sender = f"person{number}@customer{number % 97}.example"
    subject = f"{number} {chance.choice(wording.HUNGARIAN)} {chance.choice(wording.RUSSIAN)}"
    made = _written(chance, _Draft(number=number, lot=past.lot, kind=Kind.TICKET, sender=sender, subject=subject))
    past.opened = [*past.opened[-REMEMBERED:], made.expected]
    return made


def _again(last: Made, kind: Kind, number: int) -> Made:
    """The same mail once more; by another way the fields on top are others."""
    raw = last.raw
    if kind is Kind.DETOUR:
        raw = f"Received: from backup{number}.example by mx2.helpdesk.test; {_date(number)}\r\n".encode() + raw
    expected = replace(last.expected, kind=kind, text="", full_text="", ticket=None, parent=None, way=None)
    return Made(raw=raw, expected=expected)


def _reply(chance: random.Random, number: int, past: _Past, earlier: Sequence[Earlier]) -> _Draft:
    ways = list(Way)
    way = ways[number % len(ways)] if earlier else ways[number % 4]
    if way in (Way.OWN, Way.OWN_REFERENCES, Way.OWN_IN_REPLY_TO, Way.CHAIN) and past.opened:
        chained = way is Way.CHAIN and past.replies
        return _to_own(number, past.lot, way, chance.choice(past.replies if chained else past.opened))
    if way in (Way.OWN, Way.OWN_REFERENCES, Way.OWN_IN_REPLY_TO, Way.CHAIN):
        way = Way.LETTER
    return _to_letter(number, past.lot, way, chance.choice(earlier))


def _to_own(number: int, lot: int, way: Way, parent: Expected) -> _Draft:
    """The customer answers himself: "one thing more", before anybody has answered."""
    draft = _Draft(number=number, lot=lot, kind=Kind.REPLY, sender=parent.sender, subject=f"Re: {number}", way=way)
    draft.parent, draft.history = parent.message_id, parent.full_text
    if way is not Way.OWN_REFERENCES:
        draft.fields.append(f"In-Reply-To: {parent.message_id}")
    if way is not Way.OWN_IN_REPLY_TO:
        draft.fields.append(f"References: <root.{number}@elsewhere.example> {parent.message_id}")
    return draft


def _to_letter(number: int, lot: int, way: Way, known: Earlier) -> _Draft:
    """The customer answers our acknowledgement, and his mail program keeps some of the links."""
    draft = _Draft(
        number=number, lot=lot, kind=Kind.REPLY, sender=known.sender, subject=f"Re: {known.subject}", way=way
    )
    draft.ticket, draft.history = known.ticket, known.text
    if way in (Way.LETTER, Way.LETTER_REFERENCES):
        draft.fields.append(f"References: {known.letter}")
    if way is Way.LETTER:
        draft.fields.append(f"In-Reply-To: {known.letter}")
        draft.to = known.reply_address
    elif way is Way.REPLY_ADDRESS:
        draft.to = known.reply_address
    elif way is Way.SUBJECT:
        draft.subject = f"Re: {known.tag} {known.subject}"
    return draft


def _by_a_machine(number: int, kind: Kind, lot: int) -> _Draft:
    domain = f"customer{number % 97}.example"
    draft = _Draft(number=number, lot=lot, kind=kind, sender=f"person{number}@{domain}", subject=f"{number} info")
    if kind is Kind.VACATION:
        draft.subject = f"Automatic reply: {number}"
        draft.fields = ["Auto-Submitted: auto-replied", "X-Auto-Response-Suppress: All"]
    elif kind is Kind.BOUNCE:
        draft.sender, draft.subject = f"mailer-daemon@{domain}", "Undelivered Mail Returned to Sender"
        draft.fields = ["Auto-Submitted: auto-replied", "Return-Path: <>"]
    elif kind is Kind.MAILING_LIST:
        draft.fields = [f"List-Id: <news.{domain}>", f"List-Unsubscribe: <mailto:leave@{domain}>", "Precedence: list"]
    else:
        draft.sender, draft.subject = f"monitoring@{domain}", f"PROBLEM: host {number} is DOWN"
        draft.fields = ["Auto-Submitted: auto-generated"]
    return draft


def _written(chance: random.Random, draft: _Draft) -> Made:
    script = SCRIPTS[draft.number % len(SCRIPTS)]
    length = min(int(TEXT_CHARACTERS * chance.lognormvariate(0, TEXT_SPREAD)), LONGEST_TEXT)
    new = wording.prose(chance, script, length)
    shown, below = new, ""
    if draft.kind is Kind.REPLY:
        history = _fitting(draft.history[:HISTORY_CHARACTERS], script)
        below = f"On Mon, 2 Mar 2026 at 9:00, {ADDRESS} wrote:\n{wording.quoted(history)}"
    elif draft.kind is Kind.TICKET:
        shown = f"{new}\n\n-- \nPerson {draft.number}\nCustomer {draft.number % 97} Ltd."
    full = f"{shown}\n\n{below}".strip()
    identity = f"<{draft.number}.{draft.lot}@{draft.sender.partition('@')[2]}>"
    body = _bounce(draft, full, script) if draft.kind is Kind.BOUNCE else _body(chance, draft, script, shown, below)
    expected = Expected(
        message_id=identity, kind=draft.kind, sender=draft.sender, way=draft.way, ticket=draft.ticket,
        parent=draft.parent, text="" if draft.kind is Kind.BOUNCE else new,
        full_text="" if draft.kind is Kind.BOUNCE else full,
    )  # fmt: skip
    return Made(raw=_header(chance, draft, identity) + body, expected=expected)


def _fitting(text: str, script: Script) -> str:
    """What a mail program makes of quoted words that its charset does not have."""
    return text.encode(script.charset, "replace").decode(script.charset)


def _body(chance: random.Random, draft: _Draft, script: Script, shown: str, below: str) -> bytes:
    """Two mails in three have HTML beside the text; one in ten brings a file."""
    text = f"{shown}\n\n{below}".strip() + "\n"
    body = wording.part("plain", text, script)
    if draft.number % 3:
        page = wording.part("html", wording.as_html(shown, below), script)
        body = wording.multipart("alternative", f"alt-{draft.number}", [body, page])
    if draft.number % ATTACHED_EVERY == ATTACHED_EVERY // 2:
        step = draft.number // ATTACHED_EVERY * GOLDEN % 1
        file = wording.attachment(chance, draft.number, int(SMALLEST * (LARGEST / SMALLEST) ** step))
        body = wording.multipart("mixed", f"mix-{draft.number}", [body, file])
    return body


def _bounce(draft: _Draft, text: str, script: Script) -> bytes:
    """A delivery report (RFC 3464) about a letter that we did not write."""
    report = (
        "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.customer.example\r\n\r\n"
        f"Final-Recipient: rfc822; gone{draft.number}@customer.example\r\nAction: failed\r\nStatus: 5.1.1\r\n"
    )
    head = f"Content-Type: text/rfc822-headers\r\n\r\nMessage-ID: <unknown.{draft.number}@helpdesk.test>\r\n"
    parts = [wording.part("plain", text, script), report.encode(), head.encode()]
    return wording.multipart('report; report-type="delivery-status"', f"dsn-{draft.number}", parts)


def _header(chance: random.Random, draft: _Draft, identity: str) -> bytes:
    """Fields as a mail has them that came over the Internet."""
    domain = draft.sender.partition("@")[2]
    signature = b64encode(chance.randbytes(256)).decode()
    folded = "\r\n\t ".join(signature[start : start + 70] for start in range(44, len(signature), 70))
    at = _date(draft.number)
    lines = [
        *(each for each in draft.fields if each.startswith("Return-Path")),
        f"Received: from mx.helpdesk.test (mx.helpdesk.test [192.0.2.1])\r\n\tby mail.helpdesk.test; {at}",
        f"Received: from out.{domain} (out.{domain} [198.51.100.{draft.number % 250}])\r\n\tby mx.helpdesk.test"
        f" (Postfix) with ESMTPS id {draft.number:010X}\r\n\tfor <{ADDRESS}>; {at}",
        f"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d={domain}; s=s1;\r\n\th=from:to:subject:date;"
        f"\r\n\tbh={signature[:44]};\r\n\tb={folded}",
        f"From: =?utf-8?b?{b64encode(f'Ügyfél {draft.number}'.encode()).decode()}?= <{draft.sender}>",
        f"To: {draft.to}",
        f"Subject: {_subject(draft.subject)}",
        f"Date: {at}",
        f"Message-ID: {identity}",
        *(each for each in draft.fields if not each.startswith("Return-Path")),
        "User-Agent: Mozilla Thunderbird",
        "MIME-Version: 1.0",
    ]
    return ("\r\n".join(lines) + "\r\n").encode()


def _subject(words: str) -> str:
    return words if words.isascii() else f"=?utf-8?b?{b64encode(words.encode()).decode()}?="


def _date(number: int) -> str:
    minute, second = divmod(number, 60)
    return f"Mon, 02 Mar 2026 {9 + minute // 60 % 12:02}:{minute % 60:02}:{second:02} +0100"


def main() -> None:
    """Write mails and manifest into a folder."""
    asked = argparse.ArgumentParser(description="Write generated mails and what must come of them.")
    asked.add_argument("folder", type=Path)
    asked.add_argument("--mails", type=int, default=1_000)
    asked.add_argument("--seed", type=int, default=SEED)
    given = asked.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    expected = []
    for number, made in enumerate(mails(given.mails, seed=given.seed)):
        (given.folder / f"{number:06}.eml").write_bytes(made.raw)
        expected.append(made.expected)
    rows = [asdict(each) | {"outcome": each.outcome} for each in expected]
    manifest = {"totals": totals(expected).row(), "mails": rows}
    (given.folder / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()

"""What must be so of a mail that has ended: for every mail, for each outcome, and for what a case says besides."""

from __future__ import annotations

import email
from collections.abc import Callable, Iterator, Mapping
from email.header import decode_header, make_header
from typing import Any

from helpdesk.desk.changes import LedgerOutcome
from helpdesk.desk.ticket import MessageKind
from helpdesk.store.browse import Row
from helpdesk.store.tables import IncomingState
from tests.hostile.cases import Case
from tests.hostile.site import Ended, Site

STAFF = {"anna@minta.example", "bela@minta.example"}
ACKNOWLEDGEMENTS = ("acknowledgement", "neutral_acknowledgement")
ENDS: Mapping[str, tuple[LedgerOutcome, ...]] = {
    "T": (LedgerOutcome.TICKET,),
    "N": (LedgerOutcome.TICKET, LedgerOutcome.APPENDED),
    "R": (LedgerOutcome.APPENDED,),
    "A": (LedgerOutcome.AUTOMATIC, LedgerOutcome.OWN),
    "B": (LedgerOutcome.BOUNCE,),
    "Q": (LedgerOutcome.QUARANTINE,),
    "D": (LedgerOutcome.DUPLICATE,),
}
ALIVE = ("<script", "onerror", "onload", "onfocus", "javascript:", "<iframe", "<style", "<form", "@import", "192.0.2.1")


def wrong(site: Site, case: Case, ended: Ended, explained: Mapping[str, Any]) -> list[str]:
    """Everything that is not as it must be, in words."""
    found = [*_always(case, ended, explained, site), *_outcome(case, ended, explained)]
    for key, check in CHECKS.items():
        if key in case.expected:
            found += check(site, ended, site_words(site, case.expected[key]))
    return found


def site_words(site: Site, expected: Any) -> Any:
    """What is expected, in the words of this site."""
    if isinstance(expected, list):
        return [site_words(site, each) for each in expected]
    return site.said(expected) if isinstance(expected, str) else expected


def _always(case: Case, ended: Ended, explained: Mapping[str, Any], site: Site) -> Iterator[str]:
    row = ended.row
    if ended.raw != site.filled(case.raw):
        yield "the bytes are not kept as they came"
    if (row["state"] is IncomingState.QUARANTINE) != (row["outcome"] is LedgerOutcome.QUARANTINE):
        yield f"it is {row['state']} but ended as {row['outcome']}"
    held, dropped = row["outcome"] is LedgerOutcome.QUARANTINE, explained["outcome"] == "drop"
    if (explained["outcome"] == "hold") != held or dropped != (
        row["outcome"] in (LedgerOutcome.OWN, LedgerOutcome.DUPLICATE)
    ):
        yield f"explain says {explained['outcome']}, the ledger {row['outcome']}"
    if explained["error"] is None and explained["kind"] != row["kind"]:
        yield f"explain says that it is {explained['kind']}, the ledger {row['kind']}"
    for letter in ended.letters:
        yield from _letter(letter)


def _letter(letter: Row) -> Iterator[str]:
    """One recipient, no header that somebody else wrote, and staff only at their stored addresses."""
    if not letter["outside"] and letter["recipient"] not in STAFF:
        yield f"a letter for staff goes to {letter['recipient']}"
    head = email.message_from_bytes(letter["raw"])
    to = letter["raw"].partition(b"\nTo: ")[2].partition(b"\r\n")[0].decode()
    if to.count("@") != 1 or letter["recipient"] not in to:
        yield f"the letter to {letter['recipient']} says To: {to}"
    if head["Bcc"] is not None or len(head.get_all("Subject", [])) != 1:
        yield "the letter has a field that is not ours"
    for name, value in head.items():
        shown = str(make_header(decode_header(str(value).replace("\r\n ", " "))))
        if any(bad in shown for bad in "\r\n\0\x1b"):
            yield f"{name} holds a line end or a control character"


def _outcome(case: Case, ended: Ended, explained: Mapping[str, Any]) -> Iterator[str]:
    """One of the outcomes that the case allows, with the acknowledgement that belongs to it or none."""
    right = [letter for letter in case.expected["outcome"] if ended.row["outcome"] in ENDS[letter]]
    if not right:
        yield f"ended as {ended.row['outcome']}: {ended.row['reason']}"
    confirmed = [letter for letter in ended.outside if letter["kind"] in ACKNOWLEDGEMENTS]
    if right == ["T"]:
        sender = case.expected.get("acknowledged", (explained["from"] or {}).get("address"))
        kind = case.expected.get("acknowledgement", "acknowledgement")
        if [(letter["kind"], letter["recipient"]) for letter in confirmed] != [(kind, sender.lower())]:
            yield f"confirmed {[(letter['kind'], letter['recipient']) for letter in confirmed]} instead of {sender}"
    elif confirmed and "T" not in right:
        yield f"confirmed to {confirmed[0]['recipient']}"
    if "R" not in right and len(ended.outside) > len(confirmed):
        yield "something besides the confirmation leaves the house"
    if ended.row["outcome"] in (LedgerOutcome.TICKET, LedgerOutcome.APPENDED) and ended.message is None:
        yield "it is on no ticket"


def _equal(what: str, got: object, wanted: object) -> Iterator[str]:
    if got != wanted:
        yield f"{what}: {got!r} instead of {wanted!r}"


def _letters(site: Site, ended: Ended, wanted: list[str]) -> Iterator[str]:
    found = [letter for letter in ended.letters if letter["kind"] not in ACKNOWLEDGEMENTS]
    yield from _equal("letters", sorted(f"{each['kind']} {each['recipient']}" for each in found), sorted(wanted))


def _flags(site: Site, ended: Ended, wanted: list[str]) -> Iterator[str]:
    yield from _equal("flags", ended.message and ended.message["flags"], wanted)


def _of_ticket(key: str) -> Callable[[Site, Ended, Any], Iterator[str]]:
    def check(site: Site, ended: Ended, wanted: Any) -> Iterator[str]:
        assert ended.ticket is not None
        yield from _equal(key, ended.ticket[key], wanted)

    return check


def _status(site: Site, ended: Ended, wanted: str) -> Iterator[str]:
    ticket = site.ticket(site.first) if site.first else ended.ticket
    assert ticket is not None
    yield from _equal("status", ticket["status"].value, wanted)


def _same_ticket(site: Site, ended: Ended, wanted: bool) -> Iterator[str]:
    yield from _equal("on the first ticket", ended.row["ticket"] == site.first, wanted)


def _on_ticket(site: Site, ended: Ended, wanted: bool) -> Iterator[str]:
    yield from _equal("message", ended.message is not None, wanted)
    yield from _equal("its ticket", ended.row["ticket"], site.first if wanted else None)


def _public(site: Site, ended: Ended, wanted: bool) -> Iterator[str]:
    assert ended.message is not None
    yield from _equal("public", MessageKind(ended.message["kind"]).public, wanted)


def _participants(site: Site, ended: Ended, wanted: list[str]) -> Iterator[str]:
    yield from _equal("participants", site.participants(site.first), wanted)


def _suspended(site: Site, ended: Ended, wanted: bool) -> Iterator[str]:
    yield from _equal("suspended", site.suspended("eva@kunde.example"), wanted)


def _files(site: Site, ended: Ended, wanted: list[str]) -> Iterator[str]:
    assert ended.message is not None
    names = [each["name"] for each in ended.message["attachments"]]
    unsafe = [
        name
        for name in names
        if not name or len(name) > 255 or set(name) & set('/\\<>:"|?*\r\n\0\u202e') or name in ("..", "CON")
    ]
    yield from _equal("unsafe names", unsafe, [])
    yield from _equal("files", len(names) if wanted == ["?"] else names, 1 if wanted == ["?"] else wanted)


def _sender(site: Site, ended: Ended, wanted: str) -> Iterator[str]:
    yield from _equal("sender", ended.message and ended.message["author_address"], wanted)


def _says(site: Site, ended: Ended, wanted: list[str]) -> Iterator[str]:
    text = ended.message["full_text"] if ended.message else ""
    yield from (f"it does not say {words!r} but {text[:200]!r}" for words in wanted if words not in text)


def _unsaid(site: Site, ended: Ended, wanted: list[str]) -> Iterator[str]:
    for letter in ended.outside:
        everything = shown(letter)
        yield from (f"the letter to {letter['recipient']} says {words!r}" for words in wanted if words in everything)


def _told(site: Site, ended: Ended, wanted: list[str]) -> Iterator[str]:
    told = [letter for letter in ended.letters if letter["kind"] == "new_ticket"]
    yield from (f"{words!r} is not told to staff" for words in wanted for each in told if words not in shown(each))


def shown(letter: Row) -> str:
    """All that can be read of a letter."""
    mail = email.message_from_bytes(letter["raw"])
    head = "\n".join(f"{name}: {make_header(decode_header(str(value)))}" for name, value in mail.items())
    parts = (part.get_payload(decode=True) for part in mail.walk() if not part.is_multipart())
    return "\n".join([head, *(part.decode("utf-8", "replace") for part in parts if isinstance(part, bytes))])


def _inert(site: Site, ended: Ended, wanted: bool) -> Iterator[str]:
    """Neither in the words on the ticket nor in the HTML of a letter."""
    texts = [ended.message["full_text"] if ended.message else ""]
    texts += [shown(letter) for letter in ended.letters]
    yield from (f"{sign} is left in {text[:80]!r}" for text in texts for sign in ALIVE if sign in text.lower())


def _why(site: Site, ended: Ended, wanted: str) -> Iterator[str]:
    if wanted not in (ended.row["reason"] or ""):
        yield f"the reason is {ended.row['reason']}"


def _kind(site: Site, ended: Ended, wanted: str) -> Iterator[str]:
    yield from _equal("kind", ended.row["kind"], wanted)


CHECKS: Mapping[str, Callable[[Site, Ended, Any], Iterator[str]]] = {
    "kind": _kind,
    "letters": _letters,
    "flags": _flags,
    "subject": _of_ticket("subject"),
    "department": _of_ticket("department"),
    "status": _status,
    "same_ticket": _same_ticket,
    "on_ticket": _on_ticket,
    "public": _public,
    "participants": _participants,
    "suspended": _suspended,
    "files": _files,
    "sender": _sender,
    "says": _says,
    "unsaid": _unsaid,
    "told": _told,
    "inert": _inert,
    "why": _why,
}

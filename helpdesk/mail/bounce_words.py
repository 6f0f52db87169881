"""Who did not get the mail, read out of a server's own prose above the mail that it returns."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator

from helpdesk.mail.delivery_status import ADDRESS, STATUS
from helpdesk.mail.message import FailedRecipient
from helpdesk.mail.phrases import bounces as senders
from helpdesk.mail.phrases import openings
from helpdesk.mail.phrases import reports as phrases

READ = 60_000  # characters of prose that are looked through
PROSE = 30  # characters above the returned mail below which there is no prose
HEAD = 1_200  # characters in which a report says what it is
FIRST = 200  # characters of a sentence
NEAR = 1_000  # characters behind an address in which its own status stands
LINES = 400  # of prose that are looked through
BEFORE = 120  # characters before an address that say what it is

# How sure it is that an address in the prose is a failed recipient.
LISTED, LABELLED, LEADING, MENTIONED = 4, 3, 2, 1

_CODE = re.compile(r"(?<![\d.\[])([45]\d\d)(?=[ -]|$)")
_BARE = re.compile(r"[\s>*+•·\-=#|\"'<(\[]{0,40}(?:(?:smtp|mailto|rfc822)[:;] ?)?[\"'<\[]{0,2}", re.IGNORECASE)
_BEHIND = re.compile(r"[>\"')\]]{0,3}[;,.]?\s*(?:$|[:(\[<,;*]|\.\.\.|on\s|-+\s|[A-Z0-9#]|is\s|was\s|does\s)")
_EXPANDED = re.compile(r"expanded from:?\s*<?$", re.IGNORECASE)
_PREFIXED = re.compile(
    r"(?:smtp|rfc822|mailto)=", re.IGNORECASE
)  # X.400 and Exchange write the kind of an address before it
_SENTENCE_END = re.compile(r"[.!?,]\s|\n[ \t]*\n")
_RULE = re.compile(r"^[ \t]*[-*=_#~]{5}", re.MULTILINE)
_PERSON = re.compile(
    r"\?|\b(?:i|i'm|my|me|we|our|ich|mir|mich|mein\w{0,2}|wir|uns\w{0,3}|je|j'ai|mon|mes|nous|yo|mis?|nosotros|io|mio|mia|eu"
    r"|meus?|minhas?|jag|mitt|jeg|mig|meg|minä|minun|ik|mijn|wij|én|nekem|nekünk|jestem|mój|moj[ae]|мой|мо[яеё]|мне|меня|мы"
    r"|мені|мене|kedves|hello|dear|hallo|bonjour|hola|ciao)\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"^\s?>", re.MULTILINE)


def above(full: str) -> str:
    """The prose without the mail that is returned below it."""
    prose = full[:READ]
    cut = next(
        (each for each in phrases.RETURNED_BELOW.finditer(prose) if prose[: each.start()].strip(" \n-=*_")), None
    )
    return prose[: cut.start()] if cut and len(prose[: cut.start()].strip()) > PROSE else prose


def may_say(words: str) -> bool:
    """A cheap look: whether any expression for the words of a report could match these."""
    lowered = words.casefold()
    return any(root in lowered for root in openings.ROOTS)


def opens(full: str, *, alone: bool = False) -> bool:
    """Whether the text begins as servers begin their reports; ``alone`` in its very first sentence."""
    head = full[:HEAD].lstrip()
    found = openings.OPENING.search(head) if may_say(head) else None
    if found is None or not alone:
        return found is not None
    return found.start() < FIRST and _SENTENCE_END.search(head, 0, found.start()) is None


def is_a_servers(full: str) -> bool:
    """Rules, codes, an address on a line of its own; and no word of a person who speaks of himself or asks."""
    head = full[:HEAD]
    if _PERSON.search(head) or _QUOTED.search(head):
        return False
    lists = any(sure is LISTED for sure, _ in _addresses(above(full), ()))
    return lists or _RULE.search(head) is not None or STATUS.search(head) is not None or _CODE.search(head) is not None


def named(prose: str, own: Collection[str]) -> tuple[list[str], list[str]]:
    """The failed recipients by the surest of the ways in which the prose names any, and those merely mentioned."""
    found: dict[int, dict[str, str]] = defaultdict(dict)
    for sure, address in _addresses(prose, own):
        found[sure].setdefault(address.lower(), address)
    mentioned = list(found.pop(MENTIONED, {}).values())
    return (list(found[max(found)].values()) if found else []), mentioned


def surely(prose: str, own: Collection[str]) -> bool:
    """Whether an address stands where servers write it."""
    return any(sure > MENTIONED for sure, _ in _addresses(prose, own))


def _addresses(prose: str, own: Collection[str]) -> Iterator[tuple[int, str]]:
    listing = True
    for line in prose.split("\n")[:LINES]:
        if phrases.TRANSCRIPT_BELOW.match(line):
            listing = False
        for match in ADDRESS.finditer(line[:READ]):
            sure = _sureness(line, match, listing=listing)
            address = _PREFIXED.sub("", match[0]).strip(".'!$&*+-/=?^_`{|}~#")
            if sure and "." in address.rpartition("@")[2] and address.lower() not in own:
                yield sure, address


def _sureness(line: str, match: re.Match[str], *, listing: bool) -> int:
    """0 for the address of somebody else."""
    before = line[max(0, match.start() - BEFORE) : match.start()]
    if _PREFIXED.match(match[0]):
        return LISTED
    if _EXPANDED.search(before):
        return LISTED if listing else 0
    leads = _BARE.fullmatch(line, 0, match.start()) is not None
    if leads:
        return LISTED if listing and _BEHIND.match(line, match.end()) else LEADING
    if phrases.OF_ANOTHER.search(before) or "://" in before.rpartition(" ")[2]:
        return 0
    if phrases.LABEL.search(before):
        return LABELLED
    if phrases.OF_A_HELPER.search(before) or senders.DAEMON.match(match[0].rpartition("@")[0].lower()):
        return 0
    if listing and (openings.OPENING.search(line[:READ]) or _CODE.search(line[:READ])):
        return LEADING
    return MENTIONED


def described(address: str, prose: str, subject: str) -> FailedRecipient:
    """The recipient with the status that stands nearest behind the address, and whether the tries have ended."""
    place = prose.lower().find(address.lower())
    near = prose[place : place + NEAR] if place >= 0 else prose
    status = STATUS.search(near) or STATUS.search(prose)
    code = status[1] if status and not status[1].startswith("2") else ""
    return FailedRecipient(address=address, status=code, permanent=_is_permanent(near, code, f"{subject}\n{prose}"))


def _is_permanent(near: str, status: str, said: str) -> bool:
    if phrases.IS_GIVEN_UP.search(said):
        return True
    reply = _CODE.search(near)
    if status or reply:
        return not (status or (reply[1] if reply else "")).startswith("4")
    if phrases.IS_RETRIED.search(said):
        return False
    return phrases.IS_TEMPORARY.search(said) is None or phrases.IS_PERMANENT.search(said) is not None

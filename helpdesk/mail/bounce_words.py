"""Who did not get the mail, read out of a server's own prose above the mail that it returns."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from helpdesk.mail.delivery_status import ADDRESS, STATUS
from helpdesk.mail.message import FailedRecipient
from helpdesk.mail.phrases import bounces as senders
from helpdesk.mail.phrases import openings, requests
from helpdesk.mail.phrases import reports as phrases

READ = 60_000  # characters of prose that are looked through
PROSE = 30  # characters above the returned mail below which there is no prose
HEAD = 1_200  # characters in which a report says what it is
FIRST = 200  # characters of a sentence
NEAR = 1_000  # characters behind an address in which its own status stands
LOOKED_AT = 20_000  # characters in which addresses are looked for
LINES = 400
LINE = 1_000  # characters of a line
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
_PERSON = re.compile(
    r"\?|\b(?:i|i'm|my|me|we|our|ich|mir|mich|mein\w{0,2}|wir|uns\w{0,3}|je|j'ai|nous|yo|nosotros|io|mio|mia|eu"
    r"|meus?|minhas?|jag|mitt|jeg|mig|meg|minä|minun|ik|mijn|wij|én|nekem|nekünk|jestem|mój|moj[ae]|мой|мо[яеё]|мне|меня|мы"
    r"|мені|мене|kedves|hello|dear|hallo|bonjour|hola|ciao)\b",
    re.IGNORECASE,
)
_PARCEL = re.compile(
    r"\b(?:parcels?|packages?|shipments?|courier|your order|tracking|paket\w*|sendung\w*|bestellung"
    r"|csomag\w*|rendelés\w*"
    r"|paczk\w|przesyłk\w|zamówieni\w|посылк\w|заказ\w*|посилк\w|замовлення|paketa?|pošiljk\w|zásilk\w|zásielk\w|balík\w*"
    r"|colis|commande|paquete|pedido|pacco|spedizione|ordine|encomenda|pakket|bestelling|pakke\w*|paketti|colet\w*|kargo)\b"
    r"|荷物|宅配|包裹|快递|快遞|택배",
    re.IGNORECASE,
)
_REFUSED = re.compile(
    r"@[\w.-]{1,80}[>\"':)]{0,3}\s{1,4}(?:has )?(?:failed|unknown|rejected|refused|bounced|not found)", re.IGNORECASE
)
_QUOTED = re.compile(r"^\s?>", re.MULTILINE)
# Fields that servers write and no mail program sets above a quotation, and those that both write.
_OF_SERVERS = re.compile(
    r"^[> \t*|]{0,20}(?:received|return-path|message-id|mime-version|content-type|content-transfer-encoding"
    r"|dkim-signature|delivered-to|x-[a-z-]{1,40})\s?:",
    re.IGNORECASE | re.MULTILINE,
)
_OF_ALL = re.compile(r"^[> \t*|]{0,20}(?:from|to|subject|date)\s?:", re.IGNORECASE | re.MULTILINE)


class _Tries(NamedTuple):
    """What a server says of its tries to deliver: that they have ended, or that they go on."""

    given_up: bool
    go_on: bool


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


def is_refused(full: str) -> bool:
    """Whether a status, a code, or a word behind an address says that it was refused."""
    head = full[:HEAD]
    return any(pattern.search(head) is not None for pattern in (STATUS, _CODE, _REFUSED))


def speaks_as_a_person(full: str) -> bool:
    """Whether somebody speaks of himself, greets, asks or quotes, or tells of a parcel."""
    head = above(full)[:HEAD]
    return any(pattern.search(head) is not None for pattern in (_PERSON, _QUOTED, _PARCEL))


def asks_as_a_person(full: str) -> bool:
    """Whether the prose greets somebody, or asks for what no server asks for."""
    head = above(full)[:HEAD]
    if requests.GREETING.match(head):
        return True
    return requests.REQUEST.search(requests.REQUEST_OF_A_SERVER.sub("", head)) is not None


def shows_a_header(full: str) -> bool:
    """Whether the header block of a mail stands in it as servers keep it, not only as mail programs quote it."""
    shown = full[:READ]
    return _OF_SERVERS.search(shown) is not None and _OF_ALL.search(shown) is not None


def speaks_of_parcels(full: str) -> bool:
    """Whether it is about what is delivered, too, and to whom addresses are written, too."""
    return _PARCEL.search(above(full)[:HEAD]) is not None


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
    for line in prose[:LOOKED_AT].split("\n")[:LINES]:
        listing = listing and phrases.TRANSCRIPT_BELOW.match(line) is None
        matches = list(ADDRESS.finditer(line, 0, LINE)) if "@" in line else []
        tells = bool(matches) and listing and _tells(line[:LINE])
        for match in matches:
            sure = _sureness(line, match, listing=listing) or (LEADING if tells and not _foreign(line, match) else 0)
            address = _PREFIXED.sub("", match[0]).strip(".'!$&*+-/=?^_`{|}~#")
            named = "." in address.rpartition("@")[2] and address.lower() not in own
            if named and (sure or not _foreign(line, match)):
                yield sure or MENTIONED, address


def _tells(line: str) -> bool:
    """Whether the line says that something failed."""
    return (may_say(line) and openings.OPENING.search(line) is not None) or _CODE.search(line) is not None


def _sureness(line: str, match: re.Match[str], *, listing: bool) -> int:
    """By the place of the address in its line; 0 where the place says nothing."""
    before = _before(line, match)
    if _PREFIXED.match(match[0]):
        return LISTED
    if _EXPANDED.search(before):
        return LISTED if listing else 0
    if _BARE.fullmatch(line, 0, match.start()):
        return LISTED if listing and _BEHIND.match(line, match.end()) else LEADING
    return LABELLED if not _of_another(before) and phrases.LABEL.search(before) else 0


def _foreign(line: str, match: re.Match[str]) -> bool:
    """Whether it is the address of the sender, of a helper, or of a server."""
    before = _before(line, match)
    helper = _of_another(before) or _EXPANDED.search(before) or phrases.OF_A_HELPER.search(before)
    return bool(helper) or senders.DAEMON.match(match[0].rpartition("@")[0].lower()) is not None


def _of_another(before: str) -> bool:
    return phrases.OF_ANOTHER.search(before) is not None or "://" in before.rpartition(" ")[2]


def _before(line: str, match: re.Match[str]) -> str:
    return line[max(0, match.start() - BEFORE) : match.start()]


def described(people: Sequence[str], prose: str, subject: str) -> list[FailedRecipient]:
    """The recipients, each with the status that stands nearest behind it, and whether the tries have ended.

    What is said below a list of addresses is said of all of them; it is looked for once.
    """
    words = prose[:LOOKED_AT]
    of_all, code_of_all = _tries(f"{subject}\n{words}"), _code(words)
    found = []
    for address, near in _behind(people, words):
        tells, code = any(map(str.isalpha, near)), _code(near)
        if not tells and STATUS.search(near) is None:
            permanent, code = _is_permanent(words, code_of_all, of_all), code_of_all
        else:
            permanent = _is_permanent(near, code, _tries(near) if tells and len(people) > 1 else of_all)
        found.append(FailedRecipient(address=address, status=code, permanent=permanent))
    return found


def _code(near: str) -> str:
    status = STATUS.search(near)
    return status[1] if status and not status[1].startswith("2") else ""


def _behind(people: Sequence[str], prose: str) -> Iterator[tuple[str, str]]:
    """What stands behind each, up to the next of the others; nothing where it is not named."""
    lowered = prose.lower()
    places = {address: lowered.find(address.lower()) for address in people}
    for address, place in places.items():
        start = place + len(address)
        near = lowered[start : start + NEAR] if place >= 0 else ""
        ends = [found for other in people if other != address and (found := near.find(other.lower())) >= 0]
        yield address, prose[start : start + min([NEAR, *ends])] if place >= 0 else ""


def _is_permanent(near: str, status: str, tries: _Tries) -> bool:
    if tries.given_up:
        return True
    reply = _CODE.search(near)
    if status or reply:
        return not (status or (reply[1] if reply else "")).startswith("4")
    return not tries.go_on


def _tries(said: str) -> _Tries:
    if phrases.IS_GIVEN_UP.search(said):
        return _Tries(given_up=True, go_on=False)
    passing = phrases.IS_TEMPORARY.search(said) is not None and phrases.IS_PERMANENT.search(said) is None
    return _Tries(given_up=False, go_on=phrases.IS_RETRIED.search(said) is not None or passing)

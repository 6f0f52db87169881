"""The machine's part of a delivery report: a group of fields for each recipient (RFC 3464)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from helpdesk.mail import headers, structure
from helpdesk.mail.message import FailedRecipient
from helpdesk.mail.structure import Node, Part

READ = 200_000  # characters of one report; servers write some hundred for each recipient
ADDRESS = re.compile(
    r"(?<![A-Za-z0-9.!#$%&'*+/=?^_{|}~-])"
    r"[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,8}"
)
STATUS = re.compile(
    r"(?<![\d.])([245]\.[0-7]\.\d{1,3})(?!\d|\.\d)"
)  # RFC 3463 knows seven subjects; versions have more
REPORTS = ("message/delivery-status", "message/global-delivery-status")
EXPIRED = "4.4.7"  # a passing fault (RFC 3463), but a server that says failed has tried for days and ended it
DELIVERED = ("delivered", "relayed", "expanded")

_INTERNATIONAL = re.compile(r"[^\s<>@;,]{1,64}@[^\s<>@;,]{1,200}")  # RFC 6533 3: the kind of such an address is utf-8
_FIELD = re.compile(r"^([A-Za-z-]{1,60}):[ \t]*(.*(?:\n[ \t].*)*)", re.MULTILINE)
_GROUP = re.compile(r"\n\s*\n")


def recipients(parts: Sequence[Part]) -> Iterator[tuple[str, FailedRecipient]]:
    """The action (failed, delayed, delivered ...) and the recipient of each group of each report."""
    for part in parts:
        if part.type in REPORTS:
            for group in _groups(part):
                if (found := _recipient(group)) is not None:
                    yield found


def refused(receipt: Part) -> Iterator[FailedRecipient]:
    """Whose mailbox deleted the mail without showing it to anybody, as a receipt says (RFC 8098)."""
    for group in _groups(receipt):
        disposition = group.get("disposition", "").lower()
        found = _recipient(group) if "automatic-action" in disposition and "deleted" in disposition else None
        if found is not None:
            yield FailedRecipient(address=found[1].address, status=found[1].status, permanent=True)


def of_attached(part: Part) -> Iterator[tuple[str, FailedRecipient]]:
    """The same of a report that a gateway has put into a mail of its own as an attached mail."""
    for block in _GROUP.split(part.data[:READ].decode("utf-8", "replace").replace("\r\n", "\n")):
        if (found := _recipient(_values(block))) is not None:
            yield found


def _groups(part: Part) -> Iterator[dict[str, str]]:
    """The fields of each group, by name in lower case; also where the server has made one text of all."""
    inner = structure.inside(part.message)
    joined = "\n\n".join(map(_text, inner)) if inner else part.words
    for block in _GROUP.split(joined[:READ]):
        if values := _values(block):
            yield values


def _values(block: str) -> dict[str, str]:
    return {name.lower(): " ".join(value.split()) for name, value in _FIELD.findall(block)}


def _text(message: Node) -> str:
    """A group of fields with what follows it; the parser takes each group for a mail of its own."""
    head = "\n".join(f"{name}: {headers.eight_bit(str(value), None)}" for name, value in message.raw_items())
    return f"{head}\n\n{structure.payload(message).decode('utf-8', 'replace')}"


def _recipient(values: dict[str, str]) -> tuple[str, FailedRecipient] | None:
    final = values.get("final-recipient", "") or values.get("original-recipient", "")
    address = _address(values.get("original-recipient", "")) if not _address(final) else _address(final)
    if address is None:
        return None
    action = (values.get("action", "").split() or ["failed"])[0].lower().strip(";,")
    status = STATUS.search(values.get("status", "")) or STATUS.search(values.get("diagnostic-code", ""))
    code = status[1] if status else ""
    return action, FailedRecipient(address=address, status=code, permanent=_final(action, code))


def _address(value: str) -> str | None:
    kind, _, written = value.rpartition(";")
    pattern = _INTERNATIONAL if kind.strip().lower() == "utf-8" else ADDRESS
    found = pattern.search(written[:1_000])
    return found[0].strip(".") if found else None


def _final(action: str, status: str) -> bool:
    if action == "failed" and status == EXPIRED:
        return True
    if status.startswith("4") or action == "delayed":
        return False
    return action == "failed" or status.startswith("5")

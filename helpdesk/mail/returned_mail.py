"""What a report says of the mail that it returns: its Message-ID, whom it was written to, and by whom."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from helpdesk.mail import headers
from helpdesk.mail.delivery_status import ADDRESS
from helpdesk.mail.headers import Fields
from helpdesk.mail.structure import Part

READ = 60_000  # characters of the returned mail that are looked through
TYPES = (
    *("message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers", "message/rfc822-headers"),
    "message/partial",
)
RECEIPT = "message/disposition-notification"

_ID = re.compile(
    r"^[>\s*|]{0,40}\"?(?:original-|x-original-)?message-?id\"?\s?:\s{0,5}(?:=\n\s?)?(<[^<>\s\x00-\x1f\x7f]{3,900}>)",
    re.IGNORECASE | re.MULTILINE,
)
_FIELD = re.compile(
    r"^[>\s*|]{0,40}(from|sender|return-path|reply-to|errors-to|to|cc|list-post|mailing-list)\s?:"
    r"[ \t]*(.{0,900}(?:\n[ \t]+\S.{0,900}){0,20})",
    re.IGNORECASE | re.MULTILINE,
)
_AUTHORS = ("from", "sender", "return-path", "reply-to", "errors-to")


@dataclass(frozen=True, kw_only=True, slots=True)
class Returned:
    """The returned mail; all addresses in lower case but for those of ``to``."""

    ids: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    authors: frozenset[str] = frozenset()

    @property
    def only_recipient(self) -> tuple[str, ...]:
        """Whom it was written to, where that can be nobody else than who did not get it."""
        return self.to if len(self.to) == 1 else ()


def read(parts: Sequence[Part], below: str, full: str, fields: Fields, *, certain: bool) -> Returned:
    """From the attached mail or its headers, else from what stands ``below`` the prose.

    What the mail answers (In-Reply-To, References) is the returned mail only of a ``certain`` report: people answer.
    """
    attached = [part.data[:READ].decode("utf-8", "replace") for part in parts if part.type in TYPES]
    receipts = [part.data[:READ].decode("utf-8", "replace") for part in parts if part.type == RECEIPT]
    shown = next(filter(str.strip, attached), below[:READ])
    values: dict[str, list[str]] = {}
    for name, value in _FIELD.findall(shown):
        values.setdefault(name.lower(), []).append(value)
    listed = any(name in values for name in ("list-post", "mailing-list"))
    people = [each for name in ("to", "cc") for value in values.get(name, [])[:1] for each in ADDRESS.findall(value)]
    authors = {
        each.lower() for name in _AUTHORS for value in values.get(name, [])[:1] for each in ADDRESS.findall(value)
    }
    return Returned(
        ids=tuple(
            dict.fromkeys((*_ids([*attached, *receipts], full, fields, certain=certain), *_misplaced(parts, fields)))
        ),
        to=() if listed else tuple({each.lower(): each for each in people}.values()),
        authors=frozenset(authors - {each.lower() for each in people}),
    )


def _misplaced(parts: Sequence[Part], fields: Fields) -> Iterator[str]:
    """Some servers paste the returned header in where the fields of a part belong."""
    own = {each for value in fields.raw("message-id") for each in headers.message_ids(value)}
    for part in parts:
        for value in part.message.get_all("message-id", []):
            yield from (each for each in headers.message_ids(str(value)) if each not in own)


def _ids(attached: Sequence[str], full: str, fields: Fields, *, certain: bool) -> Iterator[str]:
    """Of the returned mail or its headers first, then whatever the report refers to."""
    for words in attached:
        yield from _ID.findall(words)
    yield from _ID.findall(full[:READ])
    answered = ("in-reply-to", "references") if certain else ()
    for name in ("x-original-message-id", "original-message-id", *answered):
        for value in fields.raw(name)[:1]:
            yield from headers.message_ids(value)

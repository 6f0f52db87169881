"""Takes in the mail of a sender who is several people or wears a disguise, and answers nothing to it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from helpdesk.desk.verdict import Facts, Finding, Outcome
from helpdesk.mail.message import Address, Mail

_ADDRESS_IN_NAME = re.compile(r"[^\s<>\"'(),;:@]{1,64}@([a-z0-9.-]+[a-z0-9])", re.IGNORECASE)


def check(mail: Mail, facts: Facts) -> Finding | None:
    """Whom an answer would reach is not whom a reader of the mail sees."""
    reason = next(_reasons(mail, facts), None)
    return Finding(filter="unclear_sender", outcome=Outcome.MUTE, reason=reason) if reason else None


def _reasons(mail: Mail, facts: Facts) -> Iterator[str]:
    if mail.from_fields > 1 or len(mail.from_) > 1:
        yield "it names several senders"
    if mail.from_ == () and mail.reply_to:
        yield "it has no sender, only an address for answers"
    if mail.marks.disguised:
        yield "characters in the sender's name turn the direction of writing round"
    for author in mail.from_:
        if _foreign_letters(author):
            yield f"the domain {author.domain} may only look like another one"
        if (shown := _pretends(author, facts)) is not None:
            yield f"the name shows an address at {shown}, but the sender is {author.address}"


def _foreign_letters(author: Address) -> bool:
    """Letters beyond ASCII, also as ``xn--``: no eye can tell a Cyrillic a from a Latin one (RFC 5890 4.4)."""
    return not author.domain.isascii() or any(label.startswith("xn--") for label in author.domain.split("."))


def _pretends(author: Address, facts: Facts) -> str | None:
    """A domain of ours in the display name of somebody from elsewhere."""
    ours = {address.rpartition("@")[2] for address in facts.own_addresses}
    shown = {domain.lower() for domain in _ADDRESS_IN_NAME.findall(author.name or "")}
    return next(iter(sorted(shown & ours)), None) if author.domain not in ours else None

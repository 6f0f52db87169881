"""What a staff member wrote himself: what his mail program quoted below or around it never goes to a customer.

For a customer's mail it is better to show too much than nothing; for an answer it is the other way round. A reply
without words of its own would otherwise carry our letter to staff, with its flags and notes, to the customer.
"""

from __future__ import annotations

from helpdesk.mail import footers, introductions, quotes
from helpdesk.mail.message import Attachment, Mail

LOOKED_THROUGH = 20_000  # characters that tell whether much was cut
# Proofs that mail programs attach; they prove nothing about the letter that we make of the words.
_SIGNATURES = frozenset({"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"})


def own_words(text: str) -> str:
    """The text without quoted lines and without any history that is left in it; "" when nothing remains."""
    lines = [line for line in text.split("\n") if not introductions.quoted(line)]
    return "\n".join(lines[: quotes.history(lines).start]).strip()


def unmarked(text: str) -> str:
    """What may be the writer's own words: no marked quotations, proper signature or footer, nor a letter of ours."""
    lines = text[:LOOKED_THROUGH].split("\n")
    found = quotes.history(lines)
    below = [] if found.kind is quotes.Kind.MARKER else lines[found.end :]
    own = [line for line in (*footers.without_doubt(lines[: found.start]), *below) if not introductions.quoted(line)]
    return "\n".join(own).strip()


def left_out(full: str, kept: str) -> str:
    """What he wrote and what would not reach the customer with ``kept``: above the quotation, between, or below it.

    A few lines under everything are some company's footer, unless they are more than what stands on top.
    """
    sent = set(map(_flat, kept.split("\n")))
    top = [
        line
        for line in footers.without_device(footers.without_doubt(quotes.above(full), phones=False))
        if _flat(line) not in sent
    ]
    between, under = quotes.below(full)
    return "\n\n".join(
        part for part in ("\n".join(top).strip(), between, under if len(under) > len(kept) else "") if part
    )


def _flat(line: str) -> str:
    return " ".join(line.split())


def files(mail: Mail) -> tuple[Attachment, ...]:
    """The attachments that say something: pictures of a signature and cryptographic proofs do not."""
    return tuple(part for part in mail.attachments if not part.inline and part.type not in _SIGNATURES)

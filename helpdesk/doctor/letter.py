"""The probe: a letter from a mailbox to itself that the daemon drops, and that can be told from all others."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from helpdesk.compose import mime
from helpdesk.config import Config, Mailbox
from helpdesk.desk import tokens
from helpdesk.desk.tokens import Keys

NO_TICKET = 999_999_999  # the highest number that a signed Message-ID can name; no company has so many tickets
_MESSAGE_ID = re.compile(rb"^message-id:\s*(<[^<>\s]+>)", re.IGNORECASE | re.MULTILINE)
WORDS = (
    "This letter was sent by `helpdesk doctor` to find out whether mail goes out and comes back. "
    "It is removed by itself; if it is still here, delete it."
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Probe:
    """One letter on its way."""

    recipient: str
    message_id: str
    raw: bytes
    sent: datetime


def written(config: Config, mailbox: Mailbox, recipient: str, *, keys: Keys | None, now: datetime) -> Probe:
    """Its Message-ID is signed like those of all our letters, and it bears our X-Loop token: either has it dropped."""
    unique = secrets.token_hex(8)
    live = keys or Keys(secrets=(secrets.token_bytes(32),))
    domain = mime.ascii_domain(mailbox.address).rpartition("@")[2]
    message_id = tokens.message_id(ticket=NO_TICKET, agent=None, unique=unique, domain=domain, keys=live)
    fields = [
        mime.field("From", [mime.mailbox("helpdesk doctor", mailbox.address)]),
        mime.field("To", [mime.mailbox("", recipient)]),
        mime.header("Subject", "helpdesk doctor: a probe, to be removed by itself"),
        mime.field("Date", [format_datetime(now)]),
        mime.field("Message-ID", [message_id]),
        mime.field("Auto-Submitted", ["auto-generated"]),
        mime.field("X-Auto-Response-Suppress", ["All"]),
        mime.field("X-Loop", [config.instance]),
    ]
    raw = mime.letter(fields, WORDS, f"<p>{WORDS}</p>", (), unique)
    return Probe(recipient=recipient, message_id=message_id, raw=raw, sent=now)


def reply_address(mailbox: Mailbox) -> str | None:
    """An address by the mailbox's pattern that is no ticket's; None where replies have no address."""
    return tokens.address(mailbox.reply_address, mailbox.address, f"doctor.{secrets.token_hex(4)}")


def message_id(header: bytes) -> str:
    """The Message-ID of a mail as it stands there; "" when there is none."""
    found = _MESSAGE_ID.search(header)
    return found[1].decode("ascii", "replace") if found else ""

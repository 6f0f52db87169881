"""Addresses and letters in the form in which they go over the wire."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from contextlib import suppress
from email.utils import parseaddr
from typing import NamedTuple

from helpdesk.outbox.outcomes import Refused
from helpdesk.store.queues import ToSend

NAME = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
# As nearly all addresses are: a dot-atom on both sides (RFC 5322 3.4.1), which the library takes long to find out.
PLAIN = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*", re.ASCII)
UNSENDABLE = re.compile(r"[\s<>\x00-\x1f\x7f]")


class Envelope(NamedTuple):
    """What MAIL and RCPT say."""

    sender: str
    recipient: str
    options: list[str]


def envelope(letter: ToSend, *, offers: Callable[[str], bool], where: str) -> Envelope | Refused:
    """The envelope for a server that ``offers`` these extensions (RFC 1869), or why there is none."""
    sender, recipient = ascii_domain(letter.envelope_from), ascii_domain(letter.recipient)
    if not (sendable(sender) and sendable(recipient)):
        return Refused(permanent=True, words="the address cannot be written in an SMTP command")
    options = []
    if offers("size"):
        options.append(f"SIZE={len(letter.raw)}")
    if not letter.raw.isascii() and offers("8bitmime"):
        options.append("BODY=8BITMIME")
    if not (sender + recipient).isascii():
        if not offers("smtputf8"):
            words = f"the address has letters beyond ASCII, and {where} cannot carry them (no SMTPUTF8)"
            return Refused(permanent=True, words=words)
        options.append("SMTPUTF8")
    return Envelope(sender, recipient, options)


def content(raw: bytes) -> bytes:
    """The letter with CRLF line ends, dots doubled (RFC 5321 4.5.2), and the final dot."""
    ends = raw.count(b"\r\n")
    if raw.count(b"\n") != ends or raw.count(b"\r") != ends:
        raw = re.sub(rb"\r\n|\r|\n", b"\r\n", raw)
    if not raw.endswith(b"\r\n"):
        raw += b"\r\n"
    stuffed = raw.replace(b"\r\n.", b"\r\n..")
    return (b"." if stuffed.startswith(b".") else b"") + stuffed + b".\r\n"


def sendable(address: str) -> bool:
    """Whether an address can stand in an SMTP command and be read there as nothing else; "" is the null path."""
    return PLAIN.fullmatch(address) is not None or (not UNSENDABLE.search(address) and parseaddr(address)[1] == address)


def ascii_domain(address: str) -> str:
    """The address with its domain as the DNS knows it (RFC 3490), where that can be said."""
    local, at, domain = address.rpartition("@")
    with suppress(UnicodeError):
        return address if domain.isascii() else f"{local}{at}{domain.encode('idna').decode()}"
    return address


def own_name() -> str:
    """How we introduce ourselves: the name of this machine, never looked up, or an address literal (RFC 5321 4.1.3)."""
    name = os.uname().nodename
    return name if NAME.fullmatch(name) else "[127.0.0.1]"

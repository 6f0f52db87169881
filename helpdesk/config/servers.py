"""The mail servers of the configuration: the way out (SMTP), the way in (IMAP), and the mailboxes read there."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field

from helpdesk.config.values import Email, Key, Language, Line, Port, Section, Variable

REPLY_ADDRESS = "{local}+{token}@{domain}"  # works wherever the mail server knows plus-addresses (RFC 5233)


class Server(Section):
    """A connection to a mail server."""

    host: Line = Field(description="Name of the mail server.")
    security: Literal["tls", "starttls", "none"] = Field(
        default="tls", description='"tls", "starttls", or "none" (only with insecure = true).'
    )
    insecure: bool = Field(
        default=False, description='Allows security = "none": everything, passwords too, travels readable.'
    )
    password_env: Variable | None = Field(default=None, description="Environment variable that holds the password.")
    password_file: Line | None = Field(
        default=None, description="File that holds the password (relative to the site), readable by helpdesk only."
    )
    ca_file: Line | None = Field(
        default=None,
        description="PEM file (relative to the site) of the server's certificate authority, if it is one of your own.",
    )


class Smtp(Server):
    """The way out."""

    port: Port = Field(default=465, description="465 for tls, 587 for starttls.")
    user: Line | None = Field(default=None, description="Login name; without one no login is tried.")
    connections: Annotated[int, Field(ge=1, le=20)] = Field(default=4, description="Connections at once.")
    timeout_seconds: Annotated[int, Field(ge=1)] = Field(
        default=60, description="Patience with a silent server, in seconds."
    )
    automatic_envelope: Literal["mailbox", "null"] = Field(
        default="mailbox",
        description='Envelope sender of automatic mail: "mailbox" (its bounces are seen) or "null" (the null path).',
    )


class Imap(Server):
    """The way in."""

    port: Port = Field(default=993, description="993 for tls, 143 for starttls.")
    user: Line = Field(description="Login name.")
    folder: Line = Field(default="INBOX", description="The folder that is watched.")
    done: Line | None = Field(
        default=None, description="Folder into which mail is moved once it is kept; without it mail stays where it is."
    )
    poll_seconds: Annotated[int, Field(ge=1)] = Field(
        default=300, description="How often the folder is looked at besides IDLE, in seconds."
    )
    idle: bool = Field(default=True, description="Let the server tell of new mail at once (IMAP IDLE).")


class Mailbox(Section):
    """An address that customers write to."""

    name: str = Field(default="", exclude=True)
    address: Email = Field(description="The address; answers come from it.")
    aliases: tuple[Email, ...] = Field(default=(), description="Other addresses that arrive in the same mailbox.")
    department: Key = Field(description="Key of the department whose job its mail is.")
    language: Language | None = Field(
        default=None, description="Language of its customers (ISO 639-1); default: the company's."
    )
    reply_address: Line = Field(
        default=REPLY_ADDRESS,
        description='Pattern of reply addresses: "{local}+{token}@{domain}" (plus-addresses), '
        'a catch-all such as "{token}@tickets.company.example", or "none".',
    )
    authserv_id: str = Field(
        default="",
        description="What your own server writes first in Authentication-Results; makes its DMARC results count.",
    )
    imap: Imap = Field(description="Where it is read; its keys are below.")
    since: Literal["now"] | dt.date = Field(
        default="now", description='Older mail is not taken in: "now" (the first start) or a date such as 2026-01-31.'
    )

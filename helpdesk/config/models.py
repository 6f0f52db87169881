"""The shape of the configuration: strict frozen models; a field's ``description`` is its line in the reference."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from helpdesk.config.secrets import problems, read
from helpdesk.config.servers import Mailbox, Server, Smtp
from helpdesk.config.values import Count, Email, Folded, Key, Language, Line, Prefix, Section
from helpdesk.errors import Problem

FREE_MAIL = (  # gathered from the largest free providers of the languages that we write in
    "gmail.com",
    "googlemail.com",
    "outlook.com",
    "hotmail.com",
    "live.com",
    "yahoo.com",
    "icloud.com",
    "gmx.de",
    "gmx.net",
    "web.de",
    "freemail.hu",
    "citromail.hu",
    "wp.pl",
    "onet.pl",
    "o2.pl",
    "interia.pl",
    "mail.ru",
    "yandex.ru",
    "proton.me",
)


class Company(Section):
    """Who we are."""

    name: Line = Field(description="The company's name, as customers read it.")
    language: Language = Field(
        default="en", description="Language of what we write when nothing better is known (ISO 639-1)."
    )
    timezone: Line = Field(
        default="UTC", description="Time zone in which dates and times are written, such as Europe/Budapest."
    )
    url: Line | None = Field(default=None, description="The company's page on the web, shown under letters.")
    signature: str | None = Field(
        default=None, description="Last lines of every letter to customers, such as a telephone number; may be several."
    )
    admin: Key | None = Field(
        default=None, description="Key of the staff member who gets alarms; default: the first manager, else lead."
    )


class StoreConfig(Section):
    """Where everything is kept."""

    url: Line = Field(
        default="sqlite:///helpdesk.db",
        description="sqlite:///FILE (relative to the site) or postgresql://USER@HOST/NAME.",
    )
    minimum_free_mb: Count = Field(
        default=500, description="With less free space than this (MB) no mail is fetched; it waits on the server."
    )


class Tickets(Section):
    """How tickets behave."""

    prefix: Prefix = Field(default="HD", description="Letters before a ticket's number.")
    reopen_days: Count = Field(default=30, description="A reply to a ticket closed longer ago opens a new, linked one.")
    token_days: Count = Field(default=30, description="Days after closing when reply addresses stop working.")
    closing_note: Literal["with_answer", "always", "never"] = Field(
        default="with_answer",
        description="Whether the customer is told of closing: in the answer that closes, always, or never.",
    )


class Limits(Section):
    """How much automatic mail may leave the house; answers by people are never limited."""

    per_address_hour: Count = Field(default=3, description="Automatic letters to one address in an hour.")
    per_address_day: Count = Field(default=10, description="Automatic letters to one address in 24 hours.")
    per_subject_day: Count = Field(
        default=1, description="Acknowledgements to one address for one subject in 24 hours."
    )
    per_domain_hour: Count = Field(default=30, description="Automatic letters to one domain in an hour.")
    free_mail_domains: tuple[Folded, ...] = Field(
        default=FREE_MAIL, description="Domains of many unrelated people: no limit for the domain."
    )
    staff_notice_hour: Count = Field(default=1, description="Warnings of forged mail to one staff member in an hour.")
    breaker_hour: Count = Field(
        default=200, description="More automatic letters than this in an hour are held, and the admin is told."
    )
    breaker_factor: Count = Field(
        default=5, description="The breaker allows at least this many times the usual hour of the last 7 days."
    )


class MailLimits(Section):
    """What a mail may cost."""

    maximum_mb: Annotated[int, Field(ge=1)] = Field(
        default=30, description="Larger mails open a ticket with their headers only, in MB."
    )
    notice_attachments_mb: Count = Field(
        default=7, description="Attachments in a letter to staff, together, in MB; what is larger is only named."
    )
    parse_seconds: Annotated[int, Field(ge=1)] = Field(default=5, description="CPU time for one mail, in seconds.")
    parse_memory_mb: Annotated[int, Field(ge=50)] = Field(default=300, description="Memory for one mail, in MB.")
    parse_workers: Annotated[int, Field(ge=1, le=16)] = Field(default=1, description="Processes that read mails.")


class Blocked(Section):
    """Who is not listened to."""

    senders: tuple[Folded, ...] = Field(
        default=(),
        description="Addresses, @domain, or @.domain (with everything below it); their mail is only recorded.",
    )


class Department(Section):
    """A team."""

    key: str = Field(default="", exclude=True)
    name: Line = Field(description="Its name, as customers read it.")
    members: tuple[Key, ...] = Field(
        default=(), description="Keys of the staff members who are told of its new tickets."
    )
    address: Key | None = Field(
        default=None,
        description="Name of the mailbox whose address its answers come from; default: the mailbox of the ticket.",
    )


class Staff(Section):
    """A person who answers."""

    key: str = Field(default="", exclude=True)
    id: Annotated[int, Field(ge=1, le=9999)] = Field(description="Short number for reply addresses; never reused.")
    name: Line = Field(description="Display name, as customers read it.")
    addresses: Annotated[tuple[Email, ...], Field(min_length=1)] = Field(
        description="Addresses this person writes from; letters go to the first."
    )
    role: Literal["agent", "lead", "manager"] = Field(default="agent", description="agent, lead or manager.")
    language: Language | None = Field(
        default=None, description="Language of the letters to this person; default: the company's."
    )
    active: bool = Field(
        default=True, description="False for somebody who has left: no letters, no rights, history kept."
    )


class Config(Section):
    """The whole configuration of a site."""

    site: Path = Field(exclude=True)
    company: Company
    store: StoreConfig = StoreConfig()
    smtp: Smtp
    mailboxes: Mapping[Key, Mailbox]
    tickets: Tickets = Tickets()
    limits: Limits = Limits()
    mail: MailLimits = MailLimits()
    blocked: Blocked = Blocked()
    departments: Mapping[Key, Department] = {}
    staff: Mapping[Key, Staff] = {}
    origins: Mapping[str, str] = Field(default={}, exclude=True, repr=False)
    environ: Mapping[str, str] = Field(default={}, exclude=True, repr=False)

    @cached_property
    def own_addresses(self) -> frozenset[str]:
        """Addresses and aliases of all mailboxes, lower case."""
        return frozenset(address for box in self.mailboxes.values() for address in (box.address, *box.aliases))

    @cached_property
    def instance(self) -> str:
        """Our X-Loop token: stable, and another one on every site."""
        first = next(iter(self.mailboxes.values()), None)
        return f"helpdesk@{first.address.partition('@')[2]}/{first.address.partition('@')[0]}" if first else ""

    @cached_property
    def _people(self) -> Mapping[str, Staff]:
        return {address: person for person in self.staff.values() for address in person.addresses}

    def mailbox_for(self, address: str) -> str | None:
        """The name of the mailbox that an address (any case, with or without a plus part) belongs to."""
        local, _, domain = address.lower().rpartition("@")
        both = (address.lower(), f"{local.partition('+')[0]}@{domain}")
        return next((n for n, box in self.mailboxes.items() if {box.address, *box.aliases} & set(both)), None)

    def staff_by_address(self, address: str) -> Staff | None:
        """The staff member who has this address (any case)."""
        return self._people.get(address.lower())

    def staff_by_id(self, number: int) -> Staff | None:
        """The staff member with this short number."""
        return next((person for person in self.staff.values() if person.id == number), None)

    def admin_staff(self) -> Staff | None:
        """Who gets alarms: ``company.admin``, else the first manager, lead, or anybody active."""
        if self.company.admin is not None:
            return self.staff.get(self.company.admin)
        active = [person for person in self.staff.values() if person.active]
        return min(active, key=lambda person: ("manager", "lead", "agent").index(person.role), default=None)

    @cached_property
    def servers(self) -> Mapping[str, Server]:
        """All mail servers by the key of their table: ``smtp``, ``mailboxes.support.imap``."""
        return {"smtp": self.smtp, **{f"mailboxes.{name}.imap": box.imap for name, box in self.mailboxes.items()}}

    def secret(self, server: Server) -> str:
        """The password of a server. Raises ConfigError when its variable or file is missing or empty."""
        key = next((key for key, known in self.servers.items() if known is server), "")
        return read(key, server, self)

    def secret_problems(self, *, sending: bool = True) -> tuple[Problem, ...]:
        """Every password that cannot be had; without ``sending`` the one for the way out is not missed."""
        return problems({key: server for key, server in self.servers.items() if sending or key != "smtp"}, self)

    def origin(self, key: str) -> str:
        """Where a value comes from: ``helpdesk.toml:12``, ``HELPDESK_SMTP__HOST``, or ``default``."""
        return self.origins.get(key, "default")

    def place(self, key: str) -> tuple[Path | None, int | None]:
        """The file and line that a key was read from; nothing for variables and defaults."""
        file, colon, line = self.origin(key).rpartition(":")
        return (self.site / file, int(line)) if colon else (None, None)


def blank() -> Config:
    """A configuration for looking at mails without a site: no mailboxes, nobody is staff."""
    return Config(site=Path(), company=Company(name="-"), smtp=Smtp(host="-"), mailboxes={})

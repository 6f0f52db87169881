"""Who is who: contacts that we know, and the staff that a ticket concerns."""

from __future__ import annotations

from dataclasses import dataclass

from helpdesk.config import Config, Mailbox, Staff
from helpdesk.desk import tokens
from helpdesk.desk.ticket import TicketView
from helpdesk.mail.message import Address, Mail


@dataclass(frozen=True, kw_only=True, slots=True)
class Contact:
    """What the store knows of an address that wrote to us."""

    address: str
    name: str | None = None
    language: str | None = None
    suspended: bool = False
    """Mail to it bounced; it gets no automatic mail until it writes again."""


def author(mail: Mail) -> Address | None:
    """Whose ticket it would be: the first From, else the first Reply-To; carries no rights."""
    return next(iter((*mail.from_, *mail.reply_to)), None)


def concerned(ticket: TicketView, config: Config) -> tuple[Staff, ...]:
    """Who is told about a ticket: its owner, else the active members of its department."""
    owner = config.staff.get(ticket.owner) if ticket.owner else None
    if owner is not None and owner.active:
        return (owner,)
    return members(ticket.department, config)


def members(department: str, config: Config) -> tuple[Staff, ...]:
    """The active members of a department; the admin when it has none, so that no mail is seen by nobody."""
    found = config.departments.get(department)
    people = tuple(config.staff[key] for key in found.members if config.staff[key].active) if found else ()
    if people:
        return people
    last = config.admin_staff()
    return (last,) if last is not None else ()


def runs_it(staff: Staff, config: Config) -> bool:
    """Whether a shell command means something to this person: the admin and the managers."""
    if staff.role == "manager":
        return True
    admin = config.admin_staff()
    return admin is not None and staff.key == admin.key


def staff_address(staff: Staff) -> Address:
    """Where letters to a staff member go: the first of the stored addresses, never one from a mail."""
    return Address(name=staff.name, address=staff.addresses[0])


def is_ours(address: str, config: Config) -> bool:
    """Whether an address belongs to a mailbox of ours (with or without a plus part) or to staff."""
    local, _, domain = address.lower().rpartition("@")
    bare = f"{local.partition('+')[0]}@{domain}"
    return {address.lower(), bare} & config.own_addresses != set() or config.staff_by_address(address) is not None


def others(mail: Mail, config: Config) -> tuple[Address, ...]:
    """The people in To and Cc who are neither us nor the author, each once."""
    writers = {person.key for person in mail.from_}
    found = {
        person.key: person
        for person in (*mail.to, *mail.cc)
        if "@" in person.address and person.key not in writers and not written_to_us(person.address, config)
    }
    return tuple(found.values())


def written_to_us(address: str, config: Config) -> bool:
    """Whether an address is ours or staff's, or one of our reply addresses in any mailbox's pattern."""
    return is_ours(address, config) or any(reply_part(address, mailbox) for mailbox in config.mailboxes.values())


def reply_part(address: str, mailbox: Mailbox) -> str | None:
    """What stands for ``{token}`` when the address is a reply address of the mailbox or of one of its aliases."""
    for base in (mailbox.address, *mailbox.aliases):
        inside = tokens.in_address(mailbox.reply_address, base, address)
        if inside is not None and tokens.looks_like(inside):
            return inside
    return None


def language(contact: Contact | None, mail: Mail, mailbox: Mailbox, config: Config) -> str:
    """In which language we write: the contact's, else the one he wrote in, else the mailbox's, else the company's."""
    known = contact.language if contact else None
    return known or mail.language or mailbox.language or config.company.language

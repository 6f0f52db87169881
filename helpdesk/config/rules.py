"""What must fit together between the keys of the configuration."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from helpdesk.config import keys
from helpdesk.config.mistakes import Mistake, password
from helpdesk.config.models import Config
from helpdesk.config.servers import Mailbox, Server, Smtp

DATABASES = ("sqlite", "postgresql")
# Ports on which TLS begins with the first byte, and those where a client must ask for it (RFC 8314).
TLS_PORTS, STARTTLS_PORTS = (465, 993), (587, 143, 25)
_LABEL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?")  # between two dots of a host's name


def problems(config: Config) -> Iterator[Mistake]:
    """Every contradiction in a configuration whose single values are right."""
    yield from _company(config)
    yield from _store(config)
    yield from _blocked(config)
    for key, server in config.servers.items():
        yield from _server(key, server)
    yield from _mailboxes(config)
    yield from _departments(config)
    yield from _staff(config)


def _company(config: Config) -> Iterator[Mistake]:
    zone, admin = config.company.timezone, config.company.admin
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        mend = 'Write one of the IANA names, such as "Europe/Budapest" or "UTC".'
        yield Mistake("company.timezone", f'"{zone}" is no time zone.', mend)
    if admin is not None:
        yield from _must_exist("company.admin", admin, config.staff, "staff")


def _store(config: Config) -> Iterator[Mistake]:
    url = config.store.url
    scheme = url.partition(":")[0]
    if scheme not in DATABASES or "://" not in url:
        mend = 'Write "sqlite:///helpdesk.db" or "postgresql://USER@HOST/NAME".'
        yield Mistake("store.url", f'"{scheme}" is no database that helpdesk knows.', mend)
        return
    # A variable may hold a password, as it does in password_env; a file may not.
    if ":" in config.origin("store.url") and urlsplit(url).password is not None:
        advice = "Leave it out: PostgreSQL finds it in ~/.pgpass or PGPASSWORD; or set HELPDESK_STORE__URL."
        yield password("store.url")._replace(mend=advice)


def _blocked(config: Config) -> Iterator[Mistake]:
    for sender in config.blocked.senders:
        if "@" not in sender:
            message = f'"{sender}" is neither an address nor a domain.'
            yield Mistake("blocked.senders", message, f'Write "@{sender}" for everybody there.')


def _server(key: str, server: Server) -> Iterator[Mistake]:
    if not _is_host(server.host):
        mend = 'Write the name alone, such as "mail.company.example"; the port is a key of its own.'
        yield Mistake(f"{key}.host", f'"{server.host}" is no name or address of a mail server.', mend)
    if server.security == "none" and not server.insecure:
        message = '"none" lets passwords and mail travel readable for everybody.'
        yield Mistake(f"{key}.security", message, 'Write "tls" or "starttls"; or say insecure = true beside it.')
    port = getattr(server, "port", 0)
    if (server.security == "tls" and port in STARTTLS_PORTS) or (server.security == "starttls" and port in TLS_PORTS):
        other = "starttls" if server.security == "tls" else "tls"
        message = f"on port {port} a mail server speaks {other}, not {server.security}."
        yield Mistake(f"{key}.security", message, f'Write security = "{other}", or another port.')
    if server.password_env and server.password_file:
        yield Mistake(f"{key}.password_file", "the password is named twice.", "Keep password_env or password_file.")
    if not (isinstance(server, Smtp) and server.user is None) and not (server.password_env or server.password_file):
        mend = "Name a variable in password_env or a file in password_file."
        yield Mistake(f"{key}.password_env", "there is a user but no password.", mend)


def _is_host(host: str) -> bool:
    """A name (RFC 1123; underscores occur inside networks), an IPv4 or an IPv6 address."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return _is_name(host)
    return True


def _is_name(host: str) -> bool:
    try:
        labels = host.removesuffix(".").encode("idna").decode("ascii").split(".")
    except UnicodeError:
        return False
    # A last label of digits alone is the rest of a mistyped address.
    return all(map(_LABEL.fullmatch, labels)) and not labels[-1].isdigit()


def _mailboxes(config: Config) -> Iterator[Mistake]:
    if not config.mailboxes:
        yield Mistake("mailboxes", "there is no mailbox.", "Add a table [mailboxes.support].", "mailboxes")
    seen: dict[str, str] = {}
    filed: dict[tuple[str, int, str, str], str] = {}
    for name, box in config.mailboxes.items():
        yield from _mailbox(f"mailboxes.{name}", box, config)
        if box.imap.done is not None:
            first = filed.setdefault((box.imap.host.lower(), box.imap.port, box.imap.user, box.imap.done), name)
            if first != name:
                message = f"is where the mailbox {first} of the same account has its mail moved, too."
                mend = "Name another folder: after a restored backup nobody could tell whose mail lies there."
                yield Mistake(f"mailboxes.{name}.imap.done", message, mend)
        for key, addresses in (("address", (box.address,)), ("aliases", box.aliases)):
            for address in addresses:
                if address in seen:
                    message = f"{address} belongs to the mailbox {seen[address]} already."
                    yield Mistake(f"mailboxes.{name}.{key}", message, "Keep it in one of them, once.")
                seen.setdefault(address, name)


def _mailbox(key: str, box: Mailbox, config: Config) -> Iterator[Mistake]:
    yield from _must_exist(f"{key}.department", box.department, config.departments, "departments")
    pattern = box.reply_address
    if pattern != "none" and (pattern.count("{token}") != 1 or pattern.count("@") != 1):
        message = "must hold {token} once, and one @." if pattern.count("{token}") == 1 else "must hold {token} once."
        mend = 'Write "{local}+{token}@{domain}", a catch-all such as "{token}@tickets.company.example", or "none".'
        yield Mistake(f"{key}.reply_address", message, mend)
    elif _strange(pattern):
        mend = "The words in braces are {local}, {token} and {domain}; {token} stands before the @."
        yield Mistake(f"{key}.reply_address", f'"{pattern}" makes no address.', mend)
    if box.imap.done == box.imap.folder:
        message = "is the folder that is watched."
        yield Mistake(f"{key}.imap.done", message, "Name another folder, or leave the key out.")


def _strange(pattern: str) -> bool:
    rest = pattern.replace("{token}", "").replace("{local}", "").replace("{domain}", "")
    return bool(set(rest) & set("{} <>")) or "{token}" in pattern.partition("@")[2]


def _departments(config: Config) -> Iterator[Mistake]:
    for key, department in config.departments.items():
        for member in department.members:
            yield from _must_exist(f"departments.{key}.members", member, config.staff, "staff")
        if department.address is not None:
            yield from _must_exist(f"departments.{key}.address", department.address, config.mailboxes, "mailboxes")


def _staff(config: Config) -> Iterator[Mistake]:
    ids: dict[int, str] = {}
    owners: dict[str, str] = {}
    for key, person in config.staff.items():
        if person.id in ids:
            yield Mistake(
                f"staff.{key}.id",
                f"{person.id} is the id of {ids[person.id]} already.",
                "Give a number that nobody ever had.",
            )
        ids.setdefault(person.id, key)
        for address in person.addresses:
            if address in config.own_addresses:
                message = f"{address} is the address of a mailbox."
                yield Mistake(f"staff.{key}.addresses", message, "Write the person's own address.")
            if address in owners:
                message = f"{address} belongs to {owners[address]} already."
                yield Mistake(f"staff.{key}.addresses", message, "An address belongs to one person, once.")
            owners.setdefault(address, key)


def _must_exist(key: str, name: str, known: Iterable[str], section: str) -> Iterator[Mistake]:
    if name in known:
        return
    what = {"staff": "staff member", "departments": "department", "mailboxes": "mailbox"}[section]
    mend = f"{keys.nearest(name, known)} They are in {keys.home(section)}."
    yield Mistake(key, f'there is no {what} "{name}".', mend, section)

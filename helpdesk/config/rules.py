"""What must fit together between the keys of the configuration."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from helpdesk.config.models import Config, Imap, Server, Smtp

Mistake = tuple[str, str, str]  # key, what is wrong, how to mend it


def problems(config: Config) -> Iterator[Mistake]:
    """Every contradiction in a configuration whose single values are right."""
    yield from _company(config)
    yield from _servers(config)
    yield from _mailboxes(config)
    yield from _people(config)


def _company(config: Config) -> Iterator[Mistake]:
    try:
        ZoneInfo(config.company.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        yield (
            "company.timezone",
            f"{config.company.timezone!r} is no time zone.",
            'Write one such as "Europe/Budapest" or "UTC".',
        )
    if config.company.admin is not None and config.company.admin not in config.staff:
        yield (
            "company.admin",
            f"there is no staff member {config.company.admin!r}.",
            f"Known are: {', '.join(config.staff) or 'none'}.",
        )
    if config.store.url.partition(":")[0].partition("+")[0] not in ("sqlite", "postgresql", "postgres"):
        yield (
            "store.url",
            "helpdesk keeps its data in SQLite or PostgreSQL.",
            'Write "sqlite:///helpdesk.db" or "postgresql://USER@HOST/NAME".',
        )
    for sender in config.blocked.senders:
        if "@" not in sender:
            yield (
                "blocked.senders",
                f"{sender!r} is neither an address nor a domain.",
                f'Write "@{sender}" for the whole domain.',
            )


def _servers(config: Config) -> Iterator[Mistake]:
    servers: list[tuple[str, Server]] = [("smtp", config.smtp)]
    servers += [(f"mailboxes.{name}.imap", box.imap) for name, box in config.mailboxes.items()]
    for key, server in servers:
        if server.security == "none" and not server.insecure:
            yield (
                f"{key}.security",
                '"none" sends passwords and mail readable for everybody.',
                'Use "tls" or "starttls", or say insecure = true beside it.',
            )
        if server.password_env and server.password_file:
            yield (
                f"{key}.password_file",
                "the password is named twice.",
                "Keep password_env or password_file, not both.",
            )
        needs = isinstance(server, Imap) or (isinstance(server, Smtp) and server.user is not None)
        if needs and not (server.password_env or server.password_file):
            yield (
                f"{key}.password_env",
                "there is a user but no password.",
                "Name a variable in password_env or a file in password_file.",
            )


def _mailboxes(config: Config) -> Iterator[Mistake]:
    if not config.mailboxes:
        yield "mailboxes", "there is no mailbox.", "Add a table [mailboxes.support]."
    seen: dict[str, str] = {}
    for name, box in config.mailboxes.items():
        key = f"mailboxes.{name}"
        if box.department not in config.departments:
            yield (
                f"{key}.department",
                f"there is no department {box.department!r}.",
                f"Known are: {', '.join(config.departments) or 'none'}; see config/departments.toml.",
            )
        if box.reply_address != "none" and (
            box.reply_address.count("{token}") != 1 or box.reply_address.count("@") != 1
        ):
            yield (
                f"{key}.reply_address",
                "must hold {token} once and one @.",
                'Write "{local}+{token}@{domain}", "{token}@tickets.example", or "none".',
            )
        if box.imap.done == box.imap.folder:
            yield f"{key}.imap.done", "is the watched folder itself.", "Name another folder, or leave the key out."
        for address in (box.address, *box.aliases):
            if address in seen:
                yield (
                    f"{key}.address",
                    f"{address} belongs to the mailbox {seen[address]!r} already.",
                    "Keep it in one of them.",
                )
            seen[address] = name


def _people(config: Config) -> Iterator[Mistake]:
    for key, department in config.departments.items():
        for member in department.members:
            if member not in config.staff:
                yield (
                    f"departments.{key}.members",
                    f"there is no staff member {member!r}.",
                    f"Known are: {', '.join(config.staff) or 'none'}; see config/staff.toml.",
                )
    ids: dict[int, str] = {}
    owners: dict[str, str] = {}
    for key, person in config.staff.items():
        if person.id in ids:
            yield (
                f"staff.{key}.id",
                f"{person.id} is the id of {ids[person.id]!r} already.",
                "Give a number that nobody ever had.",
            )
        ids.setdefault(person.id, key)
        for address in person.addresses:
            if address in config.own_addresses:
                yield (
                    f"staff.{key}.addresses",
                    f"{address} is the address of a mailbox.",
                    "Give the person's own address.",
                )
            if address in owners:
                yield (
                    f"staff.{key}.addresses",
                    f"{address} belongs to {owners[address]!r} already.",
                    "An address belongs to one person.",
                )
            owners.setdefault(address, key)

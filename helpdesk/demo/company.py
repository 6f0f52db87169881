"""Minta Kft., a small Hungarian company: its people, its customers, and its site as ordinary files in a folder."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from helpdesk.demo.accounts import Account
from helpdesk.store.session import Store
from helpdesk.store.tables import Contact

NAME = "Minta Kft."
DOMAIN = "minta.example"
SERVER = f"mail.{DOMAIN}"
POLL_SECONDS = 2  # the net beside IDLE; short, because somebody is watching
FREE_MB = 50  # enough for a demo, also on a nearly full laptop


@dataclass(frozen=True, kw_only=True)
class Department:
    """A department with its mailbox; ``members`` are keys of `STAFF`."""

    key: str
    name: str
    local: str
    alias: str
    members: tuple[str, ...]

    @property
    def address(self) -> str:
        """What customers write to."""
        return f"{self.local}@{DOMAIN}"


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody with a mailbox: a member of staff (``role`` and ``id`` set) or a customer."""

    name: str
    address: str
    language: str = "hu"
    role: str = ""
    id: int = 0


DEPARTMENTS = (
    Department(key="support", name="Ügyfélszolgálat", local="support", alias="info", members=("anna", "bela")),
    Department(key="billing", name="Számlázás", local="szamlazas", alias="billing", members=("peter",)),
    Department(key="sales", name="Értékesítés", local="ertekesites", alias="sales", members=("eszter", "katalin")),
)

STAFF: Mapping[str, Person] = {
    "katalin": Person(name="Szabó Katalin", address=f"katalin@{DOMAIN}", role="manager", id=1),
    "anna": Person(name="Kovács Anna", address=f"anna@{DOMAIN}", role="lead", id=2),
    "bela": Person(name="Tóth Béla", address=f"bela@{DOMAIN}", role="agent", id=3),
    "peter": Person(name="Nagy Péter", address=f"peter@{DOMAIN}", role="lead", id=4),
    "eszter": Person(name="Varga Eszter", address=f"eszter@{DOMAIN}", role="agent", id=5),
}

CUSTOMERS: Mapping[str, Person] = {
    "eva": Person(name="Fekete Éva", address="eva@kunde.example", language="hu"),
    "jan": Person(name="Jan Kowalski", address="jan.kowalski@klient.example", language="pl"),
    "irina": Person(name="Ирина Соколова", address="irina@zakazchik.example", language="ru"),
    "emir": Person(name="Emir Hadžić", address="emir@klijent.example", language="bs"),
    "jane": Person(name="Jane Miller", address="jane@customer.example", language="en"),
}

# He has mistyped his own address in his telephone: what we write to him comes back.
MISTYPED = Person(name="Horváth Gábor", address="gabor.horvath@levelek.example", language="hu")


def accounts() -> tuple[Account, ...]:
    """Everybody who has a mailbox on the demo's server, each with a new password."""
    boxes = tuple(
        Account(address=d.address, name=d.name, password=_password(d.local), aliases=(f"{d.alias}@{DOMAIN}",))
        for d in DEPARTMENTS
    )
    people = tuple(
        Account(address=person.address, name=person.name, password=_password(key))
        for key, person in (*STAFF.items(), *CUSTOMERS.items())
    )
    return boxes + people


def write_site(folder: Path, mailboxes: Mapping[str, Account], *, host: str, imap_port: int, smtp_port: int) -> None:
    """The company's site: helpdesk.toml, config/ and a file for each password, readable by its owner only.

    ``mailboxes`` are the accounts by address. Nothing of it differs from a site that somebody writes by hand.
    """
    (folder / "config").mkdir()
    (folder / "passwords").mkdir(mode=0o700)
    for department in DEPARTMENTS:
        secret = folder / "passwords" / department.key
        secret.touch(mode=0o600)
        secret.write_text(mailboxes[department.address].password, encoding="utf-8")
    boxes = "".join(_mailbox(department, host, imap_port) for department in DEPARTMENTS)
    main = _MAIN.format(name=NAME, free=FREE_MB, host=host, port=smtp_port, user=DEPARTMENTS[0].address)
    _write(folder / "helpdesk.toml", main + boxes)
    _write(folder / "config" / "departments.toml", "".join(map(_department, DEPARTMENTS)))
    _write(folder / "config" / "staff.toml", "".join(_colleague(key, person) for key, person in STAFF.items()))


def remember_customers(store: Store, now: datetime) -> None:
    """The five customers have written before: their names and languages are known."""
    with store.writing() as session:
        for person in CUSTOMERS.values():
            session.add(_contact(person, now))


def _contact(person: Person, now: datetime) -> Contact:
    return Contact(
        address=person.address,
        written=person.address,
        name=person.name,
        language=person.language,
        first_seen=now,
        last_seen=now,
    )


def _password(word: str) -> str:
    # Easy to type into a mail program, new for each run, and the server is reached from this machine only.
    return f"{word}-{1000 + secrets.randbelow(9000)}"


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def _mailbox(department: Department, host: str, port: int) -> str:
    return _MAILBOX.format(
        key=department.key,
        address=department.address,
        alias=f"{department.alias}@{DOMAIN}",
        host=host,
        port=port,
        poll=POLL_SECONDS,
    )


def _department(department: Department) -> str:
    members = ", ".join(f'"{key}"' for key in department.members)
    return f'[departments.{department.key}]\nname = "{department.name}"\nmembers = [{members}]\n\n'


def _colleague(key: str, person: Person) -> str:
    return (
        f'[staff.{key}]\nid = {person.id}\nname = "{person.name}"\naddresses = ["{person.address}"]\n'
        f'role = "{person.role}"\n\n'
    )


_MAIN = """\
# The site of the demo; `helpdesk --site THIS_FOLDER tickets list` works in another terminal while the demo runs.
[company]
name = "{name}"
language = "hu"
timezone = "Europe/Budapest"

[store]
url = "sqlite:///helpdesk.db"
minimum_free_mb = {free}

# No encryption: the server of the demo is reached from this machine only.
[smtp]
host = "{host}"
port = {port}
security = "none"
insecure = true
user = "{user}"
password_file = "passwords/support"
"""

_MAILBOX = """
[mailboxes.{key}]
address = "{address}"
aliases = ["{alias}"]
department = "{key}"
language = "hu"

[mailboxes.{key}.imap]
host = "{host}"
port = {port}
security = "none"
insecure = true
user = "{address}"
password_file = "passwords/{key}"
done = "Helpdesk/Done"
poll_seconds = {poll}
"""

"""What the servers on a mail's way say of its sender (Authentication-Results), and why we believe it or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from helpdesk.mail import authentication
from helpdesk.mail.authentication import Pair
from helpdesk.mail.message import Mail

# Of whom a method speaks: the first of these properties that is there.
ABOUT = ("header.from", "header.d", "header.i", "smtp.mailfrom", "smtp.helo", "policy.iprev")


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """One method, such as dmarc, its result, such as pass, and the domain or address that it is about."""

    method: str
    result: str
    about: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Stamp:
    """One Authentication-Results field; ``ours`` when it bears our server's name where only our servers write."""

    server: str
    ours: bool
    results: tuple[Result, ...]


def read(mail: Mail, authserv_id: str) -> tuple[Stamp, ...]:
    """All of them, topmost first; without ``authserv_id`` none is ours."""
    mine = authentication.stamped_by(mail.authentication, authserv_id) if authserv_id else []
    return tuple(
        Stamp(
            server=authentication.server(field),
            ours=number in mine and number < mail.authentication_zone,
            results=tuple(_result(said) for said in authentication.statements(field) if said),
        )
        for number, field in enumerate(mail.authentication)
    )


def reason(mail: Mail, authserv_id: str, verdict: str) -> str:
    """Why the verdict is what it is, as a sentence without its stop."""
    mine = authentication.stamped_by(mail.authentication, authserv_id) if authserv_id else []
    domain = mail.sender.domain if mail.sender else ""
    if not authserv_id:
        return "no authserv_id is configured for the mailbox, so no check is believed"
    if mail.tampered:
        return "the header block was tampered with, so nothing in it is believed"
    if any(number >= mail.authentication_zone for number in mine):
        return f"a check in the name of {authserv_id} stands where strangers can write"
    if not mine:
        return f"{authserv_id} has written no check into this mail"
    if verdict == "pass":
        return f"{authserv_id} vouches for {domain}"
    if verdict == "fail":
        return f"{authserv_id} found that {domain or 'no single author'} did not send it"
    return f"{authserv_id} says nothing that proves {domain or 'who wrote it'}"


def _result(said: Sequence[Pair]) -> Result:
    method, *properties = said
    named = {pair.name: pair.value for pair in reversed(properties)}
    about = next((named[name] for name in ABOUT if name in named), None)
    return Result(method=method.name, result=method.value, about=about)

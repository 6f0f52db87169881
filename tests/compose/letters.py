"""Letters for tests: every kind that we write, in any language, and the same read back by other programs."""

from __future__ import annotations

import email
import email.policy
from email.message import EmailMessage
from typing import Any

from helpdesk.compose import message
from helpdesk.compose.render import Templates
from helpdesk.config import Config
from helpdesk.desk.changes import Notice, NoticeKind
from helpdesk.desk.ticket import TicketView
from helpdesk.mail.message import Address, Mail
from helpdesk.plugins import data
from helpdesk.store.letters import Letter
from tests.builders import ANNA, EVA, KEYS, NOW, config, from_staff, mail, ticket

LANGUAGES = ("bs", "en", "hu", "pl", "ru")
TO_CUSTOMERS = tuple(kind for kind in NoticeKind if kind.to_customer)
TO_STAFF = tuple(kind for kind in NoticeKind if not kind.to_customer)
WITHOUT_TICKET = (NoticeKind.UNPROVEN, NoticeKind.ADMIN_ALERT)
TEMPLATES = Templates(data("templates"), default="hu")


def notice(kind: NoticeKind, **values: Any) -> Notice:
    """To Éva, or to Anna about her."""
    given: dict[str, Any] = {"kind": kind, "key": f"{kind}:1", "recipient": EVA if kind.to_customer else ANNA}
    given |= {"ticket": None if kind in WITHOUT_TICKET else 1042, "text": "Első sor.\n\nMásodik bekezdés."}
    if kind is NoticeKind.ANSWER:
        given |= {"staff": "anna", "author": "anna"}
    if not kind.to_customer:
        given |= {"staff": "anna", "incoming_author": EVA, "lines": ("reopened", "copied: x@y.test")}
    if kind is NoticeKind.GUARD_HELD:
        given["held"] = 77
    return Notice(**(given | values))


def write(
    about: Notice | NoticeKind,
    on: TicketView | None = None,
    *,
    site: Config | None = None,
    cause: Mail | None = None,
    raw: bytes | None = None,
    templates: Templates = TEMPLATES,
) -> Letter:
    """The finished letter; if nothing else is said an answer is caused by Anna's mail, all else by Éva's."""
    wanted = notice(about) if isinstance(about, NoticeKind) else about
    usual = from_staff() if wanted.kind in (NoticeKind.ANSWER, NoticeKind.CLOSING) else mail()
    return message.write(
        wanted,
        ticket=(on or ticket()) if wanted.ticket is not None else None,
        config=site or config(),
        templates=templates,
        keys=KEYS,
        mail=cause or usual,
        raw=raw,
        now=NOW,
        unique="0123456789abcdef",
    )


def in_language(language: str) -> Config:
    """The whole site in one language, staff too."""
    base = config()
    company = base.company.model_copy(update={"language": language})
    return base.model_copy(update={"company": company})


def read(letter: Letter) -> EmailMessage:
    """As another program parses it."""
    found = email.message_from_bytes(letter.raw, policy=email.policy.SMTP)
    assert isinstance(found, EmailMessage)
    return found


def words(letter: Letter) -> str:
    """The text that a reader sees."""
    part = read(letter).get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def page(letter: Letter) -> str:
    """The HTML that a reader sees."""
    part = read(letter).get_body(("html",))
    assert part is not None
    return str(part.get_content())


def addresses(letter: Letter, field: str) -> list[str]:
    """The bare addresses of a field."""
    found = read(letter)[field]
    return [one.addr_spec for one in found.addresses] if found is not None else []


def person(name: str | None, address: str) -> Address:
    """Somebody."""
    return Address(name=name, address=address)

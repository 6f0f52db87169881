"""The whole way of a mail without a single write: for `helpdesk explain`, with a site or without one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from helpdesk.config import Config, Imap, Mailbox, blank, load
from helpdesk.desk import people
from helpdesk.desk.changes import Notify
from helpdesk.desk.tokens import Keys
from helpdesk.desk.verdict import Kind, Outcome
from helpdesk.errors import HelpdeskError
from helpdesk.inbox.files import Found
from helpdesk.mail.message import Address, Mail
from helpdesk.parse_worker import ParseWorkers
from helpdesk.store import keys, lookups, migrate
from helpdesk.store.lookups import Known, Question
from helpdesk.store.session import Store
from helpdesk.thinking import Thought, think

NO_MAILBOX = Mailbox(
    name="-", address="nobody@invalid", department="-", reply_address="none", imap=Imap(host="-", user="-")
)


@dataclass(frozen=True, kw_only=True)
class Explained:
    """One mail and what was thought about it; either ``mail`` or ``error`` is there."""

    file: str
    raw: bytes
    mail: Mail | None = None
    thought: Thought | None = None
    error: str | None = None
    prefix: str = "HD"
    site: bool = False

    def as_json(self) -> dict[str, Any]:
        """Every key is always there, null or empty where there is nothing."""
        mail = self.mail or Mail(sha256=hashlib.sha256(self.raw).hexdigest(), size=len(self.raw))
        author = people.author(mail)
        return {
            "file": self.file,
            "sha256": mail.sha256,
            **self._verdict(),
            "from": _person(author) if author else None,
            "reply_to": [_person(person) for person in mail.reply_to],
            "to": [_person(person) for person in mail.to],
            "cc": [_person(person) for person in mail.cc],
            "subject": mail.subject,
            "date": mail.date.isoformat() if mail.date else None,
            "message_id": mail.message_id,
            "in_reply_to": list(mail.in_reply_to),
            "references": list(mail.references),
            "language": mail.language,
            "text": mail.text,
            "full_text": mail.full_text,
            "html": mail.html,
            "attachments": [{"name": part.name, "type": part.type, "size": part.size} for part in mail.attachments],
            "bounced": _bounced(mail),
            "forwarded": _forwarded(mail),
            "match": self._match(),
            "changes": self._changes(),
            "outgoing": self._outgoing(),
            "error": self.error,
        }

    def _verdict(self) -> dict[str, Any]:
        if self.thought is None:
            return {"kind": Kind.INVALID.value, "outcome": Outcome.HOLD.word, "findings": []}
        situation = self.thought.situation
        held = situation.sender.doubt is not None and situation.verdict.outcome <= Outcome.HOLD
        return {
            "kind": self.thought.kind.value,
            "outcome": (Outcome.HOLD if held else situation.verdict.outcome).word,
            "findings": [
                {"filter": finding.filter, "outcome": finding.outcome.word, "reason": finding.reason}
                for finding in situation.verdict.findings
            ],
        }

    def _match(self) -> dict[str, Any] | None:
        if self.thought is None or not self.site:
            return None
        match = self.thought.situation.match
        ticket = self.thought.situation.sender.ticket or match.ticket
        return {"ticket": ticket.ref(self.prefix) if ticket else None, "how": match.how.value}

    def _changes(self) -> list[dict[str, Any]]:
        changes = self.thought.decision.changes if self.thought else ()
        return [
            {
                "change": type(change).__name__,
                "ticket": change.ticket if hasattr(change, "ticket") else None,
                "reason": change.reason,
            }
            for change in changes
            if not isinstance(change, Notify)
        ]

    def _outgoing(self) -> list[dict[str, Any]]:
        changes = self.thought.decision.changes if self.thought and self.site else ()
        notices = [change.notice for change in changes if isinstance(change, Notify)]
        return [{"kind": notice.kind.value, "to": notice.recipient.address} for notice in notices]


class Explainer:
    """Explains mails, against the site's database when there is one; a context manager."""

    def __init__(self, site: Path | None, environ: Mapping[str, str]) -> None:
        """Raises ConfigError for a site that has mistakes."""
        self._config: Config = load(site, environ) if site is not None else blank()
        self._site = site is not None
        self._stack = ExitStack()
        self._store = self._existing_store()
        limits = self._config.mail
        self._workers = ParseWorkers(
            limits.parse_workers, seconds=limits.parse_seconds, memory_mb=limits.parse_memory_mb
        )
        self._stack.callback(self._workers.close)

    def __enter__(self) -> Explainer:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def explain(self, found: Sequence[Found]) -> Iterator[Explained]:
        """One answer a mail, in order, also for what cannot be made sense of."""
        for each, result in zip(found, self._workers.parse_many([each.raw for each in found]), strict=True):
            if isinstance(result, HelpdeskError):
                yield Explained(file=each.source, raw=each.raw, error=str(result), site=self._site)
            else:
                yield self._explained(each, result)

    def _explained(self, found: Found, mail: Mail) -> Explained:
        now = datetime.now(UTC)
        question = Question(mail=mail, mailbox=self._mailbox(mail), received=found.received or now, now=now)
        thought = think(question, self._known(question), self._config)
        prefix = self._config.tickets.prefix
        return Explained(file=found.source, raw=found.raw, mail=mail, thought=thought, prefix=prefix, site=self._site)

    def _known(self, question: Question) -> Known:
        if self._store is None:
            return Known(facts=lookups.facts(None, question, self._config, Keys(secrets=(b"-",))))
        with self._store.reading() as session:
            return lookups.gather(session, question, self._config, Keys(secrets=keys.known(session)))

    def _mailbox(self, mail: Mail) -> Mailbox:
        names = (self._config.mailbox_for(address) for address in mail.addressed)
        name = next((name for name in names if name), None) or next(iter(self._config.mailboxes), None)
        return self._config.mailboxes[name] if name else NO_MAILBOX

    def _existing_store(self) -> Store | None:
        """The database, if it is there and of our version; explaining must not make or change one."""
        if not self._site:
            return None
        store = Store(self._config.store.url, site=self._config.site)
        self._stack.callback(store.close)
        if not store.exists:
            return None
        migrate.require_current(store)
        return store


def _person(person: Address) -> dict[str, str | None]:
    return {"name": person.name, "address": person.address}


def _bounced(mail: Mail) -> list[dict[str, Any]]:
    found = mail.bounce.recipients if mail.bounce else ()
    return [{"address": who.address, "status": who.status, "permanent": who.permanent} for who in found]


def _forwarded(mail: Mail) -> dict[str, Any] | None:
    found = mail.forwarded
    if found is None:
        return None
    return {
        "from": _person(found.sender) if found.sender else None,
        "date": found.date.isoformat() if found.date else None,
        "subject": found.subject,
        "text": found.text,
        "comment": found.comment,
    }

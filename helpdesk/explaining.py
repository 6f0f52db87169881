"""The whole way of a mail without a single write: for `helpdesk explain`, with a site or without one."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from helpdesk.config import Config, Imap, Mailbox, blank, load
from helpdesk.desk.changes import Change, LedgerOutcome, Notify
from helpdesk.desk.matching import How
from helpdesk.desk.tokens import Keys
from helpdesk.desk.verdict import Kind, Outcome
from helpdesk.errors import HelpdeskError, UsageError
from helpdesk.inbox.files import Found
from helpdesk.inbox.taking import addressed
from helpdesk.mail import stamps
from helpdesk.mail.message import Address, Mail
from helpdesk.parse_worker import ParseWorkers, Parsing
from helpdesk.store import keys, lookups, migrate
from helpdesk.store.lookups import Known, Question
from helpdesk.store.session import Store
from helpdesk.thinking import Thought, think

PROOF = "proof"  # stands for a filter's name where a staff member's name was used without proof
NO_MAILBOX = Mailbox(
    name="none", address="nobody@invalid", department="none", reply_address="none", imap=Imap(host="-", user="-")
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
    seconds: float = 0.0
    """How long it took to parse it."""

    def as_json(self) -> dict[str, Any]:
        """Every key is always there, null or empty where there is nothing."""
        mail = self.mail or Mail(sha256=hashlib.sha256(self.raw).hexdigest(), size=len(self.raw))
        return {
            "file": self.file,
            "sha256": mail.sha256,
            **self._verdict(),
            "from": next(map(_person, (*mail.from_, *mail.reply_to)), None),
            "reply_to": [_person(person) for person in mail.reply_to],
            "to": [_person(person) for person in mail.to],
            "cc": [_person(person) for person in mail.cc],
            "subject": mail.subject or None,
            "date": mail.date.isoformat() if mail.date else None,
            "message_id": mail.message_id,
            "in_reply_to": list(mail.in_reply_to),
            "references": list(mail.references),
            "language": mail.language,
            "text": mail.text or None,
            "full_text": mail.full_text or None,
            "cut": [{"kind": part.kind, "text": part.text.strip("\n")} for part in mail.segments if not part.kept],
            "html": mail.html or None,
            "attachments": [{"name": part.name, "type": part.type, "size": part.size} for part in mail.attachments],
            "bounced": _bounced(mail),
            "forwarded": _forwarded(mail),
            "authentication": self._authentication(),
            "match": self._match(),
            "changes": [_change(change) for change in self._changes if not isinstance(change, Notify)],
            "outgoing": [_letter(change) for change in self._changes if isinstance(change, Notify) and self.site],
            "error": self.error,
        }

    @property
    def _changes(self) -> tuple[Change, ...]:
        return self.thought.decision.changes if self.thought else ()

    @property
    def outcome(self) -> str:
        """What the filters ask for, or the lack of a proof: accept, mute, hold, drop."""
        return str(self._verdict()["outcome"])

    @property
    def reason(self) -> str:
        """The strictest reason for it, or why no mail could be made of it."""
        found = self._verdict()["findings"]
        return self.error or (str(found[0]["reason"]) if found else "")

    @property
    def kind(self) -> Kind:
        """What the mail is."""
        return self.thought.kind if self.thought else Kind.INVALID

    def _verdict(self) -> dict[str, Any]:
        if self.thought is None:
            return {"kind": Kind.INVALID.value, "outcome": Outcome.HOLD.word, "findings": []}
        situation, decision = self.thought.situation, self.thought.decision
        held = decision.outcome is LedgerOutcome.QUARANTINE
        findings = [
            {"filter": finding.filter, "outcome": finding.outcome.word, "reason": finding.reason}
            for finding in sorted(situation.verdict.findings, key=lambda finding: -finding.outcome)
        ]
        if held and situation.sender.doubt is not None:
            # No filter: it takes the tickets and the reply address to know.
            findings.insert(0, {"filter": PROOF, "outcome": Outcome.HOLD.word, "reason": situation.sender.doubt})
        outcome = Outcome.HOLD if held else situation.verdict.outcome
        return {"kind": self.thought.kind.value, "outcome": outcome.word, "findings": findings}

    def _authentication(self) -> dict[str, Any] | None:
        """What servers said of the sender, and what is made of it."""
        if self.mail is None or self.thought is None:
            return None
        ours = self.thought.situation.mailbox.authserv_id
        verdict = self.thought.situation.sender.authentication.value
        return {
            "authserv_id": ours or None,
            "verdict": verdict,
            "reason": stamps.reason(self.mail, ours, verdict),
            "tampered": self.mail.tampered,
            "checks": [asdict(stamp) for stamp in stamps.read(self.mail, ours)],
        }

    def _match(self) -> dict[str, Any] | None:
        """The ticket that the mail would go to, and what it is known by; null for a ticket of its own."""
        if self.thought is None or not self.site:
            return None
        match, decision = self.thought.situation.match, self.thought.decision
        ticket = self.thought.situation.sender.ticket or match.ticket
        number = ticket.number if ticket else decision.ticket
        how = match.how
        if number is not None and how is How.NOTHING:
            # A bounce goes where the letter that it is about went.
            how = How.OWN_ID
        if how is How.NOTHING:
            return None
        return {"ticket": None if number is None else f"{self.prefix}-{number}", "how": how.value}


class Explainer:
    """Explains mails, against the site's database when there is one; a context manager."""

    def __init__(self, site: Path | None, environ: Mapping[str, str], *, shown: bool = True) -> None:
        """Raises ConfigError for a site that has mistakes, SchemaMismatch for a database of another version.

        What is not to be ``shown`` is not looked for either: HTML, what was cut, the language. It still is known what
        a mail is, in half the time.
        """
        self._config: Config = load(site, environ) if site is not None else blank()
        self._site = site is not None
        with ExitStack() as opening:
            self._store = self._existing_store(opening)
            limits = self._config.mail
            self._workers = ParseWorkers(
                limits.parse_workers,
                seconds=limits.parse_seconds,
                memory_mb=limits.parse_memory_mb,
                with_html=shown,
                with_language=shown,
            )
            opening.callback(self._workers.close)
            self._stack = opening.pop_all()

    def __enter__(self) -> Explainer:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def explain(self, found: Sequence[Found]) -> Iterator[Explained]:
        """One answer a mail, in order, also for what cannot be made sense of."""
        return self.explain_all([found])

    def explain_all(self, batches: Iterable[Sequence[Found]]) -> Iterator[Explained]:
        """The same of batch after batch; the next one is parsed meanwhile."""
        before: Iterator[Explained] = iter(())
        try:
            for batch in batches:
                parsing = self._workers.begin([each.raw for each in batch])
                yield from before
                before = self._finished(batch, parsing)
        except UsageError:
            # What was read before the files came to such an end is answered all the same.
            yield from before
            raise
        yield from before

    def _finished(self, found: Sequence[Found], parsing: Parsing) -> Iterator[Explained]:
        with closing(parsing):
            results = (timed for bundle in parsing.timed() for timed in bundle)
            for each, (result, seconds) in zip(found, results, strict=True):
                if isinstance(result, HelpdeskError):
                    yield Explained(file=each.source, raw=each.raw, error=str(result), site=self._site, seconds=seconds)
                else:
                    yield self._explained(each, result, seconds)

    def _explained(self, found: Found, mail: Mail, seconds: float) -> Explained:
        now = datetime.now(UTC)
        question = Question(mail=mail, mailbox=self._mailbox(mail), received=found.received or now, now=now)
        thought = think(question, self._known(question), self._config)
        return Explained(
            file=found.source,
            raw=found.raw,
            mail=mail,
            thought=thought,
            prefix=self._config.tickets.prefix,
            site=self._site,
            seconds=seconds,
        )

    def _known(self, question: Question) -> Known:
        if self._store is None:
            # Without a database nothing was ever signed by us: with a secret that nobody can know nothing seems so.
            return Known(facts=lookups.facts(question, self._config, Keys(secrets=(secrets.token_bytes(),))))
        with self._store.reading() as session:
            return lookups.gather(session, question, self._config, keys.known(session))

    def _mailbox(self, mail: Mail) -> Mailbox:
        name = addressed(mail, self._config) or next(iter(self._config.mailboxes), None)
        return self._config.mailboxes[name] if name else NO_MAILBOX

    def _existing_store(self, opening: ExitStack) -> Store | None:
        """The database, if it is there and of our version; explaining must not make or change one."""
        if not self._site:
            return None
        store = Store(self._config.store.url, site=self._config.site)
        opening.callback(store.close)
        if not store.exists:
            return None
        migrate.require_current(store)
        return store


def _person(person: Address) -> dict[str, str | None]:
    return {"name": person.name, "address": person.address}


def _change(change: Change) -> dict[str, Any]:
    """The name of a change and all that it says; ``ticket`` is null for the one that the same mail opens."""
    values = {field.name: getattr(change, field.name) for field in fields(change)}
    said = {name: _plain(value) for name, value in values.items() if value not in (None, (), "")}
    return {"change": type(change).__name__, "ticket": None, **said}


def _plain(value: Any) -> Any:
    """People and lists of them as they stand elsewhere in the answer."""
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return _person(value) if isinstance(value, Address) else value


def _letter(change: Notify) -> dict[str, Any]:
    notice = change.notice
    held = {"held": notice.guarded} if notice.guarded else {}
    return {"kind": notice.kind.value, "to": notice.recipient.address, "reason": change.reason, **held}


def _bounced(mail: Mail) -> list[dict[str, Any]]:
    found = mail.bounce.recipients if mail.bounce else ()
    return [{"address": who.address, "status": who.status or None, "permanent": who.permanent} for who in found]


def _forwarded(mail: Mail) -> dict[str, Any] | None:
    found = mail.forwarded
    if found is None:
        return None
    return {
        "from": _person(found.sender) if found.sender else None,
        "date": found.date.isoformat() if found.date else None,
        "subject": found.subject or None,
        "text": found.text or None,
        "comment": found.comment or None,
    }

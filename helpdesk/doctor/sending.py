"""The way out: connection, login, and whether the server takes letters from and to each of our addresses."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from types import TracebackType
from typing import Self

from helpdesk.config import Config, tls
from helpdesk.doctor import advice, certificate, passwords
from helpdesk.doctor.findings import Check, Finding, check, skipped, well, wrong
from helpdesk.errors import ChannelError, ConfigError
from helpdesk.outbox.outcomes import Accepted, Broken, NotOurs, Outcome, SenderRefused, Unknown
from helpdesk.outbox.smtp import Connection
from helpdesk.store.queues import ToSend

NOBODY = "-"  # the Message-ID of what is never sent


class Sending:
    """One connection of the way out, for as long as the context is open."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.smtp = config.smtp
        self._runner = asyncio.Runner()
        self._connection: Connection | None = None

    def __enter__(self) -> Self:
        self._runner.__enter__()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._connection is not None:
            self._runner.run(self._connection.close())
        self._runner.__exit__(kind, error, at)

    @property
    def works(self) -> bool:
        """Whether a letter can be handed over now."""
        return self._connection is not None and self._connection.is_whole

    def examine(self, now: datetime) -> Iterator[Check]:
        """Everything that can be seen without a letter leaving."""
        reached = check("smtp: connection", lambda: certificate.look(self.config, "smtp", self.smtp, now))
        yield reached
        if reached.wrong or (self.smtp.user is not None and not passwords.known(self.config, self.smtp)):
            because = "there is no connection" if reached.wrong else "there is no password"
            yield skipped("smtp: login", because)
            return
        yield check("smtp: login", self._log_in)
        for mailbox in self.config.mailboxes.values():
            if self.works:
                yield check(f"smtp: sender {mailbox.address}", partial(self._sender, mailbox.address, now))

    def deliver(self, raw: bytes, *, sender: str, recipient: str, message_id: str, now: datetime) -> Outcome:
        """Hand a letter over."""
        return self._offer(_letter(raw, sender, recipient, message_id, now), really=True)

    def _offer(self, letter: ToSend, *, really: bool) -> Outcome:
        assert self._connection is not None
        # The door asks last whether the letter may leave; sleeping no time is the simplest answer that can be awaited.
        answer = self._connection.deliver(letter, begin=lambda: asyncio.sleep(0, really))
        return self._runner.run(answer)

    def _log_in(self) -> Finding:
        try:
            context = None if self.smtp.security == "none" else tls.context(self.smtp, self.config.site)
            password = self.config.secret(self.smtp) if self.smtp.user is not None else ""
            self._connection = self._runner.run(Connection.open(self.smtp, password=password, context=context))
        except ConfigError as error:
            return wrong(error.problems[0].message, error.problems[0].mend)
        except ChannelError as error:
            refused = self.smtp.user is not None and "refused the user" in str(error)
            login = advice.login(self.config, "smtp", self.smtp)
            return wrong(str(error), login if refused else advice.connection(error, self.config, "smtp", self.smtp))
        return well(f"as {self.smtp.user}" if self.smtp.user is not None else "without a user")

    def _sender(self, sender: str, now: datetime) -> Finding:
        """Ask with MAIL and RCPT, and take it back."""
        outcome = self._offer(_letter(b"", sender, sender, NOBODY, now), really=False)
        if isinstance(outcome, SenderRefused):
            mend = f"Let {self.smtp.user or 'this machine'} send as {sender} on the mail server, or mend "
            return wrong(outcome.words, f"{mend}{advice.key(self.config, 'smtp.user')}.")
        return well("is taken") if isinstance(outcome, NotOurs) else wrong(words(outcome), self._not_taken(sender))

    def _not_taken(self, address: str) -> str:
        return f"Look on the mail server whether {address} exists and may be written to from here."


def words(outcome: Outcome) -> str:
    """What the server said."""
    if isinstance(outcome, Broken):
        return str(outcome.error)
    return "" if isinstance(outcome, NotOurs) else outcome.words


def handed_over(outcome: Outcome) -> bool:
    """Whether it may arrive."""
    return isinstance(outcome, Accepted | Unknown)


def _letter(raw: bytes, sender: str, recipient: str, message_id: str, now: datetime) -> ToSend:
    return ToSend(
        id=0,
        kind="probe",
        recipient=recipient,
        envelope_from=sender,
        message_id=message_id,
        raw=raw,
        attempts=1,
        created=now,
        expires=now + timedelta(hours=1),
        resent=False,
        automatic=True,
        outside=False,
        ticket=None,
    )

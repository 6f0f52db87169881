"""The only door to aiosmtplib: connections to the mail server, every fault of it in our own words.

A letter is handed over step by step (RFC 5321 3.3), so that it is always known whether the server may have it: before
the last step nothing has left, after it only the answer to the final dot tells.
"""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Self

from aiosmtplib import SMTP
from aiosmtplib.errors import (
    SMTPAuthenticationError,
    SMTPException,
    SMTPHeloError,
    SMTPResponseException,
    SMTPServerDisconnected,
    SMTPTimeoutError,
)
from aiosmtplib.response import SMTPResponse

from helpdesk.config import Smtp
from helpdesk.errors import ChannelError, ChannelLost, ChannelRefused
from helpdesk.outbox import answers, wire
from helpdesk.outbox.outcomes import Accepted, Broken, NotOurs, Outcome, Refused, SenderRefused, Unknown
from helpdesk.outbox.patience import Patience
from helpdesk.store.queues import ToSend

DOT_PATIENCE = 10  # times the usual patience for the answer to the final dot: 10 minutes (RFC 5321 4.5.3.2.6)
GOODBYE_SECONDS = 3  # for the answer to QUIT, which nobody needs

# In this order, as TLS hides the password from everybody but the server; a wrong one is tried once, not once a method.
LOGINS = ("plain", "login", "cram-md5")


class Connection:
    """A connection that is logged in; for one letter at a time."""

    def __init__(self, client: SMTP, smtp: Smtp) -> None:
        self._client = client
        self._where = f"{smtp.host}:{smtp.port}"
        self._seconds = smtp.timeout_seconds
        self._patience = Patience(self.discard)
        self._transport: asyncio.BaseTransport | None = None
        self.letters = 0
        """How many it has been asked to take."""
        self.handed_over = False
        """Whether the server may have the letter at hand."""
        self.idle_since = time.monotonic()

    @classmethod
    async def open(cls, smtp: Smtp, *, password: str, context: ssl.SSLContext | None) -> Self:
        """Connect and log in. Raises ChannelRefused (somebody must mend it) or ChannelLost (try again)."""
        if context is None and not smtp.insecure:
            message = f"Without TLS everything travels readable to {smtp.host}. If that is meant, set insecure = true."
            raise ChannelRefused(message)
        client = SMTP(
            hostname=smtp.host,
            port=smtp.port,
            timeout=smtp.timeout_seconds,
            local_hostname=wire.own_name(),
            use_tls=smtp.security == "tls",
            # Never None, which means: only if the server offers it.
            start_tls=smtp.security == "starttls",
            tls_context=context,
        )
        connection = cls(client, smtp)
        try:
            await connection._log_in(smtp, password)
        except BaseException:
            connection.discard()
            raise
        return connection

    @property
    def is_whole(self) -> bool:
        """Whether it can take another letter."""
        return self._client.is_connected

    async def deliver(self, letter: ToSend, *, begin: Callable[[], Awaitable[bool]]) -> Outcome:
        """Hand a letter over. ``begin`` is asked last before its bytes leave; with False they do not."""
        self.letters += 1
        self.handed_over = False
        try:
            with self._faults("take a letter"):
                outcome = await self._hand_over(letter, begin)
        except ChannelError as error:
            self.discard()
            return Unknown(words=str(error)) if self.handed_over else Broken(error=error)
        except BaseException:
            # An answer may still be on its way, which would be taken for the next one's.
            self.discard()
            raise
        return outcome

    async def close(self) -> None:
        """End it with a goodbye. What goes wrong with that is no matter: the letters are through."""
        transport = self._client.transport
        with suppress(SMTPException, OSError):
            async with asyncio.timeout(GOODBYE_SECONDS):
                await self._client.quit()
        self._end(transport)

    def discard(self) -> None:
        """End it at once; nothing more is sent."""
        # After a timeout the client has let go of it already, and it would wait for a goodbye in TLS that never comes.
        self._end(self._client.transport or self._transport)

    def _end(self, transport: asyncio.BaseTransport | None) -> None:
        self._patience.end()
        if isinstance(transport, asyncio.WriteTransport):
            transport.abort()
        self._client.close()

    async def _log_in(self, smtp: Smtp, password: str) -> None:
        with self._faults("let us in"):
            await self._client.connect()
            self._transport = self._client.transport
            try:
                await self._client.ehlo()
            except SMTPHeloError:
                # A server of old, good enough where no login is needed.
                if smtp.user is not None or not self.is_whole:
                    raise
                await self._client.helo()
            if smtp.user is not None:
                await self._authenticate(smtp.user, password)

    async def _authenticate(self, user: str, password: str) -> None:
        client = self._client
        ways = {"plain": client.auth_plain, "login": client.auth_login, "cram-md5": client.auth_crammd5}
        offered = next((name for name in LOGINS if name in client.supported_auth_methods), None)
        if offered is None:
            message = (
                f"{self._where} offers no way to log in with a password. Mend security or port, or leave user out."
            )
            raise ChannelRefused(message)
        try:
            await ways[offered](user, password)
        except SMTPAuthenticationError as error:
            if answers.kind(error.code) == 4:
                raise
            message = (
                f"{self._where} refused the user {user} or the password: {answers.words(error.code, error.message)}"
            )
            raise ChannelRefused(message) from error

    async def _hand_over(self, letter: ToSend, begin: Callable[[], Awaitable[bool]]) -> Outcome:
        envelope = wire.envelope(letter, offers=self._client.supports_extension, where=self._where)
        if isinstance(envelope, Refused):
            return envelope
        outcome = await self._offer(letter, envelope, begin)
        if outcome is not None:
            await self._reset()
            return outcome
        return await self._content(letter.raw)

    async def _offer(
        self, letter: ToSend, envelope: wire.Envelope, begin: Callable[[], Awaitable[bool]]
    ) -> Refused | SenderRefused | NotOurs | None:
        """All steps before the letter itself; None when the server waits for it."""
        mail = await self._ask("MAIL", f"FROM:<{envelope.sender}>", *envelope.options)
        refused = answers.to_mail(*mail, sender=letter.envelope_from, where=self._where)
        if refused is not None:
            return refused
        recipient = await self._ask("RCPT", f"TO:<{envelope.recipient}>")
        if (refused := answers.about_letter(*recipient, where=self._where)) is not None:
            return refused
        if not await begin():
            return NotOurs()
        data = await self._ask("DATA")
        return answers.to_data(*data, where=self._where)

    async def _ask(self, *words: str) -> SMTPResponse:
        self._patience.lasts(self._seconds)
        # Without a time limit of the library's own, which is a timer and two more turns of the loop for each answer.
        answer = await self._client.execute_command(*[word.encode() for word in words], timeout=None)
        self._patience.rests()
        if answer.code == answers.NOT_AVAILABLE:
            message = f"{self._where} hangs up: {answers.words(*answer)}"
            raise ChannelLost(message)
        return answer

    async def _content(self, raw: bytes) -> Outcome:
        protocol = self._client.protocol
        if protocol is None:
            message = f"The connection to {self._where} broke."
            raise ChannelLost(message)
        protocol.write(wire.content(raw))
        self.handed_over = True
        self._patience.lasts(self._seconds * DOT_PATIENCE)
        answer = await protocol.read_response()
        self._patience.rests()
        # A clear no: the server does not have it.
        self.handed_over = answers.kind(answer.code) not in (4, 5)
        refused = answers.about_letter(*answer, where=self._where)
        if refused is None:
            return Accepted(words=answers.words(*answer))
        if answer.code == answers.NOT_AVAILABLE:
            self.discard()
        else:
            await self._reset()
        return refused

    async def _reset(self) -> None:
        """Make ready for the next letter; what was said about this one stands, whatever comes of it."""
        try:
            with self._faults("forget a letter"):
                answer = await self._ask("RSET")
        except ChannelError:
            self.discard()
        else:
            if answers.kind(answer.code) != 2:
                self.discard()

    @contextmanager
    def _faults(self, doing: str) -> Iterator[None]:
        """Whatever aiosmtplib, TLS or the network raise comes out as a ChannelError."""
        try:
            yield
        except SMTPTimeoutError as error:
            raise self._late(doing) from error
        except SMTPResponseException as error:
            kind = ChannelRefused if answers.kind(error.code) == 5 else ChannelLost
            message = f"{self._where} refused to {doing}: {answers.words(error.code, error.message)}"
            raise kind(message) from error
        except OSError as error:
            raise (self._late(doing) if self._patience.is_over else self._lost(error)) from error
        except SMTPException as error:
            # Only what the server does not offer is left: STARTTLS. There is no way back to plain text.
            message = f"{self._where} does not offer STARTTLS, so nothing is sent. Mend security or port."
            raise ChannelRefused(message) from error

    def _late(self, doing: str) -> ChannelLost:
        return ChannelLost(f"{self._where} did not answer in time when asked to {doing}.")

    def _lost(self, error: OSError) -> ChannelError:
        reason = _tls_fault(error)
        if isinstance(reason, ssl.SSLCertVerificationError):
            return ChannelRefused(
                f"The certificate of {self._where} is not trusted: {reason.verify_message}. "
                "If the server has a certificate authority of your own, name its file in ca_file."
            )
        if reason is not None and reason.reason == "WRONG_VERSION_NUMBER":
            return ChannelRefused(f"{self._where} does not speak TLS. Mend security or port.")
        if isinstance(error, SMTPServerDisconnected):
            return ChannelLost(f"The connection to {self._where} broke.")
        cause = error.__cause__ if isinstance(error.__cause__, OSError) else error
        return ChannelLost(f"{self._where} does not answer: {cause.strerror or cause}.")


def _tls_fault(error: BaseException | None) -> ssl.SSLError | None:
    while error is not None and not isinstance(error, ssl.SSLError):
        error = error.__cause__
    return error

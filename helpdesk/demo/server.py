"""A mail server on the loopback interface to try helpdesk with: IMAP by pymap, SMTP by aiosmtpd, all mail in memory.

It does what a provider's server does, and no more: it knows a few accounts, takes mail for them (also for
``user+tag@``), refuses strangers, and reports back what it could not deliver. There is no TLS: nothing leaves this
machine. Neither of the two packages is known anywhere else.
"""

from __future__ import annotations

import asyncio
import ssl
from argparse import Namespace
from collections.abc import Callable, Coroutine, Iterable
from concurrent.futures import Future
from datetime import UTC, datetime
from email.utils import format_datetime
from types import SimpleNamespace, TracebackType
from typing import Any, Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from proxyprotocol.sock import SocketInfoLocal
from pymap.backend.dict import Config, Identity, Login
from pymap.concurrent import Subsystem
from pymap.imap import IMAPServer
from pymap.parsing.message import AppendMessage
from pymap.user import UserMetadata
from pysasl.hashing import Cleartext

from helpdesk.demo.accounts import Account, Passed
from helpdesk.demo.background import Background
from helpdesk.demo.postmaster import undeliverable
from helpdesk.errors import UsageError

HOST = "127.0.0.1"
MAXIMUM_BYTES = 35_000_000  # of one mail: a little above the 30 MB that helpdesk takes in by default
START_SECONDS = 20  # for both listeners to be there; it takes milliseconds


class DemoServer:
    """The server with its accounts; a context manager that listens while it is open.

    ``watch`` is called in the server's thread for every mail and recipient. Port 0 takes a free one.
    """

    def __init__(
        self,
        accounts: Iterable[Account],
        *,
        hostname: str,
        imap_port: int = 0,
        smtp_port: int = 0,
        watch: Callable[[Passed], None] = lambda _mail: None,
    ) -> None:
        self.accounts = {account.address: account for account in accounts}
        self.hostname = hostname
        self.imap_port = imap_port
        self.smtp_port = smtp_port
        self._watch = watch
        self._names = {name: a.address for a in self.accounts.values() for name in (a.address, *a.aliases)}
        self._listening: Future[None] = Future()
        self._thread = Background("demo-mail-server", self._serve)

    def __enter__(self) -> Self:
        self._thread.start()
        try:
            self._listening.result(START_SECONDS)
        except OSError as error:
            self._thread.stop()
            message = f"The demo's mail server cannot listen on {HOST}: {error.strerror}. Choose other ports."
            raise UsageError(message) from error
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._thread.stop()

    def account_of(self, recipient: str) -> str | None:
        """The account that takes mail for this address: its own, an alias, or either with ``+anything``."""
        local, _, domain = recipient.lower().rpartition("@")
        plain = f"{local.partition('+')[0]}@{domain}"
        return self._names.get(f"{local}@{domain}") or self._names.get(plain)

    def is_local(self, recipient: str) -> bool:
        """Whether the server itself answers for the domain of this address."""
        domain = recipient.lower().rpartition("@")[2]
        return any(name.endswith(f"@{domain}") for name in self._names)

    def passed(self, sender: str, recipient: str, account: str | None, raw: bytes) -> None:
        """Tell whoever watches that a mail went by."""
        self._watch(Passed(at=datetime.now(UTC), sender=sender, recipient=recipient, account=account, raw=raw))

    async def _serve(self, stop: asyncio.Event) -> None:
        post = _PostOffice(self)
        try:
            await post.open()
        except OSError as error:
            self._listening.set_exception(error)
            return
        self.imap_port, self.smtp_port = post.ports()
        self._listening.set_result(None)
        await stop.wait()
        await post.close()


class _PostOffice:
    """The part that lives on the server's loop."""

    def __init__(self, server: DemoServer) -> None:
        self._server = server
        self._config = _imap_config()
        self._login = Login(self._config)
        self._connections: set[asyncio.BaseTransport] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._listeners: list[asyncio.Server] = []

    async def open(self) -> None:
        self._config.apply_context()
        for account in self._server.accounts.values():
            await self._identity(account.address).set(
                UserMetadata(self._config, account.address, password=account.password)
            )
        self._imap = IMAPServer(self._login, self._config)
        loop = asyncio.get_running_loop()
        self._listeners.append(await asyncio.start_server(self._imap_connection, HOST, self._server.imap_port))
        try:
            self._listeners.append(await loop.create_server(self._smtp_connection, HOST, self._server.smtp_port))
        except OSError:
            await self.close()
            raise

    def ports(self) -> tuple[int, ...]:
        return tuple(listener.sockets[0].getsockname()[1] for listener in self._listeners)

    async def close(self) -> None:
        for listener in self._listeners:
            listener.close()
        for transport in tuple(self._connections):
            transport.abort() if isinstance(transport, asyncio.WriteTransport) else transport.close()
        if self._tasks:
            await asyncio.wait(self._tasks)
        for listener in self._listeners:
            await listener.wait_closed()

    async def deliver(self, address: str, raw: bytes) -> None:
        async with self._identity(address).new_session() as session:
            await session.append_messages("INBOX", [AppendMessage(raw, datetime.now(UTC))])

    def _identity(self, address: str) -> Identity:
        return Identity(address, self._login, None, frozenset())

    async def _imap_connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # pymap's own way in starts a task that nobody holds, which Python 3.13 may collect in the middle of a command.
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self._connections.add(writer.transport)
        try:
            await self._imap(reader, writer, SocketInfoLocal(writer))
        finally:
            self._tasks.discard(task)
            self._connections.discard(writer.transport)

    def _smtp_connection(self) -> SMTP:
        return _SmtpConnection(_Delivery(self._server, self.deliver), self._server, self._connections)


class _SmtpConnection(SMTP):
    """One connection; AUTH is offered but not asked for, as nobody else reaches a loopback port of this run."""

    def __init__(self, delivery: _Delivery, server: DemoServer, open_ones: set[asyncio.BaseTransport]) -> None:
        self._passwords = {account.address: account.password for account in server.accounts.values()}
        self._open_ones = open_ones
        super().__init__(
            delivery.hooks(),
            hostname=server.hostname,
            ident="helpdesk demo",
            data_size_limit=MAXIMUM_BYTES,
            enable_SMTPUTF8=True,
            auth_require_tls=False,
            authenticator=self._authenticate_user,
        )

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._open_ones.add(transport)
        self._own = transport
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self._open_ones.discard(self._own)
        super().connection_lost(error)

    def _create_session(self) -> Session:
        return _QuietSession(self.loop)

    def _authenticate_user(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, login: Any
    ) -> AuthResult:
        if not isinstance(login, LoginPassword):
            return AuthResult(success=False, handled=False)
        password = self._passwords.get(login.login.decode("utf-8", "replace").lower())
        fits = password is not None and login.password == password.encode()
        return AuthResult(success=fits, handled=False)


class _QuietSession(Session):
    """aiosmtpd logs a warning about its own deprecated attribute at each login; this one keeps the value silently."""

    @property
    def login_data(self) -> Any:
        return self._login_data

    @login_data.setter
    def login_data(self, value: Any) -> None:
        self._login_data = value


class _Delivery:
    """What happens to a mail that comes in by SMTP."""

    def __init__(self, server: DemoServer, deliver: Callable[[str, bytes], Coroutine[Any, Any, None]]) -> None:
        self._server = server
        self._deliver = deliver

    def hooks(self) -> SimpleNamespace:
        """The names under which aiosmtpd looks for what a handler can do."""
        return SimpleNamespace(handle_RCPT=self.recipient, handle_DATA=self.mail)

    async def recipient(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self._server.is_local(address) and self._server.account_of(address) is None:
            return f"550 5.1.1 <{address}>: Recipient address rejected: User unknown"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 Ok"

    async def mail(self, _server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.original_content or b""
        sender = (envelope.mail_from or "").removeprefix("<").removesuffix(">")  # aiosmtpd gives the null path as "<>"
        for recipient in envelope.rcpt_tos:
            await self._pass_on(sender, recipient, self._trace(session, recipient) + content, content)
        return "250 2.0.0 Ok: delivered"

    async def _pass_on(self, sender: str, recipient: str, raw: bytes, content: bytes) -> None:
        account = self._server.account_of(recipient)
        if account is not None:
            whole = f"Return-Path: <{sender}>\r\nDelivered-To: {recipient}\r\n".encode() + raw
            await self._deliver(account, whole)
        self._server.passed(sender, recipient, account, content)
        if account is None and sender:
            report = undeliverable(sender, recipient, content, hostname=self._server.hostname, now=datetime.now(UTC))
            await self._pass_on("", sender, report, report)

    def _trace(self, session: Session, recipient: str) -> bytes:
        peer = session.peer[0] if isinstance(session.peer, tuple) else "unknown"
        now = format_datetime(datetime.now(UTC))
        return (
            f"Received: from {session.host_name or 'unknown'} ([{peer}]) by {self._server.hostname}\r\n"
            f"\twith ESMTP for <{recipient}>; {now}\r\n"
        ).encode()


def _imap_config() -> Config:
    args = Namespace(
        debug=False,
        host=HOST,
        port=0,
        cert=None,
        key=None,
        tls=False,
        proxy_protocol=None,
        passlib_cfg=None,
        demo_data=False,
        demo_user="",
        demo_password="",
    )
    # The passwords are printed on the terminal anyway, so they are not hashed: that would cost 0.15 s a login.
    return _ImapConfig.from_args(
        args,
        hash_context=Cleartext(),
        cpu_subsystem=Subsystem.for_asyncio(),
        ssl_context=ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER),
        max_append_len=MAXIMUM_BYTES,
    )


class _ImapConfig(Config):
    """pymap asks the network for this machine's full name in its greeting; a demo needs no network."""

    @property
    def greeting(self) -> bytes:
        return b"helpdesk demo, mail is kept in memory"

"""The only door to imapclient: one connection to one mailbox, every fault of it in our own errors."""

from __future__ import annotations

import datetime as dt
import imaplib
import re
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import Any

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import LoginError, ProtocolError

from helpdesk.config import Imap, tls
from helpdesk.errors import ConnectionLost, LoginRefused, MailboxError, ServerRefused
from helpdesk.inbox import idle
from helpdesk.inbox.folder import Folder, Info, info
from helpdesk.inbox.sockets import cut, keep_alive
from helpdesk.inbox.waits import WAITS, Waits

# imaplib gives up on lines of more than a million bytes, and a UID takes up to eleven in the answer to a search.
SEARCHED_AT_ONCE = 80_000
HEADER_BYTES = 256 * 1024  # of a mail that is too large, more of its header is not fetched
WORDS = 200  # characters of a server's complaint that are passed on

# What imaplib sends as it stands; anything else goes by AUTHENTICATE, which encodes it.
PLAIN_WORD = re.compile(r"[A-Za-z0-9@._+-]+")
# Answers to LOGIN that say nothing about the password (RFC 5530).
TEMPORARY = re.compile(r"\[(UNAVAILABLE|INUSE|LIMIT|SERVERBUG|CONTACTADMIN)\]", re.IGNORECASE)


class Door:
    """A connection that is logged in. For one thread; only `cut` may be called from another."""

    def __init__(self, imap: Imap, *, password: str, site: Path, waits: Waits = WAITS) -> None:
        """Raises LoginRefused, ConnectionLost (not reachable, certificate not trusted), MailboxError or ConfigError."""
        self._where = f"{imap.host}:{imap.port}"
        self._waits = waits
        self._folder: Folder | None = None
        with self._faults("connect"):
            self._client: Any = _connected(imap, site, waits)
        try:
            self._login(imap.user, password)
            keep_alive(self._client.socket())
        except BaseException:
            self.close(polite=False)
            raise

    def close(self, *, polite: bool = True) -> None:
        """End the connection, with a goodbye when it is whole."""
        with suppress(imaplib.IMAP4.error, OSError, ValueError, AttributeError):
            if polite:
                self._client.socket().settimeout(self._waits.goodbye)
                self._client.logout()
        with suppress(imaplib.IMAP4.error, OSError, ValueError, AttributeError):
            self._client.shutdown()

    def cut(self) -> None:
        """End the connection from another thread; whatever is waited for ends with ConnectionLost."""
        with suppress(OSError):
            cut(self._client.socket())

    @property
    def can_idle(self) -> bool:
        return self._offers("IDLE")

    @property
    def can_move(self) -> bool:
        return self._offers("MOVE")

    @property
    def can_remove(self) -> bool:
        """Whether single mails can be removed without touching what other people marked as deleted."""
        return self._offers("UIDPLUS")

    def has_own(self, folder: str) -> bool:
        """Whether a folder that we may have made is there."""
        with self._faults(f"look for the folder {folder}"):
            return bool(self._client.folder_exists(self._below(folder)))

    def own_state(self, folder: str) -> tuple[int, int] | None:
        """UIDVALIDITY and UIDNEXT of one of our folders, whichever is open; None when the server does not tell them."""
        odd = suppress(LookupError, ValueError, ProtocolError)
        with suppress(ServerRefused), self._faults(f"tell of the folder {folder}"), odd:
            told = self._client.folder_status(self._below(folder), ["UIDVALIDITY", "UIDNEXT"])
            return int(told[b"UIDVALIDITY"]), int(told[b"UIDNEXT"])
        return None

    def select(self, folder: str, *, readonly: bool, own: bool = False) -> Folder:
        """Open a folder, or one of our ``own``. Raises ServerRefused when it is not there: it is never made."""
        with self._faults(f"open the folder {folder}"):
            name = self._below(folder) if own else self._named(folder)
            answer, writable = self._selected(name, readonly=readonly)
            uidvalidity = answer.get(b"UIDVALIDITY")
            exists = int(answer.get(b"EXISTS", 0))
            uidnext = answer.get(b"UIDNEXT") or self._highest(exists) + 1
        if not uidvalidity:
            message = f"{self._where} gives no UIDVALIDITY for the folder {folder}, so its mails cannot be told apart."
            raise ServerRefused(message)
        self._folder = Folder(
            name=folder, uidvalidity=int(uidvalidity), uidnext=int(uidnext), exists=exists, writable=writable
        )
        return self._folder

    def uids_above(self, last: int, *, since: dt.date | None = None) -> list[int]:
        """UIDs above ``last``, ascending; not always all of them, but none only when there are none.

        ``since`` leaves out what arrived on earlier days, by the calendar of the server.
        """
        date = [] if since is None else ["SINCE", since]
        for first, final in self._windows(last + 1):
            with self._faults("search"):
                found = self._client.search(["UID", f"{first}:{final}", *date])
            # "8:*" names the last mail even when its UID is 7 (RFC 3501, 6.4.8).
            if uids := sorted({uid for uid in found if uid > last}):
                return uids
        return []

    def still_there(self, uids: Sequence[int]) -> set[int]:
        """Which of these UIDs the server still lists."""
        with self._faults("search"):
            found = self._client.search(["UID", ",".join(map(str, uids))]) if uids else []
        return set(found) & set(uids)

    def infos(self, uids: Sequence[int]) -> list[Info]:
        """Size and arrival of mails, by UID; those that have vanished are missing."""
        with self._faults("tell the sizes of mails"):
            answer = self._client.fetch(uids, ["RFC822.SIZE", "INTERNALDATE"])
        return [info(uid, facts) for uid, facts in sorted(answer.items()) if b"RFC822.SIZE" in facts]

    def bodies(self, uids: Sequence[int]) -> dict[int, bytes]:
        """Whole mails, byte for byte; those that have vanished are missing. The Seen flag stays as it is."""
        with self._faults("hand out mails"):
            answer = self._client.fetch(uids, ["BODY.PEEK[]"])
        return {uid: facts[b"BODY[]"] or b"" for uid, facts in answer.items() if b"BODY[]" in facts}

    def header(self, uid: int) -> bytes | None:
        """The header of a mail, at most 256 kB of it; None when the mail has vanished."""
        with self._faults("hand out a header"):
            facts = self._client.fetch([uid], [f"BODY.PEEK[HEADER]<0.{HEADER_BYTES}>"]).get(uid, {})
        return next((value or b"" for key, value in facts.items() if key.startswith(b"BODY[HEADER]")), None)

    def move(self, uids: Sequence[int], folder: str) -> None:
        """Move mails in one step (RFC 6851); makes the folder when it is missing. Raises ServerRefused."""
        self._into(folder, lambda name: self._client.move(uids, name))

    def copy(self, uids: Sequence[int], folder: str) -> None:
        """Copy mails; makes the folder when it is missing. Raises ServerRefused."""
        self._into(folder, lambda name: self._client.copy(uids, name))

    def remove(self, uids: Sequence[int]) -> None:
        """Remove exactly these mails (UID EXPUNGE, RFC 4315). Raises ServerRefused."""
        with self._faults("remove mails"):
            self._client.add_flags(uids, [rb"\Deleted"], silent=True)
            self._client.uid_expunge(uids)

    def idle(self, *, seconds: float, wake: socket.socket) -> bool:
        """Wait for the server to tell of a change, or for a knock at ``wake``; look at the folder in any case."""
        with self._faults("wait for mail"):
            return idle.wait(self._client, seconds=seconds, wake=wake)

    def _login(self, user: str, password: str) -> None:
        plain = PLAIN_WORD.fullmatch(user) and password.isascii()
        with self._faults("log in"):
            try:
                (self._client.login if plain else self._client.plain_login)(user, password)
            except LoginError as error:
                raise self._not_logged_in(error, user) from error

    def _not_logged_in(self, error: LoginError, user: str) -> MailboxError:
        words = _words(error)
        # imapclient calls everything a login error that goes wrong meanwhile.
        if isinstance(error.__context__, imaplib.IMAP4.abort) or TEMPORARY.search(words):
            return ConnectionLost(f"{self._where} could not log us in: {words}.")
        return LoginRefused(f"{self._where} refused the user {user} or the password: {words}.")

    def _selected(self, name: str, *, readonly: bool) -> tuple[Mapping[bytes, Any], bool]:
        try:
            return self._client.select_folder(name, readonly=readonly), not readonly
        except imaplib.IMAP4.readonly:
            return self._client.select_folder(name, readonly=True), False

    def _highest(self, exists: int) -> int:
        """The highest UID, for servers that do not tell UIDNEXT."""
        return max(self._client.search(["UID", "*"]), default=0) if exists else 0

    def _windows(self, first: int) -> Iterator[tuple[int, int | str]]:
        """Ranges of UIDs whose answers are short enough; the last one is open."""
        folder = self._folder
        if folder is not None and folder.exists > SEARCHED_AT_ONCE:
            while first + SEARCHED_AT_ONCE < folder.uidnext:
                yield first, first + SEARCHED_AT_ONCE - 1
                first += SEARCHED_AT_ONCE
        yield first, "*"

    def _into(self, folder: str, command: Callable[[str], object]) -> None:
        name = self._below(folder)
        try:
            with self._faults(f"put mails into the folder {folder}"):
                command(name)
        except ServerRefused:
            # Not all servers say TRYCREATE (RFC 3501, 7.1) when the folder is missing.
            with self._faults(f"make the folder {folder}"):
                if self._client.folder_exists(name):
                    raise
                self._client.create_folder(name)
            with suppress(ServerRefused), self._faults("subscribe"):
                self._client.subscribe_folder(name)
            with self._faults(f"put mails into the folder {folder}"):
                command(name)

    def _named(self, folder: str) -> str:
        """A folder as the server writes it; in the configuration levels are parted by a slash."""
        return folder if folder.upper() == "INBOX" else folder.replace("/", self._hierarchy[1])

    def _below(self, folder: str) -> str:
        """The same for a folder of our own, which some servers only let us make below INBOX."""
        prefix, _ = self._hierarchy
        name = self._named(folder)
        return name if name.upper() == "INBOX" or name.startswith(prefix) else prefix + name

    @cached_property
    def _hierarchy(self) -> tuple[str, str]:
        """What our folders begin with, and what parts their levels (RFC 2342)."""
        with self._faults("tell how folders are named"):
            if self._offers("NAMESPACE") and (personal := self._client.namespace().personal):
                prefix, separator = personal[0]
                return prefix or "", separator or "/"
            separators = [separator for _, separator, _ in self._client.list_folders("", "") if separator]
        return "", separators[0].decode("ascii") if separators else "/"

    def _offers(self, capability: str) -> bool:
        with self._faults("tell what it can do"):
            return bool(self._client.has_capability(capability))

    @contextmanager
    def _faults(self, doing: str) -> Iterator[None]:
        """Whatever imapclient, imaplib or the network raise comes out as a MailboxError.

        Of answers that cannot be understood nothing is quoted: they may hold words of a mail.
        """
        try:
            yield
        except imaplib.IMAP4.abort as error:
            reason = "an answer out of order" if "unexpected" in str(error) else _words(error)
            message = f"The connection to {self._where} broke: {reason}."
            raise ConnectionLost(message) from error
        except ssl.SSLCertVerificationError as error:
            raise ConnectionLost(_not_trusted(self._where, error)) from error
        except OSError as error:
            message = f"{self._where} does not answer: {error.strerror or error}."
            raise ConnectionLost(message) from error
        except (ProtocolError, ValueError, TypeError, LookupError) as error:
            message = f"{self._where} gave an answer that is no IMAP when asked to {doing}."
            raise ConnectionLost(message) from error
        except imaplib.IMAP4.error as error:
            message = f"{self._where} refused to {doing}: {_words(error)}."
            raise ServerRefused(message) from error


def _connected(imap: Imap, site: Path, waits: Waits) -> Any:
    if imap.security == "none" and not imap.insecure:
        message = f"Without TLS everything travels readable to {imap.host}. If that is meant, set insecure = true."
        raise MailboxError(message)
    context = None if imap.security == "none" else tls.context(imap, site)
    patience: Any = SocketTimeout(connect=waits.connect, read=waits.answer)
    client: Any = IMAPClient(imap.host, imap.port, ssl=imap.security == "tls", ssl_context=context, timeout=patience)
    client.normalise_times = False  # arrival with its time zone
    client._imap.debug = 0  # else imaplib writes out every line, passwords too, for a log that nobody reads
    if imap.security == "starttls":
        try:
            client.starttls(context)
        except BaseException:
            with suppress(OSError):
                client.shutdown()
            raise
    return client


def _not_trusted(where: str, error: ssl.SSLCertVerificationError) -> str:
    return (
        f"The certificate of {where} is not trusted: {error.verify_message}. "
        "If the server has a certificate authority of your own, name its file in ca_file."
    )


def _words(error: Exception) -> str:
    """What the server complained of, as one short line."""
    text = str(error.args[0].decode("utf-8", "replace") if error.args and isinstance(error.args[0], bytes) else error)
    text = re.sub(r"^b(['\"])(.*)\1$", r"\2", text)
    return " ".join(text.split())[:WORDS].rstrip(".") or "no reason given"

"""The way in of one mailbox: connection, login, the folder, what the server can do, the folder for what is done."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from helpdesk.config import Config
from helpdesk.console import counted
from helpdesk.doctor import advice, certificate, passwords
from helpdesk.doctor.findings import Check, Finding, check, note, skipped, well, wrong
from helpdesk.errors import HelpdeskError, LoginRefused, MailboxError, ServerRefused
from helpdesk.inbox.folder import Folder
from helpdesk.inbox.imap import Door


class Box:
    """A mailbox under examination; `close` it."""

    def __init__(self, config: Config, name: str) -> None:
        self.config = config
        self.name = name
        self.mailbox = config.mailboxes[name]
        self.imap = self.mailbox.imap
        self.door: Door | None = None
        self.folder: Folder | None = None
        """The watched folder, when it could be opened."""

    @property
    def table(self) -> str:
        return f"mailboxes.{self.name}.imap"

    def close(self) -> None:
        """End the connection, if there is one."""
        if self.door is not None:
            self.door.close()

    def key(self, name: str) -> str:
        """A key of this mailbox, ``imap.folder``, and where it stands."""
        return advice.key(self.config, f"mailboxes.{self.name}.{name}")

    def examine(self, now: datetime) -> Iterator[Check]:
        """Every check but for the probe."""
        reached = check(f"{self.name}: connection", lambda: certificate.look(self.config, self.table, self.imap, now))
        yield reached
        if reached.wrong or not passwords.known(self.config, self.imap):
            because = "there is no connection" if reached.wrong else "there is no password"
            yield skipped(f"{self.name}: login", because)
            return
        yield check(f"{self.name}: login", self._log_in)
        if (door := self.door) is None:
            return
        yield check(f"{self.name}: abilities", lambda: self._abilities(door))
        if (done := self.imap.done) is not None:
            yield check(f"{self.name}: folder {done}", lambda: self._done(door, done))
        # Last, so that it is the open one.
        yield check(f"{self.name}: folder {self.imap.folder}", lambda: self._open(door))

    def _log_in(self) -> Finding:
        try:
            self.door = Door(self.imap, password=self.config.secret(self.imap), site=self.config.site)
        except LoginRefused as error:
            return wrong(str(error), advice.login(self.config, self.table, self.imap))
        except HelpdeskError as error:
            return wrong(str(error), advice.connection(error, self.config, self.table, self.imap))
        return well(f"as {self.imap.user}")

    def _open(self, door: Door) -> Finding:
        try:
            folder = self.folder = door.select(self.imap.folder, readonly=False)
        except ServerRefused as error:
            return wrong(str(error), f"Mend {self.key('imap.folder')}, or make the folder.")
        except MailboxError as error:
            return wrong(str(error), advice.connection(error, self.config, self.table, self.imap))
        said = f"{counted(folder.exists, 'mail')}, UIDVALIDITY {folder.uidvalidity}"
        if self.imap.done is not None and not folder.writable:
            mend = f"Let {self.imap.user} change it, or leave out {self.key('imap.done')}."
            return wrong(f"The folder {folder.name} may only be read, so that no mail can be moved.", mend)
        return well(said)

    def _done(self, door: Door, done: str) -> Finding:
        try:
            door.select(done, readonly=True)
        except ServerRefused:
            return well("is made when the first mail is moved there")
        except MailboxError as error:
            return wrong(str(error), advice.connection(error, self.config, self.table, self.imap))
        return well("is there")

    def _abilities(self, door: Door) -> Finding:
        """MOVE (RFC 6851), UIDPLUS (RFC 4315) and IDLE (RFC 2177)."""
        try:
            offers = {"MOVE": door.can_move, "UIDPLUS": door.can_remove, "IDLE": door.can_idle}
        except MailboxError as error:
            return wrong(str(error), advice.connection(error, self.config, self.table, self.imap))
        if self.imap.done is not None and not (offers["MOVE"] or offers["UIDPLUS"]):
            said = "The server has neither MOVE nor UIDPLUS, so that no mail can be moved safely."
            return wrong(said, f"Leave out {self.key('imap.done')}.")
        if self.imap.idle and not offers["IDLE"]:
            said = f"The server has no IDLE: new mail is seen after up to {counted(self.imap.poll_seconds, 'second')}."
            return note(said, f"For less, lower {self.key('imap.poll_seconds')}.")
        return well(", ".join(word for word, offered in offers.items() if offered) or "none of MOVE, UIDPLUS, IDLE")

"""Moves mails that are safely kept to the folder for what is done; from a table, so that a failure is tried again."""

from __future__ import annotations

import time
from collections.abc import Sequence

from helpdesk import console
from helpdesk.config import Imap
from helpdesk.errors import ServerRefused
from helpdesk.inbox.folder import Folder
from helpdesk.inbox.imap import Door
from helpdesk.inbox.waits import WAITS, Waits
from helpdesk.store import positions, queues
from helpdesk.store.session import Store

AT_ONCE = 200  # moved in one command; one by one a large folder costs forty times as much


class Filer:
    """For one mailbox. A mail that was moved by somebody else meanwhile counts as filed."""

    def __init__(self, *, mailbox: str, imap: Imap, store: Store, waits: Waits = WAITS) -> None:
        self._mailbox = mailbox
        self._imap = imap
        self._store = store
        self._waits = waits
        self._copied: set[int] = set()  # not to be copied again when only their removal failed
        self._era = (0, 0)  # generation and UIDVALIDITY: what UIDs hold under
        self._refusals = 0
        self._not_before = 0.0
        self._complaint: str | None = None

    def file(self, door: Door, folder: Folder, *, generation: int) -> str | None:
        """File away what is kept; what is wrong, in a sentence, when that cannot be done.

        Only mails of this ``generation`` and UIDVALIDITY are moved: the UIDs of others name other mails here.
        Raises ConnectionLost and StoreError; what was not noted as filed is then moved again, which does no harm.
        """
        if self._era != (generation, folder.uidvalidity):
            self._era = (generation, folder.uidvalidity)
            self._copied.clear()
        if time.monotonic() < self._not_before:
            return self._complaint
        self._complaint = self._file_all(door, folder)
        return self._complaint

    def _file_all(self, door: Door, folder: Folder) -> str | None:
        while rows := self._rows():
            state = None
            here = [row for row in rows if (row.generation, row.uidvalidity) == self._era]
            if self._imap.done is not None and here:
                if complaint := self._impossible(door, folder) or self._moved(door, [row.uid for row in here]):
                    return complaint
                state = door.own_state(self._imap.done)
                console.event("mail filed", mailbox=self._mailbox, mails=len(here), folder=self._imap.done)
            # Those of another account or UIDVALIDITY cannot be named any more; if they are here, they come again
            # under new UIDs.
            with self._store.writing() as session:
                queues.filed(session, [row.id for row in rows])
                if state is not None:
                    done, (uidvalidity, uidnext) = self._imap.done or "", state
                    positions.moved(session, self._mailbox, folder=done, uidvalidity=uidvalidity, uidnext=uidnext)
        return None

    def _rows(self) -> list[queues.ToFile]:
        with self._store.reading() as session:
            return queues.to_be_filed(session, self._mailbox, self._era[0], AT_ONCE)

    def _impossible(self, door: Door, folder: Folder) -> str | None:
        if not folder.writable:
            return f"The folder {folder.name} may only be read: mail is taken in but not moved to {self._imap.done}."
        if not door.can_move and not door.can_remove:
            return f"The server has neither MOVE nor UIDPLUS: mail is taken in but not moved to {self._imap.done}."
        return None

    def _moved(self, door: Door, uids: Sequence[int]) -> str | None:
        try:
            self._move(door, uids, self._imap.done or "")
        except ServerRefused as error:
            self._not_before = time.monotonic() + self._waits.before_move(self._refusals)
            self._refusals += 1
            return str(error)
        self._refusals = 0
        return None

    def _move(self, door: Door, uids: Sequence[int], done: str) -> None:
        if door.can_move:
            door.move(uids, done)
            return
        if new := [uid for uid in uids if uid not in self._copied]:
            door.copy(new, done)
            self._copied.update(new)
        door.remove(uids)
        self._copied.difference_update(uids)

"""Sends a probe to a mailbox and to its reply addresses, waits for them there, and says what their way tells."""

from __future__ import annotations

import email
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from helpdesk.console import counted
from helpdesk.desk.tokens import Keys
from helpdesk.doctor import letter, sending
from helpdesk.doctor.findings import Check, Finding, check, note, skipped, well, wrong
from helpdesk.doctor.letter import Probe
from helpdesk.doctor.mailbox import Box
from helpdesk.doctor.sending import Sending
from helpdesk.errors import MailboxError, ServerRefused
from helpdesk.inbox.imap import Door

LOOK_SECONDS = 0.5  # between two looks into the folders
GRACE_SECONDS = 15  # once the letter to the plain address is back, the other one is not far
CLOCK_SECONDS = 60  # by which the clocks of server and machine may differ: mails carry whole minutes for people
_SERVER = re.compile(r'\s*(?:\([^()]*\)\s*)*"?([^\s;"]+)')


@dataclass(frozen=True, kw_only=True, slots=True)
class Back:
    """A probe that was found."""

    folder: str
    uid: int
    header: bytes
    received: datetime | None
    found: datetime


class Probing:
    """The probe of one mailbox. The daemon may run meanwhile, and move what it takes in."""

    def __init__(self, box: Box, way_out: Sending, *, keys: Keys | None, now: Callable[[], datetime]) -> None:
        self._box = box
        self._sending = way_out
        self._keys = keys
        self._now = now
        self._probes: dict[str, Probe] = {}
        """Handed over, by Message-ID."""
        self._first: dict[str, int] = {}
        """The last UID of each folder before the first probe left."""

    def examine(self, wait_seconds: float) -> Iterator[Check]:
        """Send, wait, judge, remove."""
        box, door = self._box, self._box.door
        if door is None or box.folder is None or not self._sending.works:
            yield skipped(f"{box.name}: probe", "the mailbox or the way out does not work")
            return
        try:
            yield from self._there_and_back(door, wait_seconds)
        except MailboxError as error:
            finding = wrong(str(error), f"Type `helpdesk doctor` once more; a probe may be left in {box.imap.folder}.")
            yield check(f"{box.name}: probe", lambda: finding)

    def _there_and_back(self, door: Door, wait_seconds: float) -> Iterator[Check]:
        box, address = self._box, self._box.mailbox.address
        reply = letter.reply_address(box.mailbox)
        self._remember(door)
        began = time.monotonic()
        plain, refused = self._send(address)
        other, not_taken = self._send(reply) if reply and plain else (None, "")
        found = self._wait(door, began + wait_seconds) if self._probes else {}
        try:
            back = found.get(plain.message_id) if plain else None
            yield _measured(f"{box.name}: probe", self._arrived(back, refused, wait_seconds), began)
            if back is not None:
                yield check(f"{box.name}: clock", lambda: self._clock(back))
                yield check(f"{box.name}: authserv_id", lambda: authentication(box, back.header))
                if reply:
                    arrived = other is not None and other.message_id in found
                    finding = self._replies(reply, not_taken, wait_seconds, arrived=arrived)
                    yield _measured(f"{box.name}: replies", finding, began)
                if box.imap.done is not None:
                    yield check(f"{box.name}: moving", lambda: self._moved(door, back, box.imap.done or ""))
        finally:
            removed = check(f"{box.name}: clean-up", lambda: self._remove(door)) if self._probes else None
        if removed is not None:
            yield removed

    def _folders(self) -> list[str]:
        """The daemon moves in this order, and so nothing escapes a search in this order."""
        done = self._box.imap.done
        return [self._box.imap.folder, *([done] if done else [])]

    def _remember(self, door: Door) -> None:
        for folder in self._folders():
            self._first[folder] = 0
            with suppress(ServerRefused):  # a folder for what is done is made when it is needed
                self._first[folder] = door.select(folder, readonly=True).uidnext - 1

    def _send(self, recipient: str) -> tuple[Probe | None, str]:
        """The probe, or why the server did not take it."""
        if not self._sending.works:
            return None, "the connection broke"
        box = self._box
        probe = letter.written(box.config, box.mailbox, recipient, keys=self._keys, now=self._now())
        outcome = self._sending.deliver(
            probe.raw,
            sender=box.mailbox.address,
            recipient=recipient,
            message_id=probe.message_id,
            now=probe.sent,
        )
        if not sending.handed_over(outcome):
            return None, sending.words(outcome)
        self._probes[probe.message_id] = probe
        return probe, ""

    def _wait(self, door: Door, end: float) -> Mapping[str, Back]:
        """Those that came back until then, by Message-ID."""
        found: dict[str, Back] = {}
        while len(found) < len(self._probes) and time.monotonic() < end:
            new = self._look(door)
            if new and not found:
                end = min(end, time.monotonic() + GRACE_SECONDS)
            found = {**new, **found}
            if len(found) < len(self._probes):
                time.sleep(LOOK_SECONDS)
        return found

    def _look(self, door: Door) -> dict[str, Back]:
        """The probes that lie in the folders now; other people's mail is only asked for its Message-ID."""
        found = {}
        for folder in self._folders():
            with suppress(ServerRefused):
                door.select(folder, readonly=True)
                for uid in door.uids_above(self._first[folder]):
                    header = door.header(uid) or b""
                    if (name := letter.message_id(header)) in self._probes:
                        info = next(iter(door.infos([uid])), None)
                        received = info.received if info else None
                        found[name] = Back(folder=folder, uid=uid, header=header, received=received, found=self._now())
        return found

    def _arrived(self, back: Back | None, refused: str, wait_seconds: float) -> Finding:
        box = self._box
        address, user = box.mailbox.address, box.imap.user
        if refused:
            return wrong(
                f"The mail server does not take a letter to {address}: {refused}",
                f"Mend {box.key('address')}, or let the server know the address.",
            )
        if back is None:
            waited = counted(round(wait_seconds), "second")
            return wrong(
                f"A letter to {address} did not come into {box.imap.folder} within {waited}.",
                f"Look whether mail to {address} goes to the user {user}, and not to spam; "
                f"mend {box.key('imap.user')} or {box.key('imap.folder')}; a slow way: --wait 300.",
            )
        return well(f"out and back into {back.folder}")

    def _replies(self, reply: str, not_taken: str, wait_seconds: float, *, arrived: bool) -> Finding:
        if arrived:
            return well(f"letters to {reply} arrive")
        why = f": {not_taken}" if not_taken else f" within {counted(round(wait_seconds), 'second')}."
        mend = 'write "none", or let the mail server put such addresses into this mailbox'
        return wrong(f"A letter to {reply} did not arrive{why}", f"In {self._box.key('reply_address')} {mend}.")

    def _clock(self, back: Back) -> Finding:
        """Deadlines begin when the server says that a mail arrived."""
        sent = min(probe.sent for probe in self._probes.values())
        if back.received is None:
            return note("The server does not tell when a mail arrived; the time of fetching is taken.")
        slow, fast = sent - back.received, back.received - back.found
        apart = max(slow, fast, timedelta())
        if apart.total_seconds() > CLOCK_SECONDS:
            way = "behind" if slow > fast else "ahead of"
            said = f"The clock of the mail server is {int(apart.total_seconds())} seconds {way} this machine's."
            return wrong(said, "Set both clocks by NTP: deadlines begin at the server's time of arrival.")
        return well(f"server and machine agree within {CLOCK_SECONDS} seconds")

    def _moved(self, door: Door, back: Back, done: str) -> Finding:
        """Do with the probe what the daemon does with every mail; it may be faster."""
        if back.folder == done:
            return well("the daemon has moved it already")
        try:
            door.select(back.folder, readonly=False)
            (door.move if door.can_move else door.copy)([back.uid], done)
        except ServerRefused as error:
            found = self._look(door).get(letter.message_id(back.header))
            if found is not None and found.folder == done:
                return well("the daemon has moved it meanwhile")
            return wrong(str(error), f"Mend {self._box.key('imap.done')}, or let the user make and write it.")
        return well(f"into {done} works")

    def _remove(self, door: Door) -> Finding:
        """Remove the probes, each by its UID, after its Message-ID was read under this UID."""
        removed = 0
        if not door.can_remove:
            said = "The server has no UIDPLUS, so that single mails cannot be removed safely."
            return note(said, "Delete the letters of `helpdesk doctor` by hand.")
        try:
            for folder in self._folders():
                removed += self._removed_from(door, folder)
        except MailboxError as error:
            return note(str(error), "Delete the letters of `helpdesk doctor` by hand.")
        left = len(self._probes) - removed
        if left > 0:
            return note(f"{removed} removed; {left} not there yet: if it comes, or a report about it, it stays.")
        return well(f"{removed} removed")

    def _removed_from(self, door: Door, folder: str) -> int:
        try:
            door.select(folder, readonly=False)
        except ServerRefused:
            return 0
        uids = [
            uid
            for uid in door.uids_above(self._first[folder])
            if letter.message_id(door.header(uid) or b"") in self._probes
        ]
        if uids:
            door.remove(uids)
        return len(uids)


def authentication(box: Box, header: bytes) -> Finding:
    """What our server writes into Authentication-Results (RFC 8601), against what is configured."""
    configured, key, seen = box.mailbox.authserv_id, box.key("authserv_id"), _servers(header)
    if not seen:
        said = "The probe bears no Authentication-Results; many servers write none for mail from inside."
        return note(said) if configured else well("none is configured, and the probe bears none")
    if not configured:
        said = f'Your server writes "{seen[0]}", and nothing is configured: DMARC results do not count.'
        return note(said, f'Write "{seen[0]}" in {key}, if your server removes such fields from outside.')
    if configured.lower() not in seen:
        said = f'Your server writes "{seen[0]}", not "{configured}": its results do not count.'
        return wrong(said, f'Write "{seen[0]}" in {key}.')
    return well(configured)


def _measured(what: str, finding: Finding, began: float) -> Check:
    return Check(what=what, finding=finding, seconds=time.monotonic() - began)


def _servers(header: bytes) -> list[str]:
    """Who wrote the Authentication-Results that only our own servers can have written, topmost first."""
    names: list[str] = []
    received = 0
    for field, value in email.message_from_bytes(header).items():
        received += field.lower() == "received"
        # Below the second one stands what another server may have written.
        if received > 1:
            break
        if field.lower() == "authentication-results" and (name := _SERVER.match(str(value))):
            names.append(name[1].lower())
    return names

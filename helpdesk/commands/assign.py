"""Hands the ticket to a colleague, who is told."""

from __future__ import annotations

import difflib
import unicodedata

from helpdesk.config import Config, Staff
from helpdesk.desk.asked import Asked
from helpdesk.desk.changes import SetOwner
from helpdesk.desk.identity import Sender
from helpdesk.desk.ticket import TicketView

ALIASES = ("owner", "handover", "átadás", "przekaż", "передать", "dodijeli")


def ask(words: str, ticket: TicketView, sender: Sender, config: Config) -> Asked:
    """``#assign NAME``: a staff key, a name, a part of a name that fits one person, an address, or ``me``."""
    found = _people(words, sender, config)
    if len(found) != 1:
        return _refused(words, found, config)
    (staff,) = found
    told = (staff.key,) if sender.staff is None or staff.key != sender.staff.key else ()
    return Asked(
        changes=(SetOwner(owner=staff.key, reason=f"#assign {words}", ticket=ticket.number),),
        answers=(f"assigned: {staff.name}",),
        told=told,
    )


def _people(words: str, sender: Sender, config: Config) -> tuple[Staff, ...]:
    wanted = _folded(words)
    active = tuple(staff for staff in config.staff.values() if staff.active)
    if wanted == "me" and sender.staff is not None:
        return (sender.staff,)
    exact = tuple(s for s in active if wanted in (_folded(s.key), _folded(s.name), *map(_folded, s.addresses)))
    if exact or not wanted:
        return exact
    return tuple(s for s in active if set(wanted.split()) <= set(_folded(s.name).split()))


def _refused(words: str, found: tuple[Staff, ...], config: Config) -> Asked:
    shown = words[:60] or "?"
    found = found or _beginning(words, config)
    if len(found) > 1:
        names = ", ".join(staff.name for staff in found)
        return Asked(refused=True, answers=(f"not_one_person: {shown} ({names})",))
    keys = {_folded(staff.key): staff.key for staff in config.staff.values() if staff.active}
    near = [_folded(found[0].key)] if found else difflib.get_close_matches(_folded(words), keys, n=1)
    hint = f"colleague_near: {keys[near[0]]}" if near else f"colleagues: {', '.join(sorted(keys.values()))}"
    return Asked(refused=True, answers=(f"not_a_colleague: {shown}", hint))


def _beginning(words: str, config: Config) -> tuple[Staff, ...]:
    """Whose names have a word that begins so: too little to hand a ticket over, enough to say who fits."""
    wanted = _folded(words)
    active = (staff for staff in config.staff.values() if staff.active and wanted)
    return tuple(
        s for s in active if any(name.startswith(wanted) for name in (_folded(s.key), *_folded(s.name).split()))
    )


def _folded(text: str) -> str:
    """Without case, diacritics and a full stop at the end, so that ``bela.`` finds Béla."""
    plain = unicodedata.normalize("NFKD", text.strip(" \t.,:;!"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).casefold()

"""Which letters follow from what happened; each with a key that makes it unique for ever."""

from __future__ import annotations

from collections.abc import Iterable

from helpdesk.config import Staff
from helpdesk.desk import own_words, people
from helpdesk.desk.changes import Notice, NoticeKind, Notify
from helpdesk.desk.matching import How
from helpdesk.desk.situation import Situation
from helpdesk.desk.verdict import Authentication
from helpdesk.mail.message import Address

SUBJECT_CHARACTERS = 78  # of a held mail's subject in a warning: what a mail program shows of one
CUT_SHARE = 0.5  # staff are told when less than this share of what may be the writer's own words is shown
# A reply to a letter of ours, or of a mail that the ticket holds: what it quotes is known.
_QUOTES_KNOWN = (How.REPLY_ADDRESS, How.OWN_ID, How.KNOWN_ID)


def acknowledgement(now: Situation) -> tuple[Notify, ...]:
    """The confirmation of a new ticket; only to a person, only for new mail, only once."""
    contact = now.mail.sender
    if contact is None or "@" not in contact.address or not now.acknowledge:
        return ()
    if people.written_to_us(contact.address, now.config) or now.sender.authentication is Authentication.FAIL:
        return ()
    neutral = now.sender.authentication is Authentication.NONE
    kind = NoticeKind.NEUTRAL_ACKNOWLEDGEMENT if neutral else NoticeKind.ACKNOWLEDGEMENT
    notice = Notice(kind=kind, recipient=contact, key=f"acknowledgement:{now.incoming}")
    return (Notify(notice=notice, reason="a new ticket"),)


def to_staff(
    now: Situation,
    kind: NoticeKind,
    staff: Iterable[Staff],
    *,
    ticket: int | None,
    text: str | None = None,
    author: Address | None = None,
    lines: tuple[str, ...] = (),
    files: bool = True,
    last_words: str = "",
    last_answer: str = "",
    even_writer: bool = False,
    reason: str,
) -> tuple[Notify, ...]:
    """A letter about this mail to each of the staff members; to the one who wrote it only with ``even_writer``.

    ``text`` and ``author`` stand for the words of this mail and its sender where others are to be shown; without
    ``files`` its attachments are left out.
    """
    writer = now.sender.staff.key if now.sender.staff and not even_writer else None
    told = [person for person in staff if person.key != writer]
    cut = bool(told) and text is None and _much_was_cut(now)
    return tuple(
        Notify(
            notice=Notice(
                kind=kind,
                recipient=people.staff_address(person),
                key=f"{kind}:{now.incoming}:{person.key}",
                ticket=ticket,
                staff=person.key,
                text=now.mail.text if text is None else text,
                lines=lines,
                attachments=files and bool(now.mail.attachments),
                incoming_author=author or now.sender.address,
                history_cut=cut,
                last_words=last_words,
                last_answer=last_answer,
            ),
            reason=reason,
            ticket=ticket,
        )
        for person in told
    )


def receipt(now: Situation, lines: tuple[str, ...], *, ticket: int | None, text: str = "") -> tuple[Notify, ...]:
    """What was done and what was not; nothing when there is nothing to say."""
    return to_author(now, NoticeKind.RECEIPT, ticket=ticket, text=text, lines=lines) if lines else ()


def to_author(
    now: Situation,
    kind: NoticeKind,
    *,
    ticket: int | None,
    text: str,
    lines: tuple[str, ...],
    held: int | None = None,
) -> tuple[Notify, ...]:
    """A letter to the staff member who wrote this mail, at the stored address; ``held``: it asks about that letter."""
    staff = now.sender.staff
    assert staff is not None
    notice = Notice(
        kind=kind,
        recipient=people.staff_address(staff),
        key=f"{kind}:{now.incoming}:{staff.key}",
        ticket=ticket,
        staff=staff.key,
        text=text,
        lines=lines,
        held=held,
    )
    return (Notify(notice=notice, reason="answers a mail of a colleague", ticket=ticket),)


def unproven(now: Situation) -> tuple[Notify, ...]:
    """Somebody used a staff member's address or reply address: the real person is told at the stored address."""
    token, writer = now.sender.token, now.sender.address
    staff = now.sender.staff or (now.config.staff_by_id(token.agent or 0) if token else None)
    if staff is None or not staff.active:
        return ()
    written_from = (f"written_from: {writer.address}",) if writer is not None else ()
    notice = Notice(
        kind=NoticeKind.UNPROVEN,
        recipient=people.staff_address(staff),
        key=f"{NoticeKind.UNPROVEN}:{now.incoming}",
        staff=staff.key,
        text="",
        lines=(
            *written_from,
            f"subject: {now.mail.subject[:SUBJECT_CHARACTERS]}",
            f"doubt: {now.sender.doubt}",
            f"{'quarantine' if people.runs_it(staff, now.config) else 'in_quarantine_as'}: {now.incoming}",
        ),
    )
    return (Notify(notice=notice, reason=now.sender.doubt or "held"),)


def _much_was_cut(now: Situation) -> bool:
    """Much of what may be the writer's own is not shown: no quotation that we know or that is marked as one."""
    mail = now.mail
    if now.match.how in _QUOTES_KNOWN or mail.signed_text == mail.full_text:
        return False
    shown = len(own_words.unmarked(mail.signed_text))
    # The second look is dear, and in vain where even the whole text is not so much longer.
    may_be = shown < len(mail.full_text) * CUT_SHARE
    return may_be and shown < len(own_words.unmarked(mail.full_text)) * CUT_SHARE

"""The files of a mail that go on with a letter; nothing that proves a staff member leaves the house in one of them."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator

from helpdesk.compose import mime, text
from helpdesk.compose.case import Case
from helpdesk.desk.changes import NoticeKind
from helpdesk.errors import MailError
from helpdesk.mail import files
from helpdesk.mail.headers import lenient_base64
from helpdesk.mail.message import Attachment, Mail

DEPTH = 4  # encodings inside each other that are undone: a mail in a mail in a mail, and one to spare
BASE64_CHARACTERS = 32  # the shortest proof has 22 bytes; shorter words are searched as they are

_PASSING_ON = (NoticeKind.ANSWER, NoticeKind.NEW_TICKET, NoticeKind.CUSTOMER_REPLY, NoticeKind.STAFF_NOTE)
# Each run is looked at once and never given back, so that the time grows with the size and not faster.
_BASE64 = re.compile(
    rb"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{%d,}+(?:[ \t]*+\r*+\n[A-Za-z0-9+/]++)*+" % (BASE64_CHARACTERS - 2)
)
_QUOTED = re.compile(rb"=(?:[0-9A-Fa-f]{2}|[ \t]*+\r?\n)")


def named(case: Case) -> tuple[str, ...]:
    """The names and sizes of the files, for people; of each that stays behind it is said."""
    if case.mail is None or not case.notice.attachments:
        return ()
    carried = _carried(case, case.mail)
    behind = case.templates.phrase("not_attached", case.language)
    return tuple(
        f"{_name(each, case)} ({_size(each.size)}{'' if each.position in carried else f', {behind}'})"
        for each in case.mail.attachments
    )


def parts(case: Case) -> list[mime.Part]:
    """The files, as they came but for proofs that can be cut out of them.

    Raises MailError for one that cannot be read, or that holds a proof where it cannot be cut.
    """
    if case.mail is None or case.raw is None or not case.notice.attachments or case.kind not in _PASSING_ON:
        return []
    found = files.attachments(case.raw, _carried(case, case.mail))
    return [
        mime.Part(name=_name(attachment, case), type=attachment.type, data=_passed_on(attachment, data, case))
        for attachment, data in found
    ]


def _carried(case: Case, mail: Mail) -> list[int]:
    """Positions of the files that go along. A letter to staff must not be too large for their mail server: it is the
    only way by which they hear of the customer. An answer carries everything, or its author is told."""
    if case.kind.to_customer:
        return [attachment.position for attachment in mail.attachments]
    room = case.config.mail.notice_attachments_mb * 2**20
    carried: list[int] = []
    for attachment in mail.attachments:
        if attachment.size <= room:
            room -= attachment.size
            carried.append(attachment.position)
    return carried


def _name(attachment: Attachment, case: Case) -> str:
    """Programs name a saved mail after its Message-ID."""
    return text.without_proofs(attachment.name) if case.kind.to_customer else attachment.name


def _passed_on(attachment: Attachment, data: bytes, case: Case) -> bytes:
    """An attached mail of ours holds the reply address of the staff member whom it was written to."""
    if not case.kind.to_customer:
        return data
    if attachment.type.startswith(("message/", "text/")):
        # Latin-1 keeps every byte as it is, and a token is ASCII.
        data = text.without_tokens(data.decode("latin-1"), case.mailbox.address).encode("latin-1", "replace")
    if any(map(text.shows_proof, _readings(data, DEPTH))):
        message = (
            f"The attached file {_name(attachment, case)} holds a reply address or Message-ID that is for staff only "
            "and cannot be cut out of it: the answer does not go out, it has to be sent again without this file."
        )
        raise MailError(message)
    return data


def _readings(data: bytes, depth: int) -> Iterator[bytes]:
    """The bytes, and whatever is encoded in them: the parts of a mail, of mails in it, of a mailbox, of a web page.

    Encodings are found by their look, not by the structure of a mail around them: a file may be cut, or of any type.
    """
    yield data
    if depth == 0:
        return
    for match in _BASE64.finditer(data):
        yield from _readings(lenient_base64(match[0]), depth - 1)
    if _QUOTED.search(data):
        yield from _readings(binascii.a2b_qp(data), depth - 1)


def _size(octets: int) -> str:
    if octets < 1_000:
        return f"{octets} B"
    return f"{octets / 1_000:.0f} kB" if octets < 1_000_000 else f"{octets / 1_000_000:.1f} MB"

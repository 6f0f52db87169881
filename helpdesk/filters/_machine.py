"""The fields by which a mail says openly that no person sent it; several filters ask for them."""

from __future__ import annotations

from helpdesk.mail.message import Mail, Marks

AUTOMATIC_PRECEDENCE = ("bulk", "junk", "auto_reply", "auto-reply", "autoreply")
# RFC 3834 5; a program that writes "auto-replied-..." or "auto-reply" means the same.
ANSWERED = ("auto-repl", "auto_repl", "autorepl", "auto-notified", "auto-respon", "vacation")
# Tokens of X-Auto-Response-Suppress that mean answers (MS-OXCMAIL 2.1.3.2.20); DR, NDR, RN and NRN mean reports only.
SUPPRESSING = ("all", "oof", "autoreply")


def openly(mail: Mail) -> str | None:
    """What the mail says, as a reason; None when it says nothing, or that a person wrote it."""
    marks = mail.marks
    if marks.auto_submitted not in (None, "no"):
        return f"Auto-Submitted: {marks.auto_submitted}"
    if marks.return_path == "":
        return "the envelope sender is empty"
    if marks.precedence in AUTOMATIC_PRECEDENCE:
        return f"Precedence: {marks.precedence}"
    return _suppressed(marks)


def _suppressed(marks: Marks) -> str | None:
    found = next((token for token in marks.suppress if token in SUPPRESSING), None)
    return f"X-Auto-Response-Suppress: {found}" if found else None

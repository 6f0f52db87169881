"""What mail servers put above the words of a mail from outside: warnings that the reader is to be careful."""

from __future__ import annotations

from collections.abc import Sequence

from helpdesk.mail import text
from helpdesk.mail.phrases.banners import BANNER, BRACKETS, WARNING
from helpdesk.mail.phrases.footers import DRAWN

LINES = 6  # of one warning
BANNERS = 3  # above each other
CHARACTERS = 600


def below(lines: Sequence[str]) -> list[str]:
    """The lines below the warnings at the top; all of them when nothing would remain."""
    rest = list(lines)
    for _ in range(BANNERS):
        end = _end(rest)
        if end is None or not any(map(text.visible, rest[end:])):
            break
        rest = rest[end:]
    return rest


def _end(lines: Sequence[str]) -> int | None:
    """The line below a warning at the top: with an alarm before it, in brackets, or between drawn lines."""
    first = next((number for number, line in enumerate(lines) if line.strip() and not DRAWN.match(line)), len(lines))
    paragraph = []
    for line in lines[first : first + LINES]:
        if not line.strip() or DRAWN.match(line):
            break
        paragraph.append(line.strip())
    end = first + len(paragraph)
    words = " ".join(paragraph)[:CHARACTERS]
    if "?" in words:
        return None
    # Outlook names the address of the sender whom one does not often hear from.
    marked = "@" in words or any(map(DRAWN.match, (*lines[:first], *lines[end : end + 2])))
    if not (BANNER.match(words) or BRACKETS.match(words) or (marked and WARNING.match(words))):
        return None
    while end < len(lines) and (not lines[end].strip() or DRAWN.match(lines[end])):
        end += 1
    return end

"""A letter's text as simple HTML: paragraphs, quoted blocks, a small footer; the same words, nothing else.

Lines that begin with ``>`` are a quoted block, what follows the last ``-- `` line is the footer, and our marker line is
shown small. Everything is escaped; nothing in it is loaded from anywhere.
"""

from __future__ import annotations

import re
from html import escape
from itertools import groupby

from helpdesk.mail.marker import MARKER

FOOTER = "-- "  # RFC 3676 4.3: what follows is a signature
QUOTED = "margin:0 0 1em 0;padding:0 0 0 12px;border-left:3px solid #9aa5b1"
SMALL = "margin:0 0 1em 0;font-size:12px;color:#6b7785"
PARAGRAPH = "margin:0 0 1em 0"

_URL = re.compile(r"https?://[^\s<>\"'`]{3,1000}")
_BLANK = re.compile(r"\n[ \t]*\n+")
_TRAILING = ".,;:!?)]}»”"


def body(text: str, *, links: bool) -> str:
    """The inside of ``<body>``; with ``links`` the URLs outside of quotes can be clicked (words of our own people)."""
    above, footer, below = f"\n{text}".rpartition(f"\n{FOOTER}\n")
    words, small = (above, below) if footer else (below, "")
    parts = [
        _block(quoted, list(lines), links=links) for quoted, lines in groupby(words.strip("\n").split("\n"), _is_quoted)
    ]
    if small.strip():
        parts += [_paragraph(part, SMALL, links=links) for part in _BLANK.split(small.strip("\n"))]
    return "\n".join(part for part in parts if part)


def _is_quoted(line: str) -> bool:
    return line.startswith(">")


def _block(quoted: bool, lines: list[str], *, links: bool) -> str:
    if quoted:
        inner = _spaced(escape("\n".join([line[1:].removeprefix(" ") for line in lines]), quote=True))
        return f'<blockquote style="{QUOTED}">{inner}</blockquote>'
    return "\n".join(
        _paragraph(part, PARAGRAPH, links=links) for part in _BLANK.split("\n".join(lines)) if part.strip()
    )


def _paragraph(words: str, style: str, *, links: bool = False) -> str:
    words = words.strip("\n")
    if words.startswith(MARKER):
        style = SMALL
    inner = _linked(words) if links and "://" in words else escape(words, quote=True)
    return f'<p style="{style}">{_spaced(inner)}</p>'


def _spaced(inner: str) -> str:
    """Line ends and indents survive: people draw small tables with spaces."""
    return inner.replace("  ", "&nbsp; ").replace("\n ", "\n&nbsp;").replace("\n", "<br>\n")


def _linked(words: str) -> str:
    out, position = [], 0
    for found in _URL.finditer(words):
        url = found[0].rstrip(_TRAILING)
        end = found.start() + len(url)
        shown = escape(url, quote=True)
        out += [escape(words[position : found.start()], quote=True), f'<a href="{shown}">{shown}</a>']
        position = end
    return "".join([*out, escape(words[position:], quote=True)])

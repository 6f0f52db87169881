"""A letter's text as simple HTML: paragraphs, quoted blocks, a small footer; the same words, nothing else.

Lines that begin with ``>`` are a quoted block, what follows the last ``-- `` line is the footer, and our marker line is
shown small. Everything is escaped; nothing in it is loaded from anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

from helpdesk.mail.marker import MARKER

FOOTER = "-- "  # RFC 3676 4.3: what follows is a signature
QUOTED = "margin:0 0 1em 0;padding:0 0 0 12px;border-left:3px solid #9aa5b1"
SMALL = "margin:0 0 1em 0;font-size:12px;color:#6b7785"
PARAGRAPH = "margin:0 0 1em 0"

_URL = re.compile(r"https?://[^\s<>\"'`]{3,1000}")
_BLANK = re.compile(r"\n[ \t]*\n+")
_QUOTE = re.compile(r"^>.*+(?:\n>.*+)*+", re.MULTILINE)
_QUOTE_MARK = re.compile(r"^> ?", re.MULTILINE)
_TRAILING = ".,;:!?)]}»”"


def body(text: str, *, links: bool) -> str:
    """The inside of ``<body>``; with ``links`` the URLs outside of quotes can be clicked (words of our own people)."""
    above, footer, below = f"\n{text}".rpartition(f"\n{FOOTER}\n")
    words, small = (above, below) if footer else (below, "")
    parts = list(_blocks(words.strip("\n"), links=links))
    if small.strip():
        parts += [_paragraph(part, SMALL) for part in _BLANK.split(_written(small.strip("\n"), links=links))]
    return "\n".join(parts)


def _blocks(words: str, *, links: bool) -> Iterator[str]:
    """Paragraphs and quoted blocks in order."""
    position = 0
    for found in _QUOTE.finditer(words):
        if found.start() > position:
            yield from _paragraphs(words[position : found.start() - 1], links=links)
        inner = _spaced(escape(_QUOTE_MARK.sub("", found[0]), quote=True))
        yield f'<blockquote style="{QUOTED}">{inner}</blockquote>'
        position = found.end() + 1
    yield from _paragraphs(words[position:], links=links)


def _paragraphs(words: str, *, links: bool) -> Iterator[str]:
    for part in _BLANK.split(_written(words, links=links)):
        if part.strip():
            yield _paragraph(part, PARAGRAPH)


def _paragraph(written: str, style: str) -> str:
    inner = written.strip("\n")
    return f'<p style="{SMALL if inner.startswith(MARKER) else style}">{_spaced(inner)}</p>'


def _spaced(inner: str) -> str:
    """Line ends and indents survive: people draw small tables with spaces."""
    return inner.replace("  ", "&nbsp; ").replace("\n ", "\n&nbsp;").replace("\n", "<br>\n")


def _written(words: str, *, links: bool) -> str:
    """Escaped, which leaves spaces, line ends and the signs of our marker as they are."""
    return _linked(words) if links and "://" in words else escape(words, quote=True)


def _linked(words: str) -> str:
    out, position = [], 0
    for found in _URL.finditer(words):
        url = found[0].rstrip(_TRAILING)
        end = found.start() + len(url)
        shown = escape(url, quote=True)
        out += [escape(words[position : found.start()], quote=True), f'<a href="{shown}">{shown}</a>']
        position = end
    return "".join([*out, escape(words[position:], quote=True)])

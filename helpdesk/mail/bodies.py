"""Which parts are the words of the mail: of alternatives the plain one, and HTML only where there is nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml.html import HtmlElement

from helpdesk.mail import cuts, footers, html, html_quotes, quotes, text
from helpdesk.mail.limits import Limits
from helpdesk.mail.message import Segment
from helpdesk.mail.structure import Part

SAME_LETTERS = 200  # at the beginning of two parts, by which they are taken for the same words twice
LOOKED_AT = 4 * SAME_LETTERS  # characters in which so many letters are looked for


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """Some words to be read; ``markup`` is the HTML that they were made from, "" where they were written as text.

    ``tree`` is that HTML as elements, where it can be read as such.
    """

    words: str
    markup: str = ""
    tree: HtmlElement | None = None

    def new(self, *, answers: bool) -> str:
        """The words without what the writer's program marked as quoted."""
        return html_quotes.new_words(self.words, self.tree, answers=answers) if self.markup else self.words


@dataclass(frozen=True, kw_only=True, slots=True)
class Body:
    """What is to be read: ``full`` is everything as text, ``markup`` all HTML that was wanted."""

    full: str
    markup: str = ""
    pieces: tuple[Piece, ...] = ()

    def new_words(self, *, answers: bool) -> str:
        """What was written now; never empty when anything was written. ``answers``: the mail answers another."""
        if all(not piece.markup for piece in self.pieces):
            return quotes.new_words(self.full)
        joined = "\n\n".join(filter(None, (piece.new(answers=answers) for piece in self.pieces)))
        return quotes.new_words(joined if text.visible(joined) else self.full)

    def segments(self, new: str, closing: str) -> tuple[Segment, ...]:
        """Everything in named parts, of which ``new`` is one or several. HTML says itself what is a signature."""
        read = [piece.tree for piece in self.pieces if piece.tree is not None]
        known = [(footers.SIGNATURE, words) for tree in read for words in html_quotes.signatures(tree)]
        known += [(cuts.CLOSING, closing)] if closing else []
        return cuts.segments(self.full, new, known, guess=cuts.QUOTE if read else footers.SIGNATURE)


def read(parts: Sequence[Part], limits: Limits, *, with_html: bool = False) -> Body:
    """The body of a mail that is made of these parts; HTML beside a text that says the same only ``with_html``."""
    said = [part for part in parts if part.is_body and "amp" not in part.type]
    said = said or [part for part in parts[:1] if part.type == "text/plain"]
    groups = list(_groups(said))
    words = _words([part for part in said if part.type != "text/html"], limits.text_characters)
    if with_html or not all(text.visible(_plain(group, words)) for group in groups):
        words |= _words([part for part in said if part.type == "text/html"], limits.html_characters)
    markup = _markup(said, words, limits)
    pieces: list[Piece] = []
    for group in groups:
        piece = _piece(group, words, limits)
        if not _repeated(piece, pieces):
            pieces.append(piece)
    full = "\n\n".join(piece.words.strip("\n") for piece in pieces)[: limits.text_characters].strip("\n")
    return Body(full=full, markup=markup, pieces=tuple(pieces))


def _words(said: Sequence[Part], characters: int) -> dict[int, str]:
    """What is read of each part: of all together no more than can be shown."""
    found: dict[int, str] = {}
    left = characters
    for part in said:
        found[part.position] = words = part.words[:left] if left else ""
        left -= len(words)
    return found


def _groups(said: Sequence[Part]) -> Iterator[list[Part]]:
    """Parts that say the same in different forms, in the order of the first of each."""
    groups: dict[tuple[str, int], list[Part]] = {}
    for part in said:
        alone = part.alternative is None
        groups.setdefault(("part", part.position) if alone else ("alternative", part.alternative or 0), []).append(part)
    yield from groups.values()


def _piece(group: Sequence[Part], words: dict[int, str], limits: Limits) -> Piece:
    plain = _plain(group, words)
    markup = _markup(group, words, limits)
    if text.visible(plain) or not markup:
        return Piece(words=plain)
    shown, tree = html.reading(markup)
    return Piece(words=shown, markup=markup, tree=tree)


def _plain(parts: Sequence[Part], words: dict[int, str]) -> str:
    return "\n\n".join(words[part.position] for part in parts if part.type != "text/html")


def _markup(parts: Sequence[Part], words: dict[int, str], limits: Limits) -> str:
    """All HTML that was read."""
    read = (words.get(part.position, "") for part in parts if part.type == "text/html")
    return "\n".join(read)[: limits.html_characters]


def _repeated(piece: Piece, pieces: Sequence[Piece]) -> bool:
    """HTML beside a text that begins with the same letters is that text again."""
    if not any(map(str.isalnum, piece.words[:LOOKED_AT])):
        # A thumb, a question mark: that is an answer, too.
        return not text.visible(piece.words)
    return bool(piece.markup and any(_letters(piece.words) == _letters(other.words) for other in pieces))


def _letters(words: str) -> str:
    return "".join(filter(str.isalnum, words[:LOOKED_AT]))[:SAME_LETTERS]

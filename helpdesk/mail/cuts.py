"""The whole text of a mail as named parts: the new words, and what was cut around them; for `helpdesk explain`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

from helpdesk.mail import footers, introductions, quotes
from helpdesk.mail.message import WORDS, Segment

Known = Sequence[tuple[str, str]]  # kinds and texts

QUOTE = "quote"
NOTIFICATION = "notification"
BANNER = "banner"
CLOSING = "closing"
UNREAD = "unread"
UNCLEAR = "unclear"


def segments(full: str, new: str, known: Known = (), *, guess: str = footers.SIGNATURE) -> tuple[Segment, ...]:
    """All of ``full`` in order: the lines of ``new`` are the words, the others are named by what they look like.

    ``known`` are parts whose names are known, ``guess`` is the name of what looks like nothing. Blank lines go with
    what stands above them. Where the words do not stand in the text line by line, all of it is unclear.
    """
    if not full or full.strip() == new.strip():
        return (Segment(kind=WORDS, text=full),) if full else ()
    lines = full[: quotes.READ].split("\n")
    kept = _places(lines, new)
    if kept is None:
        return (Segment(kind=UNCLEAR, text=full),)
    kinds = _kinds(lines, kept, known, guess)
    found = [Segment(kind=kind, text=text) for kind, text in _joined(lines, kinds)]
    if rest := full[quotes.READ :]:
        found.append(Segment(kind=UNREAD, text=rest))
    return tuple(found)


def _places(lines: Sequence[str], new: str) -> frozenset[int] | None:
    """The numbers of the lines that are the new words; None when they are not all there, in their order.

    Of two ways to find them, from the top and from the end, the one that tears fewer of them apart is right.
    """
    there = [(number, words) for number, line in enumerate(lines) if (words := _bare(line))]
    wanted = [words for line in new.split("\n") if (words := _bare(line))]
    down = _in_turn(there, wanted)
    if down is None:
        return None
    up = _in_turn(there[::-1], wanted[::-1]) or down
    order = {number: place for place, (number, _) in enumerate(there)}
    return frozenset(min((down, up), key=lambda found: _runs(sorted(order[number] for number in found))))


def _bare(line: str) -> str:
    return " ".join(line.split())


def _in_turn(there: Sequence[tuple[int, str]], wanted: Sequence[str]) -> list[int] | None:
    lines = iter(there)
    found = [next((number for number, line in lines if line == words), None) for words in wanted]
    whole = [number for number in found if number is not None]
    return whole if len(whole) == len(found) else None


def _runs(places: Sequence[int]) -> int:
    return sum(after - before != 1 for before, after in pairwise(places))


def _kinds(lines: Sequence[str], kept: frozenset[int], known: Known, guess: str) -> list[str]:
    """What each line is."""
    first, last = min(kept, default=len(lines)), max(kept, default=-1)
    told: list[bool] = []
    for number, line in enumerate(lines):
        told.append(number in kept if line.strip() or not told else told[-1])
    found: list[str] = []
    for is_kept, group in groupby(range(len(lines)), key=told.__getitem__):
        numbers = list(group)
        run = [lines[number] for number in numbers]
        blank = not any(map(str.strip, run))
        above, below = numbers[0] < first, numbers[-1] > last
        found += [WORDS] * len(run) if is_kept or blank else _named(run, known, BANNER if above else guess, below=below)
    return found


def _named(run: Sequence[str], known: Known, guess: str, *, below: bool) -> list[str]:
    """What each of some neighbouring lines is that were cut, perhaps ``below`` all words."""
    history = quotes.history(run)
    end = _quoted_end(run, history.start) if below else len(run)
    name = NOTIFICATION if history.kind is quotes.Kind.MARKER else QUOTE
    kinds: list[str | None] = [None] * history.start + [name] * (end - history.start) + [None] * (len(run) - end)
    for number, line in enumerate(run):
        if kinds[number] is None and introductions.quoted(line):
            kinds[number] = QUOTE
    for start, text in _free(run, kinds):
        for number, kind in _footers(text):
            kinds[start + number] = kind
    for kind, words in known:
        _mark(run, kinds, kind, words)
    return _guessed(run, kinds, guess)


def _quoted_end(run: Sequence[str], start: int) -> int:
    """Where a quotation ends whose lines carry marks; without marks nothing says that it ends."""
    marked = [number for number in range(start, len(run)) if introductions.quoted(run[number])]
    if not marked:
        return len(run)
    end = marked[-1] + 1
    return end if footers.cuts(run[end:]) else len(run)


def _free(run: Sequence[str], kinds: Sequence[str | None]) -> Iterator[tuple[int, list[str]]]:
    """Neighbouring lines without a name, and the number of the first."""
    for named, group in groupby(range(len(run)), key=lambda number: kinds[number] is not None):
        numbers = list(group)
        if not named:
            yield numbers[0], [run[number] for number in numbers]


def _footers(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Signatures and footers, also those below each other, line by line."""
    end = len(lines)
    for _ in range(footers.ROUNDS):
        found = footers.cuts(lines[:end])
        stops = [number for number, _ in found[1:]] + [end]
        for (start, kind), stop in zip(found, stops, strict=False):
            yield from ((number, kind) for number in range(start, stop))
        if not found:
            return
        end = found[0][0]


def _mark(run: Sequence[str], kinds: list[str | None], kind: str, text: str) -> None:
    """The lines of a part that has been named before."""
    wanted = [words for line in text.split("\n") if (words := _bare(line))]
    there = [(number, words) for number, line in enumerate(run) if (words := _bare(line))]
    for start in range(len(there) - len(wanted) + 1 if wanted else 0):
        part = there[start : start + len(wanted)]
        if [words for _, words in part] == wanted:
            kinds[part[0][0] : part[-1][0] + 1] = [kind] * (part[-1][0] + 1 - part[0][0])
            return


def _guessed(run: Sequence[str], kinds: list[str | None], guess: str) -> list[str]:
    """A name for what has none: that of its neighbour when it belongs to it, else the guess."""
    for start, text in list(_free(run, kinds)):
        end = start + len(text)
        before = next((kind for kind in reversed(kinds[:start]) if kind), None)
        after = kinds[end] if end < len(kinds) else None
        said = [line.strip() for line in text if line.strip()]
        introduces = bool(said) and said[-1].endswith((":", "：")) and after is not None
        if not said or introduces or len(said) > footers.LOOSE_SIGNATURE_LINES:
            kind = before if before and not said else after or before or QUOTE
        else:
            kind = before if before in (QUOTE, NOTIFICATION) else guess
        kinds[start:end] = [kind] * len(text)
    return [kind or QUOTE for kind in kinds]


def _joined(lines: Sequence[str], kinds: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Neighbouring lines of one kind as one text."""
    for kind, group in groupby(range(len(lines)), key=kinds.__getitem__):
        numbers = list(group)
        end = "" if numbers[-1] == len(lines) - 1 else "\n"
        yield kind, "\n".join(lines[number] for number in numbers) + end

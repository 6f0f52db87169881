"""Short sentences in the reader's language for the codes that decisions speak: ``reopened``, ``claims: HD-1042``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from helpdesk.errors import TemplateError

FILE = "lines.txt"
NESTED = frozenset({"doubt"})  # codes whose value is itself a line; any other value may be the words of a stranger


def read(path: Path) -> dict[str, str]:
    """``code = sentence`` a line; ``{value}`` in it is what stood behind the code, ``{1}`` and ``{2}`` its words.

    A file that is not there has no sentences. Raises TemplateError when it cannot be read or understood.
    """
    if not path.exists():
        return {}
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        message = f"{path.name}: {error}"
        raise TemplateError(message) from error
    pairs = (_pair(path, number, line) for number, line in enumerate(lines, start=1) if _counts(line))
    return dict(pairs)


def _counts(line: str) -> bool:
    return bool(line.strip()) and not line.startswith("#")


def _pair(path: Path, number: int, line: str) -> tuple[str, str]:
    code, equals, sentence = line.partition(" = ")
    if not equals:
        message = f"{path.name}, line {number}: expected `code = sentence`"
        raise TemplateError(message)
    return code.strip(), sentence.strip()


def phrase(known: Mapping[str, str], line: str) -> str:
    """The sentence for a line of a notice; the line itself where there is none, so that nothing is hidden."""
    code, _, value = line.partition(":")
    value = value.strip()
    sentence = known.get(line) or known.get(code.strip())
    if sentence is None:
        return line.strip()
    said = phrase(known, value) if code.strip() in NESTED else value
    for number, word in enumerate(said.split()[:2], start=1):
        sentence = sentence.replace(f"{{{number}}}", word)
    return sentence.replace("{value}", said)

"""The words by which programs say that nobody is there, or that a mail has arrived, in the languages of our mail.

Three strengths. A *prefix* such as ``Automatic reply:`` is written by programs only. An *absence* such as ``Out of
office`` at the head of a subject is written by people, too, and needs a second sign. A *sentence* of the text counts
only where something else speaks for a machine already.

The tables are in `phrases.away`. Case and accents mean nothing: people and programs leave them out at will.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

from helpdesk.mail.phrases.away import ABSENCE, HINTS, PREFIXES, SENTENCES
from helpdesk.mail.phrases.declarations import DECLARATIONS
from helpdesk.mail.phrases.requests import REQUEST
from helpdesk.mail.phrases.separators import ANSWERS

SENTENCE_CHARACTERS = (
    1_500  # an automatic answer comes to the point at once; what stands further down is something else
)
HEAD_LETTERS = 2  # of a phrase; each has as many
BRIEF = 120  # letters of a text that says nothing but that somebody is away
SUBJECT_CHARACTERS = 300  # of a subject that are looked at; phrases stand at its head

_ALPHABETS_END = 0x0530  # behind Latin, Greek and Cyrillic words do not end where the phrase ends
# Letters that Unicode does not take apart into a letter and an accent.
_LETTERS = str.maketrans({"ß": "ss", "ı": "i", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ø": "o", "Ø": "O", "’": "'"})


def _folded(text: str) -> str:
    """Lower case, without accents, one space between words."""
    if text.isascii():
        return " ".join(text.lower().split())
    decomposed = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    bare = "".join(character for character in decomposed if unicodedata.category(character) != "Mn")
    return " ".join(unicodedata.normalize("NFC", bare).lower().split())


def _pattern(phrase: str) -> str:
    """A regular expression for one phrase of the tables."""
    words = re.escape(phrase).replace(r"\*", r"\w*").replace(r"\ _\ ", r"[ ](?:[^ ]+[ ]){0,5}").replace(r"\ ", r"[ -]?")
    bounded = phrase[-1].isalpha() and ord(phrase[-1]) < _ALPHABETS_END
    return words + (r"(?!\w)" if bounded else "")


def _phrases(table: Mapping[str, str]) -> set[str]:
    return {_folded(phrase) for line in table.values() for phrase in line.split("|")}


def _any(table: Mapping[str, str]) -> str:
    """One expression for all phrases, the longest first."""
    return "|".join(_pattern(phrase) for phrase in sorted(_phrases(table), key=lambda phrase: (-len(phrase), phrase)))


def _head(line: str) -> str:
    """The first letters, without the signs that may stand between the words of a phrase or be missing."""
    return line[: 2 * HEAD_LETTERS].replace(" ", "").replace("-", "")[:HEAD_LETTERS]


# What mail gateways and spam filters put before a subject.
_TAGS = r"(?:(?:\[[^\]]{1,40}\]|\*{2,5}[^*]{1,40}\*{2,5}|\((?:ext|external)\)|(?:ext|external) ?:) ?)*"
_ANSWERED = r"(?:re|aw|sv|vs|odp|antw|res|ynt|fwd?|wg|tr|回复|答复|回覆|回信) ?[:：]"
_AN_ANSWER = re.compile(rf"{_TAGS}{ANSWERS}")
_BRACKETED = re.compile(rf"\[(?P<words>(?:{_any(PREFIXES)})) ?\]")
_WHOLLY_ABSENT = re.compile(rf"{_TAGS}(?:{_any(ABSENCE)}) ?(?:[.!]?$|:)")
_WHOLE = re.compile(rf"{_TAGS}(?:{_any(PREFIXES)}) ?[.!:]?$")
_PREFIX = re.compile(
    rf"{_TAGS}(?P<words>(?:{_any(PREFIXES)})(?= ?[:：]| {_ANSWERED})"
    rf"|(?:{_any(ABSENCE)}) ?[:：]? {_ANSWERED}"
    rf"|yahoo! auto response$|message status - (?:delivered|opened|read|deleted)$"
    rf"|auto ?: ?.{{1,80}}(?:{_any(ABSENCE)})(?!\w).*\()"
)
_ABSENT = re.compile(rf"{_TAGS}(?P<words>{_any(ABSENCE)}|(?:{_any(PREFIXES)}) ?$)")
_AT_THE_END = re.compile(
    r"(?P<words>\bis (?:currently )?out of (?:the )?office\b.{0,40}|\bauto[ -]?(?:reply|response|responder)\W*)$"
)
# The out-of-office agent of Lotus Notes, which marks its mail by nothing else.
_TEMPLATE = re.compile(r"i will be out of the office starting .{1,40} and will not return until")
# At the beginning of a line or of a sentence: "I got: this is an automatic reply" is a person's.
_DECLARES = re.compile(rf"(?:^|[.!?*_>-] )[*_ -]{{0,4}}(?P<words>{_any(DECLARATIONS)})")
AUTOMATIC = ("autom", "авто", "автомат", "自動", "自动", "otomatik", "자동")
_SENTENCE = re.compile(rf"(?<!\w)(?:{_any(SENTENCES)})")
_HINT = re.compile(rf"(?<!\w)(?:{_any(HINTS)})")


# How a subject begins that one of the two long expressions could match; they are tried on no other.
_HEADS = {_head(phrase) for phrase in (*_phrases(PREFIXES), *_phrases(ABSENCE), "yahoo!", "message status", "auto:")}
_TAGGED = ("[", "*", "(", "ext")


def _may_say(line: str) -> bool:
    return line.startswith(_TAGGED) or _head(line) in _HEADS


def prefix(subject: str) -> str | None:
    """The head of the subject that only a program writes."""
    line = _folded(subject[:SUBJECT_CHARACTERS])
    found = (_BRACKETED.match(line) or _PREFIX.match(line)) if _may_say(line) else None
    return found["words"].strip() if found else None


def absence(subject: str) -> str | None:
    """Words of absence at the head of the subject, or at its end where programs put them."""
    line = _folded(subject[:SUBJECT_CHARACTERS])
    found = (_ABSENT.match(line) if _may_say(line) else None) or _AT_THE_END.search(line)
    return found["words"].strip() if found else None


def template(text: str) -> str | None:
    """A sentence that a program fills in, near the beginning of the text."""
    found = _TEMPLATE.search(_folded(text[:SENTENCE_CHARACTERS]))
    return found[0] if found else None


def declares(*texts: str) -> str | None:
    """A sentence of its own that says that the mail is an automatic answer; programs write that of themselves.

    They begin with it, or end with it; people show it to others, as a quotation or below a line with a colon.
    """
    for text in texts:
        lines = text[:SENTENCE_CHARACTERS].strip().split("\n")
        blank = max((number for number, line in enumerate(lines) if not line.strip()), default=0)
        for number in dict.fromkeys((0, *range(blank, len(lines)))):
            if (found := _declared(lines[number])) and not _is_shown(lines, blank, number):
                return found
    return None


def _declared(line: str) -> str | None:
    if line.lstrip().startswith((">", "|")) or not any(stem in line.lower() for stem in AUTOMATIC):
        return None
    found = _DECLARES.search(_folded(line))
    return found["words"] if found else None


def _is_shown(lines: Sequence[str], blank: int, number: int) -> bool:
    """Whether a line above, in the same paragraph or the nearest one, says that something of others follows."""
    nearest = [line for line in lines[:number] if line.strip()][-1:]
    return any(line.rstrip().endswith((":", "：")) for line in (*lines[blank:number], *nearest))


def answers(subject: str) -> bool:
    """Whether the subject begins as that of an answer."""
    return _AN_ANSWER.match(_folded(subject[:SUBJECT_CHARACTERS])) is not None


def sentence(text: str) -> str | None:
    """What an automatic answer says of itself near the beginning of the text."""
    found = _SENTENCE.search(_folded(text[:SENTENCE_CHARACTERS]))
    return found[0] if found else None


def hint(text: str) -> str | None:
    """What an automatic answer may say near the beginning of its text, and many other mails."""
    found = _HINT.search(_folded(text[:SENTENCE_CHARACTERS]))
    return found[0] if found else None


def nothing_else(subject: str, text: str) -> bool:
    """Whether the whole subject is a prefix, and the text says in a few words that somebody is away."""
    line = _folded(text[:SENTENCE_CHARACTERS])
    if len(line) > BRIEF or _WHOLE.match(_folded(subject[:SUBJECT_CHARACTERS])) is None:
        return False
    return any(pattern.search(line) for pattern in (_ABSENT, _SENTENCE, _HINT))


def only_absence(subject: str, text: str) -> bool:
    """Whether the subject is words of absence alone, or with a colon behind, and a short text says the same.

    Who asks something wants an answer, wherever he is.
    """
    line = _folded(text[:SENTENCE_CHARACTERS])
    whole = _WHOLLY_ABSENT.match(_folded(subject[:SUBJECT_CHARACTERS])) is not None
    asks = "?" in line or REQUEST.search(text[:SENTENCE_CHARACTERS]) is not None
    return whole and len(line) <= BRIEF and not asks and _SENTENCE.search(line) is not None


def names(subject: str, name: str | None) -> bool:
    """Whether the subject names this person: programs write ``Out of office - Eva Fekete``, people need not."""
    words = _folded(name or "")
    return " " in words and words in _folded(subject[:SUBJECT_CHARACTERS])

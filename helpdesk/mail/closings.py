"""The end of a letter: the formula, the name and what stands below it, apart from what the person had to say.

Staff see it in the full text; a colleague's own closing goes to the customer with his words. What could be words, goes
with the words: below the name only what tells who somebody is and how to reach him belongs to the closing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from helpdesk.mail import text
from helpdesk.mail.footers import ANNOUNCED, REACH
from helpdesk.mail.message import Address
from helpdesk.mail.phrases.closings import BUSINESS, CLOSING, LINE, NEWS, NO_NAME, SIGNED
from helpdesk.mail.phrases.footers import RULE

LINES = 26  # below the formula: name, company, addresses, telephones, what the law asks of companies
FORMULA_CHARACTERS = 110
FORMULAS = 4  # lines above each other that can be formulas
NAME_WORDS = 4
TITLE_WORDS = 6  # of a line below the name: a position, a company
TITLE_IN_WORDS = 3  # of a line without any number further below
SMALL_WORDS = 2  # of a position in small letters
PLACE_WORDS = 7  # of a line with a number: a street, a town
NAMED_LINES = 8  # the name and what stands right below it
SHORT_CHARACTERS = 80  # of a line of a signature; longer ones are sentences
DRAWN_LINES = 6  # below a line that somebody drew
CARD_LEAST = 3  # lines of a card that nothing announces
INITIAL_WORDS = 3  # "Eva K." ends like a sentence and is none
WORD_LETTERS = 3  # of a name that is compared; "de" and "van" are everybody's
_INITIAL = re.compile(r"[^\W\d_]\.?")
_SENTENCE_ENDS = (".", "!", "?", "…", ")", "\u3002", "\uff01", "\uff1f")


def apart(words: str, sender: Address | None = None) -> tuple[str, str]:
    """The words, and the closing below them ("" for none); nobody's whole mail is a closing."""
    lines = words.split("\n")
    found = (_formal(lines), _drawn(lines), _card(lines, sender), _signed(lines))
    start = next((number for number in found if number is not None), None)
    if start is None:
        return words, ""
    said = "\n".join(lines[:start]).rstrip("\n ")
    if not text.visible(said):
        return words, ""
    return said, "\n".join(lines[start:]).strip("\n")


def _formal(lines: Sequence[str]) -> int | None:
    """Where a formula begins below which there is nothing but a signature."""
    last = len(lines)
    for number in range(last - 1, max(0, last - LINES - 2), -1):
        if _formula(lines[number]) and _ends_with(lines, number):
            return _with_formulas(lines, number)
    return None


def _ends_with(lines: Sequence[str], number: int) -> bool:
    """Whether the formula is the writer's own, and what stands below it a signature, or nothing."""
    if _above(lines, number).endswith(ANNOUNCED):
        return False
    blocks = _blocks(lines[number + 1 :])
    if not blocks:
        # One word alone may be an answer: "Which is it, good, better or best?" "Best"
        return len(lines[number].split()) > 1
    below = [line for block in blocks[1:] for line in block if line != blocks[0][0]]
    sure = any(REACH.search(line) or BUSINESS.search(line) for block in blocks for line in block)
    # Who he is stands above how to reach him; what stands below all that was written to be read.
    last = bool(below) and not (
        REACH.search(below[-1]) or BUSINESS.search(below[-1]) or any(map(str.isdigit, below[-1]))
    )
    return _names(blocks[0], sure=sure) and (not below or (sure and not last and all(map(_is_dry, below))))


def _with_formulas(lines: Sequence[str], number: int) -> int:
    """A formula may have another above it, in a second language or as its first half."""
    above = next((n for n in range(number - 1, max(0, number - FORMULAS), -1) if not _formula(lines[n])), None)
    return number if above is None else above + 1


def _formula(line: str) -> bool:
    """Whether the line is a formula, or one in two languages; with a name behind it, it is short enough to stay."""
    if not line.strip() or len(line) > FORMULA_CHARACTERS:
        return False
    return CLOSING.match(line) is not None or ("/" in line and all(map(CLOSING.match, line.split("/"))))


def _above(lines: Sequence[str], number: int) -> str:
    return next((line.rstrip() for line in reversed(lines[:number]) if line.strip()), "")


def _blocks(lines: Sequence[str]) -> list[list[str]]:
    """Lines that stand together, without blank ones; formulas of a second language do not count."""
    found: list[list[str]] = [[]]
    for line in lines:
        if not line.strip():
            found.append([])
        elif not (_formula(line) or LINE.match(line) or RULE.match(line)):
            found[-1].append(line.strip())
    return [block for block in found if block]


def _names(block: Sequence[str], *, sure: bool) -> bool:
    """A name, and right below it a position, a company, an address; ``sure``: something tells how to reach him."""
    return len(block) <= NAMED_LINES and _is_name(block[0]) and all(_may_follow(line, sure=sure) for line in block[1:])


def _is_name(line: str) -> bool:
    words = line.split()
    if _INITIAL.fullmatch(line):
        return True
    if len(words) > NAME_WORDS or any(map(str.isdigit, line)) or line[0].islower() or NO_NAME.match(line):
        return False
    return not line.endswith((",", ":", "?", "!")) and (not line.endswith(".") or len(words) <= INITIAL_WORDS)


def _may_follow(line: str, *, sure: bool = True) -> bool:
    """Whether the line can stand below a name; a position in small letters only where the rest is ``sure``."""
    if len(line) > SHORT_CHARACTERS or line.startswith(">"):
        return False
    words = len(line.split())
    if line.endswith(("?", "\uff1f")) or NO_NAME.match(line):
        return False
    if REACH.search(line) or BUSINESS.search(line) or "@" in line:
        return True
    if line.endswith("!"):
        return False
    if line[0].islower() and not (sure and words <= SMALL_WORDS):
        return False
    return _is_place(line) if any(map(str.isdigit, line)) else words <= TITLE_WORDS


def _is_place(line: str) -> bool:
    return len(line.split()) <= PLACE_WORDS and not NEWS.search(line)


def _is_dry(line: str) -> bool:
    """No request, such as "Please ring twice", and no number that is news, such as that of a customer or an order."""
    if not _may_follow(line):
        return False
    if REACH.search(line) or BUSINESS.search(line):
        return True
    return not NEWS.search(line) if any(map(str.isdigit, line)) else len(line.split()) <= TITLE_IN_WORDS


def _drawn(lines: Sequence[str]) -> int | None:
    """A long dash, or several, on a line of their own above a name."""
    for number in range(len(lines) - 1, max(0, len(lines) - DRAWN_LINES - 2), -1):
        if LINE.match(lines[number]):
            stands_alone = not lines[number - 1].strip() or _ends_a_sentence(_above(lines, number))
            blocks = _blocks(lines[number + 1 :])
            named = len(blocks) == 1 and len(blocks[0]) <= DRAWN_LINES and _names(blocks[0], sure=True)
            return number if named and stands_alone and not _above(lines, number).endswith(ANNOUNCED) else None
    return None


def _card(lines: Sequence[str], sender: Address | None) -> int | None:
    """A last paragraph with the sender's own name and how to reach him; another's card is what he writes about."""
    start = next((n for n in range(len(lines), max(0, len(lines) - LINES), -1) if not lines[n - 1].strip()), 0)
    card = [line.strip() for line in lines[start:]]
    if sender is None or len(card) < CARD_LEAST or not _above(lines, start).endswith(_SENTENCE_ENDS):
        return None
    if not _is_name(card[0]) or not all(map(_may_follow, card[1:])) or not any(map(REACH.search, card)):
        return None
    own = {word for word in re.findall(r"\w+", (sender.name or "").lower()) if len(word) >= WORD_LETTERS}
    his = (bool(own) and own <= set(re.findall(r"\w+", card[0].lower()))) or sender.key in "\n".join(card).lower()
    return start if his else None


def _signed(lines: Sequence[str]) -> int | None:
    """A last line that is a name behind a sign, below a blank line and a sentence; a list of such lines is a list."""
    number = len(lines) - 1
    if number < 2 or lines[number - 1].strip() or not SIGNED.match(lines[number]):
        return None
    if not lines[number].lstrip(" -–—/")[:1].isupper() or not _ends_a_sentence(_above(lines, number)):
        return None
    sign = lines[number].lstrip()[:1]
    return None if any(line.lstrip().startswith(sign) for line in lines[:number]) else number


def _ends_a_sentence(line: str) -> bool:
    return line.endswith(_SENTENCE_ENDS) or (bool(line) and not line[-1].isalnum() and line[-1] not in ":,;-\uff1a")

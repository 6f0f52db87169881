"""Words from outside made fit for our letters: subjects without links, text without tokens, tame names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from helpdesk.mail.text import clean, one_line

SUBJECT_CHARACTERS = 78  # of the first subject that our subjects repeat: what a mail program shows in its list
NAME_CHARACTERS = 80  # of a display name in a header; nobody is called more
GREETED_CHARACTERS = 50
TOKEN_LEFT = 64  # a local part holds no more (RFC 5321 4.5.3.1.1)
CUT = "…"

_LINK = re.compile(
    r"\b[a-z][a-z0-9+.-]{1,20}:/?/?[^\s<>\"]*[./@][^\s<>\"]*|\bwww\.\S+|\b(?:mailto|tel):\S+", re.IGNORECASE
)
_MAY_BE_LINK = re.compile(r"[.:@]")  # one of these is in whatever the patterns around find
_ADDRESS = re.compile(r"[^\s@<>()\[\],;:\"]{1,200}@[^\s@<>()\[\],;:\"]{1,255}")
# a.name/with?path, or a bare name that mail programs make a link of.
_HOST = re.compile(
    r"\b(?:[\w-]{1,63}\.){1,20}([^\W\d_]{2,24}|xn--[a-z0-9-]{2,59})\b(?::\d+)?(?:[/?#]\S*)?", re.IGNORECASE
)
_GAP = re.compile(r"\n{4,}")
_EMPTY = re.compile(r"\[\s*\]|\(\s*\)|<\s*>")  # brackets around something that was cut
# Endings of files that people name in subjects and that are no top-level domains.
_FILE = re.compile(
    r"7z|avi|bak|bmp|cfg|conf|csv|dat|db|dll|docx?|dwg|eml|exe|gif|gz|html?|ini|iso|jpe?g|js|json|log|mdb|mp[34]|ms[gi]|od[pst]|pdf"
    r"|php|png|pptx?|psd|rar|rtf|sql|svg|sys|tar|tiff?|toml|txt|wav|xls[mx]?|xml|ya?ml",
    re.IGNORECASE,
)
_PREFIX = re.compile(
    r"(?:(?:re|aw|antw|sv|vs|fw|fwd|wg|vá|tov|odp|odg|отв|на|пересл|pd|fyi|tr|i)\s*(?:\[\d{1,3}\]|\(\d{1,3}\))?\s*[:：]\s*)+",
    re.IGNORECASE,
)
_TOKEN = re.compile(
    r"(?<![a-z0-9])[ah]\.[0-9]{1,9}\.[0-9]{1,9}\.(?:[a-z0-9]{4,40}\.)?[a-z2-7]{16}(?![a-z0-9])(?:@[a-z0-9.-]{1,255})?",
    re.IGNORECASE,
)
# What every token holds, and hardly any text: to look for the whole pattern takes ten times as long.
_MAY_BE_TOKEN = re.compile(r"[ahAH]\.[0-9]")
# The proof alone, whatever stands around it: in a file there may be anything.
_PROOF = r"[ah]\.[0-9]{1,9}\.[0-9]{1,9}\.(?:[a-z0-9]{4,40}\.)?[a-z2-7]{16}"
_PROOF_IN_NAME = re.compile(_PROOF, re.IGNORECASE)
_PROOF_IN_BYTES = re.compile(_PROOF.encode(), re.IGNORECASE)
_NOT_IN_NAME = re.compile(r"\s*[<>\"\\]+\s*")
_ADDRESS_SIGN = re.compile(r"[\w.+%=/<~-]", re.ASCII)
# A full stop is followed by a space, as in Dr. Nagy: evil.example is no name.
_NAME = re.compile(r"[^\W\d_]+(?:(?:\. |[ '’-])[^\W\d_]+)*\.?")


def bare_subject(subject: str, prefix: str) -> str:
    """A subject on one line, without reply prefixes and without tags of our form, whoever wrote them."""
    rest = " ".join(_tag(prefix).sub(" ", one_line(subject)).split())
    return _PREFIX.sub("", rest, count=1) if _PREFIX.match(rest) else rest


@cache
def _tag(prefix: str) -> re.Pattern[str]:
    return re.compile(rf"[\[(]\s*{re.escape(prefix)}\s*-\s*\w{{0,20}}\s*[\])]", re.IGNORECASE)


def without_links(line: str) -> str:
    """A line in which no mail program finds anything to click: URLs, addresses and host names are cut out."""
    left = line
    if not _MAY_BE_LINK.search(line):
        return line
    for pattern in (_LINK, _ADDRESS):
        left = pattern.sub(" ", left)
    left = _HOST.sub(_host, left)
    return line if left == line else " ".join(_EMPTY.sub(" ", left).split()).lstrip(" <>)]|,;-").rstrip(" <>([|,;-")


def _host(found: re.Match[str]) -> str:
    """A host name goes; the name of a file stays."""
    return found[0] if _FILE.fullmatch(found[1]) and found[0].endswith(found[1]) else " "


def shortened(line: str, characters: int = SUBJECT_CHARACTERS) -> str:
    """At most so many characters, with an ellipsis where something was cut."""
    return line if len(line) <= characters else line[: characters - 1].rstrip() + CUT


def display_name(name: str | None) -> str:
    """A name for a header: one line, without the signs that make a second address of it."""
    return shortened(_NOT_IN_NAME.sub(" ", one_line(name or "")).strip(), NAME_CHARACTERS) if name else ""


def greeted(name: str | None) -> str:
    """A name that we may greet by: letters only, so that nobody can put words in our mouth; else ""."""
    line = one_line(name or "")
    return line if len(line) <= GREETED_CHARACTERS and _NAME.fullmatch(line) else ""


def without_tokens(words: str, instead: str) -> str:
    """Text in which the plain address stands for reply addresses and Message-IDs that prove a staff member."""
    if not _MAY_BE_TOKEN.search(words):
        return words
    out, position = [], 0
    for found in _TOKEN.finditer(words):
        start = found.start()
        while start > max(position, found.start() - TOKEN_LEFT) and _ADDRESS_SIGN.match(words[start - 1]):
            start -= 1
        out += [words[position:start], instead]
        position = found.end() + words.startswith(">", found.end())
    return "".join([*out, words[position:]])


def without_proofs(name: str) -> str:
    """The name of a file without what proves a staff member; what stands around it, such as its ending, stays."""
    return _PROOF_IN_NAME.sub("", name)


def shows_proof(data: bytes) -> bool:
    """Whether what proves a staff member can be read in these bytes, in any set of characters that holds ASCII.

    Without the NULs between them the characters of UTF-16 are those of ASCII.
    """
    return any(_PROOF_IN_BYTES.search(view) for view in (data, data.replace(b"\0", b"")))


def without_addresses(words: str, addresses: Iterable[str], instead: str) -> str:
    """Text in which one address stands for each of some others, in any letter case."""
    for address in addresses:
        whole = rf"(?<![\w.%+-]){re.escape(address)}(?![\w-]|\.\w)"
        words = re.sub(whole, lambda _: instead, words, flags=re.IGNORECASE)
    return words


def paragraphs(words: str) -> str:
    """Text of several lines, clean, without blank lines at either end and never more than two in a row."""
    words = clean(words)
    return (_GAP.sub("\n\n\n", words) if "\n\n\n\n" in words else words).strip("\n").rstrip()

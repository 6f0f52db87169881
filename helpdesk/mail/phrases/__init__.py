"""What mail programs and mail servers write around the words of people, in the languages of our customers.

One module holds one subject as a table: regular expressions between `` | ``, a line a language. A new language is a new
line in each table; a space in a phrase stands for any white space. A line that begins with ``|`` and no space behind it
goes on in the middle of a phrase.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

Table = Mapping[str, str] | str
_BROKEN = re.compile(r"\s*\n\s*\|(?! )")


def alternatives(*tables: Table) -> str:
    """One regular expression that matches any phrase of the tables, the longest first."""
    texts = [text for table in tables for text in ([table] if isinstance(table, str) else table.values())]
    phrases = {phrase for text in texts for phrase in " ".join(_BROKEN.sub("|", text).split()).split(" | ")}
    return "|".join(phrase.replace(" ", r"\s+") for phrase in sorted(phrases, key=lambda each: (-len(each), each)))


def compiled(*tables: Table, before: str = "", after: str = "") -> re.Pattern[str]:
    """The phrases as one pattern without regard to case, with what stands before and behind each."""
    return re.compile(f"{before}(?:{alternatives(*tables)}){after}", re.IGNORECASE)

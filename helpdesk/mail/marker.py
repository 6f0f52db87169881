"""The line at the top of our letters above which people answer; below it nothing is theirs."""

from __future__ import annotations

MARKER = "##- "  # begins the line in every language, and stands at the beginning of a quoted line after the quote marks
END = " -##"

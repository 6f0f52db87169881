"""Numbers in sentences: one mail, two mails."""

from __future__ import annotations


def counted(number: int, one: str, more: str | None = None) -> str:
    """``1 mail`` and ``2 mails``; ``more`` where the plural is not made with an s alone."""
    return f"{number} {one if number == 1 else more or f'{one}s'}"

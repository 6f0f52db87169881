"""Numbers in sentences: one mail and two mails, and the one sentence of the ledger."""

from __future__ import annotations

from collections.abc import Mapping


def counted(number: int, one: str, more: str | None = None) -> str:
    """``1 mail`` and ``2 mails``; ``more`` where the plural is another word than with an s."""
    return f"{number} {one if number == 1 else more or f'{one}s'}"


def accounted(arrived: int, ended: int, missing: Mapping[str, int]) -> str:
    """``142 arrived, 140 accounted for: 1 waiting, 1 passed over``; what is missing 0 times is not named."""
    rest = ", ".join(f"{count} {what}" for what, count in missing.items() if count)
    return f"{arrived} arrived, {ended} accounted for{f': {rest}' if rest else ''}"

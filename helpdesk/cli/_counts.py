"""The one sentence of the ledger: how many mails arrived, how many are accounted for, and where the rest is."""

from __future__ import annotations

from collections.abc import Mapping


def accounted(arrived: int, ended: int, missing: Mapping[str, int]) -> str:
    """``142 arrived, 140 accounted for: 1 waiting, 1 passed over``; what is missing 0 times is not named."""
    rest = ", ".join(f"{count} {what}" for what, count in missing.items() if count)
    return f"{arrived} arrived, {ended} accounted for{f': {rest}' if rest else ''}"

"""The Date field gives an aware date or none, never an error."""

from __future__ import annotations

import pytest

from helpdesk.mail.dates import read


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Mon, 2 Mar 2026 09:00:00 +0100", "2026-03-02T09:00:00+01:00"),
        ("2 Mar 2026 09:00 -0000", "2026-03-02T09:00:00+00:00"),
        ("Mon, 2 Mar 2026 23:59:60 +0000 (leap)", "2026-03-02T23:59:59+00:00"),
        ("2026-03-02T09:00:00Z", "2026-03-02T09:00:00+00:00"),
        ("Mon, 2 Mar 2026 09:00:00 GMT", "2026-03-02T09:00:00+00:00"),
        ("Mon, 2 Mar 26 09:00:00 EST", "2026-03-02T09:00:00-05:00"),
    ],
)
def test_a_date_keeps_the_offset_that_was_written(written: str, expected: str) -> None:
    """A missing or unknown zone counts as UTC."""
    found = read(written)
    assert found is not None
    assert found.isoformat() == expected


@pytest.mark.parametrize(
    "written",
    [
        "",
        "garbage",
        "Mon, 2 Mar 9999999999 09:00:00 +0100",
        "Mon, 2 Mar 2026 09:00:00 +9999",
        "30 Feb 2026 09:00 +0000",
        "2 Mar 2026 25:00:00 +0000",
        "0 0 0 0:0:0 0",
        "x" * 100_000,
        "(" * 100_000,
        "Mon, 2 Mar 2026 09:00:00 +99999999999999999999",
        "1 Jan 1900 00:00 +0000",
    ],
)
def test_nonsense_is_no_date(written: str) -> None:
    """The standard library raises on some of these (C61, C65)."""
    assert read(written) is None

"""Dates as programs show them to people, in their languages."""

from __future__ import annotations

import pytest

from helpdesk.mail.shown_dates import read


@pytest.mark.parametrize(
    "written",
    [
        "Monday, March 2, 2026 9:00 AM",
        "2026. március 2., hétfő 9:00",
        "hétfő, 2026. márc. 2. 9:00",
        "Montag, 2. März 2026 um 09:00 Uhr",
        "2.3.2026 klo 9.00",
        "3/2/2026 9:00 AM",
        "poniedziałek, 2 marca 2026 09:00",
        "понедельник, 2 марта 2026 г. 9:00",
        "2 березня 2026 р. о 09:00",
        "2026年3月2日(月) 9:00",
        "lundi 2 mars 2026 09:00",
        "lunes, 2 de marzo de 2026 9:00",
        "ma 2 mrt. 2026 om 09:00",
        "2. ožujka 2026. 09:00",
        "man. 2. mars 2026 kl. 09:00",
        "2 Mart 2026 Pazartesi 09:00",
        "pondělí 2. března 2026 9:00",
        "02/03/2026 09:00",
        "2. marts 2026 kl. 09.00.00 CET",
    ],
)
def test_a_shown_date_is_read_in_every_language(written: str) -> None:
    """Without a zone the clock is taken for UTC."""
    found = read(written)
    assert found is not None
    assert found.isoformat() == "2026-03-02T09:00:00+00:00"


def test_a_shown_zone_and_half_of_the_day_count() -> None:
    """``GMT+1`` is what Yahoo writes."""
    found = read("Tuesday, November 2, 2021, 09:26:50 PM GMT+1")
    assert found is not None
    assert found.isoformat() == "2021-11-02T21:26:50+01:00"


@pytest.mark.parametrize(
    "written", ["", "yesterday", "32.13.2026 9:00", "99:99", "1" * 100_000, "30 February 2026", "((((", "2026"]
)
def test_what_is_no_date_is_none(written: str) -> None:
    """No error for anything."""
    assert read(written) is None

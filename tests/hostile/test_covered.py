"""None of the cases C01 to C88 is forgotten: each has a mail of its own, or a test that is named here."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hostile.cases import CASES, FOLDER, KEYS
from tests.hostile.checks import ENDS

ROOT = Path(__file__).resolve().parents[2]
NUMBERS = [f"C{number:02}" for number in range(1, 89)]
# Cases of many mails, of the way in, and of what leaves the house: what a single mail cannot show.
ELSEWHERE = {
    "C25": ("tests/hostile/test_storms.py::test_two_helpdesks_do_not_write_to_each_other_for_ever",),
    "C26": ("tests/hostile/test_storms.py::test_of_five_hundred_mails_of_one_sender_three_are_confirmed",),
    "C27": ("tests/hostile/test_storms.py::test_three_hundred_senders_of_one_domain_get_thirty_letters",),
    "C28": ("tests/hostile/test_storms.py::test_when_the_breaker_trips_answers_of_people_still_leave",),
    "C57": ("tests/hostile/test_beyond.py::test_no_words_of_a_mail_stand_in_the_log",),
    "C58": ("tests/inbox/test_fetcher.py::test_no_command_carries_words_of_a_mail",),
    "C59": ("tests/mail/test_parse.py::test_a_mail_made_to_hurt_is_read_in_time",),
    "C60": ("tests/mail/test_parse.py::test_a_mail_made_to_hurt_is_read_in_time",),
    "C71": ("tests/outbox/test_wire.py::test_the_server_is_told_what_comes",),
    "C73": (
        "tests/inbox/test_fetcher.py::test_an_empty_body_is_waited_for_and_holds_nothing_up",
        "tests/inbox/test_fetcher.py::test_a_body_that_never_comes_is_replaced_by_a_note",
    ),
    "C77": ("tests/hostile/test_beyond.py::test_nothing_is_fetched_run_or_written_while_a_mail_is_read",),
    "C79": ("tests/test_parse_worker.py::test_a_mail_over_its_limits_is_given_up_alone",),
    "C84": ("tests/compose/test_mime.py::test_active_types_are_for_saving_only",),
    "C86": (
        "tests/inbox/test_reader.py::test_of_a_mail_that_is_too_large_only_the_header_is_taken",
        "tests/inbox/test_reader.py::test_a_mail_of_forty_megabytes_takes_no_memory",
    ),
    "C87": ("tests/hostile/test_beyond.py::test_no_words_of_a_mail_stand_in_the_log",),
    "C88": (
        "tests/inbox/test_reader.py::test_the_first_start_takes_nothing_that_is_there_already",
        "tests/inbox/test_reader.py::test_with_a_date_older_mail_is_taken_but_never_acknowledged",
        "tests/inbox/test_imap.py::test_a_huge_folder_is_searched_in_pieces",
    ),
}


def test_every_number_has_a_mail_or_a_test() -> None:
    """And there are no others."""
    assert sorted({case.number for case in CASES} | set(ELSEWHERE)) == NUMBERS


@pytest.mark.parametrize("named", sorted({name for names in ELSEWHERE.values() for name in names}))
def test_a_test_that_is_named_exists(named: str) -> None:
    """It may be renamed, but not forgotten here."""
    file, _, function = named.partition("::")
    assert f"\ndef {function}(" in (ROOT / file).read_text(encoding="utf-8")


def test_every_mail_says_what_must_come_of_it() -> None:
    """By keys that are known; a mail without outcome is the earlier one of another case."""
    assert {key for case in CASES for key in case.expected} <= set(KEYS)
    assert {letter for case in CASES for letter in case.expected["outcome"]} <= set(ENDS)
    alone = {file.stem for file in FOLDER.glob("*.eml")} - {case.name for case in CASES}
    assert alone <= {step for case in CASES for step in case.before}

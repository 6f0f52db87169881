"""Which mail is to blame for trouble of the database; never one that merely was there."""

from __future__ import annotations

import pytest

from helpdesk.blame import ASIDE, BLAMED_TIMES, Blame
from helpdesk.errors import StoreBusy, StoreFull

POISON, INNOCENT = 40, 41


def fails(blame: Blame, mail: int = POISON) -> bool:
    return blame.troubled([mail], StoreBusy())


def goes_well(blame: Blame, mail: int = INNOCENT) -> None:
    blame.decided([mail], proof=True)


def test_nobody_is_blamed_while_no_mail_is_well() -> None:
    """However long it lasts: a lock fails everything."""
    blame = Blame()
    assert not any(fails(blame) for _ in range(100))
    goes_well(blame)
    assert not fails(blame)


def test_who_fails_while_others_are_well_is_blamed_at_last() -> None:
    """The first failure counts only when another mail was well after it and the mail fails again."""
    blame, failures = Blame(), 1
    while not fails(blame):
        goes_well(blame)
        failures += 1
    assert failures == 1 + BLAMED_TIMES


def test_a_mail_that_was_blamed_begins_anew() -> None:
    """Its next try is as long as its first."""
    blame = Blame()
    while not fails(blame):
        goes_well(blame)
    blamed = []
    for _ in range(BLAMED_TIMES):
        goes_well(blame)
        blamed.append(fails(blame))
    assert blamed == [False] * (BLAMED_TIMES - 1) + [True]


def test_what_is_well_without_proof_counts_against_nobody() -> None:
    """A copy that is only noted goes well although the tickets are locked."""
    blame = Blame()
    for _ in range(10 * BLAMED_TIMES):
        assert not fails(blame)
        blame.decided([INNOCENT], proof=False)


def test_trouble_that_no_mail_can_make_counts_against_nobody() -> None:
    """A full disk, say; the oldest mail is tried until it is well."""
    blame = Blame()
    for _ in range(10 * BLAMED_TIMES):
        assert not blame.troubled([POISON], StoreFull())
        goes_well(blame)
    assert blame.doubts([POISON]) and not blame.aside


def test_mails_that_failed_together_go_one_by_one_until_all_are_decided() -> None:
    """One good mail says nothing of the others; a bundle without them is as any other."""
    blame = Blame()
    blame.troubled([1, 2, 3], StoreBusy())
    seen = []
    for mail in (1, 2, 3):
        seen.append(blame.doubts([3, 4]))
        goes_well(blame, mail)
    assert seen == [True] * 3
    assert not blame.doubts([1, 2, 3])


def test_after_a_failure_alone_one_other_mail_is_tried() -> None:
    """It shows whether all fail; more would only be handled before their turn."""
    blame = Blame()
    fails(blame)
    assert blame.seeks_proof and blame.aside == {POISON}
    goes_well(blame)
    assert not blame.seeks_proof and not blame.aside


def test_a_suspect_lets_the_others_go_together() -> None:
    """It has failed after another was well; its turn comes when nothing else waits."""
    blame = Blame()
    fails(blame)
    goes_well(blame)
    fails(blame)
    goes_well(blame)
    assert not blame.seeks_proof and blame.aside == {POISON}
    assert blame.next_round()
    assert blame.doubts([POISON]) and not blame.aside


def test_two_suspects_are_tried_one_after_the_other() -> None:
    """The oldest does not keep the other from its turn."""
    blame = Blame()
    fails(blame, 1)
    fails(blame, 2)
    blame.next_round()
    fails(blame, 1)
    assert blame.aside == {1} and blame.doubts([2])


def test_who_merely_was_there_is_next_as_soon_as_one_mail_is_well() -> None:
    """The trouble is over: mails are not passed over for longer than it lasted."""
    blame = Blame()
    for mail in (1, 2, 3):
        fails(blame, mail)
    goes_well(blame, 4)
    assert not blame.aside


@pytest.mark.parametrize("newest", [None, 5], ids=["nothing waits", "newer ones wait"])
def test_what_another_process_has_decided_is_no_longer_doubted(newest: int | None) -> None:
    """Mails are claimed oldest first, so it would have been among them; what is newer still waits."""
    blame = Blame()
    blame.troubled([1, 2, 3, 9], StoreBusy())
    blame.claimed({3}, newest)
    assert not blame.doubts([1, 2])
    assert blame.doubts([3])
    assert blame.doubts([9]) == (newest is not None)


def test_the_list_of_those_aside_does_not_grow_for_ever() -> None:
    """Over days of trouble with thousands of mails."""
    blame = Blame()
    for mail in range(2 * ASIDE + 1):
        fails(blame, mail)
    assert len(blame.aside) == 1

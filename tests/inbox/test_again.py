"""After a restored backup what was filed since comes in once more, each mail once, and without an acknowledgement."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from helpdesk.store import positions, settling
from helpdesk.store.tables import Incoming, Position
from tests.inbox.place import USER, Place, mail, utc_now

pytestmark = [pytest.mark.dovecot, pytest.mark.xdist_group("mailbox")]


def restored(place: Place, *, since: dt.timedelta = dt.timedelta()) -> None:
    """A backup of so long ago is put back; what the ledger knows stays in the test's database."""
    now = utc_now() + dt.timedelta(seconds=1)  # servers tell arrival in whole seconds
    with place.store.writing() as session:
        settling.settle(session, backup=now - since, now=now)


def pending(place: Place) -> bool:
    """Whether the folder for what is done is still to be looked through."""
    with place.store.reading() as session:
        found = positions.get(session, "support")
    return found is not None and found.done_again_from is not None


def test_what_was_filed_since_the_backup_comes_in_again_once(place: Place) -> None:
    """It is taken from the folder for what is done; what the ledger knows, and older mail, is left."""
    place.take(done="Done")
    place.deliver("known")
    place.take(done="Done")
    place.append(mail("lost"), received=utc_now(), folder="Done")
    place.append(mail("old"), received=utc_now() - dt.timedelta(days=9), folder="Done")
    assert place.take(done="Done") == 0
    restored(place)
    place.deliver("waiting")
    assert place.take(done="Done") == 2
    assert place.take(done="Done") == 0
    assert place.subjects() == ["known", "lost", "waiting"]
    _, lost, waiting = place.rows()
    assert (lost.again, lost.acknowledge, lost.filed) == (True, False, True)
    assert (waiting.again, waiting.acknowledge) == (True, False)
    assert not pending(place)


def test_what_comes_after_the_restore_is_new(place: Place) -> None:
    """It is answered as ever."""
    place.take(done="Done")
    with place.store.writing() as session:
        past = utc_now() - dt.timedelta(seconds=5)
        settling.settle(session, backup=past, now=past)
    place.deliver("new")
    assert place.take(done="Done") == 1
    (new,) = place.rows()
    assert (new.again, new.acknowledge) == (False, True)


def test_a_folder_that_was_never_made_is_no_fault(place: Place) -> None:
    """Nothing was ever filed; nor is there anything to look for where mail stays in place."""
    for done in ("Never", None):
        place.take(done=done)
        restored(place)
        assert pending(place)
        assert place.take(done=done) == 0
        assert not pending(place)


def test_another_account_has_nothing_to_do_with_the_backup(place: Place) -> None:
    """Its folders hold other people's mail."""
    place.take(done="Done")
    place.append(mail("lost"), received=utc_now(), folder="Done")
    restored(place)
    with place.store.writing() as session:
        old = positions.get(session, "support")
        assert old is not None
        now, same = utc_now(), old.uidvalidity
        positions.reset(session, "support", account="other", uidvalidity=same, uid=0, acknowledge_from=now, now=now)
    place.take(done="Done")
    assert place.rows() == []


def noted(place: Place, *, backup: dt.timedelta, restored: dt.timedelta = dt.timedelta()) -> None:
    """A backup that was made so long ago, and knows no mailbox, was put back so long ago."""
    now = utc_now()
    with place.store.writing() as session:
        settling.settle(session, backup=now - backup, now=now - restored)


def test_a_mailbox_that_the_backup_does_not_know_is_read_since_the_backup(place: Place) -> None:
    """It was added after it: what it took in and filed since, and what waits; older mail was never its own."""
    hour = dt.timedelta(hours=1)
    with place.stack.session(USER) as client:
        client.create("Done")
    place.append(mail("filed"), received=utc_now() - hour, folder="Done")
    place.append(mail("old"), received=utc_now() - 9 * hour)
    place.append(mail("waiting"), received=utc_now() - hour)
    noted(place, backup=5 * hour)
    place.append(mail("new"), received=utc_now() + dt.timedelta(seconds=1))
    assert place.take(done="Done") == 3
    assert sorted(place.subjects()) == ["filed", "new", "waiting"]
    told = {subject: (row.again, row.acknowledge) for subject, row in zip(place.subjects(), place.rows(), strict=True)}
    assert told == {"filed": (True, False), "waiting": (True, False), "new": (False, True)}
    assert not pending(place)


def test_a_mailbox_that_is_added_long_after_a_restore_begins_as_ever(place: Place) -> None:
    """It is new: what lies there is not its own."""
    noted(place, backup=dt.timedelta(days=9), restored=dt.timedelta(days=8))
    place.deliver("before")
    assert place.take(done="Done") == 0
    place.deliver("new")
    assert place.take(done="Done") == 1
    assert place.subjects() == ["new"]


def test_a_mail_that_had_lain_in_the_junk_folder_comes_again(place: Place) -> None:
    """It arrived days before the backup, and somebody dragged it out after it; a backup knows how far was filed."""
    place.take(done="Done")
    place.deliver("known")
    place.take(done="Done")
    with place.store.writing() as session:
        long_ago = utc_now() - dt.timedelta(days=90)
        session.connection().execute(sa.update(Position).values(began=long_ago))
    restored(place)
    assert place.position().done_again_uid == 1
    place.append(mail("rescued"), received=utc_now() - dt.timedelta(days=3), folder="Done")
    assert place.take(done="Done") == 1
    assert place.subjects() == ["known", "rescued"]


def test_a_folder_that_is_missing_is_waited_for(place: Place) -> None:
    """Somebody renamed it: mail is taken in but not moved, as that would make another one."""
    place.take(done="Done")
    place.deliver("known")
    place.take(done="Done")
    place.append(mail("lost"), received=utc_now(), folder="Done")
    restored(place)
    renamed(place, "Done", "Old")
    place.deliver("waiting")
    assert place.take(done="Done") == 1
    assert "The folder Done is not there." in (place.position().error or "")
    assert len(place.stack.inbox(USER)) == 1 and pending(place)
    renamed(place, "Old", "Done")
    assert place.take(done="Done") == 1
    assert (place.subjects(), pending(place), place.stack.inbox(USER)) == (["known", "waiting", "lost"], False, [])


@pytest.mark.parametrize("filed", [True, False], ids=["its name was not noted", "before the first move"])
def test_a_folder_that_the_backup_does_not_name_is_waited_for(place: Place, filed: bool) -> None:
    """That nothing is noted of it does not mean that nothing was ever moved there."""
    place.take(done="Done")
    place.deliver("known")
    place.take(done="Done")
    place.append(mail("lost"), received=utc_now(), folder="Done")
    unknown = {"done_folder": None, "done_uidvalidity": None, "done_uidnext": None}
    with place.store.writing() as session:
        session.connection().execute(sa.update(Position).values(**unknown))
        session.connection().execute(sa.update(Incoming).values(filed=filed))
    restored(place)
    renamed(place, "Done", "Old")
    assert (place.take(done="Done"), pending(place)) == (0, True)
    assert "Mail may have been moved there before the backup" in (place.position().error or "")
    renamed(place, "Old", "Done")
    assert (place.take(done="Done"), place.subjects(), pending(place)) == (1, ["known", "lost"], False)


def test_the_search_waits_until_the_folder_is_named_again(place: Place) -> None:
    """The settings of today name none, and mail had been moved before the backup."""
    place.take(done="Done")
    place.deliver("known")
    place.take(done="Done")
    restored(place)
    assert (place.take(done=None), pending(place)) == (0, True)
    place.take(done="Done")
    assert not pending(place)


def renamed(place: Place, old: str, new: str) -> None:
    """By a person, in a mail program."""
    with place.stack.session(USER) as client:
        client.rename(old, new)

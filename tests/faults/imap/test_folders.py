"""What people and servers do to a watched folder: read, move, delete, rename, make anew; each mail counts once."""

from __future__ import annotations

import pytest

from tests.faults.imap.office import DESK, FOLDER, LEAVES, MAILBOXES, Office, mail

pytestmark = pytest.mark.dovecot


def test_a_folder_made_anew_with_its_old_mails(office: Office) -> None:
    """Deleted and created while it is watched, the same mails put back: no second ticket, no second letter."""
    office.until_kept(office.customer_writes("before", to=DESK))
    generation = office.position(DESK).generation
    with office.person(DESK) as client:
        client.delete_folder(FOLDER)
        client.create_folder(FOLDER)
        client.append(FOLDER, office.sent["before"])
    office.until(lambda: office.outcomes("before") == ["ticket", "duplicate"])
    assert office.position(DESK).generation == generation + 1
    office.until_kept(office.customer_writes("behind", to=DESK))


@pytest.mark.parametrize("running", [True, False], ids=["while running", "while stopped"])
def test_an_inbox_whose_uids_are_void(office: Office, *, running: bool) -> None:
    """All mails lie there under other UIDs: each is known, no letter goes out again, and what comes next is new."""
    old = [office.customer_writes(f"old-{number}-{running}", to=LEAVES) for number in range(3)]
    office.until_kept(*old)
    office.settle()
    validity = office.position(LEAVES).uidvalidity
    if not running:
        office.stop()
    office.forget_uids(LEAVES)
    if not running:
        office.start()
    office.until(lambda: office.position(LEAVES).uidvalidity != validity)
    office.until(lambda: all(office.outcomes(subject)[-1] == "duplicate" for subject in old))
    office.until_kept(office.customer_writes(f"new-{running}", to=LEAVES))
    assert [office.tickets()[subject] for subject in (*old, f"new-{running}")] == [1, 1, 1, 1]


def test_what_came_before_the_change_is_a_ticket_without_a_late_letter(office: Office) -> None:
    """It came while the daemon was stopped, and then all UIDs became void: nobody knows how old it is."""
    office.stop()
    subject = office.customer_writes("late", to=LEAVES)
    office.forget_uids(LEAVES)
    office.start()
    office.unanswered.add(subject)
    office.until_kept(subject)
    assert office.outcomes(subject) == ["ticket"]


def test_people_who_read_move_and_delete_before_the_fetch(office: Office) -> None:
    """What was read is taken in; what has been moved or deleted is not there, and comes when it is moved back."""
    line = office.lines["support"]
    fault = line.strike("client", b" UID SEARCH", then="hold")
    names = ("seen", "moved", "deleted", "undeleted")
    with office.person() as client:
        client.create_folder("Private")
        for name in names:
            office.customer_writes(name)
        office.until(lambda: line.happened)
        client.noop()
        uids = dict(zip(names, client.search(), strict=True))
        client.add_flags(uids["seen"], [rb"\Seen"])
        client.move([uids["moved"]], "Private")
        client.delete_messages([uids["deleted"], uids["undeleted"]])
        client.uid_expunge([uids["deleted"]])
        fault.release.set()
        office.until_kept("seen", "undeleted")
        assert not {"moved", "deleted"} & set(office.tickets())
        client.select_folder("Private")
        client.move(client.search(), "INBOX")
    office.until_kept("moved")
    del office.sent["deleted"]


def test_a_mail_that_a_person_takes_away_between_size_and_bytes(office: Office) -> None:
    """The server just leaves it out of its answer; its neighbours come in, and the mailbox is well."""
    line = office.lines["support"]
    fault = line.strike("client", b"BODY.PEEK", then="hold")
    with office.person() as client:
        office.customer_writes("vanishing")
        office.until(lambda: line.happened)
        client.noop()
        client.delete_messages(client.search())
        client.expunge()
    fault.release.set()
    office.until_kept(office.customer_writes("neighbour"))
    assert office.outcomes("vanishing") == [] or office.outcomes("vanishing") == ["ticket"]
    if not office.outcomes("vanishing"):
        del office.sent["vanishing"]


def test_a_mail_that_a_person_puts_back_is_not_answered_again(office: Office) -> None:
    """From the folder for what is done into the watched one: it is known, and filed away once more."""
    office.until_kept(office.customer_writes("again"))
    office.until(lambda: "again" in str(office.stack.inbox(MAILBOXES["support"], "Done")))
    with office.person(folder="Done") as client:
        client.copy(client.search(["SUBJECT", "again"]), "INBOX")
    office.until(lambda: office.outcomes("again") == ["ticket", "duplicate"])
    office.until(lambda: office.stack.inbox(MAILBOXES["support"]) == [])
    assert office.tickets()["again"] == 1


def test_a_mail_that_a_person_deletes_before_it_is_moved(office: Office) -> None:
    """It is kept here; that there is nothing left to move is no fault."""
    line = office.lines["support"]
    fault = line.strike("client", b" UID MOVE", then="hold")
    subject = office.customer_writes("kept")
    office.until(lambda: line.happened)
    with office.person() as client:
        client.delete_messages(client.search())
        client.expunge()
    fault.release.set()
    office.until_kept(subject)
    office.until(lambda: all(row.filed for row in office.rows()))
    assert office.outcomes(subject) == ["ticket"]


def test_a_watched_folder_that_a_person_renames(office: Office) -> None:
    """The status is red, no other folder is read, and none is made; under its old name it is read on."""
    office.until_kept(office.customer_writes("named", to=DESK))
    with office.person(DESK) as client:
        client.rename_folder(FOLDER, "Elsewhere")
        office.until_trouble(f"refused to open the folder {FOLDER}", DESK)
        assert not office.status()["well"]
        office.sent["elsewhere"] = mail("elsewhere", MAILBOXES[DESK])
        client.append("Elsewhere", office.sent["elsewhere"])
        office.until_kept(office.customer_writes("in-the-inbox", to="support"))
        assert "elsewhere" not in office.tickets() and not client.folder_exists(FOLDER)
        client.rename_folder("Elsewhere", FOLDER)
    office.until_kept("elsewhere")

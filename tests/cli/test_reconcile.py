"""`helpdesk reconcile` says for each mailbox what differs, and ends with 1 when anything stays."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.cli.shell import Answer, Shell, fits, written
from tests.flows.house import House
from tests.inbox.place import mail
from tests.servers.mailstack import PASSWORD, MailStack

DEAD = """
[mailboxes.dead]
address = "dead@helpdesk.test"
department = "support"
imap = {{ host = "localhost", port = {port}, user = "dead@helpdesk.test", password_env = "PASSWORD", ca_file = "{ca}" }}
"""


@pytest.fixture
def house(mailstack: MailStack, database_url: str, tmp_path: Path) -> House:
    """A site whose mailbox was read once; nothing runs."""
    mailstack.empty("support@helpdesk.test")
    site = House(site=tmp_path / "site", stack=mailstack, url=database_url)
    site.write_site()
    once(site)
    return site


def once(house: House) -> None:
    """One pass of the daemon, which sends nothing."""
    assert Shell(house.site)("run", "--once", "--read-only", environ={"PASSWORD": PASSWORD}).code == 0


def reconcile(house: House, *words: str) -> Answer:
    return Shell(house.site)("reconcile", *words, environ={"PASSWORD": PASSWORD})


@pytest.mark.dovecot
def test_all_is_accounted_for(house: House) -> None:
    """One sentence says so, exit 0; it fits on a screen of 80 columns."""
    house.stack.deliver(house.address, mail("one"), sender="eva@customer.test")
    once(house)
    answer = reconcile(house)
    assert answer.code == 0, answer
    assert "1 arrived, 1 accounted for\n" in answer.out
    assert "1 ticket\n" in answer.out
    assert fits(answer.out)


@pytest.mark.dovecot
def test_what_is_mended_is_told_and_is_no_failure(house: House) -> None:
    """A mail that was passed over is on the way now."""
    with house.opened() as app, app.store.writing() as session:
        session.connection().execute(sa.text("UPDATE positions SET uid = 5"))
    house.stack.deliver(house.address, mail("one"), sender="eva@customer.test")
    answer = reconcile(house, "--mailbox", "support")
    assert answer.code == 0, answer
    assert "1 arrived, 0 accounted for: 1 on the way" in answer.out
    assert "mended: UID 1: passed over" in answer.out


@pytest.mark.dovecot
def test_what_stays_ends_with_one(house: House) -> None:
    """Here mails that were kept before `done` was set; `--move` lets them go."""
    house.stack.deliver(house.address, mail("one"), sender="eva@customer.test")
    config = house.site / "helpdesk.toml"
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace('done = "Done"', ""), encoding="utf-8")
    once(house)
    config.write_text(text, encoding="utf-8")
    first = reconcile(house)
    assert (first.code, "STAYS: UID 1: kept here and said to be moved" in first.out) == (1, True)
    assert [reconcile(house, "--move").code, reconcile(house).code] == [0, 0]


@pytest.mark.dovecot
def test_a_dead_server_keeps_no_other_mailbox_from_being_compared(house: House) -> None:
    """It is told of, and the exit code says that something is wrong."""
    with (house.site / "helpdesk.toml").open("a", encoding="utf-8") as file:
        file.write(DEAD.format(port=1, ca=house.stack.ca))
    answer = reconcile(house, "--json")
    support, dead = answer.json["mailboxes"]
    assert (answer.code, answer.json["ok"]) == (1, False)
    assert (support["error"], support["staying"]) == (None, [])
    assert "does not answer" in dead["error"]
    assert "not compared: localhost:1 does not answer" in reconcile(house).out


def test_a_mailbox_that_there_is_not_is_a_mistake(tmp_path: Path) -> None:
    """With the names of those that there are."""
    shell = written(tmp_path)
    with shell.opened():
        pass
    answer = shell("reconcile", "--mailbox", "sales")
    assert (answer.code, "known are support" in answer.err) == (2, True)


def test_without_a_database_there_is_nothing_to_compare(shell: Shell) -> None:
    """And none is made."""
    answer = shell("reconcile")
    assert (answer.code, "has not run here" in answer.err) == (1, True)


def test_without_a_database_the_folder_is_named_that_was_looked_at(shell: Shell) -> None:
    """It may be a sample, or another site than was meant."""
    said = shell("tickets", "list").err
    assert f"the site in {shell.site.resolve()} has no database" in said
    assert "name its folder with --site" in said

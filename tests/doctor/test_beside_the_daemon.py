"""The doctor may be called while the daemon works on the same mailbox."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpdesk.desk.verdict import Kind
from helpdesk.store.tables import Incoming
from tests.cli.shell import Shell
from tests.config.sites import changed
from tests.flows.house import House
from tests.servers.mailstack import PASSWORD, MailStack
from tests.store import rows

USER = "support@helpdesk.test"
DONE = 'done = "Done"'

pytestmark = [pytest.mark.dovecot, pytest.mark.postfix, pytest.mark.slow]


@pytest.mark.parametrize("done", [False, True])
def test_the_probe_becomes_no_ticket_and_leaves_nothing(postfix: MailStack, tmp_path: Path, done: bool) -> None:
    """The daemon takes it for its own mail, moves it or not, and the doctor finds and removes it all the same."""
    postfix.empty(USER)
    house = House(site=tmp_path / "site", stack=postfix, url="sqlite:///helpdesk.db")
    house.write_site()
    if not done:
        main = house.site / "helpdesk.toml"
        main.write_text(changed(main.read_text(encoding="utf-8"), DONE, ""), encoding="utf-8")
    house.start()
    answer = Shell(house.site)("doctor", "--wait", "20", environ={"PASSWORD": PASSWORD})
    house.quiet()
    assert house.stop() == 0
    assert answer.code == 0, answer.out
    assert postfix.inbox(USER) + postfix.inbox(USER, "Done") == []
    with house.opened() as app:
        assert {row.kind for row in rows.all_of(app.store, Incoming)} <= {Kind.OWN}
    assert house.tickets("") == []

"""Two copies of the daemon that answer each other come to an end by count, even when nothing tells them apart."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from helpdesk.store import browse
from tests.conftest import NOT_RUN
from tests.flows.house import House, new_mail
from tests.servers.mailstack import MailStack, missing

pytestmark = [pytest.mark.postfix, pytest.mark.xdist_group("duel")]

HERE, THERE = "support@helpdesk.test", "support@other.test"
# A server on the way that takes away every sign by which programs know each other and their threads.
FORGETFUL = (
    "Auto-Submitted",
    "X-Auto-Response-Suppress",
    "X-Loop",
    "In-Reply-To",
    "References",
    "Message-ID",
    "Reply-To",
)


@pytest.fixture
def forgetful(tmp_path: Path) -> Iterator[MailStack]:
    """A mail server of its own whose Postfix forgets header fields."""
    if (reason := missing("dovecot", "openssl", "postfix")) is not None:
        pytest.skip(NOT_RUN + reason)
    server = MailStack(ignored_headers=FORGETFUL)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def both(forgetful: MailStack, tmp_path: Path) -> Iterator[tuple[House, House]]:
    """Two sites, each the customer of the other."""
    houses = []
    for address in (HERE, THERE):
        staff = {"anna": f"anna@{address.partition('@')[2]}"} if address == HERE else {"kata": "kata@other.test"}
        folder = tmp_path / address.partition("@")[2]
        site = House(site=folder, stack=forgetful, url="sqlite:///helpdesk.db", address=address, staff=staff, limits="")
        site.write_site()
        site.start()
        houses.append(site)
    yield houses[0], houses[1]
    for site in houses:
        assert site.stop() == 0


def acknowledged(house: House) -> int:
    """How many confirmations a site has really sent to the other."""
    with house.opened() as app, app.store.reading() as session:
        tickets = [browse.ticket(session, row["number"]) for row in browse.tickets(session, limit=500)]
    letters = [letter for ticket in tickets if ticket for letter in ticket["letters"]]
    return sum(letter["kind"].endswith("acknowledgement") and letter["state"].value == "sent" for letter in letters)


def test_a_duel_ends_by_count(both: tuple[House, House]) -> None:
    """At most three confirmations an hour each way, whatever the headers say; every mail is kept."""
    here, there = both
    start = new_mail(THERE, HERE, "Elindítom a párbajt", "Ki kezdi?")
    here.send(start)
    here.until(lambda: here.tickets("párbaj"))
    here.until(lambda: there.tickets("párbaj"))
    here.quiet()
    there.quiet()
    here.quiet()
    counts = (acknowledged(here), acknowledged(there))
    assert 1 <= counts[0] <= 3
    assert 1 <= counts[1] <= 3

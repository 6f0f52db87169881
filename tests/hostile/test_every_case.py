"""Every hostile mail goes the whole way: explained, taken in, thought about and written; the next one is unharmed."""

from __future__ import annotations

import pytest

from helpdesk import console
from helpdesk.desk.changes import LedgerOutcome
from tests.hostile.cases import CASES, Case
from tests.hostile.checks import ACKNOWLEDGEMENTS, wrong
from tests.hostile.site import Site, ordinary


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_hostile_mail_ends_as_it_must(site: Site, case: Case) -> None:
    """Its outcome, its letters and its words; its bytes are kept, and the mail behind it is confirmed as ever."""
    site.begin(case)
    mail = site.filled(case.raw)
    explained = site.explain(mail)
    console.as_json(explained).encode()
    hostile, next_one = site.handle(mail, ordinary(9), mailbox=case.mailbox)
    assert wrong(site, case, site.ended(hostile), explained) == []
    well = site.ended(next_one)
    assert (well.row["outcome"], well.row["attempts"]) == (LedgerOutcome.TICKET, 1)
    assert [each["recipient"] for each in well.outside if each["kind"] in ACKNOWLEDGEMENTS] == ["guest9@gast.example"]

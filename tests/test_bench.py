"""The bench: its mails are always the same, its manifest is right, and its check finds what is wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from bench.check import INCOMING, MESSAGES, OUTGOING, check_in
from bench.daemon import Asked, Ran, ran
from bench.explained import summary
from bench.generate import Made, mails
from bench.manifest import Earlier, Kind, Way, totals
from bench.servers import Servers, Sink, lacking
from helpdesk.desk.changes import LedgerOutcome
from helpdesk.mail.parse import parse
from tests.conftest import NOT_RUN
from tests.servers.mailstack import MailStack

# The run is shared: all that look at it belong into one process.
pytestmark = pytest.mark.xdist_group("bench")

KNOWN = Earlier(
    ticket=1001,
    sender="known@client.example",
    letter="<t.1001.0000.abcdefghijklmnop@helpdesk.test>",
    reply_address="support+t.1001.abcdefghijklmnop@helpdesk.test",
    tag="[HD-1001]",
    subject="nyomtató",
    text="Nem megy a nyomtató.",
)
"""A ticket that is there before."""


@pytest.fixture(scope="module")
def lot() -> list[Made]:
    """A thousand mails."""
    return list(mails(1_000, earlier=(KNOWN,)))


def test_the_same_seed_makes_the_same_bytes(lot: list[Made]) -> None:
    """Figures of two days can be compared."""
    assert [made.raw for made in mails(1_000, earlier=(KNOWN,))] == [made.raw for made in lot]
    assert next(mails(1, seed=1)).raw != next(mails(1, seed=2)).raw


def test_the_mails_are_mixed_as_promised(lot: list[Made]) -> None:
    """21 kB in the mean, 40 % replies in all ways, 10 % with a file, every charset."""
    assert sum(len(made.raw) for made in lot) / len(lot) == pytest.approx(21_000, rel=0.1)
    assert {way for way, count in Counter(made.expected.way for made in lot).items() if count > 20} >= set(Way)
    assert sum(made.expected.kind is Kind.REPLY for made in lot) == 400
    assert sum(b"filename=" in made.raw for made in lot) == pytest.approx(100, abs=5)
    assert all(sum(name in made.raw for made in lot) > 50 for name in (b"charset=iso-8859-2", b"charset=koi8-r"))


def test_the_manifest_agrees_with_itself(lot: list[Made]) -> None:
    """Every mail ends in one way, and replies come after the mail that they answer."""
    wanted = totals([made.expected for made in lot])
    silent = sum(made.expected.kind in (Kind.VACATION, Kind.BOUNCE) for made in lot)
    assert wanted.tickets + wanted.follow_ups + wanted.duplicates + silent == wanted.mails == 1_000
    seen: set[str] = set()
    for made in lot:
        assert made.expected.parent is None or made.expected.parent in seen
        seen.add(made.expected.message_id)


def test_the_manifest_knows_the_words_of_every_mail(lot: list[Made]) -> None:
    """What the parser finds in a mail is what was written into it."""
    for made in lot[:120]:
        found, expected = parse(made.raw), made.expected
        assert not expected.text or found.text.split() == expected.text.split()
        assert found.message_id == expected.message_id


def test_the_summary_of_a_folder_is_measured(lot: list[Made]) -> None:
    """All its processes together; a mail that were not explained would end the run."""
    row = summary(lot[:30])
    assert (row["measure"], row["mails"]) == ("explain --summary", 30)
    assert float(str(row["cpu_ms_per_mail"])) > 0 and float(str(row["peak_mb"])) > 10


@pytest.fixture(scope="module")
def run(mailstack: MailStack) -> Iterator[Ran]:
    """Sixty mails through the real daemon."""
    if (reason := lacking("sqlite")) is not None:
        pytest.skip(NOT_RUN + reason)
    sink = Sink()
    sink.start()
    with ran(Servers(mailstack, sink, None), Asked(mails=60, store="sqlite", tickets=20, warm=0)) as run:
        yield run
    sink.stop()


@pytest.mark.dovecot
def test_everything_comes_as_the_manifest_says(run: Ran) -> None:
    """All counts, every reply on its ticket, every word; and the sink has what the ledger has sent."""
    came, wanted = run.figures.came, totals(run.expected)
    assert came.faults == ()
    assert {name: came.row()[name] for name in wanted.row()} == wanted.row()
    assert (came.damaged, came.doubled, came.answered_machines) == (0, 0, 0)
    to_staff = wanted.tickets + wanted.follow_ups
    assert run.figures.letters == wanted.acknowledgements + to_staff


@pytest.mark.dovecot
def test_a_run_tells_speed_processor_and_memory(run: Ran) -> None:
    """Of the daemon and of its parse process."""
    figures = run.figures
    assert figures.mails_per_second > 0 and figures.cpu_ms_per_mail > 0
    assert len(figures.peak_mb) == 2 and min(figures.peak_mb) > 10


@pytest.mark.dovecot
@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        (sa.update(OUTGOING).values(recipient="stranger@elsewhere.example"), "a letter went to stranger@"),
        (sa.update(OUTGOING).values(outside=False), "0 letters went to people outside, 1 should have"),
        (sa.update(MESSAGES).values(text=MESSAGES.c.text + " x"), "its words are not those that were written"),
        (sa.update(INCOMING).values(ticket=1_001), "not on that of what it answers"),
        (sa.update(INCOMING).values(outcome=LedgerOutcome.APPENDED), "tickets: 0 came,"),
    ],
)
def test_the_check_finds_what_is_wrong(run: Ran, statement: sa.Update, fault: str) -> None:
    """A planted fault is told in words; nothing else would make the figures believable."""
    with run.app.store.writing() as session:
        session.connection().execute(statement)
        found = check_in(session, run.expected, after=run.after)
        session.rollback()
    assert any(fault in words for words in found.faults)

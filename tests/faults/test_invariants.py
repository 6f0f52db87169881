"""The invariants are no decoration: each finds a violation that is planted for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from helpdesk.desk.changes import LedgerOutcome
from helpdesk.store.tables import IncomingState, OutgoingState
from tests.faults.conftest import Grounds
from tests.faults.ground import Round
from tests.faults.snapshot import differences
from tests.invariants import RULES, Evidence, Kept, Taken, Written, digest, violations

pytestmark = pytest.mark.xdist_group("faults-finished")  # one finished round is enough

EVA, OURS = "eva@customer.test", "support@helpdesk.test"
MAIL, OTHER = digest(b"mail"), digest(b"other")
HEAD = b"From: support@helpdesk.test\r\nSubject: Hello\r\n"
LETTER = HEAD + b"Message-ID: <1@helpdesk.test>\r\n\r\nHello\r\n"
ARRIVED = Taken(recipients=(EVA,), raw=LETTER)
KEPT = Kept(id=1, sha256=MAIL, state=IncomingState.DONE, outcome=LedgerOutcome.TICKET, messages=1, opened=1)
WRITTEN = Written(key="acknowledgement:1", kind="acknowledgement", message_id="<1@helpdesk.test>", recipient=EVA,
                  raw=LETTER, state=OutgoingState.SENT, incoming=1)  # fmt: skip
SOUND = Evidence(done=(MAIL,), given=(MAIL,), raws=((MAIL, MAIL),), ledger=(KEPT,), outbox=(WRITTEN,),
                 taken=(ARRIVED,), own_addresses=frozenset({OURS}))  # fmt: skip


def kept(**changes: Any) -> dict[str, Any]:
    return {"ledger": (replace(KEPT, **changes),)}


def written(**changes: Any) -> dict[str, Any]:
    return {"outbox": (replace(WRITTEN, **changes),)}


def taken(raw: bytes, *recipients: str) -> dict[str, Any]:
    """The letter as it was written and arrived."""
    return {"taken": (Taken(recipients=recipients or (EVA,), raw=raw),), **written(raw=raw)}


PLANTED: list[tuple[str, str, dict[str, Any]]] = [
    ("I1", "kept 0 times", {"raws": ()}),
    ("I1", "kept 2 times", {"raws": ((MAIL, MAIL), (MAIL, MAIL))}),
    ("I1", "in the ledger 2 times", {"ledger": (KEPT, replace(KEPT, id=2))}),
    ("I1", "in the ledger 0 times", {"ledger": ()}),
    ("I1", "never came", kept(sha256=OTHER)),
    ("I1", "without an end", kept(state=IncomingState.WORKING, outcome=None)),
    ("I1", "without an end", kept(state=IncomingState.WAITING)),
    ("I1", "is 0 messages", kept(messages=0)),
    ("I1", "is 2 messages", kept(messages=2)),
    ("I1", "is 1 messages", kept(outcome=LedgerOutcome.DUPLICATE, opened=0)),
    ("I1", "opened 2 tickets", kept(opened=2)),
    ("I1", "opened 1 tickets", kept(outcome=LedgerOutcome.APPENDED)),
    ("I1", "but ended as", kept(state=IncomingState.QUARANTINE)),
    ("I2", "was moved 1 times and is in the ledger 0 times", {"ledger": ()}),
    ("I2", "vanished", {"done": ()}),
    ("I2", "too often", {"watched": (MAIL,)}),
    ("I3", "arrived 0 times", {"taken": ()}),
    ("I3", "arrived 2 times", {"taken": (ARRIVED, ARRIVED)}),
    ("I3", "arrived 2 times", {"taken": (ARRIVED, ARRIVED), **written(state=OutgoingState.UNKNOWN)}),
    ("I3", "arrived 1 times", written(state=OutgoingState.CANCELLED)),
    ("I3", "arrived 1 times", written(state=OutgoingState.FAILED)),
    ("I3", "not settled", written(state=OutgoingState.QUEUED)),
    ("I3", "not settled", written(state=OutgoingState.UNKNOWN, due=True)),
    ("I3", "nobody wrote", {"outbox": ()}),
    ("I3", "bear one Message-ID", {"outbox": (WRITTEN, WRITTEN)}),
    ("I3", "other bytes", written(raw=LETTER + b"more\r\n")),
    ("I3", "went to", written(recipient="other@customer.test")),
    ("I4", "our own address", written(recipient="support+t.1.abc@helpdesk.test")),
    ("I4", "answers mail 1", kept(outcome=LedgerOutcome.AUTOMATIC)),
    ("I4", "answers mail 1", kept(outcome=LedgerOutcome.BOUNCE)),
    ("I4", "answers mail 1", kept(kind="auto_generated")),
    ("I4", "got 1 automatic", {"per_address_day": 0}),
    ("I8", "2 recipients", taken(LETTER, EVA, "other@customer.test")),
    ("I8", "bare CR or LF", taken(LETTER + b"a\rb\r\n")),
    ("I8", "bare CR or LF", taken(LETTER + b"a\nb\r\n")),
    ("I8", "hides a line break", taken(b"X: =?utf-8?q?a=0D=0ABcc=3A_x?=\r\n" + LETTER)),
    ("I8", "hides a line break", taken(b"X: =?utf-8?q?a=00?=\r\n" + LETTER)),
    ("I10", "malformed", {"database": ("database disk image is malformed",)}),
    ("I10", "missing", {"raws": ()}),
    ("I10", "other bytes", {"raws": ((MAIL, OTHER),)}),
]  # fmt: skip


def test_sound_evidence_has_no_violation() -> None:
    """A mail that became a ticket, and its acknowledgement."""
    assert violations(SOUND) == []


@pytest.mark.parametrize("state", [OutgoingState.UNKNOWN, OutgoingState.SENT])
def test_a_letter_that_was_sent_once_more_may_arrive_twice(state: OutgoingState) -> None:
    """Its row says so, and both have the same bytes."""
    assert violations(replace(SOUND, taken=(ARRIVED, ARRIVED), **written(state=state, resent=True))) == []


@pytest.mark.parametrize(("rule", "words", "changes"), PLANTED)
def test_a_planted_violation_is_found(rule: str, words: str, changes: dict[str, Any]) -> None:
    """By its rule, with these words."""
    found = violations(replace(SOUND, **changes))
    assert any(line.startswith(f"{rule}: ") and words in line for line in found), found


def test_every_rule_has_a_planted_violation() -> None:
    """A check that cannot fail is worth nothing."""
    assert {rule for rule, _, _ in PLANTED} == set(RULES)


@pytest.fixture(scope="module")
def finished(grounds: Grounds) -> Iterator[Round]:
    """A round in which everything went well."""
    ground = grounds("sqlite")
    with ground.round() as round_:
        round_.deliver([mail.raw for mail in ground.mails])
        round_.finish()
        yield round_


@contextmanager
def spoilt(round_: Round, *statements: str) -> Iterator[None]:
    """The database with these changes, for a while."""
    file = round_.site / "helpdesk.db"
    before = file.read_bytes()
    with round_.store() as store:
        engine = sa.create_engine(store.url)
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()
    yield
    file.write_bytes(before)


LAST = "(SELECT max(id) FROM incoming)"


@pytest.mark.dovecot
@pytest.mark.parametrize(
    ("rule", "statement"),
    [
        ("I1", f"DELETE FROM messages WHERE incoming_id = {LAST}"),
        ("I1", f"UPDATE incoming SET state = 'working', outcome = NULL WHERE id = {LAST}"),
        ("I2", f"DELETE FROM incoming WHERE id = {LAST}"),
        ("I3", "UPDATE outgoing SET state = 'cancelled' WHERE id = (SELECT max(id) FROM outgoing)"),
        ("I4", f"UPDATE incoming SET outcome = 'bounce' WHERE id = {LAST}"),
        ("I10", f"UPDATE raw_mails SET data = x'00' WHERE id = (SELECT raw_id FROM incoming WHERE id = {LAST})"),
        ("I10", f"DELETE FROM raw_mails WHERE id = (SELECT raw_id FROM incoming WHERE id = {LAST})"),
        ("I10", "INSERT INTO links (ticket, other, reason) VALUES (1, 2, 'nothing')"),
    ],
)
def test_it_is_found_in_a_real_database(finished: Round, rule: str, statement: str) -> None:
    """The evidence is collected where the fault would be."""
    with spoilt(finished, statement):
        assert any(line.startswith(f"{rule}: ") for line in violations(finished.evidence()))
    assert violations(finished.evidence()) == []


@pytest.mark.dovecot
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE tickets SET status = 'closed' WHERE number = (SELECT max(number) FROM tickets)",
        "DELETE FROM messages WHERE id = (SELECT max(id) FROM messages)",
        "DELETE FROM outgoing WHERE id = (SELECT max(id) FROM outgoing)",
        "INSERT INTO events SELECT NULL, ticket, at, kind, actor, reason, incoming_id, data FROM events LIMIT 1",
        "DELETE FROM participants WHERE id = (SELECT max(id) FROM participants)",
        f"UPDATE incoming SET kind = 'list' WHERE id = {LAST}",
        "UPDATE contacts SET suspended = '2026-03-02 09:00:00' WHERE id = (SELECT max(id) FROM contacts)",
    ],
)
def test_another_end_is_found(finished: Round, statement: str) -> None:
    """I9: what became of all mails is compared with an undisturbed run."""
    expected = finished.ground.undisturbed
    assert differences(expected, finished.state()) == []
    with spoilt(finished, statement):
        assert differences(expected, finished.state()) != []


@pytest.mark.dovecot
def test_all_mails_of_the_script_end_as_they_should(finished: Round) -> None:
    """The undisturbed run, with which others are compared, is right itself."""
    seen = finished.evidence()
    rows = [row for row in seen.ledger if row.id not in seen.earlier]
    mails = finished.ground.mails
    assert [row.outcome for row in rows] == [mail.outcome for mail in mails]
    arrived = {letter.message_id for letter in seen.taken}
    gone = {(row.incoming, row.kind, row.recipient) for row in seen.outbox if row.message_id in arrived and row.outside}
    wanted = {(row.id, "acknowledgement", mail.acknowledged) for row, mail in zip(rows, mails, strict=True)}
    wanted |= {(row.id, "answer", mail.answered) for row, mail in zip(rows, mails, strict=True)}
    assert {each for each in gone if each[0] not in seen.earlier} == {each for each in wanted if each[2]}

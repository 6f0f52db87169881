"""A mail costs the same few queries, each by an index, on the first day and after a million messages."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from helpdesk import plugins
from helpdesk.app import App
from helpdesk.compose.render import Templates
from helpdesk.intake import handle
from helpdesk.mail.parse import parse
from helpdesk.store import migrate, queues
from helpdesk.store.session import Store
from tests.builders import KEYS, NOW, config
from tests.store.crowd import fill
from tests.store.queries import Sent, counted, plan

FEW, MANY = 2_000, 1_000_000
GROWING = "contacts|raw_mails|tickets|incoming|messages|participants|thread_ids|outgoing|events"
# A whole table is read; the name of an index behind it means that it is not.
WHOLE = re.compile(rf"(?:SCAN|Seq Scan on) ({GROWING})\b(?!.* USING)")

HEAD = (
    b"From: Eva <%b>\r\nTo: support@helpdesk.test\r\nSubject: %b\r\nMessage-ID: <new@x.test>\r\n%b\r\nIt is jammed.\r\n"
)
MAILS = {
    "a new customer": HEAD % (b"eva@new.test", b"Printer", b""),
    "a known one": HEAD % (b"p5@x.test", b"Printer", b""),
    "a reply": HEAD % (b"p5@x.test", b"Re: Printer", b"In-Reply-To: <m41@x.test>\r\nReferences: <m41@x.test>\r\n"),
    "a stranger quotes an id": HEAD % (b"eve@evil.test", b"Re: Printer", b"In-Reply-To: <m41@x.test>\r\n"),
    "a number in the subject": HEAD % (b"p5@x.test", b"[HD-1005] Printer", b""),
    "a robot": HEAD % (b"p5@x.test", b"Away", b"Auto-Submitted: auto-replied\r\n"),
    "an id that is taken": HEAD.replace(b"<new@", b"<m41@") % (b"p5@x.test", b"Printer", b""),
}
# All statements of a mail in its transaction, letters to the customer and two colleagues included.
STATEMENTS = {
    "a new customer": 15,
    "a known one": 15,
    "a reply": 19,
    "a stranger quotes an id": 20,
    "a number in the subject": 18,
    "a robot": 4,
    "an id that is taken": 15,
}


@pytest.fixture(
    params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)], scope="module", name="dialect"
)
def _dialect(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(
    params=[FEW, pytest.param(MANY, marks=[pytest.mark.soak, pytest.mark.timeout(1800)])],
    scope="module",
    ids=["few", "a million"],
)
def messages(request: pytest.FixtureRequest) -> int:
    """How many there are already."""
    return int(request.param)


@pytest.fixture(scope="module")
def app(
    request: pytest.FixtureRequest, dialect: str, messages: int, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[App]:
    """A site with many messages; each test leaves it as it was."""
    site = tmp_path_factory.mktemp("many")
    url = f"sqlite:///{site}/many.db"
    if dialect == "postgresql":
        url = request.getfixturevalue("postgres").fresh_database()
    store = Store(url, site=site, daemon=True)
    migrate.upgrade(store)
    with store.writing() as session:
        fill(session, messages)
    config_ = config(site=site, url=url)
    yield App(config=config_, store=store, templates=Templates(plugins.data("templates")), keys=KEYS, now=lambda: NOW)
    store.close()


def statements(app: App, raw: bytes, *, forced: bool = True) -> tuple[list[Sent], list[str]]:
    """What is sent to the database for one mail, from its claim to its end, and how each would be carried out."""
    mail = queues.Fetched(mailbox="support", raw=raw, received=NOW, uidvalidity=8, uid=1)
    with app.store.writing() as session:
        queues.keep(session, [mail], NOW)
        (claimed,) = queues.claim(session, owner=app.process, now=NOW, limit=50, lease_seconds=60)
        with counted() as sent:
            handle(app, session, claimed, parse(raw))
        asked = [each for each in sent if each.statement.lstrip().startswith(("SELECT", "UPDATE", "WITH"))]
        plans = [plan(session, each, forced=forced) for each in asked if not isinstance(each.parameters, list)]
        session.rollback()
    return sent, plans


@pytest.mark.parametrize("kind", list(MAILS))
def test_a_mail_costs_a_fixed_number_of_statements(app: App, kind: str) -> None:
    """However much there is already; the locks of PostgreSQL come on top."""
    sent, _ = statements(app, MAILS[kind])
    locks = [each for each in sent if "pg_advisory_xact_lock" in each.statement]
    assert len(sent) - len(locks) == STATEMENTS[kind]


@pytest.mark.parametrize("kind", list(MAILS))
def test_no_growing_table_is_read_whole(app: App, messages: int, kind: str) -> None:
    """As the database itself plans it, with its own statistics where there are many rows."""
    _, plans = statements(app, MAILS[kind], forced=messages == FEW)
    assert len(plans) >= 4
    assert [line for each in plans for line in each.splitlines() if WHOLE.search(line)] == []

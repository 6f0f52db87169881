"""The ids by which later mails find their ticket, and which of them customers may see."""

from __future__ import annotations

import pytest

from helpdesk.desk.changes import KeepMessage
from helpdesk.desk.ticket import MessageKind
from helpdesk.store.session import Store
from helpdesk.store.tables import IdSource, ThreadId
from helpdesk.store.views import view
from tests.builders import mail
from tests.store.rows import OPEN, all_of, change

WHY = "because"


@pytest.mark.parametrize(
    ("kind", "source"),
    [
        (MessageKind.CUSTOMER, IdSource.MAIL),
        (MessageKind.ANSWER, IdSource.NOTE),
        (MessageKind.NOTE, IdSource.NOTE),
        (MessageKind.STRANGER, IdSource.NOTE),
        (MessageKind.BOUNCE, IdSource.NOTE),
    ],
)
def test_only_a_customers_own_id_is_named_to_customers(store: Store, kind: MessageKind, source: IdSource) -> None:
    """All are matched; the id of what only staff may read never gets into a References field."""
    words = mail(message_id="<own@x>", in_reply_to=("<parent@x>",), references=("<root@x>", "<parent@x>"))
    number = change(store, OPEN, KeepMessage(kind=kind, reason=WHY), mail=words).ticket
    ids = {row.message_id: row.source for row in all_of(store, ThreadId)}
    assert ids == {"<own@x>": source, "<parent@x>": IdSource.REFERENCE, "<root@x>": IdSource.REFERENCE}
    with store.reading() as session:
        found = view(session, number or 0)
    assert found is not None
    assert found.thread == (("<own@x>",) if kind is MessageKind.CUSTOMER else ())


def test_a_parent_that_comes_late_is_no_mere_reference_any_more(store: Store) -> None:
    """First named by its child, then here itself."""
    keeps = KeepMessage(kind=MessageKind.CUSTOMER, reason=WHY)
    number = change(store, OPEN, keeps, mail=mail(message_id="<child@x>", in_reply_to=("<parent@x>",))).ticket
    late = KeepMessage(kind=MessageKind.CUSTOMER, reason=WHY, ticket=number)
    change(store, late, mail=mail(message_id="<parent@x>"))
    assert {row.message_id: row.source for row in all_of(store, ThreadId)}["<parent@x>"] is IdSource.MAIL

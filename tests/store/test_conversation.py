"""What the new owner of a ticket reads of the conversation."""

from __future__ import annotations

from helpdesk.desk.changes import KeepMessage
from helpdesk.desk.ticket import MessageKind
from helpdesk.mail.message import Attachment
from helpdesk.store.conversation import Conversation, conversation
from helpdesk.store.session import Store
from tests.builders import mail
from tests.store.rows import change, ticket

LOGO = Attachment(name="logo.png", type="image/png", size=9, position=1, inline=True)


def say(store: Store, number: int, text: str, kind: MessageKind, *files: Attachment) -> None:
    """One more message."""
    about = KeepMessage(kind=kind, reason="", ticket=number)
    change(store, about, mail=mail(text=text, message_id=f"<{text}@x>", attachments=files))


def test_the_latest_of_each_kind_is_found(store: Store) -> None:
    """Not a colleague's note after them; "" when there are none."""
    number = ticket(store)
    with store.reading() as session:
        assert conversation(session, number) == Conversation()
    for text, kind in (("first", MessageKind.CUSTOMER), ("last", MessageKind.CUSTOMER), ("ours", MessageKind.ANSWER)):
        say(store, number, text, kind)
    say(store, number, "psst", MessageKind.NOTE)
    with store.reading() as session:
        assert conversation(session, number) == Conversation(last_words="last", last_answer="ours")


def test_the_customers_files_are_named_newest_mail_first(store: Store) -> None:
    """Neither ours nor the pictures of a signature."""
    number = ticket(store)
    for name, kind in (("a.pdf", MessageKind.CUSTOMER), ("b.pdf", MessageKind.NOTE), ("c.pdf", MessageKind.CUSTOMER)):
        say(store, number, name, kind, LOGO, Attachment(name=name, type="application/pdf", size=9, position=2))
    with store.reading() as session:
        assert conversation(session, number).customer_files == ("c.pdf", "a.pdf")

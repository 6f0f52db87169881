"""Asks the store about a mail, as the intake does before it thinks."""

from __future__ import annotations

from helpdesk.desk import tokens
from helpdesk.desk.changes import KeepMessage
from helpdesk.desk.ticket import MessageKind
from helpdesk.mail.message import Address, Bounce, Mail
from helpdesk.store.lookups import Known, Question, gather
from helpdesk.store.session import Store
from tests.builders import ANNA, KEYS, NOW, config, mail
from tests.store.rows import change, ticket


def question(about: Mail, incoming: int = 0) -> Question:
    """One asked by the support mailbox."""
    box = config().mailboxes["support"]
    return Question(mail=about, mailbox=box, received=NOW, now=NOW, incoming=incoming)


def kept(store: Store, about: Mail, number: int | None = None, kind: MessageKind = MessageKind.CUSTOMER) -> int:
    """A ticket with this mail; a new one unless a number is given."""
    number = number or ticket(store)
    change(store, KeepMessage(kind=kind, reason="", ticket=number), mail=about)
    return number


def known(store: Store, about: Mail, incoming: int = 0) -> Known:
    """What the store says."""
    with store.reading() as session:
        return gather(session, question(about, incoming), config(), KEYS)


def heavy(tickets: int) -> Mail:
    """A bounce by staff that names many ids, and some tickets."""
    names = tuple(f"<t{number}@x>" for number in range(tickets))
    return mail(
        ANNA,
        message_id="<heavy@x>",
        references=names,
        subject="[HD-1001]",
        bounce=Bounce(recipients=(), message_ids=names),
        to=(Address(name=None, address=f"support+{tokens.write(tokens.agent(1001, 1), KEYS)}@helpdesk.test"),),
    )

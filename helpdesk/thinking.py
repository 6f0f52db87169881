"""All that is thought about one mail: judge, match, identify, route, obey, guard, decide; nothing is written."""

from __future__ import annotations

from dataclasses import dataclass

from helpdesk import commands, filters, guards
from helpdesk.config import Config
from helpdesk.desk import decide, identity, matching, own_words, routing
from helpdesk.desk.asked import Asked
from helpdesk.desk.changes import Decision
from helpdesk.desk.drafts import Draft, DraftFacts
from helpdesk.desk.identity import Evidence, Sender
from helpdesk.desk.situation import HeldLetter, Situation
from helpdesk.desk.ticket import TicketView
from helpdesk.desk.tokens import Role
from helpdesk.desk.verdict import Kind, Verdict
from helpdesk.store.lookups import Known, Question


@dataclass(frozen=True, kw_only=True, slots=True)
class Thought:
    """The result of thinking about one mail, with everything that led to it."""

    situation: Situation
    decision: Decision

    @property
    def kind(self) -> Kind:
        """What the mail is."""
        return decide.kind_of(self.situation)


def think(question: Question, known: Known, config: Config, *, acknowledge: bool = True) -> Thought:
    """What shall happen with a mail, given all that is known."""
    mail, now = question.mail, question.now
    verdict = filters.judge(mail, known.facts)
    match = matching.match(known.claims, known.candidates, mail, config, now)
    evidence = Evidence(
        claims=known.claims,
        candidates=known.candidates,
        mailbox=question.mailbox,
        authentication=known.facts.authentication,
        now=now,
        released=question.released,
        repeated=known.facts.repeated,
        held_ticket=known.held.ticket if known.held else None,
    )
    sender = identity.identify(mail, evidence, config)
    asked, guarded = _asked(question, known, sender, match.ticket, config)
    situation = Situation(
        mail=mail,
        incoming=question.incoming,
        verdict=verdict,
        match=match,
        sender=sender,
        route=routing.route(question.mailbox),
        asked=asked,
        contact=known.contact,
        config=config,
        mailbox=question.mailbox,
        now=now,
        acknowledge=acknowledge,
        released=question.released,
        again=question.again,
        bounced=known.bounced,
        held=known.held,
        guarded=guarded,
        last_words=known.last_words,
        last_answer=known.last_answer,
        customer_files=known.customer_files,
    )
    return Thought(situation=situation, decision=decide.decide(situation))


def _asked(
    question: Question, known: Known, sender: Sender, matched: TicketView | None, config: Config
) -> tuple[Asked, Verdict]:
    """The commands of a proven staff member, and what the guards say of the words that remain."""
    held = _about_held(sender, known)
    ticket = held.ticket if held is not None else sender.ticket or matched
    if not sender.proven or ticket is None or sender.staff is None:
        return Asked(text=question.mail.text), Verdict()
    words = own_words.own_words(held.text if held is not None else question.mail.signed_text)
    asked = commands.read(words, ticket=ticket, sender=sender, config=config)
    if asked.internal or asked.refused or held is not None:
        return asked, Verdict()
    names = tuple(attachment.name for attachment in own_words.files(question.mail))
    missing = own_words.left_out(question.mail.full_text, words)
    draft = Draft(text=asked.text, ticket=ticket, author=sender.staff.key, attachments=names, left_out=missing)
    return asked, guards.judge(draft, DraftFacts(notes=known.notes))


def _about_held(sender: Sender, known: Known) -> HeldLetter | None:
    """The held letter that a staff member speaks about: ``send`` does all that the held mail asked for."""
    return known.held if sender.token is not None and sender.token.role is Role.HELD else None

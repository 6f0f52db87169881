"""The decision about one mail: what it is, where it goes, and every change that follows, as values."""

from __future__ import annotations

from helpdesk.desk import from_customer, from_machine, from_staff, notices
from helpdesk.desk.changes import Decision, LedgerOutcome
from helpdesk.desk.situation import Situation
from helpdesk.desk.verdict import Kind, Outcome

_DROPPED = {
    Kind.OWN: LedgerOutcome.OWN,
    Kind.DUPLICATE: LedgerOutcome.DUPLICATE,
    Kind.BLOCKED: LedgerOutcome.BLOCKED,
}
# Kinds that never open a ticket, whoever wrote them.
_SILENT = (Kind.BOUNCE, Kind.AUTO_REPLY)


def decide(now: Situation) -> Decision:
    """What happens with the mail: the verdict of the filters first, then who wrote it."""
    outcome, kind = now.verdict.outcome, now.verdict.kind
    if outcome is Outcome.DROP and not now.released:
        return Decision(
            outcome=_DROPPED.get(kind, LedgerOutcome.DROPPED) if kind else LedgerOutcome.DROPPED, reason=_why(now)
        )
    if kind in _SILENT and outcome is not Outcome.HOLD and not now.released:
        return from_machine.bounce(now) if kind is Kind.BOUNCE else from_machine.auto_reply(now)
    if now.sender.doubt or (not now.released and (outcome is Outcome.HOLD or _sent_by_his_machine(now))):
        return _hold(now)
    if now.sender.proven:
        return from_staff.decide(now)
    return from_customer.decide(now)


def kind_of(now: Situation) -> Kind:
    """The one kind of the mail, as it is stored and printed."""
    return now.verdict.kind or (
        Kind.REPLY if now.match.ticket is not None or now.sender.ticket is not None else Kind.TICKET
    )


def _sent_by_his_machine(now: Situation) -> bool:
    """What a colleague's program sent in his name is never relayed: not every out-of-office says what it is."""
    return now.sender.proven and now.verdict.outcome is Outcome.MUTE


def _hold(now: Situation) -> Decision:
    """A person looks first; the staff member whose name was used is told, unless a machine wrote it."""
    by_a_machine = now.verdict.kind is not None
    changes = notices.unproven(now) if now.sender.doubt and not by_a_machine else ()
    accepted = now.verdict.outcome is Outcome.ACCEPT
    reasons = (now.sender.doubt or "", "" if accepted else _why(now))
    return Decision(
        outcome=LedgerOutcome.QUARANTINE, reason="; ".join(reason for reason in reasons if reason), changes=changes
    )


def _why(now: Situation) -> str:
    return now.verdict.reasons[0] if now.verdict.reasons else "nobody objects"

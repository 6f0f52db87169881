"""The strictest finding wins, every reason is kept, and a mail has one kind."""

from __future__ import annotations

from helpdesk.desk.verdict import Finding, Kind, Outcome, Verdict


def finding(outcome: Outcome, kind: Kind | None = None) -> Finding:
    return Finding(filter=outcome.word, outcome=outcome, reason="why", kind=kind)


def test_the_strictest_wins_and_stands_first() -> None:
    """Filters have no order."""
    verdict = Verdict(findings=tuple(finding(outcome) for outcome in (Outcome.MUTE, Outcome.DROP, Outcome.ACCEPT)))
    assert verdict.outcome is Outcome.DROP
    assert verdict.reasons == ("drop: why", "mute: why", "accept: why")


def test_nobody_objects() -> None:
    """No finding at all is a welcome."""
    assert (Verdict().outcome, Verdict().kind, Verdict().reasons) == (Outcome.ACCEPT, None, ())


def test_our_own_mail_is_never_anything_else() -> None:
    """C21: a bounce that says auto-replied is a bounce."""
    kinds = (Kind.AUTO_REPLY, Kind.BOUNCE, Kind.LIST)
    assert Verdict(findings=tuple(finding(Outcome.MUTE, kind) for kind in kinds)).kind is Kind.BOUNCE
    assert Verdict(findings=tuple(finding(Outcome.MUTE, kind) for kind in (*kinds, Kind.OWN))).kind is Kind.OWN


def test_the_reason_that_is_told_is_the_one_of_its_kind() -> None:
    """An out-of-office bears marks of other machines as well."""
    found = tuple(
        Finding(filter=kind.value, outcome=Outcome.MUTE, reason="why", kind=kind)
        for kind in (Kind.AUTO_GENERATED, Kind.AUTO_REPLY)
    )
    assert Verdict(findings=found).reasons[0] == "auto_reply: why"

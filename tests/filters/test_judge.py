"""All filters are asked; the strictest outcome wins, and the kinds have their order."""

from __future__ import annotations

from typing import Any

import pytest

from helpdesk import filters, plugins
from helpdesk.desk.verdict import Kind, Outcome
from helpdesk.mail.message import Bounce, Marks
from tests.builders import facts, mail

NAMES = {
    *("authentication", "auto_generated", "auto_reply", "blocked", "bounce", "duplicate", "id_taken", "loop"),
    *("mailing_list", "no_sender", "own_mail", "tampered", "unclear_sender"),
}


def test_every_filter_is_a_file_with_a_sentence() -> None:
    """What the reference prints about a filter is the first line of its docstring."""
    found = plugins.find("helpdesk.filters")
    assert set(found) == NAMES
    does = {plugins.sentence(module).partition(" ")[0] for module in found.values()}
    assert does <= {"Answers", "Drops", "Holds", "Keeps", "Notes", "Takes"}


def test_a_plain_mail_is_accepted_with_one_reason() -> None:
    """Whoever asks `explain` about a person's mail reads why it is answered, and nothing else."""
    verdict = filters.judge(mail(), facts())
    assert [(finding.filter, finding.reason) for finding in verdict.findings] == [
        ("auto_reply", "no sign of a machine")
    ]
    assert (verdict.kind, verdict.outcome) == (None, Outcome.ACCEPT)


@pytest.mark.parametrize(
    ("marks", "more", "kind"),
    [
        ({"auto_submitted": "auto-replied", "list_fields": ("list-id",)}, {}, Kind.AUTO_REPLY),
        ({"auto_submitted": "auto-generated", "list_fields": ("list-id",)}, {}, Kind.LIST),
        ({"auto_submitted": "auto-replied"}, {"bounce": Bounce()}, Kind.BOUNCE),
        ({"received": 120}, {"bounce": Bounce()}, Kind.INVALID),
    ],
)
def test_one_mail_has_one_kind(marks: dict[str, Any], more: dict[str, Any], kind: Kind) -> None:
    """A bounce that calls itself auto-replied is a bounce (C21); an answer to a list is an answer."""
    assert filters.judge(mail(marks=Marks(**marks), **more), facts()).kind is kind


def test_the_strictest_wins() -> None:
    """A blocked robot is dropped, not only muted; both reasons are kept."""
    robot = mail(marks=Marks(auto_submitted="auto-generated"))
    verdict = filters.judge(robot, facts(blocked=("@customer.test",)))
    assert verdict.outcome is Outcome.DROP
    assert [reason.partition(":")[0] for reason in verdict.reasons] == ["blocked", "auto_generated"]

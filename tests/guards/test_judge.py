"""All guards are asked; the strictest wins."""

from __future__ import annotations

import time

from helpdesk import guards, plugins
from helpdesk.desk.drafts import Draft, DraftFacts
from helpdesk.desk.verdict import Outcome
from tests.builders import ticket


def test_every_guard_is_a_file_with_a_sentence() -> None:
    """What the reference prints about a guard is the first line of its docstring."""
    found = plugins.find("helpdesk.guards")
    assert set(found) == {"empty", "hash_line", "left_out", "one_word", "out_of_office", "quoted_note"}
    assert all(plugins.sentence(module).startswith("Holds an answer") for module in found.values())


def test_an_ordinary_answer_goes_out() -> None:
    """No finding means ACCEPT."""
    draft = Draft(text="Kész, kérem próbálja ki.", ticket=ticket(), author="anna")
    assert (
        guards.judge(draft, DraftFacts(notes=("egészen más szavak állnak ebben a megjegyzésben",))).outcome
        is Outcome.ACCEPT
    )


def test_an_empty_answer_is_held_with_its_reason() -> None:
    """The author reads why."""
    verdict = guards.judge(Draft(text=" ", ticket=ticket(), author="anna"), DraftFacts())
    assert verdict.outcome is Outcome.HOLD
    assert verdict.reasons[0].startswith("empty: ")


def test_long_notes_and_answers_cost_little() -> None:
    """Time grows with the words, not with their product."""
    words = " ".join(f"word{number}" for number in range(20_000))
    started = time.perf_counter()
    guards.judge(Draft(text=words.replace("d", "t"), ticket=ticket(), author="anna"), DraftFacts(notes=(words,) * 3))
    assert time.perf_counter() - started < 2

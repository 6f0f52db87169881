"""What an answer means: the letter, its sender, or the whole way out."""

from __future__ import annotations

import pytest

from helpdesk.errors import ChannelError, ChannelLost, ChannelRefused
from helpdesk.outbox import answers
from helpdesk.outbox.outcomes import Refused, SenderRefused

Meaning = Refused | SenderRefused | type[ChannelError] | None


def no(*, permanent: bool, words: str, policy: bool = False) -> Refused:
    return Refused(permanent=permanent, words=words, policy=policy)


@pytest.mark.parametrize(
    ("code", "message", "meaning"),
    [
        (250, "ok", None),
        (451, "4.3.0 later", ChannelLost),
        (530, "5.7.0 login first", ChannelRefused),
        (354, "what?", ChannelLost),
        (552, "too large", no(permanent=True, words="552 too large")),
        (523, "5.3.4 too large", no(permanent=True, words="523 5.3.4 too large")),
        (550, "no", SenderRefused(words="host refuses the sender a@x.test: 550 no")),
    ],
)
def test_the_answer_to_mail(code: int, message: str, meaning: Meaning) -> None:
    """It is about the letter only when that is too large."""
    if isinstance(meaning, type):
        with pytest.raises(meaning):
            answers.to_mail(code, message, sender="a@x.test", where="host")
    else:
        assert answers.to_mail(code, message, sender="a@x.test", where="host") == meaning


@pytest.mark.parametrize(
    ("code", "message", "meaning"),
    [
        (250, "ok", None),
        (251, "will forward", None),
        (252, "perhaps", None),
        (450, "4.7.1 greylisted", no(permanent=False, words="450 4.7.1 greylisted")),
        (550, "5.1.1 nobody", no(permanent=True, words="550 5.1.1 nobody")),
        (554, "5.7.1 denied", no(permanent=True, words="554 5.7.1 denied", policy=True)),
        (530, "5.7.0 login first", ChannelRefused),
        (354, "what?", ChannelLost),
    ],
)
def test_the_answer_to_rcpt_or_the_final_dot(code: int, message: str, meaning: Meaning) -> None:
    """It is about the letter, unless it is no answer at all or says that we may not."""
    if isinstance(meaning, type):
        with pytest.raises(meaning):
            answers.about_letter(code, message, where="host")
    else:
        assert answers.about_letter(code, message, where="host") == meaning


def test_a_yes_instead_of_go_ahead_is_no_smtp() -> None:
    """The letter would be read as commands."""
    assert answers.to_data(354, "go", where="host") is None
    with pytest.raises(ChannelLost, match="no SMTP"):
        answers.to_data(250, "ok", where="host")


def test_an_answer_is_kept_as_one_clean_short_line() -> None:
    """It is stored, shown and logged."""
    assert answers.words(550, "no\nway\x1b[2J \udcff") == "550 no way[2J \ufffd"
    assert len(answers.words(550, "x" * 5000)) == 304

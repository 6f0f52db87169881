"""Templates: complete in every language, checked before a customer sees a mistake, replaced one by one by a site."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from helpdesk.compose import phrases
from helpdesk.compose.render import LAST_LANGUAGE, Templates
from helpdesk.compose.values import samples
from helpdesk.config import Tickets
from helpdesk.desk.changes import NoticeKind
from helpdesk.errors import TemplateError
from helpdesk.plugins import data
from tests.builders import config, ticket
from tests.compose.letters import LANGUAGES, TEMPLATES, in_language, notice, words, write

SHIPPED = data("templates")
FULL, BARE = (dict(values) for values in samples())


def site_templates(folder: Path, **files: str) -> Templates:
    """The shipped templates with a site's own before them; ``en__answer_j2`` is ``en/answer.j2``."""
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_j2", ".j2").replace("_txt", ".txt")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return Templates(SHIPPED, folder)


def test_the_shipped_templates_have_no_mistake() -> None:
    """Every letter in every language, with everything and with nothing."""
    assert TEMPLATES.check() == []
    assert TEMPLATES.languages() == LANGUAGES
    assert TEMPLATES.names() == tuple(sorted(kind.value for kind in NoticeKind))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_sentences(language: str) -> None:
    """And in them the same places for values."""
    english = phrases.read(SHIPPED / LAST_LANGUAGE / phrases.FILE)
    theirs = phrases.read(SHIPPED / language / phrases.FILE)
    assert theirs.keys() == english.keys()
    marks = re.compile(r"\{\w+\}")
    for code, sentence in english.items():
        assert sorted(set(marks.findall(theirs[code]))) == sorted(set(marks.findall(sentence))), code


DAYS = {
    "en": {1: "1 day,", 2: "2 days,", 30: "30 days,"},
    "hu": {1: "1 napon belül", 30: "30 napon belül"},
    "pl": {1: "1 dnia,", 2: "2 dni,", 21: "21 dni,", 30: "30 dni,"},
    "ru": {1: "1 дня,", 2: "2 дней,", 11: "11 дней,", 21: "21 дня,", 111: "111 дней,", 30: "30 дней,"},
    "bs": {1: "1 dana,", 21: "21 dana,", 30: "30 dana,"},
}


@pytest.mark.parametrize(
    ("language", "days", "said"), [(code, days, said) for code, forms in DAYS.items() for days, said in forms.items()]
)
@pytest.mark.parametrize("kind", [NoticeKind.ANSWER, NoticeKind.CLOSING])
def test_days_are_counted_as_people_say_it(language: str, days: int, said: str, kind: NoticeKind) -> None:
    """Each language has its own plural forms, here in the genitive."""
    site = config(tickets=Tickets(reopen_days=days))
    letter = write(notice(kind, closing=kind is NoticeKind.ANSWER), ticket(language=language), site=site)
    assert said in words(letter)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_site_that_never_reopens_does_not_promise_it(language: str) -> None:
    """No number of days is named."""
    site = config(tickets=Tickets(reopen_days=0))
    assert " 0 " not in words(write(notice(NoticeKind.CLOSING), ticket(language=language), site=site))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "line",
    [
        "new person",
        "claims: HD-7",
        "follows closed: HD-7",
        "sender_not_proven",
        "unclear_sender: it names several senders",
        "bounced_before",
        "nothing_done",
        "unknown_command_near: #clsoe #close",
        "doubt: a staff address without a reply address of its own",
        "doubt: the reply address has died, days after the ticket was closed: 30",
        "doubt: the DMARC result of our mail server is not pass: fail",
        "doubt: the same mail came before under another Message-ID",
        "doubt: it was sent to reply addresses of several tickets",
        "doubt: the reply address is of another ticket than the letter that it answers",
        "doubt: a staff reply address used by somebody else",
        "written_from: janos@customer.test",
    ],
)
def test_facts_are_said_in_the_readers_language(language: str, line: str) -> None:
    """No code and no English is left over; values stand where they belong."""
    said = TEMPLATES.phrase(line, language)
    code, _, value = line.partition(": ")
    assert said != line
    assert "{" not in said
    if language != "en":
        assert code not in said or " " not in code
        assert " " not in value or value.partition(":")[0] not in said
    assert all(number in said for number in re.findall(r"\bHD-7\b|\b30\b|#c\w+", value))


def test_a_strangers_words_are_not_taken_for_a_code() -> None:
    """Somebody writes about "closed: x"; only our own doubts are read as lines."""
    assert TEMPLATES.phrase("subject: closed: HD-1", "en") == "Subject: closed: HD-1"
    assert TEMPLATES.phrase("subject: claims", "en") == "Subject: claims"


def test_an_unknown_line_is_shown_as_it_is() -> None:
    """Nothing is hidden."""
    assert TEMPLATES.phrase("future_code: 7", "hu") == "future_code: 7"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_customer_is_never_told_of_our_inner_words(language: str) -> None:
    """No command, no shell, no status in a letter to him."""
    for kind in (kind for kind in NoticeKind if kind.to_customer):
        shown = words(write(notice(kind, closing=True), ticket(language=language), site=in_language(language)))
        assert not re.search(r"#close|helpdesk [a-z]+|##-|quarantine", shown), kind


def test_a_site_replaces_one_letter_and_keeps_the_rest(tmp_path: Path) -> None:
    """Its own come first, in any language."""
    own = site_templates(tmp_path, en__closing_j2="Subject: Bye {{ ref }}\n\nBye from {{ company }}, {{ url }}")
    assert own.render("closing", "en", **FULL).text == "Bye from Minta Kft., https://minta.example"
    assert own.render("answer", "en", **FULL) == TEMPLATES.render("answer", "en", **FULL)
    assert own.check() == []


@pytest.mark.parametrize(
    ("files", "message", "line"),
    [
        ({"en__answer_j2": "Subject: x\n\n{{ wrods }}"}, "'wrods' is undefined", 3),
        ({"en__answer_j2": "Subject: x\n{% if %}"}, "Expected an expression", 2),
        ({"en__answer_j2": "Hello\n\n{{ words }}"}, "the first line is not", 1),
        ({"en__answer_j2": "Subject:   \n\n{{ words }}"}, "the first line is not", 1),
        ({"en__answer_j2": "Subject: {{ 1 / reopen_days }}\n\nx"}, "division by zero", 1),
        ({"en__anwser_j2": "Subject: x\n\nx"}, "no letter has this name", None),
        ({"en__qqq_j2": "Subject: x\n\nx"}, "no letter has this name", None),
        ({"de__answer_j2": "Subject: x\n\nx"}, "the template is missing", None),
        ({"de__answer_j2": "Subject: x\n\nx", "de__lines_txt": "reopened = x"}, "sentences are missing", None),
        ({"en__lines_txt": "no equals sign"}, "line 1: expected", None),
        ({"layout.html_j2": "{{ nothing }}"}, "'nothing' is undefined", 1),
    ],
)
def test_each_mistake_of_a_site_is_found_before_a_customer_does(
    tmp_path: Path, files: dict[str, str], message: str, line: int | None
) -> None:
    """With its file, the line where that is known, and how to mend it."""
    found = [problem for problem in site_templates(tmp_path, **files).check() if message in problem.message]
    assert len(found) == (1 if "missing" not in message or "sentences" in message else 12)
    assert found[0].line == line
    assert found[0].mend
    assert found[0].file is not None
    assert tmp_path in found[0].file.parents


def test_a_near_name_is_proposed(tmp_path: Path) -> None:
    """A typing error is the usual mistake."""
    (problem,) = site_templates(tmp_path, en__anwser_j2="Subject: x\n\nx").check()
    assert problem.mend == "Did you mean answer.j2?"


@pytest.mark.parametrize("kind", ["nonsense", "answer"])
def test_what_cannot_be_rendered_is_a_template_error(tmp_path: Path, kind: str) -> None:
    """With the name of the template."""
    own = site_templates(tmp_path, en__answer_j2="Subject: x\n\n{{ wrods }}")
    with pytest.raises(TemplateError, match=f"template en/{kind}"):
        own.render(kind, "en", **FULL)


def test_sentences_that_cannot_be_read_are_a_template_error(tmp_path: Path) -> None:
    """Not a traceback."""
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "lines.txt").write_bytes(b"\xff\xfe")
    with pytest.raises(TemplateError, match=r"lines\.txt"):
        Templates(SHIPPED, tmp_path).phrase("reopened", "en")


def test_a_template_cannot_reach_out(tmp_path: Path) -> None:
    """It is sandboxed: no attribute of ours can be abused, nothing can be changed."""
    own = site_templates(tmp_path, en__answer_j2="Subject: x\n\n{{ lines.__class__.__mro__ }}")
    with pytest.raises(TemplateError):
        own.render("answer", "en", **FULL)


@pytest.mark.parametrize("language", ["hr", "sr", "sh", "BS", "bs-BA"])
def test_neighbours_read_bosnian(language: str) -> None:
    """English would be further away."""
    assert TEMPLATES.writes(language)
    assert TEMPLATES.render("closing", language, **BARE).text == TEMPLATES.render("closing", "bs", **BARE).text


def test_without_a_folder_there_is_nothing(tmp_path: Path) -> None:
    """A broken installation is an error, not an empty letter."""
    empty = Templates(tmp_path / "missing")
    assert (empty.languages(), empty.names(), empty.writes("en")) == ((), (), False)
    with pytest.raises(TemplateError, match="no such template"):
        empty.render("answer", "en", **FULL)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", [kind for kind in NoticeKind if not kind.to_customer])
def test_only_who_runs_it_reads_shell_commands(language: str, kind: NoticeKind) -> None:
    """The admin and the managers; the others read who can help them."""
    shown = {
        shell: TEMPLATES.render(kind.value, language, **(FULL | {"runs_it": shell, "answerable": False})).text
        for shell in (True, False)
    }
    assert not re.search(r"helpdesk (?:tickets|outbox|status|quarantine)", shown[False])
    if kind in (NoticeKind.NEW_TICKET, NoticeKind.CUSTOMER_REPLY, NoticeKind.STAFF_NOTE):
        assert "helpdesk tickets show HD-1042 --full" in shown[True]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("line", "words"), [("one_word: why", {"cancel"}), ("sent_before", {"send", "cancel"})])
def test_a_question_about_a_held_letter_offers_what_can_be_done(language: str, line: str, words: set[str]) -> None:
    """A letter that is only such a word can be cancelled and never sent."""
    said = TEMPLATES.render(
        "guard_held", language, **(FULL | {"lines": (TEMPLATES.phrase(line, language),), "may_go": words != {"cancel"}})
    ).text
    assert set(re.findall(r": (send|cancel)\b", said)) == words


@pytest.mark.parametrize("language", LANGUAGES)
def test_letters_of_a_ticket_are_told_apart_by_their_subject(language: str) -> None:
    """The tag comes first; behind it a receipt, a note and a colleague's answer say what they are."""
    kinds = ("new_ticket", "receipt", "staff_note", "staff_answer")
    subjects = {kind: TEMPLATES.render(kind, language, **FULL).subject for kind in kinds}
    assert len(set(subjects.values())) == len(kinds)
    assert all(subject.startswith("[HD-1042] ") for subject in subjects.values())
    assert all(subject.endswith(str(FULL["subject"])) for subject in subjects.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_that_came_back_does_not_invite_to_answer_by_mail(language: str) -> None:
    """The customer is not reached that way."""
    assert "#close" not in TEMPLATES.render("not_delivered", language, **FULL).text

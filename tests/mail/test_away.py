"""Words of absence in many languages, told apart by who writes them: programs, or people as well."""

from __future__ import annotations

import time

import pytest

from helpdesk.mail import away
from helpdesk.mail.phrases.away import PREFIXES


@pytest.mark.parametrize(
    "head",
    [
        *("Automatic reply", "Auto-Reply", "AUTOREPLY", "Auto Response", "Out of Office AutoReply", "Vacation reply"),
        *("Automatische Antwort", "Abwesenheitsnotiz", "Automatikus válasz", "Távolléti üzenet"),
        *("Automatyczna odpowiedź", "Odpowiedz automatyczna", "Автоматический ответ", "Автоматична відповідь"),
        *("Automatski odgovor", "Samodejni odgovor", "Automatická odpověď", "Automatická odpoveď", "Răspuns automat"),
        *("Réponse automatique", "Respuesta automática", "RESPUESTA AUTOMATICA", "Risposta automatica"),
        *("Resposta automática", "Automatisch antwoord", "Autosvar", "Automatisk svar", "Automaattinen vastaus"),
        *("Αυτόματη απάντηση", "Otomatik Yanıt", "OTOMATİK YANIT", "Автоматичен отговор", "Automaatvastus"),
        *("自動応答", "自动答复", "自動回覆", "자동 회신", "תשובה אוטומטית", "رد تلقائي", "Trả lời tự động"),
    ],
)
def test_a_prefix_that_only_programs_write(head: str) -> None:
    """Exchange writes it in the language of who is away; accents, case and gateways' tags do not matter."""
    assert away.prefix(f"{head}: Nyomtató")
    assert away.prefix(f"[EXTERNAL] {head} : Nyomtató")


@pytest.mark.parametrize(
    "subject",
    [
        "Auto: Re: Printer",
        "Out of Office: RE: Printer",
        "I'm out of office Re: Printer",
        "AUTO: Jan Novák is out of the office (returning 01/02/2026)",
        "AUTO: Hans Muster ist außer Haus (Rückkehr am 01.02.2026)",
        "Yahoo! Auto Response",
        "Message status - opened",
    ],
)
def test_absence_before_the_subject_that_is_answered(subject: str) -> None:
    """People put Re: first; Domino says when somebody returns."""
    assert away.prefix(subject)


@pytest.mark.parametrize(
    "subject",
    [
        *("Nyomtató", "Re: Automatic reply: Printer", "Fwd: Automatische Antwort: Drucker", "Auto: Unfall"),
        *("Automatic reply does not work", "Autoreply is broken", "Automatic reply", "Autó: nem indul"),
        *("Out of office: 2-5 May", "Szabadság: mikor?", "Ferienwohnung", ""),
    ],
)
def test_people_do_not_write_prefixes(subject: str) -> None:
    """An answer to an automatic reply, a question about one, a plan for the holidays."""
    assert away.prefix(subject) is None


@pytest.mark.parametrize(
    ("subject", "found"),
    [
        ("Out of office until Monday", "out of office"),
        ("Szabadságon vagyok", "szabadsagon"),
        ("Abwesenheit", "abwesenheit"),
        ("Autoreply", "autoreply"),
        ("Jane Doe is out of the office.", "is out of the office."),
        ("Support autoreply", "autoreply"),
        ("Ferienwohnung", None),
        ("Nyomtató", None),
    ],
)
def test_absence_in_a_subject(subject: str, found: str | None) -> None:
    """At its head, or at its end where some programs put it; a weak sign."""
    assert away.absence(subject) == found


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Hello,\n\nI am currently out of the office.", True),
        ("Ich bin bis zum 3. April nicht im Hause.", True),
        ("Augusztus 3-ig szabadságon vagyok.", True),
        ("Przebywam na urlopie do 3 sierpnia.", True),
        ("Я в отпуске до 3 августа.", True),
        ("This is an automated message: your backup failed.", False),
        ("Nem megy a nyomtató.", False),
        ("x " * away.SENTENCE_CHARACTERS + "I am currently out of the office.", False),
    ],
)
def test_sentences_near_the_beginning(text: str, says: bool) -> None:
    """An automatic answer comes to the point; an automatic message answers nothing."""
    assert (away.sentence(text) is not None) is says


def test_the_template_of_lotus_notes() -> None:
    """Nobody writes this by hand."""
    assert away.template("I will be out of the office starting  07/25/2003 and will not return until\n08/04/2003.")
    assert away.template("I will be out of the office next week.") is None


@pytest.mark.parametrize(
    "text", ["i am a b c d " * 2_000, "auto: " + "absent " * 2_000, "[x] " * 5_000, "**x** " * 5_000]
)
def test_odd_text_costs_little(text: str) -> None:
    """What is looked at has an end."""
    started = time.perf_counter()
    found = (away.prefix(text), away.absence(text), away.sentence(text), away.template(text))
    assert time.perf_counter() - started < 0.5
    assert len(found) == 4


@pytest.mark.parametrize("tag", ["", "[x] ", "(ext) ", "EXT: ", "*** SPAM *** "])
def test_no_phrase_is_passed_over_for_its_first_letters(tag: str) -> None:
    """Subjects that begin like none of them are not compared with all."""
    phrases = [phrase.strip(" *") for line in PREFIXES.values() for phrase in line.split("|")]
    assert [each for each in phrases if away.prefix(f"{tag}{each.replace(' ', '')}: x") is None] == []

"""The day of return that an automatic answer states, read only where nobody could read another."""

from __future__ import annotations

import time
from datetime import date

import pytest

from helpdesk.mail import returning
from helpdesk.mail.message import Absence

SENT = date(2026, 3, 2)
BACK = Absence(day=date(2026, 3, 16), back=True)
UNTIL = Absence(day=date(2026, 3, 13), back=False)


@pytest.mark.parametrize(
    "words",
    [
        "I am out of the office and will be back on Monday, March 16th.",
        "I am on leave until 13 March and back in the office on 16 March 2026.",
        "I will be out of the office starting 03/02/2026 and will not return until 03/16/2026.",
        "AUTO: Eva Fekete is out of the office (returning 16/03/2026)",
        "Ich bin vom 2. bis 13. März nicht im Büro und ab dem 16.03. wieder erreichbar.",
        "Ich bin von 2.3. bis 13.3. im Urlaub. Ab 16.03.2026 bin ich wieder da.",
        "Od 2 marca do 13 marca jestem na urlopie, od 16 marca będę ponownie w biurze.",
        "Szabadságon vagyok, március 16-tól ismét elérhető leszek.",
        "Szabadságon vagyok, 2026. március 16-án vissza az irodában.",
        "Jestem na urlopie, wracam do pracy 16 marca.",
        "Я в отпуске, вернусь 16 марта 2026 г.",
        "Я у відпустці, повернуся 16 березня.",
        "Na godišnjem sam, vraćam se 16. ožujka.",
        "Sem na dopustu, vrnem se 16. 3. 2026.",
        "Jsem na dovolené, vrátím se 16. března.",
        "Som na dovolenke, vrátim sa 16. marca.",
        "Je suis absente, de retour le lundi 16 mars.",
        "Estoy de vacaciones y vuelvo el lunes 16 de marzo.",
        "Sono in ferie, rientro in ufficio lunedì 16 marzo.",
        "Estou de férias, volto no dia 16 de março de 2026.",
        "Ik ben met vakantie en terug op maandag 16 maart.",
        "Ik ben afwezig tot en met 13 maart. Op maandag 16 maart ben ik terug.",
        "Jag har semester och är tillbaka måndag den 16 mars.",
        "Jeg holder ferie og er tilbage mandag den 16. marts.",
        "Olen lomalla, palaan 16.3.2026.",
        "Sunt în concediu și revin la birou pe 16 martie.",
        "İzindeyim. Dönüş tarihim 16 Mart 2026.",
        "3月16日に戻ります。",
        "我在休假，2026年3月16日回来。",
        "Back on 2026-03-16.",
    ],
)
def test_the_day_of_return(words: str) -> None:
    """In many languages, before or behind the words, with a year or without one."""
    assert returning.read(words, SENT) == BACK


@pytest.mark.parametrize(
    "words",
    [
        "I am out of the office until 13 March.",
        "Ich bin bis einschließlich Freitag, 13.03.2026 im Urlaub.",
        "Március 13-ig szabadságon vagyok.",
        "Jestem na urlopie do 13 marca.",
        "Я в отпуске до 13 марта.",
        "Je suis absent jusqu'au vendredi 13 mars inclus.",
        "Estoy fuera de la oficina hasta el 13 de marzo.",
        "Ik ben afwezig tot en met vrijdag 13 maart.",
        "3月13日まで不在です。",
    ],
)
def test_the_last_day_where_no_return_is_stated(words: str) -> None:
    """It says less, and is told apart."""
    assert returning.read(words, SENT) == UNTIL


@pytest.mark.parametrize(
    "words",
    [
        "I am back on 03/04/2026.",
        "I am back on Monday.",
        "I am back next week.",
        "Vraćam se 5. listopada.",
        "I am back on 31 February.",
        "From 2 March I am in another office.",
        "Order 16 March 2026 arrived.",
        "We are back in 3 months, call 16 27 38.",
        "Terug over 3 maanden.",
        "Vuelvo el lunes 14.",
        "",
    ],
)
def test_what_could_be_another_day_is_not_read(words: str) -> None:
    """Month and day that could change places, weekdays, the Slavic listopad, a day without such words."""
    assert returning.read(words, SENT) is None


def test_a_year_that_is_not_said_is_the_next() -> None:
    """At the turn of the year; without the date of the mail nobody knows."""
    assert returning.read("Back on 7 January.", date(2026, 12, 20)) == Absence(day=date(2027, 1, 7), back=True)
    assert returning.read("Back on 7 January.", None) is None


def test_it_is_said_as_a_reason_ends() -> None:
    """What a manager reads on the ticket."""
    assert (BACK.words, UNTIL.words) == ("back on 2026-03-16", "away until 2026-03-13")


@pytest.mark.parametrize("words", ["back on 16. " * 500, "until " * 1_000, "1.1." * 2_000, "march " * 2_000])
def test_odd_words_cost_little(words: str) -> None:
    """What is looked at has an end."""
    started = time.perf_counter()
    found = returning.read(words, SENT)
    assert time.perf_counter() - started < 0.3
    assert found is None or found.day.month in (1, 3)

"""A language is named only when it is clear; people are not answered in a wrong one."""

from __future__ import annotations

import pytest

from helpdesk.mail.language import detect

pytest.importorskip("lingua")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Tisztelt Ügyfélszolgálat! Nem működik a nyomtató a második emeleten, kérem segítsenek.", {"hu"}),
        ("Dzień dobry, drukarka na drugim piętrze nie działa od wczoraj, proszę o pomoc.", {"pl"}),
        ("Здравствуйте, принтер на втором этаже не работает со вчерашнего дня, помогите пожалуйста.", {"ru"}),
        ("Доброго дня, принтер на другому поверсі не працює з учорашнього дня, допоможіть будь ласка.", {"uk"}),
        (
            "Poštovani, štampač na drugom spratu ne radi od jučer, molim Vas da nam pomognete što prije.",
            {"hr", "bs", "sr"},
        ),
        ("Pozdravljeni, tiskalnik v drugem nadstropju od včeraj ne deluje, prosim za pomoč.", {"sl"}),
        ("Hello, the printer on the second floor has not worked since yesterday, please help us.", {"en"}),
        ("Guten Tag, der Drucker im zweiten Stock funktioniert seit gestern nicht, bitte helfen Sie uns.", {"de"}),
        ("Bonjour, l'imprimante du deuxième étage ne fonctionne plus depuis hier, merci de nous aider.", {"fr"}),
        ("Dobrý den, tiskárna ve druhém patře od včerejška nefunguje, prosím o pomoc.", {"cs"}),
        ("二階のプリンタが昨日から動きません。助けていただけますか。よろしくお願いします。", {"ja"}),
    ],
)
def test_a_letter_of_some_words_is_recognised(words: str, expected: set[str]) -> None:
    """The customers' languages; between Croatian, Bosnian and Serbian nobody can tell."""
    assert detect(words) in expected


@pytest.mark.parametrize(
    "words", ["", "OK", "Thanks!", "12345 67890 +36 1 234", "https://x.example", "Hallo", "😀" * 100]
)
def test_a_short_mail_is_not_guessed(words: str) -> None:
    """Greetings look alike in many languages."""
    assert detect(words) is None


def test_the_first_words_decide_where_they_leave_no_doubt() -> None:
    """Below them often stands what a program wrote, in its own language."""
    written = "Tisztelt Ügyfélszolgálat! Nem működik a nyomtató a második emeleten, kérem segítsenek. " * 5
    assert detect(f"{written}{'The printer spooler service terminated unexpectedly. ' * 20}") == "hu"

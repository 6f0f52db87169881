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


ABOVE = (
    "CAUTION: This email originated from outside of the organization. Do not click links or open attachments unless you"
    " recognize the sender and know the content is safe. Report anything suspicious to the security team at once.\n\n",
    "New message from the contact form on our website. Name and company of the visitor were not checked. Please answer"
    " within one working day, and do not forward this message. The visitor agreed to our privacy policy.\n\n",
)


@pytest.mark.parametrize("above", ABOVE)
def test_what_a_program_wrote_above_does_not_decide(above: str) -> None:
    """Mail servers put warnings, and web sites the heads of their forms, above what a person wrote."""
    words = "Tisztelt Ügyfélszolgálat! Nem működik a nyomtató a második emeleten, kérem segítsenek. "
    assert detect(above + words * 6) == "hu"


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("了解しました", "ja"),
        ("收到，谢谢", "zh"),
        ("감사합니다", "ko"),
        ("תודה רבה", "he"),
        ("Ευχαριστώ πολύ", "el"),
        ("Это не работает", "ru"),
        ("Дякую, її немає", "uk"),
        ("Спасибо, HP LaserJet 4", None),
        ("Хвала лепо, љубави", None),
    ],
)
def test_letters_that_only_one_language_has_tell_it_at_once(words: str, language: str | None) -> None:
    """However short the mail is, and without the extra."""
    assert detect(words) == language


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Poštovani, predujam smo uplatili prošli tjedan, molimo potvrdu.", "hr"),
        ("Poštovani, možete li poslati nekoga još ove sedmice, uređaj opet ne radi.", "bs"),
        ("Batteriet er kommet og virker fint, tusen takk!", "no"),
        ("Batteriet er kommet og virker fint, tusind tak for hjælpen!", "da"),
        ("Zdaj deluje, najlepša hvala za pomoč!", "sl"),
    ],
)
def test_words_tell_neighbours_apart(words: str, expected: str) -> None:
    """Each has words that the other has not."""
    assert detect(words) == expected


def test_letters_of_one_language_make_a_guess_sure() -> None:
    """A line or two would otherwise be too few."""
    assert detect("Am primit confirmarea, vă mulțumesc frumos!") == "ro"

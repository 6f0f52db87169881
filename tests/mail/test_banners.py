"""A warning of the mail server above the words is no news."""

from __future__ import annotations

import pytest

from helpdesk.mail.quotes import new_words

BANNERS = [
    "CAUTION: This email originated from outside of the organization. Do not click links or open attachments unless "
    "you recognize the sender.",
    "[EXTERNAL]",
    "*** External email: be careful with links ***",
    "You don't often get email from eva@kunde.example. Learn why this is important",
    "FIGYELEM! Ez az e-mail a cégen kívülről érkezett. Ne kattintson ismeretlen linkre!",
    "UWAGA: Ta wiadomość pochodzi spoza organizacji.",
    "ACHTUNG: Diese E-Mail kommt von außerhalb der Firma.\nKlicken Sie nicht auf Links.",
    "ATTENTION : ce message provient de l'extérieur de l'organisation.",
    "ATENCIÓN: Este correo proviene de fuera de la organización.",
    "ATTENZIONE: questa e-mail proviene da un mittente esterno.",
    "LET OP: Deze e-mail komt van buiten de organisatie.",
]


@pytest.mark.parametrize("banner", BANNERS)
@pytest.mark.parametrize("rule", ["", "________________________________\n"])
def test_a_warning_at_the_top_goes(banner: str, rule: str) -> None:
    """With the lines drawn around it."""
    assert new_words(f"{banner}\n{rule}\nThe printer is broken.") == "The printer is broken."


@pytest.mark.parametrize(
    "words",
    [
        "The printer is broken.\n\nThis email originated from outside.",
        "External drives are not found by the printer.\n\nPlease help.",
        "External e-mail is not delivered since Monday.\n\nPlease help.",
        "Externe E-Mail kommt nicht an.\n\nBitte helfen Sie.",
        "This email is about the printer.",
        BANNERS[0],
    ],
)
def test_what_only_sounds_so_stays(words: str) -> None:
    """Below the words, in a sentence of the writer, or when there is nothing else."""
    assert new_words(words) == words


@pytest.mark.parametrize(
    "warning",
    [
        *(
            "Nem gyakran kap e-mailt a következőtől: a@x.example.",
            "Nieczęsto otrzymujesz wiadomości e-mail z adresu a@x.",
        ),
        *("Вы нечасто получаете письма от a@x.example.", "УВАГА: Цей лист надійшов від зовнішнього відправника."),
        *("POZOR: To sporočilo prihaja izven organizacije.", "POZOR: Tento e-mail pochádza mimo organizácie."),
        *("UPOZORNĚNÍ: Tento e-mail pochází z vnějšího zdroje.", "ADVARSEL: Denne e-posten kommer fra utenfor oss."),
        *("VAROITUS: Tämä viesti on lähetetty organisaation ulkopuolelta.", "DİKKAT: Bu e-posta kuruluş dışından."),
        *("ATENȚIE: Acest e-mail provine din afara organizației.", "【外部メール】", "注意：此邮件来自组织外部。"),
    ],
)
def test_a_warning_of_any_language_goes(warning: str) -> None:
    """It stands above the first word that somebody wrote."""
    assert new_words(f"{warning}\n\nIt works.") == "It works."

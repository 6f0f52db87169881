"""The closing of a letter is no news; what is written below it, or looks like it, is."""

from __future__ import annotations

import pytest

from helpdesk.mail.closings import apart
from helpdesk.mail.message import Address
from helpdesk.mail.parse import parse
from tests.builders import raw_mail

FORMULAS = [
    *(
        "Best regards,",
        "Kind regards",
        "Regards",
        "Thanks and best regards,",
        "Yours sincerely",
        "All the best",
        "Cheers 🎉",
    ),
    *("Üdvözlettel,", "Üdv", "Tisztelettel", "Köszönettel", "Szép napot!", "Köszönöm és üdv,"),
    *("Z poważaniem", "Pozdrawiam serdecznie,", "Pozdrawiam", "Dziękuję i pozdrawiam"),
    *("С уважением,", "С наилучшими пожеланиями", "Всего доброго", "З повагою,", "Гарного дня!"),
    *("S poštovanjem", "Lijep pozdrav,", "Srdačan pozdrav", "LP", "С поштовањем,", "Lep pozdrav", "S spoštovanjem"),
    *("S pozdravom", "S úctou", "S pozdravem,", "S přátelským pozdravem"),
    *("Mit freundlichen Grüßen", "Viele Grüße", "Liebe Grüße aus Graz", "MfG", "Vielen Dank und beste Grüße", "Gruß"),
    *("Cordialement,", "Bien à vous", "Meilleures salutations", "Saludos", "Un saludo", "Atentamente,"),
    *(
        "Cordiali saluti",
        "Distinti saluti",
        "Grazie e cordiali saluti",
        "Atenciosamente,",
        "Com os melhores cumprimentos",
    ),
    *("Met vriendelijke groet,", "Groeten", "Mvg", "Med vänlig hälsning", "Mvh", "Venlig hilsen", "Med vennlig hilsen"),
    *("Ystävällisin terveisin", "Cu stimă,", "Toate cele bune", "Saygılarımla,", "İyi çalışmalar", "敬具", "此致敬礼"),
    "Kind regards / Mit freundlichen Grüßen",
    *("Thanks in advance, best regards", "Segítségüket előre is köszönöm. Üdvözlettel:", "Ďakujem a prajem pekný deň"),
    *("Tack på förhand, mvh", "此致\n敬礼", "Grazie mille e buona giornata"),
]


@pytest.mark.parametrize("formula", FORMULAS)
def test_the_formula_and_the_name_are_taken_apart(formula: str) -> None:
    """In every language of our customers, with what stands below the name."""
    closing = f"{formula}\n\nÉva Kis\nKunde GmbH, Hauptstraße 5\n+49 30 1234567\neva@kunde.example"
    assert apart(f"The printer is broken.\n\n{closing}") == ("The printer is broken.", closing)


@pytest.mark.parametrize(
    "words",
    [
        "Regards to all of you from the printer, it is broken again.",
        "Please print this:\nBest regards\nand send it to everybody in the house before noon",
        "The printer is broken.\n\nBest regards,\nÉva\n\nPS: the red one.",
        "The printer is broken.\n\nRegards\nCan you come today?",
        "Best regards,\nÉva",
        "Thanks,\nÉva",
        "We need:\n-paper\n-toner",
        "All is well.\nBest practices",
        "Two things.\nBest regards to your colleague Anna",
    ],
)
def test_what_was_written_to_be_read_stays(words: str) -> None:
    """Sentences, questions, postscripts, lists, and a mail that is nothing but a greeting."""
    assert apart(words) == (words, "")


@pytest.mark.parametrize("signed", ["-Martin", "/B", "— Éva Kis", "--Éva"])
def test_a_name_behind_a_sign_is_a_closing(signed: str) -> None:
    """As people sign who have no time."""
    assert apart(f"The printer is broken.\n\n{signed}") == ("The printer is broken.", signed)


def test_the_mail_keeps_its_closing_for_those_who_answer() -> None:
    """Staff see a customer's words without it; a colleague's own goes to the customer."""
    mail = parse(raw_mail(text="Kész.\r\n\r\nÜdv,\r\nAnna"))
    assert (mail.text, mail.closing) == ("Kész.", "Üdv,\nAnna")
    assert mail.signed_text == "Kész.\n\nÜdv,\nAnna"
    assert mail.full_text == mail.signed_text


@pytest.mark.parametrize("drawn", ["\u2014", "\u2014\u2014\u2014\u2014\u2014"])
def test_a_name_below_a_long_dash_is_a_closing(drawn: str) -> None:
    """A few short lines that tell who somebody is."""
    signature = f"{drawn}\nÉva Kis\nHead of Printing\n@kunde"
    assert apart(f"It works.\n\n{signature}") == ("It works.", signature)
    for below in ("It also smells.", "Which one?", "a\nb\nc\nd\ne\nf\ng", "This is the rest of the story"):
        assert apart(f"It works.\n\n{drawn}\n{below}") == (f"It works.\n\n{drawn}\n{below}", "")


CARD = "Emma Whitfield\nDispatch Manager\nT: +44 117 555 0101\nemma@client.example"


def test_the_senders_own_card_is_a_closing() -> None:
    """A name, and ways to reach it; nobody has to draw a line. Another person's card is what he writes about."""
    emma = Address(name="Emma Whitfield", address="e@client.example")
    assert apart(f"It works.\n\n{CARD}", emma) == ("It works.", CARD)
    assert apart(f"Ask her.\n\n{CARD}", Address(name="Éva Kis", address="eva@kunde.example"))[1] == ""
    assert apart(f"Please call:\n\n{CARD}", emma)[1] == ""
    assert apart(f"It works.\n\n{CARD}")[1] == ""

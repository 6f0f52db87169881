"""What a person wrote is shown to staff to the last line, however much it looks like the end of a letter."""

from __future__ import annotations

import pytest

from helpdesk.desk import own_words
from helpdesk.mail.parse import parse
from tests.builders import raw_mail

MAILS = [
    "Hello,\n\ntwo ways to do it.\n\n--\nRestart the router and wait until the lamp is green\nThen log in again",
    "Two steps:\n--\nRestart the server\n--\nLog in again",
    "Thank you for the offer.\n\nRegards\nEva Fekete\nTel 1234567\n\nCancel the order",
    "What goes where?\n\nBest regards\nEva\n\n20 kg to Budapest, 30 kg to Vienna",
    "No paper.\n\nRegards\nEva\nFax machine is out of paper again",
    "Call me.\n\nRegards\nEva Fekete\nCall 06 30 123 4567 only after six o'clock tonight",
    "WARNING: do not click links on the new shop page, they lead to a phishing site.\n\nEva",
    "Attention, this email is from outside the company, says my mailbox. Why?\n\nEva",
    (
        "Bitte stornieren Sie.\n\nMit freundlichen Grüßen\nMax Müller\n\nKundennummer 4711\n"
        "Bankverbindung: DE02120300000000202051\nBitte nicht mehr anrufen"
    ),
    "Please cancel order 123.\n\nBest regards\nEva\n\nAlso cancel order 456",
    "Der Drucker geht nicht.\n\nLG\nMax\n\nach ja, Toner ist auch leer",
    "Kész vagyok.\n\nÜdv,\nÉva\n\nHolnap nem leszek bent",
    "Nie działa.\n\nPozdrawiam\nEwa\n\nProszę dzwonić dopiero po 15",
    "I need it.\n\nBest regards\nEva\n\nPhone for the courier: +36 30 1234567\nPlease ring twice",
    "What does the HTML tag do:\nbr\nhr\np",
    "Vad kostar det? Jag vill betala i:\nKR",
    "Which option do you want: good, better, best?\n\nBest",
    "the printers:\n\nBest\nBetter\nGood",
    "The values of my switch are:\n\nt\nx\ny",
    "Who is your provider?\nATT",
    "It is on\n\nYT",
    "format:\nLP",
    "Come si dice in inglese:\nBuona giornata",
    "Bestellung:\n\nSchöne Grüße\nMama\n\nje 10 Karten bitte",
    (
        "Please change my name on the account as follows:\n\nRegards\nAnna Kovacs-Smith\n"
        "HU42117730161111101800000000\n\nThe old one was Anna Kovacs."
    ),
    "This must be removed from the invoice:\n\n-Shipping",
    "The page that fails is\n\n/Checkout",
    "It hangs here:\n/Users",
    ("Hello, please change my contact data.\n\nAnna Smith\nMain Street 5\nanna@new.example\n+44 20 1234567"),
    ("Please deliver it to my neighbour, I am away.\n\nPeter Nagy\nKossuth utca 5\n1051 Budapest\n+36 30 1234567"),
    "Numbers wrong.\n\nInvoice Number Amount\n4711001 1000000 EUR\n4711002 2000000 EUR",
    "These machines are down.\n\nPrint Server One\n10.0.0.1 https://a.example\nx",
    "Please call these numbers.\n\nFront Desk\n+36 1 2345678\nBack Desk",
    "Please do this:\n\n=====\nOpen the back door\nPull out the sheet",
    "Here:\n\n***\nshow run\nwrite mem\n***",
    "Pay to\n\n_____\nIBAN x\nAmount y",
    "Steps\n=====\nOne\nTwo",
    "Two ways:\n\n---\nFirst: a\nSecond: b",
    "Here is the output:\n\n=====\nRan 5 tests\nFAILED",
    "I have two questions.\n\n-----\nQuestion one\nQuestion two",
    "Delivery address\n================\nKis Eva\nBudapest",
    "Monday 12\n--\nTuesday 13\nWednesday 14",
    "select a\n--\nfrom b\nwhere c",
    "A 10\n--\nB 20\n--\nC 30\nTotal 60",
    "The log says:\n\n--\nerror 1\nerror 2",
    "External sender: how do I configure one in your product?\nWe need it until Friday.\n\nThanks",
    "Külső feladó: hogyan kell beállítani?\n\nKöszönöm",
    ("This e-mail was sent from outside because our VPN is broken. Please fix it until ten.\n\nUser is kis."),
    "Внешний отправитель не может нам писать, письма возвращаются.\n\nПомогите",
    ("Hallo,\n\nDiese Nachricht ist vertraulich, bitte nicht meinem Chef zeigen.\n\nIch möchte zum Mai kündigen."),
    "Hello,\n\nThis message is confidential, do not show it to my boss.\n\nI want to leave.",
    "The colours are\n\nRegards Red\nRegards Blue",
    "Two names please\n\nBest regards\nAnna\nplease print both",
    "I need:\n- paper\n- toner\n\nThanks\nEva",
    "A poem:\n\nRoses are red\n—\nViolets are blue",
    "Please see below.\n\nEva\nKis",
]


@pytest.mark.parametrize("words", MAILS)
def test_every_line_is_shown(words: str) -> None:
    """Orders below a name, lists below a line, one word that is the whole answer."""
    mail = parse(raw_mail(text=words.replace("\n", "\r\n")))
    assert [line for line in mail.text.split("\n") if line.strip()] == [
        line for line in words.split("\n") if line.strip()
    ]


ANSWERS = [
    "Two ways to do it.\n\n--\nRestart the router and wait until the lamp is green\nThen log in again",
    "Attention: do not click links in the mail you got, it is phishing.\n\nDelete it and empty the trash.",
    "Please do this:\n\n=====\nOpen the back door\nPull out the sheet",
    "Here:\n\n***\nshow run\nwrite mem\n***",
    "Pay to\n\n_____\nIBAN x\nAmount y",
    "It is done.\n\nBest regards\nAnna\n\nTel. +49 30 1234567",
    "It is done.\n\n\u2014\nAnna Kovács\nSupport",
]


@pytest.mark.parametrize("words", ANSWERS)
def test_a_colleagues_answer_goes_out_whole_or_is_held(words: str) -> None:
    """What he wrote and closed with goes to the customer; nothing of it is left out in silence."""
    full = f"{words}\n\nOn Mon, 2 Mar 2026 at 9:00, HD <s@helpdesk.test> wrote:\n> Does it work?"
    mail = parse(raw_mail(text=full.replace("\n", "\r\n")))
    sent = own_words.own_words(mail.signed_text)
    assert [line for line in sent.split("\n") if line.strip()] == [line for line in words.split("\n") if line.strip()]
    assert own_words.left_out(mail.full_text, sent) == ""


AROUND = {
    "armour": "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n{}\n-----BEGIN PGP SIGNATURE-----\n\nabc\n"
    "-----END PGP SIGNATURE-----",
    "banner": "CAUTION: This email originated from outside of the organization.\n\n{}",
}


@pytest.mark.parametrize("around", AROUND.values(), ids=AROUND)
def test_what_programs_put_around_an_answer_does_not_hold_it(around: str) -> None:
    """A signature of PGP, a warning of the border: nobody's words, so none are left out."""
    full = around.format("It is done.") + "\n\nOn Mon, 2 Mar 2026 at 9:00, HD <s@helpdesk.test> wrote:\n> Does it work?"
    mail = parse(raw_mail(text=full.replace("\n", "\r\n")))
    sent = own_words.own_words(mail.signed_text)
    assert (sent, own_words.left_out(mail.full_text, sent)) == ("It is done.", "")


def test_a_footer_above_the_quotation_does_not_hold_an_answer() -> None:
    """Lawyers' words are nobody's."""
    full = (
        "It is on its way.\n\nThis e-mail is confidential and may be legally privileged.\n\n"
        "On Mon, 2 Mar 2026 at 9:00, HD <s@helpdesk.test> wrote:\n> Where is it?"
    )
    mail = parse(raw_mail(text=full.replace("\n", "\r\n")))
    assert own_words.left_out(mail.full_text, own_words.own_words(mail.signed_text)) == ""

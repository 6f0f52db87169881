"""Who passes a mail on wants the original to be read: its author, date, subject and words, apart from the comment."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from helpdesk.mail.forwards import read
from helpdesk.mail.message import Address, Forwarded
from helpdesk.mail.parse import parse

# What a program writes above the forwarded words: the separator, then the fields.
PROGRAMS = [
    (
        "en gmail",
        "---------- Forwarded message ---------",
        "From: Béla Kis <bela@other.example>\nDate: Mon, 2 Mar 2026 at 08:00\n"
        "Subject: Invoice\nTo: <eva@kunde.example>",
    ),
    (
        "en apple",
        "Begin forwarded message:",
        "\nFrom: Béla Kis <bela@other.example>\n"
        "Subject: Invoice\nDate: 2 March 2026 at 08:00:00 CET\nTo: eva@kunde.example",
    ),
    (
        "en thunderbird",
        "-------- Forwarded Message --------",
        "Subject: \tInvoice\nDate: \tMon, 2 Mar 2026 08:00:00 +0000\n"
        "From: \tBéla Kis <bela@other.example>\nTo: \teva@kunde.example",
    ),
    (
        "en outlook",
        "________________________________",
        "From: Béla Kis <bela@other.example>\nSent: Monday, March 2, 2026 8:00 AM\n"
        "To: Éva <eva@kunde.example>\nSubject: Invoice",
    ),
    (
        "hu",
        "---------- Továbbított üzenet ----------",
        "Feladó: Béla Kis <bela@other.example>\nDátum: 2026. március 2., hétfő 8:00\n"
        "Tárgy: Invoice\nCímzett: eva@kunde.example",
    ),
    (
        "pl",
        "--- Treść przekazanej wiadomości ---",
        "Temat: \tInvoice\nData: \tMon, 2 Mar 2026 08:00:00 +0000\n"
        "Nadawca: \tBéla Kis <bela@other.example>\nAdresat: \teva@kunde.example",
    ),
    (
        "ru",
        "-------- Пересылаемое сообщение --------",
        "Тема: Invoice\nДата: Mon, 2 Mar 2026 08:00:00 +0000\n"
        "От: Béla Kis <bela@other.example>\nКому: eva@kunde.example",
    ),
    (
        "uk",
        "Початок листа, що пересилається:",
        "Від: Béla Kis <bela@other.example>\nТема: Invoice\nДата: 2 березня 2026 р. 08:00:00\nКому: eva@kunde.example",
    ),
    (
        "hr",
        "-------- Proslijeđena poruka --------",
        "Naslov: Invoice\nDatum: Mon, 2 Mar 2026 08:00:00 +0000\n"
        "Šalje: Béla Kis <bela@other.example>\nPrima: eva@kunde.example",
    ),
    (
        "sl",
        "---------- Posredovano sporočilo ----------",
        "Od: Béla Kis <bela@other.example>\nDatum: pon., 2. mar. 2026 08:00\nZadeva: Invoice\nZa: eva@kunde.example",
    ),
    (
        "cs",
        "---------- Přeposlaná zpráva ----------",
        "Od: Béla Kis <bela@other.example>\nDatum: 2. 3. 2026 8:00\nPředmět: Invoice\nKomu: eva@kunde.example",
    ),
    (
        "sk",
        "-------- Preposlaná správa --------",
        "Predmet: Invoice\nDátum: Mon, 2 Mar 2026 08:00:00 +0000\n"
        "Od: Béla Kis <bela@other.example>\nPre: eva@kunde.example",
    ),
    (
        "de",
        "Anfang der weitergeleiteten Nachricht:",
        "\nVon: Béla Kis <bela@other.example>\n"
        "Betreff: Invoice\nDatum: 2. März 2026 um 08:00:00 MEZ\nAn: eva@kunde.example",
    ),
    (
        "fr",
        "---------- Message transféré ---------",
        "De : Béla Kis <bela@other.example>\nDate : lun. 2 mars 2026 à 08:00\nObjet : Invoice\nÀ : eva@kunde.example",
    ),
    (
        "es",
        "---------- Mensaje reenviado ---------",
        "De: Béla Kis <bela@other.example>\nFecha: lun, 2 mar 2026 8:00\nAsunto: Invoice\nPara: eva@kunde.example",
    ),
    (
        "it",
        "---------- Messaggio inoltrato ---------",
        "Da: Béla Kis <bela@other.example>\nData: lun 2 mar 2026 alle ore 08:00\n"
        "Oggetto: Invoice\nA: eva@kunde.example",
    ),
    (
        "pt",
        "---------- Mensagem encaminhada ---------",
        "De: Béla Kis <bela@other.example>\nData: seg., 2 de mar. de 2026 às 08:00\n"
        "Assunto: Invoice\nPara: eva@kunde.example",
    ),
    (
        "nl",
        "Begin doorgestuurd bericht:",
        "\nVan: Béla Kis <bela@other.example>\n"
        "Onderwerp: Invoice\nDatum: 2 maart 2026 om 08:00:00 CET\nAan: eva@kunde.example",
    ),
    (
        "sv",
        "-------- Vidarebefordrat meddelande --------",
        "Ämne: Invoice\nDatum: Mon, 2 Mar 2026 08:00:00 +0000\n"
        "Från: Béla Kis <bela@other.example>\nTill: eva@kunde.example",
    ),
    (
        "da",
        "Start på videresendt besked:",
        "\nFra: Béla Kis <bela@other.example>\n"
        "Emne: Invoice\nDato: 2. marts 2026 kl. 08.00.00 CET\nTil: eva@kunde.example",
    ),
    (
        "no",
        "-------- Videresendt melding --------",
        "Emne: Invoice\nDato: Mon, 2 Mar 2026 08:00:00 +0000\n"
        "Fra: Béla Kis <bela@other.example>\nTil: eva@kunde.example",
    ),
    (
        "fi",
        "-------- Välitetty viesti / Fwd.Msg --------",
        "Aihe: Invoice\nPäiväys: Mon, 2 Mar 2026 08:00:00 +0000\n"
        "Lähettäjä: Béla Kis <bela@other.example>\nVastaanottaja: eva@kunde.example",
    ),
    (
        "ro",
        "---------- Mesaj redirecționat ---------",
        "De la: Béla Kis <bela@other.example>\nData: lun., 2 mar. 2026, 08:00\n"
        "Subiect: Invoice\nCătre: eva@kunde.example",
    ),
    (
        "tr",
        "-------- İletilen İleti --------",
        "Konu: Invoice\nTarih: Mon, 2 Mar 2026 08:00:00 +0000\n"
        "Kimden: Béla Kis <bela@other.example>\nKime: eva@kunde.example",
    ),
    (
        "ja",
        "---------- メッセージを転送 ---------",
        "送信元：Béla Kis <bela@other.example>\n日付：2026年3月2日月曜日 8:00:00\n"
        "件名：Invoice\n送信先：eva@kunde.example",
    ),
    (
        "zh",
        "---------- 转发的邮件 ----------",
        "发件人：Béla Kis <bela@other.example>\n日期：2026年3月2日 8:00\n主题：Invoice\n收件人：eva@kunde.example",
    ),
    (
        "yahoo",
        "----- Forwarded Message ----- From: Béla Kis <bela@other.example>To: <eva@kunde.example>"
        "Sent: Monday, March 2, 2026, 08:00:00 AM GMT+0Subject: Invoice",
        "",
    ),
    (
        "yahoo it",
        "----- Messaggio inoltrato ----- Da: Béla Kis <bela@other.example>A: <eva@kunde.example>"
        "Inviato: lunedì 2 marzo 2026, 08:00:00 GMTOggetto: Invoice",
        "",
    ),
    (
        "yahoo es",
        "----- Mensaje reenviado ----- De: Béla Kis <bela@other.example>Para: <eva@kunde.example>"
        "Enviado: lunes, 2 de marzo de 2026 08:00:00 GMTAsunto: Invoice",
        "",
    ),
    (
        "thunderbird in two languages",
        "-------- Preposlaná správa --- Forwarded Message --------",
        "Predmet: Invoice\nDátum: Mon, 2 Mar 2026 08:00:00 +0000\n"
        "Od: Béla Kis <bela@other.example>\nPre: eva@kunde.example",
    ),
    (
        "name in quotation marks",
        "Begin forwarded message:",
        '\nFrom: "Béla Kis" <bela@other.example>\nDate: 2 March 2026 08:00:00 GMT\nTo: Éva\nSubject: Invoice',
    ),
    (
        "outlook mailto",
        "-----Original Message-----",
        "From: Béla Kis [mailto:bela@other.example]\nSent: Monday, March 2, 2026 8:00 AM\nTo: Éva\nSubject: Invoice",
    ),
]
BELA = Address(name="Béla Kis", address="bela@other.example")


def forward(separator: str, head: str, mark: str = "") -> str:
    """A forwarded mail with a comment above it."""
    quoted = "\n".join(
        f"{mark}{line}" for line in [*head.split("\n"), *([""] if head else []), "The invoice is wrong."]
    )
    return f"Please look.\n\n{separator}\n{quoted}\n"


@pytest.mark.parametrize(("program", "separator", "head"), PROGRAMS, ids=[program for program, _, _ in PROGRAMS])
def test_the_original_is_found_in_every_language(program: str, separator: str, head: str) -> None:
    """Author, day and hour, subject, words and comment of an inline forward."""
    found = read("Fwd: Invoice", forward(separator, head), [])
    assert found is not None, program
    assert (found.sender, found.subject) == (BELA, "Invoice")
    assert (found.text, found.comment) == ("The invoice is wrong.", "Please look.")
    assert found.date is not None
    assert found.date.replace(tzinfo=UTC) == datetime(2026, 3, 2, 8, tzinfo=UTC)


def test_quote_marks_before_the_forwarded_words_are_taken_off() -> None:
    """Apple Mail quotes what it forwards."""
    _, separator, head = PROGRAMS[1]
    found = read("Fwd: Invoice", forward(separator, head, "> "), [])
    assert found is not None
    assert (found.sender, found.text) == (BELA, "The invoice is wrong.")


def test_a_mail_with_no_separator_is_forwarded_when_its_subject_says_so() -> None:
    """Outlook writes the fields only; without the subject it would be an answer."""
    words = "Look.\n\nFrom: Béla Kis <bela@other.example>\nSent: Monday\nTo: Éva\nSubject: Invoice\n\nWrong.\n"
    found = read("FW: Invoice", words, [])
    assert found is not None
    assert found.sender == BELA
    assert read("RE: Invoice", words, []) is None


def test_an_attribution_serves_as_header_of_a_forward() -> None:
    """Some programs write nothing but "X wrote:" above what they forward."""
    found = read("Fwd: x", "Look.\n\nOn 2026-03-02 09:00, Béla Kis <bela@other.example> wrote:\n\n    Wrong.\n", [])
    assert found == Forwarded(
        sender=BELA, date=datetime(2026, 3, 2, 9, tzinfo=UTC), subject="", text="Wrong.", comment="Look."
    )


@pytest.mark.parametrize(
    "line",
    [
        'On 02/03/2026 08:00, "Béla Kis" <bela@other.example> wrote:',
        'Am 02/03/2026, 08:00 schrieb "Béla Kis" <bela@other.example>:',
        "Am 02.03.2026 08:00 schrieb Béla Kis <bela@other.example>:",
        "Dňa 02/03/2026 08:00, Béla Kis (<bela@other.example>) napísal:",
    ],
)
def test_the_name_in_an_attribution_is_without_the_words_around_it(line: str) -> None:
    """Quotation marks, brackets and the word for writing are no part of a name."""
    found = read("Fwd: x", f"Look.\n\n{line}\n\n    Wrong.\n", [])
    assert found is not None
    assert (found.sender, found.text) == (BELA, "Wrong.")


def test_lines_that_a_mailer_broke_do_not_keep_the_marks_of_the_others() -> None:
    """The rest of a long quoted line has no mark of its own."""
    head = f"> From: {BELA.address}\n> Subject: Invoice\n>\n"
    found = read("Fwd: x", f"Look.\n\nBegin forwarded message:\n\n{head}> Wrong, says\nour\n> boss.", [])
    assert found is not None
    assert found.text == "Wrong, says\nour\nboss."


def test_a_long_subject_goes_on_in_the_next_line() -> None:
    """Text programs break what is longer than a line."""
    head = f"From: {BELA.address}\nSubject: An invoice with a very long\nand winding name\nTo: eva@kunde.example"
    found = read("Fwd: x", forward("---------- Forwarded message ---------", head), [])
    assert found is not None
    assert (found.subject, found.text) == ("An invoice with a very long and winding name", "The invoice is wrong.")


def test_an_attached_mail_is_a_forward_when_nothing_else_was_written() -> None:
    """An attachment beside words of the sender is an attachment."""
    head = "From: e@x.example\nSubject: {}\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\n{}\n"
    tail = "--b\nContent-Type: message/rfc822\n\nFrom: bela@other.example\nSubject: Invoice\n\nWrong.\n--b--\n"
    assert parse((head.format("Hello", "See attached.") + tail).encode()).forwarded is None
    alone = parse((head.format("Hello", "") + tail).encode()).forwarded
    assert alone is not None
    assert (alone.subject, alone.text) == ("Invoice", "Wrong.")


def test_a_forward_inside_the_history_of_an_answer_is_history() -> None:
    """He answers a mail that was once forwarded; he forwards nothing."""
    words = (
        "Thanks.\n\nOn Mon, 2 Mar 2026 Éva <e@x.example> wrote:\n> ---------- Forwarded message ---------\n> From: b\n"
    )
    assert read("Re: Invoice", words, []) is None

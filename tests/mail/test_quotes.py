"""What a person wrote now is kept, what he quotes is cut; nothing that he wrote is ever lost."""

from __future__ import annotations

import pytest

from helpdesk.mail.quotes import Kind, history, new_words

ATTRIBUTIONS = [
    ("en", "On Mon, 2 Mar 2026 at 09:00, Minta Support <support@minta.example> wrote:"),
    ("en", "On Mon, Mar 2, 2026 at 9:00 AM Minta Support <\nsupport@minta.example> wrote:"),
    ("en", "On 2 Mar 2026, at 09:00, Minta Support <support@minta.example> wrote:"),
    ("en", "On 02/03/2026 09:00, Minta Support wrote:"),
    ("en", "Minta Support wrote on 02.03.2026 09:00:11:"),
    ("en", "---- On Mon, 02 Mar 2026 09:00:00 +0100 Minta Support <support@minta.example> wrote ----"),
    ("en", "--- On Mon, 3/2/26, Minta Support <support@minta.example> wrote:"),
    ("en", "On Monday, March 2nd, 2026 at 9:00 AM, Minta Support <support@minta.example> wrote:"),
    ("en", "Minta Support <support@minta.example> wrote:"),
    ("hu", "Minta Support <support@minta.example> ezt írta (időpont: 2026. márc. 2., H,\n9:00):"),
    ("hu", "2026. 03. 02. 9:00 keltezéssel, Minta Support írta:"),
    ("hu", "2026. március 2. 9:00 időpontban Minta Support <support@minta.example> ezt írta:"),
    ("hu", "Minta Support <support@minta.example> írta (2026. márc. 2., 9:00):"),
    ("hu", "Minta Support <support@minta.example> írta:"),
    ("hu", "2026.03.02. dátummal, Minta Support <support@minta.example> írta:"),
    ("pl", "W dniu 2026-03-02 09:00:00 użytkownik Minta Support <support@minta.example> napisał:"),
    ("pl", "pon., 2 mar 2026 o 09:00 Minta Support <support@minta.example> napisał(a):"),
    ("pl", "Dnia 2 marca 2026 09:00 Minta Support <support@minta.example> napisał(a):"),
    ("pl", "W dniu 02.03.2026 o 09:00, Minta Support pisze:"),
    ("pl", "Wiadomość napisana przez Minta Support <support@minta.example> w dniu 02.03.2026, o godz. 09:00:"),
    ("ru", "пн, 2 мар. 2026 г. в 09:00, Minta Support <support@minta.example>:"),
    ("ru", "02.03.2026 09:00, Minta Support пишет:"),
    ("ru", "Понедельник, 2 марта 2026, 9:00 +03:00 от Minta Support <support@minta.example>:"),
    ("ru", "2 марта 2026 г., в 09:00, Minta Support <support@minta.example> написал(а):"),
    ("ru", '02.03.2026, 09:00, "Minta Support" <support@minta.example>:'),
    ("ru", "понедельник, 2 марта 2026 г. пользователь Minta Support написал:"),
    ("uk", "пн, 2 бер. 2026 р. о 09:00 Minta Support <support@minta.example> пише:"),
    ("uk", "02.03.26 09:00, Minta Support пише:"),
    ("uk", "2 бер. 2026 р. о 09:00 Minta Support <support@minta.example> написав:"),
    ("hr", "pon, 2. ožu 2026. u 09:00 Minta Support <support@minta.example> napisao je:"),
    ("hr", "Dana 02.03.2026. u 09:00, Minta Support je napisao/la:"),
    ("hr", "On 02.03.2026. 09:00, Minta Support wrote:"),
    ("bs", "Dana pon, 2. mar 2026. u 09:00 Minta Support <support@minta.example> napisao\nje:"),
    ("sr", "пон, 2. мар 2026. у 09:00 Minta Support <support@minta.example> је написао/ла:"),
    ("sr", "Dana 2.3.2026. u 9:00, Minta Support je napisao:"),
    ("sl", "V V pon., 2. mar. 2026 ob 09:00 je oseba Minta Support <support@minta.example> napisala:"),
    ("sl", "Dne 2. 3. 2026 ob 9:00 je Minta Support napisal(a):"),
    ("sk", "po 2. 3. 2026 o 9:00 Minta Support <support@minta.example> napísal(a):"),
    ("sk", "Dňa 2. 3. 2026 o 9:00 Minta Support napísal(a):"),
    ("cs", "po 2. 3. 2026 v 9:00 odesílatel Minta Support <support@minta.example> napsal:"),
    ("cs", "Dne 02. 03. 26 v 9:00 Minta Support napsal(a):"),
    ("de", "Am Mo., 2. März 2026 um 09:00 Uhr schrieb Minta Support <\nsupport@minta.example>:"),
    ("de", "Am 02.03.2026 um 09:00 schrieb Minta Support:"),
    ("de", "Minta Support <support@minta.example> schrieb am Mo., 2. März 2026, 09:00:"),
    ("fr", "Le lun. 2 mars 2026 à 09:00, Minta Support <support@minta.example> a écrit :"),
    ("fr", "Le 02/03/2026 à 09:00, Minta Support a écrit :"),
    ("es", "El lun, 2 mar 2026 a las 9:00, Minta Support (<support@minta.example>) escribió:"),
    ("es", "El 2/3/26 a las 9:00, Minta Support escribió:"),
    ("it", "Il giorno lun 2 mar 2026 alle ore 09:00 Minta Support <\nsupport@minta.example> ha scritto:"),
    ("it", "Il 02/03/2026 09:00, Minta Support ha scritto:"),
    ("pt", "Em seg., 2 de mar. de 2026 às 09:00, Minta Support <support@minta.example>\nescreveu:"),
    ("pt", "Minta Support <support@minta.example> escreveu (segunda, 2/03/2026 à(s) 09:00):"),
    ("nl", "Op ma 2 mrt 2026 om 09:00 schreef Minta Support <support@minta.example>:"),
    ("nl", "Op 2 mrt. 2026, om 09:00 heeft Minta Support <support@minta.example> het volgende geschreven:"),
    ("sv", "Den mån 2 mars 2026 kl 09:00 skrev Minta Support <support@minta.example>:"),
    ("sv", "2 mars 2026 kl. 09:00 skrev Minta Support <support@minta.example>:"),
    ("da", "Den man. 2. mar. 2026 kl. 09.00 skrev Minta Support <support@minta.example>:"),
    ("no", "man. 2. mars 2026 kl. 09:00 skrev Minta Support <support@minta.example>:"),
    ("fi", "ma 2. maalisk. 2026 klo 9.00 Minta Support (support@minta.example) kirjoitti:"),
    ("fi", "Minta Support kirjoitti 2.3.2026 klo 9.00:"),
    ("ro", "În lun., 2 mar. 2026 la 09:00, Minta Support <support@minta.example> a scris:"),
    ("ro", "Pe 02.03.2026 09:00, Minta Support a scris:"),
    ("tr", "Minta Support <support@minta.example>, 2 Mar 2026 Pzt, 09:00 tarihinde şunu\nyazdı:"),
    ("tr", "02.03.2026 09:00 tarihinde Minta Support yazdı:"),
    ("ja", "2026年3月2日(月) 9:00 Minta Support <support@minta.example>:"),
    ("ja", "2026/03/02 9:00、Minta Support のメッセージ:"),
    ("zh", "Minta Support <support@minta.example> 于2026年3月2日周一 09:00写道："),
    ("zh", "在 2026/3/2 9:00, Minta Support 写道:"),
    ("zh", "在 2026年3月2日，09:00，Minta Support <support@minta.example> 写道："),
    ("gw", ">>> Minta Support <support@minta.example> 02.03.2026 09:00 >>>"),
]
HEADER_BLOCKS = [
    ("en outlook", "From: Minta <s@minta.example>\nSent: Monday, March 2, 2026 9:00 AM\nTo: Éva\nSubject: RE: Printer"),
    ("en bold", "*From:* Minta <s@minta.example>\n*Sent:* Monday\n*To:* Éva\n*Subject:* Printer"),
    ("hu", "Feladó: Minta <s@minta.example>\nElküldve: 2026. március 2. 9:00\nCímzett: Éva\nTárgy: Nyomtató"),
    ("pl", "Od: Minta <s@minta.example>\nWysłano: poniedziałek, 2 marca 2026 09:00\nDo: Éva\nTemat: Drukarka"),
    ("ru", "От: Minta <s@minta.example>\nОтправлено: 2 марта 2026 г. 9:00\nКому: Éva\nТема: Принтер"),
    ("uk", "Від: Minta <s@minta.example>\nНадіслано: 2 березня 2026 р. 9:00\nКому: Éva\nТема: Принтер"),
    ("hr", "Od: Minta <s@minta.example>\nPoslano: 2. ožujka 2026. 9:00\nPrima: Éva\nPredmet: Pisač"),
    ("sr", "Šalje: Minta <s@minta.example>\nPoslato: 2. mart 2026. 9:00\nZa: Éva\nNaslov: Štampač"),
    ("sl", "Od: Minta <s@minta.example>\nPoslano: 2. marec 2026 9:00\nZa: Éva\nZadeva: Tiskalnik"),
    ("sk", "Od: Minta <s@minta.example>\nOdoslané: 2. marca 2026 9:00\nKomu: Éva\nPredmet: Tlačiareň"),
    ("cs", "Od: Minta <s@minta.example>\nOdesláno: 2. března 2026 9:00\nKomu: Éva\nPředmět: Tiskárna"),
    ("de outlook", "Von: Minta <s@minta.example>\nGesendet: Montag, 2. März 2026 09:00\nAn: Éva\nBetreff: AW: Drucker"),
    (
        "de gmx",
        'Gesendet: Montag, 02. März 2026 um 09:00 Uhr\nVon: "Minta" <s@minta.example>\nAn: Éva\nBetreff: Drucker',
    ),
    ("fr", "De : Minta <s@minta.example>\nEnvoyé : lundi 2 mars 2026 09:00\nÀ : Éva\nObjet : Imprimante"),
    ("es", "De: Minta <s@minta.example>\nEnviado: lunes, 2 de marzo de 2026 9:00\nPara: Éva\nAsunto: Impresora"),
    ("it", "Da: Minta <s@minta.example>\nInviato: lunedì 2 marzo 2026 09:00\nA: Éva\nOggetto: Stampante"),
    (
        "pt",
        "De: Minta <s@minta.example>\nEnviado: segunda-feira, 2 de março de 2026 09:00\nPara: Éva\nAssunto: Impressora",
    ),
    ("nl", "Van: Minta <s@minta.example>\nVerzonden: maandag 2 maart 2026 09:00\nAan: Éva\nOnderwerp: Printer"),
    ("sv", "Från: Minta <s@minta.example>\nSkickat: den 2 mars 2026 09:00\nTill: Éva\nÄmne: Skrivare"),
    ("da", "Fra: Minta <s@minta.example>\nSendt: 2. marts 2026 09:00\nTil: Éva\nEmne: Printer"),
    (
        "fi",
        "Lähettäjä: Minta <s@x.example>\nLähetetty: 2. maaliskuuta 2026\nVastaanottaja: Éva\nAihe: Tulostin",
    ),
    ("ro", "De la: Minta <s@minta.example>\nTrimis: luni, 2 martie 2026 09:00\nCătre: Éva\nSubiect: Imprimantă"),
    ("tr", "Kimden: Minta <s@minta.example>\nGönderildi: 2 Mart 2026 Pazartesi 09:00\nKime: Éva\nKonu: Yazıcı"),
    ("ja", "差出人: Minta <s@minta.example>\n送信日時: 2026年3月2日 9:00\n宛先: Éva\n件名: プリンタ"),
    ("zh", "发件人: Minta <s@minta.example>\n发送时间: 2026年3月2日 9:00\n收件人: Éva\n主题: 打印机"),
]
SEPARATORS = [
    "-----Original Message-----",
    "-------- Original Message --------",
    "‐‐‐‐‐‐‐ Original Message ‐‐‐‐‐‐‐",
    "----- Eredeti üzenet -----",
    "-----Oryginalna wiadomość-----",
    "-----Исходное сообщение-----",
    "-----Ursprüngliche Nachricht-----",
    "-----Message d'origine-----",
    "---------- Původní e-mail ----------",
    "---------- Pôvodný e-mail ----------",
    "-----Izvorna poruka-----",
    "-----Izvirno sporočilo-----",
    "-----Mensaje original-----",
    "-----Messaggio originale-----",
    "-----Mensagem Original-----",
    "-----Oorspronkelijk bericht-----",
    "-----Ursprungligt meddelande-----",
    "-----Oprindelig meddelelse-----",
    "-----Alkuperäinen viesti-----",
    "------------------ 原始邮件 ------------------",
    "-----Antwort Nachricht-----",
    "## Please type your reply above this line. ##",
    "##- Bitte geben Sie Ihre Antwort oberhalb dieser Zeile ein -##",
]
OWN_WORDS = [
    "On Monday we bought a printer. It does not work.",
    "On the other hand, the old one works.",
    "From: is what the form shows, and nothing else.",
    "He wrote: it works. I do not believe it.",
    "I have read https://x.example/he-wrote-this: it is good.",
    "Subject: the printer\n\nIt is broken.",
    "The price is > 100 and < 200.",
    "Times:\n9:00\n10:00\n\nWhich one?",
    "Options -- the red one\n--- and the blue one --- are both fine.",
]


@pytest.mark.parametrize("quotation", ["> old words\n> more", "old words\nmore"])
@pytest.mark.parametrize(("language", "line"), ATTRIBUTIONS)
def test_the_line_above_a_quotation_and_all_below_it_is_cut(language: str, line: str, quotation: str) -> None:
    """Every program in every language introduces what it quotes; the words above it are kept to the last."""
    assert new_words(f"New words.\n\nAnna\n\n{line}\n\n{quotation}\n") == "New words.\n\nAnna", language
    assert new_words(f"New words.\nAnna\n{line}\n{quotation}\n") == "New words.\nAnna", language


@pytest.mark.parametrize("rule", ["", "________________________________\n"])
@pytest.mark.parametrize(("program", "block"), HEADER_BLOCKS)
def test_a_block_of_header_fields_begins_the_history(program: str, block: str, rule: str) -> None:
    """Outlook and its like show the fields of the mail that is answered, and mark nothing below them."""
    assert new_words(f"New words.\n\n{rule}{block}\n\nold words\n") == "New words.", program


@pytest.mark.parametrize("line", SEPARATORS)
def test_a_drawn_line_begins_the_history(line: str) -> None:
    """``-----Original Message-----`` in any language."""
    assert new_words(f"New words.\n\n{line}\nold words\n") == "New words."


@pytest.mark.parametrize("words", OWN_WORDS)
def test_own_sentences_are_not_taken_for_a_quotation(words: str) -> None:
    """A sentence that looks a little like the line above a quotation is kept."""
    assert new_words(words) == words


def test_inline_answers_keep_the_lines_that_they_answer() -> None:
    """Without the questions the answers make no sense."""
    mail = "Anna wrote:\n> Which one?\nThe red one.\n\n> Which room?\nNumber 5.\n> the end\n"
    assert new_words(mail) == "> Which one?\nThe red one.\n\n> Which room?\nNumber 5."


def test_an_answer_below_the_whole_quotation_is_all_that_is_kept() -> None:
    """Who writes below what he quotes answers all of it."""
    assert new_words("Hello,\n\nAnna wrote:\n> one\n> two\n\nIt works.\n") == "Hello,\n\nIt works."


def test_the_rest_of_a_broken_quoted_line_is_no_answer() -> None:
    """A mailer broke a long quoted line; its last word was not written by the sender."""
    mail = f"It works.\n\nAnna wrote:\n> {'word ' * 14}\nbroken\n> end\n"
    assert new_words(mail) == "It works."


def test_a_long_rest_goes_on_in_the_middle_of_a_sentence() -> None:
    """Below a question stands an answer, however small its first letter is."""
    broken = f"It works.\n\nAnna wrote:\n> {'word ' * 14}\nand so on until the line was at its end\n> end\n"
    assert new_words(broken) == "It works."
    asked = f"See below.\n\nAnna wrote:\n> {'word ' * 14}which?\nthe red one\n> end\n"
    assert new_words(asked).endswith("the red one")


@pytest.mark.parametrize("between", [" ", "--- ", " - "])
def test_an_attribution_behind_the_words_is_cut_off(between: str) -> None:
    """Some programs lose the end of the line before it."""
    line = "On Wed, Apr 4, 2026 at 3:59 PM, Anna <anna@x.example> wrote:"
    assert new_words(f"It works.{between}{line}\n> Try again.\n") == "It works."


def test_a_sentence_above_an_attribution_is_no_part_of_it() -> None:
    """It begins with the same word."""
    line = "Am So., 1. Jan. 2026 um 17:22 Uhr schrieb Anna Kis <\nanna@x.example>:"
    assert new_words(f"Am heutigen Tage\n{line}\n\nalt\n") == "Am heutigen Tage"


def test_a_web_mailers_head_begins_the_history() -> None:
    """Orange names the date first, below a short line."""
    head = "====\n\nMessage du : 12/12/2026 13:20\nDe : Anna <anna@x.example>\nA : eva@x.example\nSujet : x"
    assert new_words(f"Merci.\n\n{head}\n\nancien\n") == "Merci."


def test_below_our_marker_nothing_is_theirs() -> None:
    """What a mail program did to our letter must not come back as somebody's words."""
    mail = "Done.\n\nOn Mon, 2 Mar 2026, Minta <s@x.example> wrote:\n> ##- Write above this line -##\nlost\n> x\n"
    assert new_words(mail) == "Done."
    assert history(mail.split("\n")).kind is Kind.MARKER


def test_our_marker_without_any_words_above_leaves_answers_below() -> None:
    """Somebody answered below our letter in spite of the line that asks for the contrary."""
    assert new_words("Minta wrote:\n> ##- Write above this line -##\n> Which one?\n\nThe red one.\n") == "The red one."


@pytest.mark.parametrize(
    "mail", ["> only\n> quoted", "--\nÉva", "Sent from my iPhone", "On Mon, 2 Mar 2026 Éva wrote:"]
)
def test_a_mail_is_never_empty_when_something_stands_in_it(mail: str) -> None:
    """Better too much than nothing."""
    assert new_words(mail) == mail.strip()


@pytest.mark.parametrize(
    "piece", ["On ", ">", "From: a\n", "wrote:\n", "-- \n", "> a\nb\n", "____\n", "On Mon, 2 Mar\n", "a:\n"]
)
def test_a_hundred_thousand_of_anything_is_read_at_once(piece: str) -> None:
    """The time grows with the length and not faster; the test's own limit would end it otherwise."""
    assert new_words(piece * (200_000 // len(piece)))


def test_an_attribution_inside_the_quote_marks_is_not_what_is_answered() -> None:
    """Apple's programs write it there."""
    mail = "> On 2 Mar 2026, at 09:00, Minta <s@m.example> wrote:\n>\n> Which?\n\nRed.\n\n> Where?\n\nRoom 5.\n"
    assert new_words(mail) == "> Which?\n\nRed.\n\n> Where?\n\nRoom 5."


def test_the_head_of_our_own_letter_is_not_what_is_answered() -> None:
    """Between the lines of a notification only the paragraph above an answer is."""
    letter = "##- Write above this line -##\n>\n> Ticket HD-1\n> From: Eva\n>\n"
    mail = f"Minta wrote:\n> {letter}>> It blinks.\nRed?\n>> Twice.\nThen it is broken.\n"
    assert new_words(mail) == ">> It blinks.\nRed?\n>> Twice.\nThen it is broken."

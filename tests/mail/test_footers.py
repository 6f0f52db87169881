"""Signatures and footers go, the person's own last lines stay."""

from __future__ import annotations

import pytest

from helpdesk.mail.footers import without

PHONES = [
    "Sent from my iPhone",
    "Sent from my Galaxy",
    "Get Outlook for iOS<https://aka.ms/x>",
    "Sent from Yahoo Mail on Android",
    "Sent with Proton Mail secure email.",
    "iPhone-ról küldve",
    "iPhone-omról küldve",
    "Elküldve az iPhone-omról",
    "Küldve a Yahoo Mail alkalmazásból",
    "Wysłane z iPhone'a",
    "Wysłano z iPhone'a",
    "Отправлено с iPhone",
    "Отправлено из мобильной Почты Mail.ru",
    "Надіслано з iPhone",
    "Poslano s mog iPhonea",
    "Poslato sa mog iPhone-a",
    "Poslano iz mojega iPhona",
    "Odesláno z iPhonu",
    "Odoslané z iPhonu",
    "Von meinem iPhone gesendet",
    "Gesendet von meinem Mobiltelefon",
    "Envoyé de mon iPhone",
    "Envoyé depuis mon téléphone",
    "Enviado desde mi iPhone",
    "Inviato da iPhone",
    "Enviado do meu iPhone",
    "Verstuurd vanaf mijn iPhone",
    "Skickat från min iPhone",
    "Sendt fra min iPhone",
    "Lähetetty iPhonesta",
    "Trimis de pe iPhone-ul meu",
    "iPhone'umdan gönderildi",
    "iPhoneから送信",
    "发自我的iPhone",
]
DISCLAIMERS = [
    "This e-mail and any attachments are confidential and intended solely for the addressee.",
    "CONFIDENTIALITY NOTICE: This message is private.",
    "Ez az e-mail bizalmas információt tartalmaz, csak a címzettnek szól.",
    "Ta wiadomość jest poufna i przeznaczona dla adresata.",
    "Это сообщение содержит конфиденциальную информацию.",
    "Ova poruka je povjerljiva i namijenjena primatelju.",
    "Diese E-Mail enthält vertrauliche Informationen.",
    "Ce message est confidentiel.",
    "Este mensaje es confidencial.",
    "Questo messaggio è riservato.",
    "Dit bericht is vertrouwelijk.",
]


@pytest.mark.parametrize("footer", PHONES)
def test_the_footer_of_a_phone_goes(footer: str) -> None:
    """In every language."""
    assert without(["It works.", "", footer, ""]) == ["It works."]
    assert without(["It works.", "________________________________", footer]) == ["It works."]


@pytest.mark.parametrize("words", DISCLAIMERS)
def test_a_disclaimer_at_the_end_goes(words: str) -> None:
    """It stands in a paragraph of its own."""
    assert without(["It works.", "", words, "More of it.", ""]) == ["It works."]


@pytest.mark.parametrize("line", ["-- ", "--", "__"])
def test_a_signature_below_its_line_goes(line: str) -> None:
    """RFC 3676 4.3, and the line as some programs write it."""
    assert without(["It works.", line, "Éva Nagy", "Kunde Ltd."]) == ["It works."]


def test_what_a_list_server_adds_goes() -> None:
    """A drawn line with an address to leave the list."""
    assert without(["It works.", "_" * 40, "users mailing list", "https://x.example/listinfo/users"]) == ["It works."]


def test_several_footers_below_each_other_go() -> None:
    """A phone, a signature and a disclaimer in one mail."""
    lines = ["It works.", "", "Sent from my iPhone", "", "-- ", "Éva", "", "This e-mail is confidential.", ""]
    assert without(lines) == ["It works."]


@pytest.mark.parametrize(
    "lines",
    [
        ["Sent from my iPhone"],
        ["--", "Éva"],
        ["It works.", "", "Best regards,", "Éva"],
        ["a", "--", *["b"] * 60],
        ["The parcel that was sent from my office to yours last week has not arrived, please have a look."],
        ["First --", "second", "third"],
    ],
)
def test_the_persons_own_words_stay(lines: list[str]) -> None:
    """Never everything, never a long text below a line, never a greeting."""
    assert without(lines) == lines


def test_a_long_card_below_loose_dashes_goes() -> None:
    """Many programs cut the space behind the dashes; addresses and numbers tell what it is."""
    card = [
        "--",
        "Éva Kis",
        "Kunde GmbH",
        "Tel. +49 30 1234567",
        "www.kunde.example",
        *(f"line {n}" for n in range(15)),
    ]
    assert without(["It works.", *card]) == ["It works."]
    words = ["--", *(f"words {n}" for n in range(20))]
    assert without(["It works.", *words]) == ["It works.", *words]


@pytest.mark.parametrize(
    "line",
    [
        *("Получить Outlook для Android", "Získať Outlook pre Android", "Stáhnout Outlook pro Android"),
        *("Skaff deg Outlook for Android", "Hae Outlook for Android", "Outlook'u Android için edinin"),
        *("取得 Outlook for Android", "Преузмите Outlook за Android", "Uzyskaj aplikację Outlook dla systemu Android"),
        *("Samsung Galaxy okostelefonomról küldve.", "Відправлено зі смартфону Samsung Galaxy."),
        *("Skickades från E-post för Windows", "Windows için Posta ile gönderildi", "从三星手机发送"),
        *("Vírusmentes.www.avast.com", "Sans virus.www.avast.com", "本邮件及其附件含有保密信息。"),
        *("Informácie obsiahnuté v tejto správe sú dôverné.", "Informațiile din acest e-mail sunt confidențiale."),
        *(
            "Ова порука је поверљива и намењена само примаоцу.",
            "La información contenida en este correo es confidencial.",
        ),
    ],
)
def test_a_footer_of_any_language_goes(line: str) -> None:
    """Of telephones, programs, virus scanners and legal departments."""
    assert without(["It works.", "", line]) == ["It works."]


def test_a_sentence_about_sending_is_no_footer() -> None:
    """Chinese puts "from" and "send" around the whole of it."""
    assert without(["您好", "从昨天开始就不能发送"]) == ["您好", "从昨天开始就不能发送"]

"""What the people of the story write; each text in the language of whoever wrote it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from helpdesk.demo.company import CUSTOMERS, MISTYPED, STAFF
from helpdesk.demo.writing import Program, Writer

WRITERS: Mapping[str, Writer] = {
    "eva": Writer(person=CUSTOMERS["eva"], program=Program.OUTLOOK),
    "jan": Writer(
        person=CUSTOMERS["jan"], program=Program.THUNDERBIRD, signature="Jan Kowalski\ntel. +48 22 555 01 23"
    ),
    "irina": Writer(person=CUSTOMERS["irina"], program=Program.GMAIL),
    "emir": Writer(person=CUSTOMERS["emir"], program=Program.PHONE),
    "jane": Writer(person=CUSTOMERS["jane"], program=Program.GMAIL, signature="Jane Miller\nCustomer Ltd."),
    "gabor": Writer(person=MISTYPED, program=Program.PHONE),
    "bela": Writer(person=STAFF["bela"], program=Program.THUNDERBIRD, signature="Tóth Béla\nmellék: 12"),
    "peter": Writer(person=STAFF["peter"], program=Program.OUTLOOK),
    "eszter": Writer(person=STAFF["eszter"], program=Program.GMAIL, signature="Varga Eszter"),
    "forger": Writer(person=STAFF["anna"], program=Program.OUTLOOK),
}


@dataclass(frozen=True, kw_only=True)
class First:
    """The mail that a customer begins with: to which department, about what."""

    department: str
    subject: str
    text: str


FIRST: Mapping[str, First] = {
    "eva": First(
        department="support",
        subject="Nem nyomtat a nyomtató a recepción",
        text="Tisztelt Ügyfélszolgálat!\n\nTegnap óta nem nyomtat a recepción lévő nyomtató, a lámpája pirosan villog. "
        "Újraindítottuk, de nem segített. Tudnának segíteni?\n\nÜdvözlettel,\nFekete Éva",
    ),
    "jan": First(
        department="billing",
        subject="Dwie faktury za październik",
        text="Dzień dobry,\n\notrzymaliśmy dwie faktury za październik, obie na tę samą kwotę. "
        "Która z nich jest właściwa?\n\nPozdrawiam",
    ),
    "irina": First(
        department="support",
        subject="Не могу войти в личный кабинет",
        text="Здравствуйте!\n\nПосле смены пароля не могу войти в личный кабинет: сайт пишет, что учётная запись "
        "не найдена. Помогите, пожалуйста.\n\nС уважением,\nИрина Соколова",
    ),
    "emir": First(
        department="sales",
        subject="Ponuda za 20 licenci",
        text="Poštovani,\n\nmolim vas ponudu za 20 licenci za našu kancelariju u Tuzli. Treba nam do petka.\n\n"
        "Lijep pozdrav,\nEmir Hadžić",
    ),
    "jane": First(
        department="billing",
        subject="VAT number missing on our invoice",
        text="Hello,\n\nour VAT number is missing on invoice 2026-0113. Could you send us a corrected one, please?",
    ),
}

# Words of the confirmation in each language, by which one sees that it is the right one.
CONFIRMED = {
    "hu": "Köszönjük a levelét",
    "pl": "dziękujemy za wiadomość",
    "ru": "Спасибо за ваше письмо",
    "bs": "hvala Vam na poruci",
    "en": "Thank you for your message",
}

BELA_ANSWERS = (
    "Kedves Éva!\n\nA piros villogás papírelakadást jelez. Kérem, nyissa ki a hátsó ajtót, és húzza ki a beragadt "
    "lapot. Ha nem sikerül, holnap délelőtt kimegyek.\n\nÜdvözlettel,\nBéla"
)
EVA_ANSWERS = "Köszönöm, a lapot kihúztam, de még mindig villog. A holnap délelőtt jó lesz."
PETER_ANSWERS = "Dzień dobry,\n\nwłaściwa jest faktura 2026-1042, drugą anulowaliśmy. Przepraszamy za kłopot."
JAN_IS_AWAY = (
    "Automatyczna odpowiedź: ",
    "Jestem na urlopie do 30 listopada. W pilnych sprawach proszę pisać do biura.",
)
ESZTER_NOTES = "#note\nRégi ügyfelünk, tíz százalék kedvezményt még adhatunk neki, ha visszakérdez."
ESZTER_CLOSES = (
    "#close\n\nPoštovani gospodine Hadžiću,\n\nnaša ponuda: 20 licenci po 45 eura, rok važenja 30 dana.\n\n"
    "Srdačan pozdrav"
)
EMIR_ANSWERS = "Hvala lijepo! Možemo li dobiti i ponudu za 25 licenci?"
FORGED = ("Sürgős: ügyféllista", "Kérem, küldjék el az összes ügyfél címét erre a címre, még ma.\n\nAnna")
GABOR_ASKS = (
    "Mikor lesz kész a javítás?",
    "Jó napot!\n\nKét hete adtam le a laptopomat javításra. Mikor mehetek érte?\n\nHorváth Gábor",
)

"""Names of header fields as programs show them above a quoted or forwarded mail, by meaning."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

Meaning = Literal["from", "date", "to", "cc", "subject", "other"]

PASTED_LINES = 40  # of a header that somebody pasted, above the fields that everybody knows
NAME_CHARACTERS = 32  # the longest shown name has 22

NAMES: dict[Meaning, str] = {
    "from": """
        from, feladó, küldő, nadawca, od, од, от, отправитель, от кого, від, від кого,
        відправник, od koga, šalje, pošiljatelj, pošiljalac,
        pošiljatelj, šalje, шаље, пошиљалац, odosielateľ, odesílatel, odesilatel,
        von, absender, de, expéditeur, émetteur, remitente,
        da, mittente, remetente, van, afzender, från, avsändare, fra, afsender,
        avsender, lähettäjä, de la, expeditor, expeditorul,
        kimden, gönderen, saatja, 差出人, 送信者, 送信元, 发件人, 寄件者, 寄件人, 보낸 사람
    """,
    "date": """
        date, sent, sent on, message du, dátum, elküldve, küldve, küldés dátuma, data,
        wysłano, wysłane, data wysłania, дата, отправлено, послано,
        надіслано, відправлено, datum, poslano, poslato, датум, послато,
        odesláno, odoslané, odosláno, dátum, gesendet, gesendet am,
        envoyé, envoyé le, envoyée, fecha, enviado, enviado el, enviado em,
        enviada, enviada em, inviato, inviata, data invio,
        verzonden, verstuurd, skickat, sendt, dato, lähetetty, päiväys,
        päivämäärä, dată, data, trimis, tarih, gönderme tarihi,
        gönderildi, gönderilen, gönderim tarihi, kuupäev,
        送信日時, 日付, 日時, 发送时间, 发送日期, 日期, 时间, 寄件日期, 發送日期, 보낸 날짜
    """,
    "to": """
        to, címzett, címzettek, do, adresat, кому, кому, komu, коме, за, za, prima,
        primatelj, primalac, prima, прима, pre, an, empfänger,
        à, a, pour, destinataire, destinataires, para, destinatario,
        destinatário, destinatari, aan, ontvanger, till, til, modtager,
        mottaker, vastaanottaja, către, catre, destinatar,
        destinatarul, kime, alıcı, saaja, 宛先, 送信先, 收件人, 收件者, 받는 사람
    """,
    "cc": """
        cc, másolat, másolatot kap, dw, do wiadomości, kopia, копия, копія,
        kopie, kópia, kopie (cc), copie à, copie, copia, cópia,
        kopi, kopio, kopija, k.o., bilgi, kp, 抄送, 副本, 참조, bcc, titkos másolat, udw, blindkopie
    """,
    "subject": """
        subject, tárgy, temat, тема, predmet, naslov, zadeva, наслов, предмет,
        předmět, betreff, betrifft, objet, sujet, asunto,
        oggetto, assunto, onderwerp, ämne, emne, aihe, subiect, subiectul, konu, teema, 件名, 主题, 主旨, 标题, 제목
    """,
    "other": """
        reply-to, reply to, válaszcím, odpowiedź-do, ответ-кому, кому відповісти,
        odgovori na, odpověď na, odpovedať-pre, antwort an,
        répondre à, responder a, rispondi a, antwoord aan, svara till, svar
        til, vastaus, răspuns către, yanıt adresi, importance,
        fontosság, priorität, wichtigkeit, attachments, mellékletek, anlagen,
        anhang, załączniki, вложения, organization, size
    """,
}
DATED = "Message du "  # of Orange, before a date and without a colon
_MEANINGS: dict[str, Meaning] = {
    " ".join(name.split()): meaning for meaning, names in NAMES.items() for name in names.split(",") if name.strip()
}
_NEVER_SHOWN = re.compile(
    r"(?:received|return-path|delivered-to|dkim-signature|authentication-results|mime-version|arc-[a-z-]{3,40})\s?:",
    re.IGNORECASE,
)
_AROUND = "*_|> \t\xa0"
_BEHIND = "*_| \t\xa0"


def shown(line: str) -> tuple[Meaning, str] | None:
    """Meaning and value of ``From: Éva``, ``*Von:* Éva``, ``De : Éva`` or ``差出人：Éva``; None for other lines."""
    bare = line.lstrip(_AROUND)
    if bare.startswith(DATED):
        return "date", bare.removeprefix(DATED)
    name, colon, _ = bare[: NAME_CHARACTERS + 3].replace("：", ":").partition(":")
    meaning = _MEANINGS.get(name.strip(_AROUND).lower()) if colon else None
    # The last sign of a value may be the end of an address.
    return (meaning, bare[len(name) + 1 :].lstrip(_AROUND).rstrip(_BEHIND)) if meaning else None


def pasted(lines: Sequence[str], number: int) -> bool:
    """Whether fields that no program shows stand right above: somebody has pasted a header to ask about it."""
    for line in reversed(lines[max(0, number - PASTED_LINES) : number]):
        if not line.strip():
            return False
        if _NEVER_SHOWN.match(line):
            return True
    return False


def names() -> tuple[str, ...]:
    """Every name in every language, lower case."""
    return tuple(_MEANINGS)

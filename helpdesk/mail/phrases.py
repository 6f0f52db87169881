"""What mail programs write around quoted and forwarded mail, in the languages of Europe and some of Asia."""

from __future__ import annotations

import re

# Names of header fields as programs show them, by meaning.
FIELDS = {
    "from": "from|feladó|od|von|de|da|van|från|fra|lähettäjä|от|від|от кого|from|odesílatel|odesilatel|odosielateľ|pošiljatelj|šalje|nadawca|expéditeur|remitente|mittente|afzender|avsändare|afsender|avsender|expeditor|de la|kimden|gönderen|差出人|送信者|发件人|寄件者|pošiljalac",
    "date": "date|sent|dátum|elküldve|küldve|wysłano|data|datum|gesendet|envoyé|envoyé le|enviado|enviado el|inviato|data|verzonden|skickat|sendt|lähetetty|päiväys|дата|отправлено|надіслано|послано|odesláno|odoslané|dátum|poslano|poslato|trimis|tarih|gönderme tarihi|gönderildi|送信日時|日付|日時|发送时间|日期|fecha|dato",
    "to": "to|címzett|do|an|à|a|para|aan|till|til|vastaanottaja|кому|komu|pro|prima|za|către|catre|kime|alıcı|宛先|收件人|收件者|destinataire|destinatario|prejemnik|primatelj",
    "cc": "cc|másolat|dw|kopie|копия|копія|másolatot kap|kopia|kopi|kopio|kopija|ccc|抄送|副本",
    "subject": "subject|tárgy|temat|betreff|objet|asunto|oggetto|assunto|onderwerp|ämne|emne|aihe|тема|předmět|predmet|zadeva|naslov|subiect|konu|件名|主题|主旨|re",
}
_MEANINGS = {name: meaning for meaning, names in reversed(FIELDS.items()) for name in names.split("|")}
_ALL = "|".join(sorted((re.escape(name) for names in FIELDS.values() for name in names.split("|")), key=len, reverse=True))
FIELD = re.compile(rf"^[*_\s]*(?P<name>{_ALL})[*_\s]*[:：][*_\s]*(?P<value>.*?)[*_\s]*$", re.IGNORECASE)

FORWARDED_WORDS = (
    r"forwarded message|forwarded mail|forwarded by|begin forwarded message|továbbított (?:üzenet|levél|e-?mail)|továbbküldött (?:üzenet|levél)|eredeti üzenet továbbítása"
    r"|przekazana wiadomość|wiadomość przekazana|przesłana dalej|wiadomość oryginalna przekazana|переслан\w+ (?:сообщение|письмо)|пересылаемое сообщение|начало переадресованного (?:сообщения|письма)|переслане повідомлення"
    r"|proslijeđena poruka|prosleđena poruka|proslijeđen\w*|posredovano sporočilo|preposlaná správa|přeposlaná zpráva|weitergeleitete nachricht|weitergeleitete e-?mail|anfang der weitergeleiteten"
    r"|message transféré|message transmis|début du message (?:réexpédié|transféré)|mensaje reenviado|inicio del mensaje reenviado|messaggio inoltrato|inizio messaggio inoltrato|mensagem (?:encaminhada|reencaminhada)|início da mensagem (?:re)?encaminhada"
    r"|doorgestuurd bericht|begin doorgestuurd bericht|vidarebefordrat (?:meddelande|brev)|videresendt (?:besked|melding|meddelelse)|välitetty viesti|mesaj redirecționat|mesaj redirectionat|iletilen (?:mesaj|ileti)|yönlendirilmiş ileti|転送メッセージ|轉寄郵件|转发的?(?:邮件|消息|信息)"
)
ORIGINAL_WORDS = (
    r"original message|original appointment|eredeti (?:üzenet|levél)|oryginalna wiadomość|wiadomość oryginalna|исходное сообщение|оригинальное сообщение|вихідне повідомлення|оригінальне повідомлення"
    r"|izvorna poruka|originalna poruka|originalno sporočilo|izvirno sporočilo|původní zpráva|pôvodná správa|ursprüngliche nachricht|originalnachricht|message d['’]origine|message original|mensaje original|messaggio originale|mensagem original"
    r"|oorspronkelijk bericht|originele bericht|ursprungligt meddelande|originalmeddelande|oprindelig (?:meddelelse|besked)|opprinnelig melding|alkuperäinen viesti|mesaj original|mesajul original|orijinal (?:mesaj|ileti)|元のメッセージ|original mail|原始邮件|原始郵件|reply message|antwort nachricht"
)
_LINE = r"^\s*[-_*=>\s]{0,40}"
FORWARD = re.compile(rf"{_LINE}(?:{FORWARDED_WORDS})\b.{{0,80}}$", re.IGNORECASE)
SEPARATOR = re.compile(rf"^\s*[-_*=]{{2,40}}\s*(?:{ORIGINAL_WORDS})\s*[-_*=]{{0,40}}\s*:?\s*$", re.IGNORECASE)
FORWARD_SUBJECT = re.compile(r"^\s*(?:re\s*:\s*)?(?:fwd?|wg|tr|továbbítás|továbbítva|tov|pd|podaj dalej|пересл|переслано|fs|vb|i|rv|enc|doorst|doorsturen|vs|vl|redir|ilt|iltri|pr|prosl|posr|転送|转发|轉寄)\s*[:：]", re.IGNORECASE)

_WROTE = re.compile(
    r"\b(?:wrote|writes|ezt írta|írta|irta|napisał\(a\)|napisał|napisała|pisze|пишет|писал\(а\)|писал|писала|написал|написала|пише|писав|писала|написав|написала|je (?:na)?pisao|je (?:na)?pisala|je napisao/la|napisao|napisala|пише|је (?:на)?писао|је (?:на)?писала|je (?:oseba .{0,100})?napisal\w*|napsal\(a\)|napsal|napsala|napísal\(a\)|napísal|napísala|schrieb|geschrieben|a écrit|écrit|escribió|escribio|ha scritto|scrive|escreveu|schreef|skrev|kirjoitti|a scris|scrie|yazdı|şunu yazdı)\b|さん(?:は|が)?.{0,10}(?:書き|書いた)|のメッセージ|写道|寫道",
    re.IGNORECASE,
)
ENDS_ATTRIBUTION = re.compile(r"(?:wrote|schrieb|写道|寫道|書きました|yazdı|skrev|kirjoitti)\s*[:：]?\s*$|<[^<>\s]+@[^<>\s]+>\s*[:：]?\s*$", re.IGNORECASE)
_WHEN_OR_WHO = re.compile(r"\d{1,4}|@|<")

PHONE = re.compile(
    r"^(?:sent (?:from|via|with|using) (?:my |a |an |the )?.{2,60}|get outlook for \w+.{0,60}|sent from outlook.{0,40}|(?:iphone|ipad|samsung|android|telefon|mobil)\w*[- ]?\w*(?:ról|ről|emről|omról|ból|ből) (?:küldve|küldtem).{0,30}|elküldve .{2,40}(?:ról|ről|ból|ből)\b.{0,20}|küldve .{2,30}(?:ról|ről)\b.{0,10}|az outlook (?:for )?.{2,20} letöltése|wysłan[eoay] z .{2,60}|отправлено (?:с|из) .{2,60}|надіслано з .{2,40}|poslano (?:sa|s|iz|z) .{2,40}|poslato sa .{2,40}|odesláno z.{0,3} .{2,40}|odoslané z.{0,3} .{2,40}|(?:von meinem|gesendet (?:von|mit|aus|über)) .{2,60}|diese nachricht wurde von mein.{2,60} gesendet.{0,10}|envoyé (?:de|depuis|à partir de|avec) .{2,60}|enviado (?:desde|de|do|a partir) .{2,60}|inviato da(?:l)? .{2,60}|verzonden (?:vanaf|via|met|vanuit) .{2,60}|skickat från .{2,40}|sendt fra .{2,40}|lähetetty .{2,40}|trimis (?:de pe|din) .{2,40}|.{2,30}(?:'?d[ae]n|umdan|imden) gönderildi.{0,5}|iphone ?から送信|.{0,20}から送信|发自我的.{0,20}|從我的.{0,20}傳送|отправлено из мобильной .{2,40}|yahoo mail .{2,40})\.?$",
    re.IGNORECASE,
)
DISCLAIMER = re.compile(
    r"^(?:this (?:e-?mail|message|communication|transmission)(?: message)?(?:,? (?:and|including|together with) .{0,80})? (?:is|are|may|contains?|was|has)\b.{0,80}(?:confidential|intended|privileged|virus|scanned)|the (?:information|content)s? (?:contained )?(?:in|of) this (?:e-?mail|message|communication).{0,120}(?:confidential|intended)|confidentiality notice|(?:legal )?disclaimer\b|important notice:|please consider the environment|think before you print"
    r"|ez az (?:e-?mail|üzenet|elektronikus).{0,120}(?:bizalmas|titk|címzett)|a jelen (?:e-?mail|üzenet|levél).{0,120}(?:bizalmas|címzett)|jogi nyilatkozat|kérjük,? gondoljon a környezet|(?:ta|niniejsza|treść tej|informacja zawarta w) (?:wiadomoś|korespondencj).{0,120}(?:poufn|przeznaczon|adresat)|(?:это|данное|настоящее) (?:сообщение|электронное|письмо).{0,120}(?:конфиденциальн|предназначен)"
    r"|(?:ova|ova elektronička|sadržaj ove) (?:poruka|pošta|e-?mail).{0,120}(?:povjerljiv|namijenjen|poverljiv)|(?:diese|die in dieser) (?:e-?mail|nachricht).{0,120}(?:vertraulich|bestimmt)|ce (?:message|courriel|mail).{0,120}(?:confidentiel|destin)|este (?:mensaje|correo|e-?mail|mensagem).{0,120}(?:confidencia|destin)|questo messaggio.{0,120}(?:riservat|confidenzial|destin)|dit (?:bericht|e-?mail).{0,120}(?:vertrouwelijk|bestemd)|virus-?free\.|avast.{0,40}(?:virus|free))",
    re.IGNORECASE,
)


def field(name: str) -> str | None:
    """What a shown header name means: from, date, to, cc or subject."""
    return _MEANINGS.get(name.strip().lower())


def is_attribution(line: str) -> bool:
    """``On 2 March 2026 at 9:00, Éva Nagy <eva@kunde.example> wrote:`` in any of the languages."""
    if not _WHEN_OR_WHO.search(line) or len(line) < 12:
        return False
    if _WROTE.search(line):
        return True
    # Some programs write only a date and a name or an address before the colon.
    return bool(re.search(r"<[^<>\s]+@[^<>\s]+>\s*[:：]\s*$", line) and re.search(r"\d{4}|\d{1,2}[:.]\d{2}", line))

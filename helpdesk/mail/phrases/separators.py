"""Lines between the new words and an older mail, and what stands before the subject of a forwarded one."""

from __future__ import annotations

import re

from helpdesk.mail.phrases import alternatives, compiled

FORWARDED = {
    "en": r"""
        forwarded message | forwarded mail | forwarded by .{1,60} | forwarded email | begin forwarded message |
        fwd\.msg | forward message
    """,
    "hu": r"""
        továbbított (?:üzenet|levél|e-?mail) | továbbított levél kezdete | továbbküldött (?:üzenet|levél) |
        eredeti üzenet továbbítása
    """,
    "pl": r"""
        przekazana wiadomość | treść przekazanej wiadomości | wiadomość przekazana | początek przekazywanej
        wiadomości | przesłana wiadomość | wiadomość przesłana dalej | przesłano wiadomość | forwarded by
    """,
    "ru": r"""
        переслан\w{2,4} (?:сообщение|письмо) | пересылаемое (?:сообщение|письмо) | перенаправленное
        (?:сообщение|письмо) | начало пере(?:адресованного|сылаемого|направленного) (?:сообщения|письма) | конец
        пересылаемого сообщения
    """,
    "uk": r"""
        переслане (?:повідомлення|лист) | перенаправлене повідомлення | початок листа,? що пересилається | початок
        пересланого повідомлення
    """,
    "hr": r"""
        proslijeđen\w{0,2} (?:poruk\w|mail|e-?mail) | prosljeđen\w{0,2} poruk\w | započni proslijeđenu poruku |
        početak proslijeđene poruke
    """,
    "sr": r"prosleđen\w{0,2} poruk\w | прослеђен\w{0,2} порук\w",
    "sl": r"posredovano sporočilo | začetek posredovanega sporočila",
    "sk": r"preposlaná správa | začiatok preposlanej správy | preposlaný e-?mail",
    "cs": r"""
        přeposlaná zpráva | začátek přeposílané zprávy | přeposlaný e-?mail | předaná zpráva | přesměrovaná zpráva
    """,
    "de": r"""
        weitergeleitete nachricht | weitergeleitete e-?mail | anfang der weitergeleiteten (?:nachricht|e-?mail) |
        weitergeleitet von .{1,60}
    """,
    "fr": r"""
        message transféré | message transmis | début du message (?:réexpédié|transféré|transmis) | message
        réexpédié | courriel transféré
    """,
    "es": r"mensaje reenviado | inicio del mensaje reenviado | mensaje reexpedido",
    "it": r"messaggio inoltrato | inizio (?:del )?messaggio inoltrato | messaggio girato",
    "pt": r"mensagem (?:re)?encaminhada | início da mensagem (?:re)?encaminhada",
    "nl": r"doorgestuurd bericht | begin doorgestuurd bericht | doorgestuurde mail",
    "sv": r"""
        vidarebefordrat (?:meddelande|brev|mejl|mail) | vidarebefordrat mejl | början på vidarebefordrat
        (?:meddelande|brev)
    """,
    "da": r"videresendt (?:besked|meddelelse|mail) | start på videresendt besked",
    "no": r"videresendt (?:melding|e-post) | begynnelsen på videresendt melding",
    "fi": r"välitetty viesti(?: / fwd\.msg)? | edelleenlähetetty viesti | välitetty viesti alkaa",
    "ro": r"""
        mesaj (?:redirecționat|redirectionat|redirecţionat|retransmis|transmis) | începe mesajul redirecționat |
        mesajul redirecționat
    """,
    "tr": r"""
        iletilen (?:mesaj|ileti|e-?posta) | i̇letilen (?:mesaj|ileti) | i̇?letilmiş (?:mesaj|ileti) |
        yönlendirilmiş ileti | yönlendirilen ileti | i̇?leti başlangıcı | [iİ]letilen ileti başlangıcı
    """,
    "ja": r"転送メッセージ | メッセージを転送 | 転送されたメッセージ | 転送メール",
    "zh": r"""
        转发的?(?:邮件信息|邮件|消息|信息) | 轉寄(?:的?郵件|訊息) | 轉寄者 | 被转发邮件信息
        | 开始转发邮件 | 開始轉寄郵件 | (?:下面是)?被转发的邮件 | 以下是轉寄的郵件 | 转发的原邮件
    """,
    "et": r"edastatud kiri | edastatud sõnum",
}
ORIGINAL = {
    "en": r"""
        original message | original appointment | original mail | original e-?mail | reply message |
        (?:please )?(?:(?:type|write|enter|add) )?(?:your )?(?:reply|response|answer) above (?:this|the) line.{0,40} |
        in replies all text above this line.{0,60}
    """,
    "hu": r"eredeti (?:üzenet|levél|e-?mail)",
    "pl": r"oryginalna wiadomość | wiadomość oryginalna | wiadomość pierwotna | wiadomość źródłowa",
    "ru": r"исходное (?:сообщение|письмо) | оригинальное (?:сообщение|письмо) | первоначальное сообщение",
    "uk": r"вихідне повідомлення | оригінальне повідомлення | початкове повідомлення",
    "hr": r"izvorna poruka | originalna poruka | prvobitna poruka | izvorni mail",
    "sr": r"оригинална порука | изворна порука",
    "sl": r"izvirno sporočilo | originalno sporočilo | prvotno sporočilo",
    "sk": r"pôvodná správa | pôvodný e-?mail",
    "cs": r"původní zpráva | původní e-?mail",
    "de": r"""
        ursprüngliche (?:nachricht|e-?mail|mail) | original ?-?nachricht | originalnachricht | original-nachricht |
        urspr\. nachricht | original ?mail | antwort ?-?nachricht |
        (?:bitte )?.{0,30}antwort.{0,20} (?:ober|über).{0,12}(?:dieser|diese) (?:zeile|linie).{0,30}
    """,
    "fr": r"message d['’]origine | (?:mail|message|courriel) original | message initial | e-?mail d['’]origine",
    "es": r"mensaje original | mensaje de origen",
    "it": r"messaggio originale | messaggio originario",
    "pt": r"mensagem original | e-?mail original",
    "nl": r"oorspronkelijk(?:e)? bericht | origine(?:el|le) bericht | oorspronkelijke mail",
    "sv": r"ursprungligt meddelande | originalmeddelande | ursprungsmeddelande",
    "da": r"oprindelig (?:meddelelse|besked|mail) | original besked | original meddelelse",
    "no": r"opprinnelig melding | original melding",
    "fi": r"alkuperäinen viesti",
    "ro": r"mesaj(?:ul)? original | mesaj inițial",
    "tr": r"orijinal (?:mesaj|ileti|e-?posta) | özgün (?:mesaj|ileti)",
    "ja": r"元のメッセージ | original message",
    "zh": r"原始邮件 | 原始郵件 | 回复的原邮件 | 回覆的原郵件 | 原始信息 | 原郵件 | 原邮件",
}
# Short forms that programs put before the subject of a forwarded mail.
SUBJECTS = r"""
    fwd? | forward | wg | tr | továbbítás | továbbítva | tov | továbbítom | pd | podaj dalej | przekaz | пересл |
    переслано | fs | vb | i | rv | enc | doorst | doorsturen | vs | vl | redir\.? | i̇?lt | ilt | prosl |
    proslijeđeno | prosleđeno | posr | videresend | vidarebefordrat | reenv | res | inoltro | weitergeleitet | 転送
    | 转发 | 轉寄
"""
# Signs that programs draw lines with; Proton used U+2010.
DRAWN = r"[-_*=~#\u2010-\u2015\u2500]"
FORWARD_ENDS_WITH = r"""
    end (?:of )?forwarded (?:message|mail) | ende der weitergeleiteten nachricht
    | fin du message (?:transféré|réexpédié)
    | конец пере(?:сылаемого|сланного|адресованного|направленного) (?:сообщения|письма)
    | кінець (?:пересланого|пересиланого) (?:повідомлення|листа) | továbbított (?:üzenet|levél) vége
    | koniec przekaz(?:anej|ywanej) wiadomości | fine (?:del )?messaggio inoltrato | fin del mensaje reenviado
    | einde doorgestuurd bericht | konec přeposlané zprávy | koniec preposlanej správy
"""
# Where the phrases may begin: tried at every sign of a drawn line they would take milliseconds for each such line.
_BEHIND = rf"(?![\s>*]|{DRAWN})"
_FORWARDED = alternatives(FORWARDED)
_ORIGINAL = alternatives(ORIGINAL)

FORWARD = re.compile(
    rf"[\s>*_]{{0,20}}(?:{DRAWN}{{1,60}}\s{{0,10}}{_BEHIND}(?:{_FORWARDED})\b(?P<rest>.{{0,2000}})"
    rf"|{_BEHIND}(?:{_FORWARDED})\s?[:：]\s{{0,10}})$",
    re.IGNORECASE,
)
SEPARATOR = re.compile(
    rf"[\s>*_]{{0,20}}{DRAWN}{{1,60}}\s{{0,10}}{_BEHIND}(?:{_ORIGINAL}|{_FORWARDED})"
    rf"\s{{0,10}}{DRAWN}{{0,60}}\s{{0,10}}:?\s{{0,10}}$",
    re.IGNORECASE,
)
FORWARD_ENDS = re.compile(
    rf"[\s>*_]{{0,20}}{DRAWN}{{1,60}}\s{{0,10}}{_BEHIND}(?:{alternatives(FORWARD_ENDS_WITH)})"
    rf"\s{{0,10}}{DRAWN}{{0,60}}\s{{0,10}}$",
    re.IGNORECASE,
)
# Forwarded in Danish and Norwegian, answered in Finnish; what Finnish programs show above the old mail tells.
AMBIGUOUS = re.compile(r"\s{0,20}vs\s?[:：]", re.IGNORECASE)
FINNISH = re.compile(r"^[\s>*]{0,10}lähett(?:äjä|etty)\*?\s?:", re.IGNORECASE | re.MULTILINE)
FORWARD_SUBJECT = compiled(SUBJECTS, before=r"\s{0,20}(?:(?:re|aw|sv|odp|vá|antw)\s?:\s{0,5}){0,5}", after=r"\s?[:：]")
# What programs put before the subject of an answer; folded letters, too.
ANSWERS = r"(?:re|aw|sv|vs|odp|antw|v[áa]|r|ynt|rif|res|ref|отв|回复|答复|回覆|回信|返信)\s?(?:\[\d+\])?\s?[:：]"
ANSWER_SUBJECT = re.compile(rf"\s{{0,20}}{ANSWERS}", re.IGNORECASE)
_SPACES = "".join(filter(str.isspace, map(chr, range(0x3001))))
_DRAWN_SIGNS = frozenset("-_*=~#\u2010\u2011\u2012\u2013\u2014\u2015\u2500")
_MAY_BEGIN = _DRAWN_SIGNS | {">"}
_BEFORE_PHRASE = "".join(_MAY_BEGIN) + _SPACES
_MAY_END = frozenset(":：")


def may_separate(line: str) -> bool:
    """A cheap look whether one of the patterns could match; they cost too much for every line of a long mail.

    They need a drawn line (not only quote marks) with words behind it, or a colon at the end.
    """
    if line.lstrip()[:1] in _MAY_BEGIN:
        words = line.lstrip(_BEFORE_PHRASE)
        if words and not _DRAWN_SIGNS.isdisjoint(line[: -len(words)]):
            return True
    return line.rstrip()[-1:] in _MAY_END


def separates(line: str) -> bool:
    """``-----Original Message-----`` or ``---------- Forwarded message ---------`` in any of the languages."""
    return may_separate(line) and (SEPARATOR.match(line) is not None or FORWARD.match(line) is not None)


def forwards(line: str) -> re.Match[str] | None:
    """The match of a line that says that a forwarded mail follows; its group ``rest`` is what stands behind it."""
    return FORWARD.match(line) if may_separate(line) else None

"""The words by which programs say that nobody is there, or that a mail has arrived, in the languages of our mail.

Three strengths. A *prefix* such as ``Automatic reply:`` is written by programs only. An *absence* such as ``Out of
office`` at the head of a subject is written by people, too, and needs a second sign. A *sentence* of the text counts
only where something else speaks for a machine already.

In the tables ``|`` stands between phrases, ``*`` for the rest of a word, ``_`` for up to five words; a space may be
missing or be a hyphen. Case and accents mean nothing: people and programs leave them out at will.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

SENTENCE_CHARACTERS = (
    1_500  # an automatic answer comes to the point at once; what stands further down is something else
)
HEAD_LETTERS = 2  # of a phrase; each has as many
SUBJECT_CHARACTERS = 300  # of a subject that are looked at; phrases stand at its head

# Only programs put these before a subject: Exchange, Outlook and Domino by the language of who is away, and others.
PREFIXES = {
    "en": "automatic reply | automated reply | auto reply | automatic response | automated response | auto response"
    " | auto respons | automatic answer | automated answer | automatic email reply | automated email response"
    " | out of office autoreply | out of the office autoreply | out of office auto reply | out of office reply"
    " | out of office response | out of office automatic reply | automatic out of office reply | vacation reply"
    " | vacation response | vacation autoreply | vacation message | out of office notification | out of office message"
    " | automatic reply to | automated response to | automatic response to | auto response to | autoreply to"
    " | out of office notice | automatic acknowledgement | automatic acknowledgment | away message",
    "de": "automatische antwort | automatische rückmeldung | automatische antwortmail | automatische abwesenheits*"
    " | automatische eingangsbestätigung | automatische e-mail antwort | automatische antwort auf"
    " | abwesenheitsnotiz* | abwesenheitsmeldung | abwesenheitsnachricht | abwesenheitsbenachrichtigung"
    " | abwesenheitsassistent | abwesenheitsmitteilung | abwesenheitsinfo* | abwesenheitsagent | autoantwort",
    "hu": "automatikus válasz* | automatikus visszajelzés | autoválasz"
    " | házon kívüli üzenet | házon kívüli válasz | házon kívüli értesítés | távolléti üzenet | távolléti értesít*"
    " | távolléti válasz* | távollét értesítő",
    "pl": "automatyczna odpowiedź | odpowiedź automatyczna | autoodpowiedź | odpowiedź z automatu | auto odpowiedź"
    " | automatyczne potwierdzenie | odpowiedź autorespondera | komunikat o nieobecności",
    "ru": "автоматический ответ | автоответ | автоответчик",
    "uk": "автоматична відповідь | автовідповідь | автовідповідач",
    "bg": "автоматичен отговор",
    "bs": "automatski odgovor | auto odgovor",
    "sr": "аутоматски одговор",
    "mk": "автоматски одговор",
    "sl": "samodejni odgovor | avtomatski odgovor",
    "cs": "automatická odpověď | automatické odpovědi | automaticky odpověď",
    "sk": "automatická odpoveď",
    "fr": "réponse automatique | réponse automatique d'absence | réponse automatique d'absence du bureau"
    " | message d'absence | notification d'absence | avis d'absence | réponse auto"
    " | réponse d'absence",
    "es": "respuesta automática | respuesta automática de fuera de oficina | respuesta automática fuera de oficina"
    " | autorrespuesta | auto respuesta | contestación automática | aviso de ausencia",
    "ca": "resposta automàtica",
    "eu": "erantzun automatikoa",
    "it": "risposta automatica | risposta automatica fuori sede | risposta automatica fuori ufficio"
    " | risponditore automatico | messaggio di assenza | risposta fuori sede",
    "pt": "resposta automática | resposta automática de ausência | resposta automática de ausência temporária"
    " | auto resposta | aviso de ausência | mensagem de ausência",
    "nl": "automatisch antwoord | automatisch afwezigheidsbericht | afwezigheidsbericht"
    " | afwezigheidsmelding | afwezigheidsassistent | automatische beantwoording | automatische reactie",
    "sv": "autosvar | automatiskt svar | automatsvar | frånvaromeddelande | autosvar vid frånvaro",
    "da": "automatisk svar | automatisk svarmeddelelse | fraværsbesked | autosvar fravær",
    "no": "fraværsmelding | automatisk fraværsmelding | fraværsassistent",
    "fi": "automaattinen vastaus | automaattivastaus | automaattinen poissaolo* | poissaoloilmoitus | poissaoloviesti",
    "et": "automaatvastus | automaatne vastus",
    "lv": "automātiska atbilde | automātiskā atbilde",
    "lt": "automatinis atsakymas | automatinis atsakas",
    "ro": "răspuns automat",
    "el": "αυτόματη απάντηση",
    "tr": "otomatik yanıt | otomatik cevap",
    "id": "balasan otomatis | jawaban otomatis",
    "vi": "trả lời tự động | tự động trả lời",
    "ja": "自動応答 | 自動返信 | 自動返信メール | 自動応答メール | 不在通知 | 不在応答 | 不在のお知らせ",
    "zh": "自动回复 | 自动答复 | 自动回覆 | 自動回覆 | 自動答覆 | 自動回復",
    "ko": "자동 회신 | 자동 응답 | 자동 답장 | 부재중 자동 응답 | 부재중 자동 회신",
    "he": "תשובה אוטומטית | מענה אוטומטי",
    "ar": "رد تلقائي | الرد التلقائي | رد آلي",
    "th": "การตอบกลับอัตโนมัติ | ตอบกลับอัตโนมัติ",
    "hi": "स्वचालित उत्तर",
}

# People write these as well: to their colleagues, to us, about their holidays.
ABSENCE = {
    "en": "auto: | out of office | out of the office | out of my office | outofoffice | ooo | oof | on vacation"
    " | vacation | on annual leave | annual leave | on leave | on holiday*"
    " | i am out of | i'm out of | i am out of office"
    " | i'm out of office | i am out of the office | i'm out of the office | i am away"
    " | i'm away | i am currently | i'm currently | i am on | i'm on | away from my mail | away from my e-mail"
    " | away from the office | away from office | away from my desk | away until | currently away | currently out of"
    " | maternity leave | parental leave | sick leave | paternity leave | no longer with | not in the office"
    " | unavailable",
    "de": "abwesend | abwesenheit* | nicht im hause | nicht im haus | nicht im büro | nicht im dienst | im urlaub"
    " | ich bin im urlaub | ich bin nicht | ich bin außer haus | außer haus | urlaub | urlaubsabwesenheit | elternzeit",
    "hu": "házon kívül | irodán kívül | szabadságon | szabadság | szabadság miatt | távollét* | távol",
    "pl": "nieobecność | nieobecny | nieobecna | poza biurem | urlop* | jestem na urlopie | jestem poza"
    " | jestem nieobecn*",
    "ru": "вне офиса | не в офисе | отсутств* | нет на месте | нет на работе | нет в офисе | в отпуске | отпуск"
    " | я в отпуске",
    "uk": "поза офісом | відсутн* | у відпустці | відпустка",
    "bg": "извън офиса | отсъств*",
    "bs": "odsutan | odsutna | odsutnost | odsutni | izvan ureda | van kancelarije | godišnji odmor"
    " | na godišnjem odmoru",
    "sl": "odsoten | odsotna | odsotnost | dopust | na dopustu",
    "cs": "mimo kancelář* | mimo úřad | dovolená | na dovolené | nepřítomnost | nepřítomen | nejsem v kanceláři",
    "sk": "mimo kancelári* | dovolenka | na dovolenke | neprítomnosť | mimo pracoviska",
    "fr": "absence | absence du bureau | absent | absente | absent du bureau | absente du bureau | congés | en congé*"
    " | hors du bureau | je suis absent* | je suis en congé*",
    "es": "fuera de la oficina | fuera de oficina | fuera de la empresa | ausente | ausencia* | vacaciones"
    " | de vacaciones",
    "it": "fuori sede | fuori ufficio | assente | assenza | in ferie | ferie | non in sede | non in ufficio"
    " | non sono in ufficio",
    "pt": "fora do escritório | fora da empresa | ausente | ausência* | férias | de férias | em férias",
    "nl": "afwezig | afwezigheid | niet aanwezig | niet op kantoor | buiten kantoor | met verlof | met vakantie"
    " | vakantie",
    "sv": "frånvaro | frånvarande | inte på kontoret | semester | på semester | ej på kontoret | tjänstledig"
    " | föräldraledig",
    "da": "fraværende | fravær | ikke til stede | ikke på kontoret | ferie | på ferie | på barsel | holder ferie",
    "fi": "poissa | poissa toimistosta | lomalla | en ole paikalla | poissaolo",
    "ro": "în concediu | concediu | absent din birou | nu sunt la birou | în afara biroului",
    "el": "εκτός γραφείου | απουσία",
    "tr": "ofis dışında* | işyeri dışında* | izindeyim | izinli",
    "ja": "不在 | 不在です | 休暇中 | 外出中",
    "zh": "外出 | 休假 | 不在办公室 | 不在辦公室",
    "ko": "부재중 | 휴가중",
}

# What the text of an automatic answer says near its beginning. ``This is an automatic message`` is not among them: it
# stands in bills and alarms, which answer nothing.
SENTENCES = {
    "en": "this is an automat* reply | this is an automat* response | this is an automat* answer | automatic reply"
    " | this is an automat* acknowledg* | this is an autoreply | automated reply | automated response"
    " | automatic response | auto generated response | autoreply | autoresponder | out of office reply"
    " | i am _ out of the office | i am _ out of office | i'm _ out of the office | i'm _ out of office"
    " | i will be _ out of the office | i will be _ out of office | i'll be _ out of the office"
    " | currently out of office | currently out of the office | i am _ away | i'm _ away | i will be _ away"
    " | i am _ on leave | i am _ on vacation | i'm _ on vacation | i am _ on holiday* | i'm _ on holiday*"
    " | i will be _ on vacation | i will be _ on leave | on annual leave | on maternity leave | on parental leave"
    " | limited access to _ mail | limited access to _ email* | no access to _ email* | no longer with"
    " | no longer employed | has left the company | we have received your message"
    " | we have received your email | we have received your request | we have received your enquiry"
    " | we have received your inquiry | we've received your message | we've received your email"
    " | we've received your request | your request has been received | your message has been received"
    " | your email has been received | your enquiry has been received | your inquiry has been received"
    " | your ticket has been created | a ticket has been created for | a ticket has been opened"
    " | has been received and is being reviewed | will respond when i return | will reply when i return",
    "de": "automatisch* antwort | ich bin _ nicht im | ich bin _ abwesend | ich bin _ im urlaub | ich bin _ außer haus"
    " | ich bin _ nicht erreichbar | bin ich nicht im | bin ich _ wieder | nicht im büro | nicht im hause"
    " | ihre e-mail wird nicht | ihre anfrage ist bei uns eingegangen | wir haben ihre anfrage erhalten"
    " | wir haben ihre nachricht erhalten | wir haben ihre e-mail erhalten",
    "hu": "automatikus válasz* | szabadságon | szabadságomat | házon kívül | irodán kívül | távol vagyok | távol leszek"
    " | levelét megkaptuk | megkeresését megkaptuk | üzenetét megkaptuk | levele megérkezett",
    "pl": "automatyczna odpowiedź | odpowiedź automatyczna | jestem _ na urlopie | jestem _ nieobecn* | jestem _ poza"
    " | będę _ nieobecn* | przebywam na urlopie | przebywam poza | otrzymaliśmy _ wiadomość"
    " | zgłoszenie zostało przyjęte | zgłoszenie zostało zarejestrowane",
    "ru": "автоматический ответ | автоответ | нахожусь _ отпуск* | нахожусь _ командировк* | буду отсутствовать"
    " | отсутствую | я в отпуске | ваше обращение _ зарегистрирован* | ваше письмо получено",
    "uk": "автоматична відповідь | у відпустці | я відсутн*",
    "bs": "automatski odgovor | na godišnjem odmoru | odsutan sam | odsutna sam | nisam u uredu | nisam u kancelariji",
    "sl": "samodejni odgovor | na dopustu | odsoten | odsotna",
    "cs": "automatická odpověď | na dovolené | mimo kancelář | nejsem v kanceláři | čerpám dovolenou",
    "sk": "automatická odpoveď | na dovolenke | mimo kancelárie | čerpám dovolenku",
    "fr": "réponse automatique | je suis _ absent* | je serai _ absent* | je suis _ en congé* | je suis _ indisponible"
    " | je suis en déplacement | absent du bureau | absente du bureau | nous avons bien reçu votre message"
    " | nous avons bien reçu votre demande | nous avons bien reçu votre mail | nous avons bien reçu votre e-mail"
    " | votre demande a bien été | votre message a bien été",
    "es": "respuesta automática | estoy _ fuera de | estaré _ fuera de | me encuentro _ fuera de | estoy de vacaciones"
    " | estaré de vacaciones | me encuentro de vacaciones | estaré ausente | hemos recibido su mensaje"
    " | hemos recibido su correo | hemos recibido su solicitud | hemos recibido su consulta",
    "it": "risposta automatica | sono _ assente | sono _ in ferie | sarò _ assente | sarò _ in ferie"
    " | sono _ fuori ufficio | sarò _ fuori ufficio | abbiamo ricevuto la sua richiesta"
    " | abbiamo ricevuto la sua e-mail",
    "pt": "resposta automática | estou _ ausente | estarei _ ausente | estou de férias | estarei de férias"
    " | encontro-me _ ausente | encontro-me de férias | recebemos a sua mensagem | recebemos sua mensagem",
    "nl": "automatisch antwoord | ik ben _ afwezig | ik ben _ met verlof | ik ben _ met vakantie"
    " | ik ben _ niet op kantoor | ik ben _ op vakantie | wij hebben uw bericht | wij hebben uw e-mail",
    "sv": "autosvar | automatiskt svar | jag är _ semester | jag är _ frånvarande | inte på kontoret | jag har semester"
    " | jag är ledig | är på semester",
    "da": "automatisk svar | jeg er _ ferie | jeg holder ferie | ikke på kontoret | jeg har ferie"
    " | jeg er _ fraværende | er på ferie",
    "fi": "automaattinen vastaus | automaattivastaus | olen _ lomalla | olen _ poissa | en ole _ paikalla",
    "ro": "răspuns automat | sunt în concediu | voi fi în concediu | nu sunt la birou",
    "tr": "otomatik yanıt | otomatik cevap | izindeyim | ofis dışındayım | yıllık izin*",
    "el": "αυτόματη απάντηση | εκτός γραφείου",
    "ja": "自動返信 | 自動応答 | 不在にし | 休暇をいただ | 休暇中",
    "zh": "自动回复 | 自动答复 | 自動回覆 | 休假 | 不在办公室",
    "ko": "자동 회신 | 자동 응답 | 부재중 | 휴가",
}

_ALPHABETS_END = 0x0530  # behind Latin, Greek and Cyrillic words do not end where the phrase ends
# Letters that Unicode does not take apart into a letter and an accent.
_LETTERS = str.maketrans({"ß": "ss", "ı": "i", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ø": "o", "Ø": "O", "’": "'"})


def _folded(text: str) -> str:
    """Lower case, without accents, one space between words."""
    if text.isascii():
        return " ".join(text.lower().split())
    decomposed = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    bare = "".join(character for character in decomposed if unicodedata.category(character) != "Mn")
    return " ".join(unicodedata.normalize("NFC", bare).lower().split())


def _pattern(phrase: str) -> str:
    """A regular expression for one phrase of the tables."""
    words = re.escape(phrase).replace(r"\*", r"\w*").replace(r"\ _\ ", r"[ ](?:[^ ]+[ ]){0,5}").replace(r"\ ", r"[ -]?")
    bounded = phrase[-1].isalpha() and ord(phrase[-1]) < _ALPHABETS_END
    return words + (r"(?!\w)" if bounded else "")


def _phrases(table: Mapping[str, str]) -> set[str]:
    return {_folded(phrase) for line in table.values() for phrase in line.split("|")}


def _any(table: Mapping[str, str]) -> str:
    """One expression for all phrases, the longest first."""
    return "|".join(_pattern(phrase) for phrase in sorted(_phrases(table), key=lambda phrase: (-len(phrase), phrase)))


def _head(line: str) -> str:
    """The first letters, without the signs that may stand between the words of a phrase or be missing."""
    return line[: 2 * HEAD_LETTERS].replace(" ", "").replace("-", "")[:HEAD_LETTERS]


# What mail gateways and spam filters put before a subject.
_TAGS = r"(?:(?:\[[^\]]{1,40}\]|\*{2,5}[^*]{1,40}\*{2,5}|\((?:ext|external)\)|(?:ext|external) ?:) ?)*"
_ANSWERED = r"(?:re|aw|sv|vs|odp|antw|res|ynt|fwd?|wg|tr|回复|答复|回覆|回信) ?[:：]"
_PREFIX = re.compile(
    rf"{_TAGS}(?P<words>(?:{_any(PREFIXES)})(?= ?[:：]| {_ANSWERED})"
    rf"|(?:{_any(ABSENCE)}) ?[:：]? {_ANSWERED}"
    rf"|yahoo! auto response$|message status - (?:delivered|opened|read|deleted)$"
    rf"|auto ?: ?.{{1,80}}(?:{_any(ABSENCE)})(?!\w).*\()"
)
_ABSENT = re.compile(rf"{_TAGS}(?P<words>{_any(ABSENCE)}|(?:{_any(PREFIXES)}) ?$)")
_AT_THE_END = re.compile(
    r"(?P<words>\bis (?:currently )?out of (?:the )?office\b.{0,40}|\bauto[ -]?(?:reply|response|responder)\W*)$"
)
# The out-of-office agent of Lotus Notes, which marks its mail by nothing else.
_TEMPLATE = re.compile(r"i will be out of the office starting .{1,40} and will not return until")
_SENTENCE = re.compile(rf"(?<!\w)(?:{_any(SENTENCES)})")


# How a subject begins that one of the two long expressions could match; they are tried on no other.
_HEADS = {_head(phrase) for phrase in (*_phrases(PREFIXES), *_phrases(ABSENCE), "yahoo!", "message status", "auto:")}
_TAGGED = ("[", "*", "(", "ext")


def _may_say(line: str) -> bool:
    return line.startswith(_TAGGED) or _head(line) in _HEADS


def prefix(subject: str) -> str | None:
    """The head of the subject that only a program writes."""
    line = _folded(subject[:SUBJECT_CHARACTERS])
    found = _PREFIX.match(line) if _may_say(line) else None
    return found["words"].strip() if found else None


def absence(subject: str) -> str | None:
    """Words of absence at the head of the subject, or at its end where programs put them."""
    line = _folded(subject[:SUBJECT_CHARACTERS])
    found = (_ABSENT.match(line) if _may_say(line) else None) or _AT_THE_END.search(line)
    return found["words"].strip() if found else None


def template(text: str) -> str | None:
    """A sentence that a program fills in, near the beginning of the text."""
    found = _TEMPLATE.search(_folded(text[:SENTENCE_CHARACTERS]))
    return found[0] if found else None


def sentence(text: str) -> str | None:
    """What an automatic answer says of itself near the beginning of the text."""
    found = _SENTENCE.search(_folded(text[:SENTENCE_CHARACTERS]))
    return found[0] if found else None

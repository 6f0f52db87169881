"""``On Monday, Éva wrote:`` - the line that programs write above what they quote, in many languages.

There are too many forms to list each, and people's own sentences look alike, so a line must bring several signs: a word
for writing, a word that such lines begin with, a date, an address, a colon at its end, a quotation below it.
"""

from __future__ import annotations

import re

from helpdesk.mail.phrases import alternatives, compiled

LINE_CHARACTERS = 400  # joined; long names and addresses make 250
DATED_CHARACTERS = 160  # of one that brings no address; longer ones are people's own sentences
SHORTEST = 6
BARE_CHARACTERS = 80  # of one with an address that nothing encloses

VERBS = {
    "en": r"wrote | writes | has written | said",
    "hu": r"ezt írta | írta | irta | a következőt írta",
    "pl": r"napisał\(a\) | napisana przez | napisał | napisała | napisał/a | pisze | napisali",
    "ru": r"писал\(а\) | вы писали | написал\(а\) | пишет | писал | писала | написал | написала",
    "uk": r"пише | писав | писала | написав | написала | написав\(ла\) | пишуть",
    "hr": r"""
        je napisao/la | je napisao/napisala | je (?:na)?pisao(?:\(la\))? | je (?:na)?pisala | napisao | napisala |
        napisao/la | piše | je piše
    """,
    "sr": r"је (?:на)?писао(?:/ла)? | је (?:на)?писала | написао | написала | пише",
    "sl": r"je napisal\w{0,2} | je napisal/a | napisal\w{0,2} | je oseba .{1,80} napisala | je pisal\w{0,2}",
    "sk": r"napísal\(a\) | napísal/a | napísal | napísala | píše | napísal:",
    "cs": r"napsal\(a\) | napsal/a | napsal | napsala | píše",
    "de": r"schrieb | schrieben sie | geschrieben | schreibt | hat geschrieben",
    "fr": r"a écrit | écrit | a ecrit | ecrit | écrivait | nous a dit",
    "es": r"escribió | escribio | escribe | ha escrito",
    "it": r"ha scritto | scrive | scriveva | scrisse",
    "pt": r"escreveu | escreve",
    "nl": r"schreef | het volgende geschreven | geschreven",
    "sv": r"skrev | skrev följande",
    "da": r"skrev | skriver | skrev følgende",
    "fi": r"kirjoitti | kirjoitti seuraavasti",
    "ro": r"a scris | scrie",
    "tr": r"şunu yazdı | yazdı | şunları yazdı",
    "ja": r"""
        さん(?:は|が)書きました | は書きました | のメッセージ | のメール | さん(?:は|が)?(?:次のように)?書きました
        | が書き込みました | wrote
    """,
    "zh": r"写道 | 寫道 | 写到 | 写",
    "ko": r"작성 | 님이 작성",
    "et": r"kirjutas",
}
# Words that such a line begins with, before a date.
OPENERS = r"""
    on | at | in message | in a message dated | quoting | le | am | den | vom | el | il | il giorno | em | no dia
    | a | op | w dniu | dnia | dne | dňa | dana | u | на дату | дана | în | la data de | pe | kl\.? | på | d\. |
    tanggal | às | v | вы писали | 在 | 于 | via | in data | en fecha | zo | ve
"""
WEEKDAYS = r"""
    mon | tues? | wed | thurs? | thu | fri | sat | sun | monday | tuesday | wednesday | thursday | friday |
    saturday | sunday | hétfő | kedd | szerda | csütörtök | péntek | szombat | vasárnap | pon | wt | śr | czw | pt
    | sob | niedz | nd | ndz | poniedziałek | wtorek | środa | czwartek | piątek | sobota | niedziela | пн | вт |
    ср | чт | пт | сб | вс | нд | понедельник | вторник | среда | четверг | пятница | суббота | воскресенье |
    понеділок | вівторок | середа | четвер | п['’]ятниця | субота | неділя | uto | sri | čet | pet | sub | ned |
    sre | tor | ponedjeljak | utorak | srijeda | četvrtak | petak | subota | nedjelja | po | út | st | čt | pá |
    so | ne | ut | št | pi | mo | di | mi | do | fr | sa | lun | mar | mer | jeu | ven | sam | dim | mié | jue |
    vie | sáb | dom | gio | seg | ter | qua | qui | sex | ma | woe? | vr | za | zo | mån | tis | ons | tors? | fre
    | lör | sön | man | tir | lør | søn | ti | ke | to | pe | la | su | mie | joi | vin | sâm | pzt | sal | çar |
    per | cum | cmt | paz | luni | marți | miercuri | joi | vineri | sâmbătă | duminică | maanantai\w* | tiistai\w*
    | keskiviikko\w* | torstai\w* | perjantai\w* | lauantai\w* | sunnuntai\w* | pazartesi | salı | çarşamba |
    perşembe | cuma | cumartesi | pazar | montag | dienstag | mittwoch | donnerstag | freitag | samstag |
    sonnabend | sonntag | lundi | mardi | mercredi | jeudi | vendredi | samedi | dimanche | lunes | martes |
    miércoles | jueves | viernes | sábado | domingo | lunedì | martedì | mercoledì | giovedì | venerdì | sabato
    | domenica | segunda(?:-feira)? | terça(?:-feira)? | quarta(?:-feira)? | quinta(?:-feira)? |
    sexta(?:-feira)? | maandag | dinsdag | woensdag | donderdag | vrijdag | zaterdag | zondag | måndag | tisdag
    | onsdag | torsdag | fredag | lördag | söndag | mandag | tirsdag | lørdag | søndag | pondělí | úterý |
    středa | čtvrtek | pátek | neděle | pondelok | utorok | streda | štvrtok | piatok | nedeľa | ponedeljak |
    sreda | ponedeljek | torek | četrtek | понедељак | уторак | среда | четвртак | петак | субота | недеља
"""
_VERBS = alternatives(VERBS)
VERB = re.compile(rf"(?<!\w)(?:{_VERBS})(?!\w)|(?:さん|のメッセージ|のメール|写道|寫道|작성)", re.IGNORECASE)
ENDS_WITH_VERB = re.compile(
    rf"(?:(?<!\w)(?:{_VERBS})|のメッセージ|のメール|書きました|写道|寫道|작성)\s?(?:\([^()]{{0,80}}\))?\s?[:：]?$",
    re.IGNORECASE,
)
_VERB_FIRST = re.compile(rf"^\s*(?:{_VERBS})\s+", re.IGNORECASE)
_OPENER = compiled(OPENERS, after=r"(?=\s)|在|於")
_WEEKDAY = compiled(WEEKDAYS, after=r"\.?,?\s{1,5}\D{0,14}\d")
_DATE_FIRST = re.compile(r"\d{4}\s?[-./年]|\d{1,2}\s?[-./]\s?\d{1,2}\s?[-./]|\d{1,2}\.?\s\w{3,12}\.?,?\s\d{4}")
_WHEN = re.compile(r"\d{4}|\d{1,2}[:.]\d{2}|\d{1,2}[./-]\s?\d{1,2}")
ADDRESS = re.compile(r"[<(\[]\s?(?:mailto:)?[^\s<>()\[\]@]{1,200}@[^\s<>()\[\]@]{1,200}[>)\]]")
_ADDRESS_ENDS = re.compile(r"@[^\s<>()\[\]@]{1,200}[>)\]]{1,2}\s?[:：]?$")
# ``02.03.2026, 09:00 von eva@kunde.example:``, as Tuta writes it.
_BARE_ADDRESS_ENDS = re.compile(r"\s[^\s<>@]{1,64}@[^\s<>@]{1,200}\.\w{2,20}\s?[:：]$")
_QUOTING = compiled(r"quoting | zitat von | citando a? | selon | quoting message from", after=r"\s")
_GROUPWISE = re.compile(r">>>\s.{0,200}\d.{0,200}>>>$")
_CLIENT_DATE = re.compile(r"\d{4}-\d\d-\d\d \d{1,2}:\d\d GMT[+-]\d\d:\d\d \S")
_VERB_AND_DATE = re.compile(rf".{{2,60}}\s(?:{_VERBS})\s.{{0,12}}\d{{1,4}}[-./]\d.{{3,40}}[:：]", re.IGNORECASE)
_DRAWN = "-*_|\u2010\u2011\u2012\u2013\u2014\u2015 \t\xa0"
_DECORATION = f"{_DRAWN}>"
_GLUED = re.compile(
    r"(?<=\S)[ -]{1,5}On (?:Mon|Tue|Wed|Thu|Fri|Sat|Sun|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\w{0,6}\b,?"
    r".{0,20}\d{1,2}:\d{2}.{3,200}wrote:$"
)
_SENT = re.compile(r"\bsent\s?:$", re.IGNORECASE)
_SIGNS = (":", "：", ">")
_WORDS = ("wrote", "schrieb", "écrit", "escribió", "scritto", "escreveu", "写道", "寫道")
# The last characters of all of them, and of lines that drawn ones stand behind.
_LAST = frozenset("".join(each[-1] + each[-1].upper() for each in (*_SIGNS, *_WORDS)) + _DRAWN)


def apart(line: str) -> tuple[str, str] | None:
    """``reply On Wed, Apr 4, 2026 at 3:59 PM, Eva wrote:`` as the words and the attribution, None for other lines."""
    if not line.endswith("wrote:"):
        return None
    found = _GLUED.search(line[:LINE_CHARACTERS])
    return (line[: found.start()], line[found.start() :].lstrip(" -")) if found else None


def bare(line: str) -> str:
    """The line without quote marks and drawn lines around it."""
    return line.lstrip(_DECORATION).rstrip(_DRAWN)


def may_end(line: str) -> bool:
    """A cheap look whether an attribution can end with this line; it is taken at every line of every mail."""
    if line[-1:] in _LAST:
        end = line[-40:].rstrip(_DRAWN)
        if end.endswith(_SIGNS) or end.lower().endswith(_WORDS):
            return True
    return "GMT" in line and _CLIENT_DATE.match(bare(line)) is not None


def opens(line: str) -> bool:
    """Whether an attribution begins like this: with ``On``, a weekday or a date."""
    words = bare(line)[:60]
    return bool(_OPENER.match(words) or _WEEKDAY.match(words) or _DATE_FIRST.match(words))


def named(line: str) -> bool:
    """Whether a name with an address, or a word for writing, makes the line a likely beginning too."""
    return ADDRESS.search(line[:LINE_CHARACTERS]) is not None or VERB.search(line[:LINE_CHARACTERS]) is not None


def without_verb(words: str) -> str:
    """``schrieb Éva Kis`` as ``Éva Kis``: some languages put the word for writing before the name."""
    return _VERB_FIRST.sub("", words)


def quotes_below(line: str) -> bool:
    """``>>> Éva <eva@kunde.example> 02.03.2026 09:00 >>>``: GroupWise puts its attribution into quote marks."""
    return line.lstrip().startswith(">>> ") and _GROUPWISE.match(line.strip()) is not None


def attributes(line: str, *, quoted_below: bool) -> bool:
    """Whether the (joined) line introduces a quotation; more than one sign is needed, fewer above quoted lines."""
    words = bare(line)
    if len(words) < SHORTEST or len(words) > LINE_CHARACTERS:
        return False
    if _CLIENT_DATE.match(words) or quotes_below(line):
        return True
    address, when = ADDRESS.search(words) is not None, _WHEN.search(words) is not None
    if not (address or when or quoted_below or _DATE_FIRST.match(words)):
        return False
    colon = words[-1] in ":："
    if address and when and opens(words) and _SENT.search(words):
        return True
    if colon and len(words) < BARE_CHARACTERS and _DATE_FIRST.match(words) and _BARE_ADDRESS_ENDS.search(words):
        return True
    if quoted_below and colon and address and (when or _QUOTING.match(words)):
        return True
    if VERB.search(words) is None:
        ends_with_address = address and when and _ADDRESS_ENDS.search(words) is not None
        return ends_with_address and (colon or opens(words) or quoted_below)
    last = ENDS_WITH_VERB.search(words) is not None
    if not colon and not last:
        return False
    dated = when and opens(words) and (last or len(words) < DATED_CHARACTERS)
    return address or quoted_below or dated or _VERB_AND_DATE.fullmatch(words) is not None

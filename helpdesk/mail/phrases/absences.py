"""How an out-of-office says until when somebody is away, or when he is back, in the languages of our mail."""

from __future__ import annotations

import re

from helpdesk.mail.phrases import alternatives

# Words before a day on which somebody is there again.
BACK = {
    "en": r"""
        back(?: in)?(?: the)?(?: office| work)?(?: again)?(?: on| from)? | return(?:ing|s)?(?: to)?(?: the| my)?(?:
        office| work)? (?: again)?(?: on| from)? | not return(?: to the office)? (?:until|before) | not be back
        (?:until|before) | available again (?: on| from)? | reachable again (?:on|from) | back at work(?: on)? |
        resume work(?: on)?
    """,
    "de": r"""
        wieder (?:erreichbar|im büro|im haus|da|verfügbar|zurück)? ?(?:ab|am|seit)? | zurück (?:ab|am|bin ich am)? |
        rückkehr(?: ist)? (?:am|ab|:)? | bin (?:ich )?(?:wieder )?am | kehre(?: ich)?(?: wieder)? am
    """,
    "nl": r"""
        weer (?:aanwezig|bereikbaar|terug|op kantoor)(?: op| vanaf)? | terug(?: op| vanaf)? | ben ik (?:weer )?op
    """,
    "sv": r"tillbaka(?: på kontoret)?(?: igen)?(?: den| från| från och med)? | åter(?:kommer)?(?: den)?",
    "da": r"""
        tilbage(?: på kontoret)?(?: igen)?(?: den| fra| fra den)? | retur(?: den)? | træffes igen(?: den| fra)?
    """,
    "no": r"tilbake(?: på kontoret)?(?: igjen)?(?: den| fra| fra den)?",
    "fr": r"""
        de retour(?: au bureau)?(?: le| à partir du)? | retour(?: est)?(?: prévu)?(?: le)? | reviens le | reviendrai
        le
    """,
    "es": r"""
        vuelvo(?: a la oficina)?(?: el| a partir del)? | volveré(?: a la oficina)?(?: el)? | regres(?:o|aré)(?: a la
        oficina)?(?: el)? | de vuelta(?: en la oficina)?(?: el)? | de regreso(?: el)? | reincorpor(?:o|aré)(?: el)?
    """,
    "it": r"""
        (?:ri)?torn(?:o|erò)(?: in ufficio)?(?: il| dal)? | rientr(?:o|erò)(?: in ufficio)?(?: il| previsto il)? | di
        nuovo(?: in ufficio)?(?: il| dal)?
    """,
    "pt": r"""
        (?:volto|voltarei|regresso|regressarei|retorno|retornarei|de volta)(?: ao escritório| ao trabalho)?(?: no dia|
        em| dia| a)?
    """,
    "ro": r"(?:revin|mă întorc|mă voi întoarce|voi reveni)(?: la birou)?(?: pe| în| din)?",
    "pl": r"""
        (?:wracam|wrócę|powrót|z powrotem|powracam)(?: do pracy| do biura)?(?: w dniu| dnia| od)? | ponownie(?:
        dostępn[ya])?(?: od| w dniu)?
    """,
    "cs": r"""
        (?:zpět|vrátím se|vracím se|návrat|zpátky)(?: v kanceláři| do práce)?(?: dne| od)? | opět(?: k dispozici| k
        zastižení)?(?: od| dne)?
    """,
    "sk": r"""
        (?:späť|vrátim sa|vraciam sa|návrat|naspäť)(?: v kancelárii| do práce)?(?: dňa| od)? | opäť(?: k
        dispozícii)?(?: od| dňa)?
    """,
    "sl": r"""
        (?:vrnem se|vračam se|nazaj|vrnitev|spet dosegljiv\w?|ponovno dosegljiv\w?)(?: v pisarno)?(?: dne| od)?
    """,
    "hr": r"""
        (?:vraćam se|natrag|nazad|povratak|ponovo|ponovno|dostup\w+ od)(?: u uredu| u ured| na posao| u
        kancelariji)?(?: dana| od)?
    """,
    "ru": r"""
        (?:вернусь|возвращаюсь|выйду|буду снова|снова буду|буду на месте|на работе)(?: на работу| в офис| в офисе)?(?:
        с)? | выхожу(?: на работу)?
    """,
    "uk": r"""
        (?:повернуся|повертаюся|вийду|буду знову|буду на місці)(?: на роботу| до офісу| в офіс)?(?: з)?
    """,
    "hu": r"(?:visszatérek|visszaérkezem|vissza|újra elérhető|ismét elérhető|legközelebb)(?: leszek)?",
    "fi": r"(?:palaan|paluu|takaisin|tavoitettavissa jälleen)(?: töihin| toimistolle| toimistolla)?",
    "tr": r"(?:dönüş(?:üm)?|geri dönüş|tekrar ofiste)(?: tarihi(?:m)?)?",
}
# Words before the day from which something holds; it is the day of return where words of `AGAIN` stand behind it.
FROM = r"""
    from | on | am | op | den | w dniu | as of | starting | ab | ab dem | seit | vanaf | från | från och med | fra |
    fra og med | à partir du | dès le | a partir del | desde el | dal | a partire dal | a partir de | a partir do dia
    | începând cu | începând din | od | od dnia | dne | dňa | с | з
"""
AGAIN = r"""
    again | back | wieder | zurück | weer | terug | igen | tillbaka | tilbage | igjen | tilbake | de nouveau | de
    retour | nuevamente | de nuevo | de vuelta | nuovamente | di nuovo | novamente | de volta | din nou | ponownie |
    znowu | opět | zpět | opäť | späť | spet | ponov\w | opet | natrag | nazad | снова | опять | знову
"""
# Words before the last day of an absence.
UNTIL = {
    "en": r"until(?: and including)? | till | til | through | thru | up to(?: and including)? | through to",
    "de": r"bis(?: zum| einschließlich| einschl\.| inkl\.| inklusive| und mit)?(?: zum| den)?",
    "nl": r"tot(?: en met)? | t/m | t\.e\.m\.",
    "sv": r"till(?: och med)?(?: den)? | t\.o\.m\.",
    "da": r"til(?: og med)?(?: den)? | t\.o\.m\.",
    "fr": r"jusqu['’]au(?: (?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche))?(?: inclus)? | au",
    "es": r"hasta(?: el)?(?: día)? | al",
    "it": r"fino al(?:l['’])? | sino al | al",
    "pt": r"até(?: ao| o)?(?: dia)? | a",
    "ro": r"până(?: la| pe| în)?(?: data de)?",
    "pl": r"do(?: dnia)?",
    "cs": r"do(?: dne)?",
    "sk": r"do(?: dňa)?",
    "sl": r"do(?: vključno)?(?: dne)?",
    "hr": r"do(?: uključivo)?(?: dana)? | do zaključno",
    "ru": r"до | по",
    "uk": r"до | по",
    "fi": r"asti | saakka",
    "tr": r"kadar",
}
# Behind a day, where the language puts such words or endings there.
BACK_BEHIND = r"""
    -?(?:tól|től)\b | -?(?:án|én|jén|ján)\b(?! reggel távoz)(?=.{0,40}(?:vissza|újra|ismét|elérhet|irodá)) | に戻り |
    より(?:出社|通常) | から(?:出社|復帰|通常) | 返回 | 回来 | 回到 | 恢复 | 回來 | 起(?:恢复|上班) | 上班 | 복귀 |
    tarihinde (?:döneceğim|ofiste|geri) | alkaen\b | tarihinden itibaren
"""
UNTIL_BEHIND = r"-?ig\b | まで | 止 | 为止 | 為止 | 까지 | tarihine kadar | asti\b | saakka\b | 之前"

_WEEKDAY = (
    r"(?:[\s,]{1,3}(?:the|den|dem|le|el|il|on|am)?\s?[^\W\d_]{2,14}\.?(?:-feira)?,?)?"
    r"[\s,]{0,3}(?:the |den |dem |dnia |dne |dzień )?[\s:(]{0,3}"
)
IS_BACK = re.compile(rf"(?<!\w)(?:{alternatives(BACK)}):?{_WEEKDAY}$", re.IGNORECASE)
IS_FROM = re.compile(rf"(?<!\w)(?:{alternatives(FROM)}){_WEEKDAY}$", re.IGNORECASE)
IS_AGAIN = re.compile(rf"[^!?;\n]{{0,40}}?(?<!\w)(?:{alternatives(AGAIN)})\b", re.IGNORECASE)
IS_UNTIL = re.compile(rf"(?<!\w)(?:{alternatives(UNTIL)}):?{_WEEKDAY}$", re.IGNORECASE)
IS_BACK_BEHIND = re.compile(rf"[.\s]{{0,2}}(?:{alternatives(BACK_BEHIND)})", re.IGNORECASE)
IS_UNTIL_BEHIND = re.compile(rf"[.\s]{{0,2}}(?:{alternatives(UNTIL_BEHIND)})", re.IGNORECASE)

# The months, January first: what their names begin with in all these languages, then short forms that are whole words.
# The Slavic listopad is no name here: it is October for some and November for others.
MONTHS = (
    r"""
        janu\w{0,5} janv\w{0,4} jänn\w{0,3} janei\w{0,3} январ\w{1,2} січ\w{2,3} siječ\w{1,4} stycz\w{1,4} leden
        ledn\w{1,2} enero gennai\w ianuarie ocak tammikuu\w{0,3} jan ene gen янв
    """,
    r"""
        febr\w{0,6} fevr\w{0,4} févr\w{0,4} fevereiro феврал\w лют\w{2,4} velja\w{1,3} lut\w{2,4} únor\w? şubat
        helmikuu\w{0,3} feb fev fév фев
    """,
    r"""
        márci\w{0,3} march märz mars marts marzo março marca martie marec marcu марта? берез\w{2,4} ožuj\w{1,3}
        mart[au]? marzec března březen maart maaliskuu\w{0,3} mar mär мар
    """,
    r"""
        apri\w{0,4} ápri\w{0,4} abril avril апрел\w квіт\w{2,4} trav\w{2,3} kwie\w{2,6} dub(?:en|na|nu) nisan
        huhtikuu\w{0,3} apr abr avr апр
    """,
    r"""
        máju\w{0,2} maj\w{0,2} mai may maggio mayo maio мая? май трав\w{2,3} svib\w{2,3} květ(?:en|na|nu) mei mayıs
        toukokuu\w{0,3} máj
    """,
    r"""
        júni\w{0,2} june juni jun[ia]? juin junio junho giugno июн\w черв\w{2,4} czerw(?:iec|ca|cu) lipanj lipnja
        červ(?:en|na|nu) haziran kesäkuu\w{0,3} iunie jún
    """,
    r"""
        júli\w{0,2} july juli jul[ia]? juillet julio julho luglio июл\w лип\w{2,3} lip(?:iec|ca|cu)
        srp(?:anj|nja|nju) červen(?:ec|ce|ci) temmuz heinäkuu\w{0,3} iulie júl
    """,
    r"""
        augus\w{0,4} août agosto авгус\w{1,3} серп\w{2,3} sierp\w{2,4} kolovoz\w? srp(?:en|na|nu) ağustos
        elokuu\w{0,3} aug ago авг avgust\w?
    """,
    r"""
        septe\w{0,6} setem\w{0,4} settem\w{0,4} сентяб\w{1,2} верес\w{2,4} wrze\w{2,5} ruj(?:an|na|nu) září eylül
        syyskuu\w{0,3} szept\w{0,8} sep sept set сен
    """,
    r"""
        októ\w{0,5} octo\w{0,4} okto\w{0,5} otto\w{0,4} outu\w{0,4} октяб\w{1,2} жовт\w{2,4} paźdz\w{2,7}
        říj(?:en|na|nu) ekim lokakuu\w{0,3} oct okt out ott окт
    """,
    r"""
        novem\w{0,4} ноябр\w листоп\w{2,4} stude\w{1,3} kasım marraskuu\w{0,3} noie\w{0,5} nov ноя
    """,
    r"""
        decem\w{0,4} dezem\w{0,4} déce\w{0,4} dicie\w{0,4} dicem\w{0,4} декабр\w груд\w{2,3} prosin\w{1,3}
        grudz\w{2,4} aralık joulukuu\w{0,3} dec dez déc dic дек
    """,
)

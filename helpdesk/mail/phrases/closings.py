"""Formulas with which letters end, above the name: ``Best regards``, ``Üdvözlettel``, ``Viele Grüße``.

Thanks alone are no formula here: "Thanks, Eva" may be all that somebody had to say. Where a language closes its
letters with thanks as others do with regards (Hungarian), they are.
"""

from __future__ import annotations

import re

from helpdesk.mail.phrases import alternatives, compiled

_GERMAN = (
    r"(?:mit (?:den )?|die )?(?:(?:viele|liebe|herzliche|freundliche|beste|schöne|sonnige|nette|kollegiale)[nrms]?"
    r"(?: und|,)? ){0,3}(?:grüßen?|gruessen?|grüssen?|gruß|gruss|empfehlungen)(?: (?:aus|von) .{2,30})?"
)
# A space at the end of a line of this table stands for one, as everywhere: phrases begin and end with their line.
CLOSINGS = {
    "en": r"""
        regards | (?:kind|kindest|best|warm|warmest|good|cordial|personal|many)(?: (?:and|&) \w{4,8})? regards
        | (?:many )?thanks(?: and|,| &)(?: (?:kind|best|warm|kindest))? regards
        | thank you(?: and|,| &)(?: (?:kind|best))? regards
        | with (?:my |our |many )?(?:thanks and )?(?:kind|kindest|best|warm|friendly)?(?: ?regards| ?greetings| ?wishes)
        | (?:best|kind|warm|all good) wishes | (?:best|kind|warm) greetings | all the best | best | rgds | brgds
        | br | kr | cheers | (?:yours|very) (?:sincerely|truly|faithfully)(?: yours)?
        | (?:respectfully|sincerely|faithfully|cordially)(?: yours)?
        | have a (?:nice|good|great|lovely) (?:day|weekend|evening|week)
    """,
    "hu": r"""
        (?:szívélyes |szivelyes |baráti |legjobb |meleg |őszinte )?(?:üdvözlettel|udvozlettel) | üdv | udv
        | (?:köszönettel|koszonettel)(?:,? (?:és )?(?:szívélyes )?(?:üdvözlettel|üdv))?
        | (?:mély |teljes |kiváló )?tisztelettel
        | (?:előre is |még egyszer )?(?:köszönöm|köszönjük|köszi)(?: szépen| előre is)?,?
        (?:és )?(?:üdv|üdvözlettel|tisztelettel)
        | minden jót | (?:további )?szép (?:napot|hétvégét|estét)(?: kívánok| kívánunk)?
    """,
    "pl": r"""
        z poważaniem | z pozdrowieniami | ukłony | z wyrazami szacunku
        | z uszanowaniem | z szacunkiem | łączę wyrazy szacunku
        | (?:z góry )?(?:dziękuję|dziękujemy|dzięki) i pozdrawiam(?:y)?(?: serdecznie)?
        | (?:serdecznie |gorąco |ciepło )?pozdrawiam(?:y)?(?: serdecznie| ciepło| cię| państwa)?
        | (?:łączę |przesyłam )?(?:serdeczne |ciepłe )?pozdrowienia | pozdr | pzdr
        | miłego (?:dnia|weekendu)(?: życzę)?
    """,
    "ru": r"""
        (?:заранее )?(?:спасибо|благодарю)(?:,| и) с уважением
        | с (?:глубоким |большим |искренним )?уважением(?: и \w+ ?\w* ?\w*)? | с наилучшими пожеланиями
        | с благодарностью | с ув
        | с (?:тёплым |теплым )?приветом | всего (?:доброго|хорошего|наилучшего) | искренне ваш\w?
        | хорошего (?:дня|вечера)
    """,
    "uk": r"""
        (?:дякую,? )?з (?:глибокою |великою )?повагою | з найкращими побажаннями | з вдячністю | щиро ваш\w?
        | (?:усього|всього) (?:доброго|найкращого) | гарного (?:дня|вечора)
    """,
    "hr": r"""
        (?:s |sa )?(?:osobitim |dužnim |izuzetnim )?(?:poštovanjem|štovanjem|postovanjem)
        | (?:hvala i )?(?:lijep|lijepi|lep|lepi|srdačan|srdacan|velik) pozdravi?
        | srdačno(?: vas)?(?: pozdravljam)? | (?:puno )?pozdrava? | pozdravi | lp | l\.p | pozz
        | uz (?:srdačan )?pozdrav | (?:želim vam )?(?:ugodan|prijatan|lijep) (?:dan|vikend|ostatak dana)
        | (?:hvala,? )?lijep pozdrav
    """,
    "sr": r"(?:с|са) поштовањем | (?:леп|срдачан|велики) поздрав | поздрав | пријатан (?:дан|викенд) | veliki pozdrav",
    "sl": r"""
        lep(?:o)? pozdrav(?:ljen\w*|i)? | lepe pozdrave | s spoštovanjem | lepo vas pozdravljam
        | (?:prijazen|prisrčen) pozdrav | (?:želim vam )?lep (?:dan|vikend) | lp
    """,
    "sk": r"""
        s (?:pozdravom|úctou) | s priateľským pozdravom | (?:s )?pekn\w+ pozdrav\w* | pozdravujem
        | s prianím pekného dňa | so srdečným pozdravom
        | (?:prajem )?(?:pekný|príjemný|krásny) (?:deň|víkend|večer) | (?:ďakujem,? )?s pozdravom
    """,
    "cs": r"""
        s (?:pozdravem|úctou) | s přátelským pozdravem | (?:s )?(?:hezk|pěkn)\w+ pozdrav\w* | zdravím
        | s přáním (?:pěkného|hezkého) dne | se srdečným pozdravem | zdraví | mějte se (?:hezky|pěkně)
        | (?:přeji )?(?:hezký|pěkný|krásný|příjemný) (?:den|víkend|večer) | (?:děkuji,? |děkuji a )s pozdravem
    """,
    "de": rf"""
        {_GERMAN} | (?:vielen |herzlichen |besten )?danke?(?: im voraus)?(?: und|,) {_GERMAN}
        | (?:mit )?(?:vorzüglicher )?hochachtung(?:svoll)? | mfg | m\.f\.g | lg | vg | bg | glg | hg
        | (?:einen |ein )?schöne[ns]? (?:tag|abend|woche|wochenende)(?: noch)?
    """,
    "fr": r"""
        (?:bien |très )?(?:cordialement|sincèrement|respectueusement|amicalement)(?: vôtre| à vous)?
        | avec (?:mes|nos) remerciements | bien à (?:vous|toi) | cdt | cdlt | bien cdt
        | (?:avec )?(?:mes |nos )?(?:meilleures |cordiales |sincères )?salutations(?: distinguées| cordiales)?
        | (?:je vous prie d['’]agréer|veuillez (?:agréer|recevoir)).{0,80} | bonne (?:journée|soirée|réception)
    """,
    "es": r"""
        (?:un |muchos )?(?:cordial |atento |afectuoso )?saludos?(?: cordiales| cordial| atentos| y gracias)?
        | cordiales saludos | reciban? un (?:cordial )?saludo
        | atentamente | cordialmente | (?:le|les|te) saludan?(?: atentamente)?
        | (?:un )?(?:fuerte )?abrazo | (?:muchas )?gracias y saludos | atte
    """,
    "it": r"""
        (?:i miei |i nostri )?(?:cordiali |distinti |migliori |cari |tanti )?saluti
        | (?:un )?(?:cordiale |caro )?saluto | cordialmente | cordialità
        | (?:grazie e )?(?:cordiali |distinti )?saluti | in fede | buona (?:giornata|serata) | buon lavoro
    """,
    "pt": r"""
        (?:com os |os )?(?:meus |nossos )?(?:melhores |cordiais |respeitosos )?cumprimentos | atenciosamente
        | cordialmente | att | atte | (?:um )?(?:grande )?abraços? | saudações(?: cordiais)? | respeitosamente
        | obrigad[oa] e cumprimentos
    """,
    "nl": r"""
        (?:met |de )?(?:(?:vriendelijke|hartelijke|beste|lieve|warme)n? )?(?:groet|groeten|groetjes) | mvg
        | m\.v\.g | hoogachtend
        | (?:een )?(?:fijne|prettige) (?:dag|avond|weekend)(?: verder)?
        | (?:alvast )?bedankt(?: en|,) (?:vriendelijke )?(?:groet|groeten)
    """,
    "sv": r"""
        (?:med )?(?:vänliga?|bästa|varma|många|hjärtliga) hälsning(?:ar)? | hälsningar | mvh | vh | m\.v\.h
        | ha (?:en )?(?:bra|fin|trevlig) (?:dag|helg|kväll) | allt gott
    """,
    "da": r"""
        (?:med )?(?:venlige?|bedste|mange|de bedste|kærlig) hilsen(?:er)? | hilsen | mvh | m\.v\.h | vh
        | (?:de )?bedste hilsner | (?:hav )?en god (?:dag|weekend|aften)
    """,
    "no": r"""
        (?:med )?(?:vennlige?|beste|hjertelig) hilsen(?:er)? | hilsen | mvh | vh | (?:med )?vennleg helsing
        | ha (?:en )?(?:fin|god|flott) (?:dag|helg|kveld)
    """,
    "fi": r"""
        (?:parhain |ystävällisin |lämpimin )?terveisin | kunnioittavasti | ystävällisesti | terv\.? | t\. | t | yt
        | yst\.? terv\.? | (?:hyvää|mukavaa) (?:päivän|illan|viikon)jatkoa | mukavaa viikonloppua
    """,
    "ro": r"""
        cu (?:stimă|stima|respect|considerație|drag|prietenie|deosebită considerație)
        | cele mai bune (?:salutări|urări|gânduri) | (?:cu )?salutări(?: cordiale)? | toate cele bune | numai bine
        | o zi (?:bună|frumoasă|excelentă)(?: vă doresc)? | (?:mulțumesc|mulțumim)(?: și|,) (?:cu stimă|o zi bună)
    """,
    "tr": r"""
        (?:en (?:derin|içten|iyi) )?saygılar(?:ımla|ımızla)?
        | (?:iyi|kolay|hayırlı) (?:çalışmalar|günler|akşamlar)(?: dilerim| dileriz)? | sevgiler(?:imle)?
        | selamlar | kolay gelsin | hürmetlerimle | saygı ve sevgilerimle | iyi dileklerimle
    """,
    "ja": r"敬具 | 草々",
    "zh": r"此致(?:敬礼)? | 敬礼 | 祝好 | 顺祝商祺 | 顺颂商祺 | 谨上 | 谨启 | 敬上 | 順頌商祺 | 祝工作顺利",
}
# Thanks before a formula belong to it: "Thanks in advance, best regards".
THANKS = {
    "en": r"(?:many )?thanks(?: (?:a lot|so much|in advance|again|for your \w{3,20}))? | thank you(?: \w{4,10}){0,2}",
    "hu": r"""
        (?:(?:segítség|válasz|megértés)\w{0,10} )?(?:előre is |nagyon )?köszön(?:öm|jük)(?: szépen| előre is)?
    """,
    "pl": r"(?:z góry |serdecznie )?(?:dziękuję|dziękujemy|dzięki)(?: za \w{3,15})?",
    "ru": r"(?:заранее )?(?:спасибо|благодарю|благодарим)(?: за \w{3,15})?",
    "uk": r"(?:наперед |заздалегідь )?(?:дякую|дякуємо)(?: за \w{3,15})?",
    "hr": r"(?:unaprijed |unapred |puno )?hvala(?: unaprijed| unapred| puno| vam){0,2}",
    "sr": r"(?:унапред |пуно )?хвала(?: вам)?",
    "sl": r"(?:najlepša |lepa |vnaprej )?hvala(?: za \w{3,15})?",
    "sk": r"(?:vopred )?ďakujem(?:e)?(?: vopred| pekne)?(?: a prajem)?",
    "cs": r"(?:předem )?(?:děkuji|děkuju|děkujeme|díky)(?: předem| moc)?(?: a přeji)?",
    "de": r"(?:vielen |herzlichen |besten |lieben )?danke?(?: im voraus| vorab)?",
    "fr": r"merci(?: d['’]avance| par avance| beaucoup| encore)?",
    "es": r"(?:muchas |mil )?gracias(?: de antemano| por (?:su )?\w{3,15})? | quedo a la espera",
    "it": r"grazie(?: mille| ancora| anticipatamente| in anticipo)? | in attesa di .{2,25}",
    "pt": r"(?:muito |desde já )?obrigad[oa](?: desde já| pela \w{3,15})?",
    "nl": r"(?:alvast |hartelijk )?(?:bedankt|dank)(?: alvast| voor \w{3,15})?",
    "sv": r"(?:på forhånd |tusen |mange )?ta(?:ck|kk?)(?: på förhand| på forhånd| så mycket| for \w{3,15})?",
    "fi": r"kiitos(?: etukäteen| paljon)? | kiittäen",
    "ro": r"(?:vă )?(?:mulțumesc|mulțumim|multumesc)(?: anticipat| frumos| mult)?",
    "tr": r"(?:şimdiden |çok )?teşekkür(?:ler| ederim| ederiz)",
}
_AND = r"[,.!]?\s(?:(?:and|és|i|и|і|та|in|a|und|et|y|e|en|och|og|ja|și|ve)\s)?"
_END = r"[^\w\n]{0,8}$"  # commas, stars, a smile
_BEFORE = rf"[\s*_>-]{{0,5}}(?:(?:{alternatives(THANKS)}){_AND})?"
CLOSING = compiled(CLOSINGS, before=_BEFORE, after=_END)
# ``-Martin``, ``/B``, ``\u2014 Sarah``: a name alone behind a sign. With a space behind it, it is an item of a list.
SIGNED = re.compile(
    r"\s{0,2}(?:[-\u2013/]{1,2}|\u2014\s?)[^\W\d_][\w.'\u2019-]{0,20}(?:\s[^\W\d_][\w.'\u2019-]{0,20}){0,2}\s{0,3}$"
)
# A long dash, or several, above a name.
LINE = re.compile(r"\s{0,3}(?:[\u2013\u2014\u2015\u2500\u2501]{1,60}|\uff1d{3,60}|\uff0a{3,60})\s{0,10}$")
# How sentences begin that somebody adds below his name.
NO_NAME = compiled(
    r"""
    p\.?\s?s | n\.?\s?b | ui | u\.i | пс | п\.с | з\.и | please | also | and | but | i | we | you | it | the
    | this | that | see
    | call | can | could | is | are | my | bitte | auch | und | aber | ich | wir | sie | das | die | der | ach
    | kérem | kérjük | és | de | még | a | az | ha | holnap | proszę | oraz | ale | ja | пожалуйста | и | а | но
    | я | мы | ещё | еще | molim | također | ali | s'il | et | mais | je | nous | por | y | pero | per | e | ma
    | alstublieft | en | maar | ik
    """,
    after=r"(?!\w)[\s.,:]?",
)
# A number of four digits and more behind a word, and no comma: of a customer, an order, a bill. Towns have it in front.
NEWS = re.compile(
    r"^[^\d,]{3,40}\d[\d ./-]{3,}\S{0,3}$|\b(?:order|ticket|rechnung|számla|faktura|счёт|invoice|no|nr|nr\.)\W{0,3}\d",
    re.IGNORECASE,
)
# What companies must or like to write below a name, in the languages of our customers: their form behind the name, at
# the end of the line or before a comma, and labels before a number.
_FORMS = alternatives(
    r"""
    gmbh | mbh | co\.?\s?kg | ohg | ag | ug | e\.v\.? | kft\.? | bt\.? | zrt\.? | nyrt\.? | ltd\.?
    | limited | llc | inc\.? | corp\.? | plc | sp\.\s?z\s?o\.?\s?o\.? | s\.a\.? | sp\.j\.?
    | s\.r\.o\.? | a\.s\.? | d\.o\.o\.? | d\.d\.? | ооо | тов | зао | оао | sarl | sas | s\.l\.?
    | srl | s\.r\.l\.? | s\.p\.a\.? | spa | lda\.? | ltda\.? | bv | b\.v\.? | nv | vof | ab | aps
    | a/s | asa | as | oy | oyj | a\.ş\.? | şti\.?
    """
)
_LABELS = alternatives(
    r"""
    tel\w{0,6} | phone | mobile? | fax | e-?mail | web | hrb | hra | ust-?id\w* | uid | vat
    | adószám | cégjegyzékszám | nip | regon | krs | инн | огрн | єдрпоу | ičo? | dič | oib | pib
    | siret | cif | nif | cui | kvk | btw | vorstand | geschäftsführer\w* | amtsgericht
    """
)
BUSINESS = re.compile(
    rf"\w\W{{1,3}}(?:{_FORMS})(?=\s{{0,3}}(?:,|$|\s[A-ZÀ-Þ]\w+$))|^(?:{_LABELS})\b\.?\s?(?::|\W{{0,3}}\d)",
    re.IGNORECASE,
)

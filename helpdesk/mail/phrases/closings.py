"""Formulas with which letters end, above the name: ``Best regards``, ``Üdvözlettel``, ``Viele Grüße``.

Thanks alone are no formula here: "Thanks, Eva" may be all that somebody had to say. Where a language closes its
letters with thanks as others do with regards (Hungarian), they are.
"""

from __future__ import annotations

import re

from helpdesk.mail.phrases import compiled

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
        z poważaniem | z wyrazami szacunku | z uszanowaniem | z szacunkiem | łączę wyrazy szacunku
        | (?:z góry )?(?:dziękuję|dziękujemy|dzięki) i pozdrawiam(?:y)?(?: serdecznie)?
        | (?:serdecznie |gorąco |ciepło )?pozdrawiam(?:y)?(?: serdecznie| ciepło| cię| państwa)?
        | (?:łączę |przesyłam )?(?:serdeczne |ciepłe )?pozdrowienia | pozdr | pzdr
        | miłego (?:dnia|weekendu)(?: życzę)?
    """,
    "ru": r"""
        (?:заранее )?(?:спасибо|благодарю)(?:,| и) с уважением
        | с (?:глубоким |большим |искренним )?уважением(?: и \w+ ?\w* ?\w*)? | с наилучшими пожеланиями
        | с (?:тёплым |теплым )?приветом | всего (?:доброго|хорошего|наилучшего) | искренне ваш\w?
        | хорошего (?:дня|вечера)
    """,
    "uk": r"""
        (?:дякую,? )?з (?:глибокою |великою )?повагою | з найкращими побажаннями | щиро ваш\w?
        | (?:усього|всього) (?:доброго|найкращого) | гарного (?:дня|вечора)
    """,
    "hr": r"""
        (?:s |sa )?(?:osobitim |dužnim |izuzetnim )?(?:poštovanjem|štovanjem|postovanjem)
        | (?:hvala i )?(?:lijep|lijepi|lep|lepi|srdačan|srdacan|velik) pozdravi?
        | srdačno(?: vas)?(?: pozdravljam)? | (?:puno )?pozdrava? | pozdravi | lp | l\.p | ugodan (?:dan|vikend)
        | (?:hvala,? )?lijep pozdrav
    """,
    "sr": r"(?:с|са) поштовањем | (?:леп|срдачан) поздрав | поздрав",
    "sl": r"lep(?:o)? pozdrav(?:ljen\w*|i)? | lepe pozdrave | s spoštovanjem | prisrčen pozdrav | lp",
    "sk": r"""
        s (?:pozdravom|úctou) | s priateľským pozdravom | (?:s )?pekn\w+ pozdrav\w* | pozdravujem
        | s prianím pekného dňa | (?:ďakujem,? )?s pozdravom
    """,
    "cs": r"""
        s (?:pozdravem|úctou) | s přátelským pozdravem | (?:s )?(?:hezk|pěkn)\w+ pozdrav\w* | zdravím
        | s přáním (?:pěkného|hezkého) dne | (?:děkuji,? |děkuji a )s pozdravem
    """,
    "de": rf"""
        {_GERMAN} | (?:vielen |herzlichen |besten )?danke?(?: im voraus)?(?: und|,) {_GERMAN}
        | (?:mit )?(?:vorzüglicher )?hochachtung(?:svoll)? | mfg | m\.f\.g | lg | vg | bg | glg | hg
    """,
    "fr": r"""
        (?:bien |très )?(?:cordialement|sincèrement|respectueusement|amicalement)(?: vôtre| à vous)?
        | bien à (?:vous|toi) | cdt | cdlt | bien cdt
        | (?:avec )?(?:mes |nos )?(?:meilleures |cordiales |sincères )?salutations(?: distinguées| cordiales)?
        | (?:je vous prie d['’]agréer|veuillez (?:agréer|recevoir)).{0,45} | bonne (?:journée|soirée|réception)
    """,
    "es": r"""
        (?:un |muchos )?(?:cordial |atento |afectuoso )?saludos?(?: cordiales| cordial| atentos| y gracias)?
        | cordiales saludos | atentamente | cordialmente | (?:le|les|te) saludan?(?: atentamente)?
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
        | m\.v\.g | hoogachtend | (?:alvast )?bedankt(?: en|,) (?:vriendelijke )?(?:groet|groeten)
    """,
    "sv": r"(?:med )?(?:vänliga?|bästa|varma|många|hjärtliga) hälsning(?:ar)? | hälsningar | mvh | vh | m\.v\.h",
    "da": r"""
        (?:med )?(?:venlige?|bedste|mange|de bedste|kærlig) hilsen(?:er)? | hilsen | mvh | m\.v\.h | vh
        | de bedste hilsner
    """,
    "no": r"(?:med )?(?:vennlige?|beste|hjertelig) hilsen(?:er)? | hilsen | mvh | vh",
    "fi": r"(?:parhain |ystävällisin |lämpimin )?terveisin | kunnioittavasti | terv\.? | t\. | yst\.? terv\.?",
    "ro": r"""
        cu (?:stimă|stima|respect|considerație|drag|prietenie|deosebită considerație)
        | cele mai bune (?:salutări|urări|gânduri) | (?:cu )?salutări(?: cordiale)? | toate cele bune
        | o zi (?:bună|frumoasă|excelentă)(?: vă doresc)? | (?:mulțumesc|mulțumim)(?: și|,) (?:cu stimă|o zi bună)
    """,
    "tr": r"""
        (?:en (?:derin|içten|iyi) )?saygılar(?:ımla|ımızla)?
        | (?:iyi|kolay|hayırlı) (?:çalışmalar|günler|akşamlar)(?: dilerim| dileriz)? | sevgiler(?:imle)?
        | selamlar | hürmetlerimle | saygı ve sevgilerimle | iyi dileklerimle
    """,
    "ja": r"敬具 | 草々",
    "zh": r"此致(?:敬礼)? | 敬礼 | 祝好 | 顺祝商祺 | 顺颂商祺 | 谨上 | 敬上 | 順頌商祺 | 祝工作顺利",
}
_END = r"[^\w\n]{0,8}$"  # commas, stars, a smile
CLOSING = compiled(CLOSINGS, before=r"[\s*_>]{0,5}", after=_END)
# ``-Martin``, ``/B``, ``\u2014 Sarah``: a name alone behind a sign. With a space behind it, it is an item of a list.
SIGNED = re.compile(
    r"\s{0,2}(?:[-\u2013/~]{1,2}|\u2014\s?)[^\W\d_][\w.'\u2019-]{0,20}(?:\s[^\W\d_][\w.'\u2019-]{0,20}){0,2}\s{0,3}$"
)

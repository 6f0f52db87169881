"""How people greet and what they ask for, by which a person who writes of an undelivered mail is told from a server."""

from __future__ import annotations

from helpdesk.mail.phrases import compiled

# The first word of a mail by a person.
GREETINGS = {
    "en": r"hello | hi | hey | dear | good (?:morning|afternoon|evening|day) | greetings",
    "hu": r"kedves | tisztelt | szia | sziasztok | helló | üdv | jó (?:napot|reggelt|estét) | üdvözl\w+",
    "pl": r"dzień dobry | dobry wieczór | witam\w? | cześć | szanown\w+ | drog[ai]",
    "ru": r"здравствуй\w* | добр(?:ый|ое|ого) | привет\w* | уважаем\w+",
    "uk": r"доброго | добрий | вітаю | шановн\w+",
    "sl": r"po[sš]tovan\w+ | dobar dan | dobro jutro | zdravo | pozdrav\w* | spoštovan\w+ | pozdravljen\w+ | dober dan",
    "cs": r"dobrý (?:den|deň) | ahoj | vážen\w+",
    "de": r"hallo | guten (?:tag|morgen|abend) | sehr geehrte\w? | liebe\w? | moin | servus | grüezi | grüß gott",
    "fr": r"bonjour | bonsoir | salut | chers? | chère",
    "es": r"hola | buen[oa]s | estimad[oa]s?",
    "it": r"ciao | buongiorno | salve | gentile | egregi\w?",
    "pt": r"olá | bom dia | boa (?:tarde|noite) | prezad[oa]s?",
    "nl": r"beste | geachte | goedendag | goedemorgen",
    "sv": r"hej | hei | god dag | goddag | kære",
    "fi": r"moi | terve | hyvä",
    "ro": r"bună | stimat[ăie]",
    "tr": r"merhaba | sayın",
}
REQUESTS = {
    "en": r"please | pls | kindly | can you | could you",
    "hu": r"kér(?:em|jük|lek|nék|nénk) | legyen(?:ek)? szíves\w*",
    "pl": r"prosz[ęe] | prosimy | uprzejmie",
    "ru": r"пожалуйста | прошу | просим | просьба",
    "uk": r"будь ласка | прохання",
    "sl": r"molim\w? | prosimo? | lijepo vas",
    "cs": r"prosím\w?",
    "de": r"bitten? | könnten sie",
    "fr": r"veuillez | merci de | s['’]il (?:vous|te) pla[iî]t | svp",
    "es": r"por favor | rog(?:amos|aría)",
    "it": r"per favore | per cortesia | vi prego",
    "nl": r"alstublieft | alsjeblieft | graag | gelieve",
    "sv": r"snälla | vänligen | venligst | vennligst | vær så snill",
    "fi": r"olkaa hyvä | ystävällisesti",
    "ro": r"vă rog | va rog",
    "tr": r"lütfen",
}
# Servers ask for these, too: to look at the address, to turn to somebody, to try again.
OF_A_SERVER = {
    "en": r"""
        please (?:also |then )?(?:contact|try|re-?try|re-?send|do not|don't|note|see|refer|visit|verify|forward|direct
        |correct|consult|read|accept|be|report|ask|reply|use|delete|destroy|notify|inform|advise)
        | please (?:check|review) (?:the|your|that|for)
        (?:\w+ ){0,3}(?:address|addresses|spelling|name|errors|recipient\w*|mail|message) | please send (?:an? )?mail
        | could you (?:try|contact) | please e-?mail
    """,
    "hu": r"""
        kér(?:em|jük),? (?:ne|forduljon|próbálja|vegye|lépjen|ellenőrizze|olvassa|küldje újra)
    """,
    "pl": r"pros(?:zę|imy) (?:nie|o kontakt|skontaktować|spróbować|ponowić) | pros(?:zę|imy) sprawdzić (?:\w+ )?adres",
    "ru": r"""
        (?:пожалуйста|просим|прошу),? (?:не|свяжитесь|обратитесь|попробуйте|повторите|убедитесь|перешлите)
        | пожалуйста,? проверьте (?:\w+ )?адрес
    """,
    "de": r"""
        bitte (?:nicht|wenden|kontaktieren|versuchen|beachten|antworten|lesen|senden sie) | bitte (?:über)?prüfen sie
        (?:\w+ )?(?:e-?mail-?)?(?:adresse|empfänger\w*|schreibweise)
    """,
    "fr": r"veuillez (?:ne|contacter|vérifier|réessayer|noter|essayer|vous adresser)",
    "es": r"por favor,? (?:no|contacte|póngase|verifique|compruebe|intente|revise)",
    "it": r"(?:per favore|vi prego)(?: di)? (?:non|contattare|verificare|controllare|riprovare)",
    "nl": r"(?:gelieve|alstublieft) (?:niet|contact|te controleren|opnieuw)",
    "tr": r"lütfen (?:tekrar|yeniden|kontrol|adresi|yanıtlamayın)",
}
# A greeting that a server writes to nobody in particular, or before it says its own name.
_NOT_TO_SERVERS_READERS = (
    r"(?!\W{1,3}(?:sender|user|customer|sir|madam|sirs|e-?mail user|this is (?:the|an? auto)|feladó|felhasználó"
    r"|użytkownik\w*|nadawc\w+|пользовател\w+|отправител\w+|damen|utilisateur|expéditeur|usuario|remitente|utente"
    r"|gebruiker|afzender|korisni\w+|uživatel\w*|kullanıcı)\b)"
)
GREETING = compiled(GREETINGS, before=r"\W{0,20}", after=rf"\b{_NOT_TO_SERVERS_READERS}")
REQUEST = compiled(REQUESTS, before=r"(?<!\w)", after=r"\b")
REQUEST_OF_A_SERVER = compiled(OF_A_SERVER, before=r"(?<!\w)", after=r"(?!\w)")

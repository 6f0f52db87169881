"""Senders and subjects behind which nobody sits: addresses that want no answer, alarms of monitoring programs."""

from __future__ import annotations

import re
import unicodedata

from helpdesk.mail.message import Address, Mail

NAME_CHARACTERS = 200  # of a name or a local part that are looked at; no honest one is longer

# "Do not answer" as people spell it in addresses and names, without the signs between the words.
NO_ANSWER = (
    # English, and how it is mistyped
    *("noreply", "noreplay", "norepley", "donotreply", "dontreply", "doesnotreply", "replynot", "noresponse"),
    *("donotrespond", "dontrespond", "noanswer", "donotanswer", "unmonitored", "notmonitored", "unattended"),
    *("nomailreply", "devnull", "automailer", "autoconfirm", "autoresponder", "autoreply", "mailerdaemon"),
    # Hungarian, Polish, Russian and Ukrainian in Latin letters, Bosnian, Croatian, Serbian and Slovene
    *("nemvalaszol", "nevalaszolj", "nevalaszoljon", "valasznelkul", "nemkellvalasz"),
    *("nieodpowiadaj", "nieodpowiadac", "bezodpowiedzi", "prosimynieodpowiadac"),
    *("neotvechat", "neotvechai", "neotvechaite", "bezotveta", "nevidpovidaty", "неотвечать", "неотвечай", "безответа"),
    *("neodgovaraj", "neodgovarajte", "neodgovarati", "bezodgovora", "neodgovarjaj", "neodgovarjajte"),
    # Czech, Slovak
    *("neodpovidat", "neodpovidejte", "neodpovedat", "neodpovedajte", "bezodpovedi", "nereply"),
    # German, Dutch, Scandinavian, Finnish
    *("nichtantworten", "keineantwort", "bittenichtantworten", "nietbeantwoorden", "nietantwoorden", "geenantwoord"),
    *("geenreply", "svarinte", "svaraej", "svarainte", "ingensvar", "ikkesvar", "svarikke", "ikkebesvar"),
    *("besvarikke", "eivastausta", "alavastaa", "eivastata"),
    # Romance
    *("nepasrepondre", "nerepondrepas", "sansreponse", "noresponder", "nocontestar", "noresponda", "noconteste"),
    *("nonrispondere", "nonrispondete", "naoresponder", "naoresponda", "naorespondas", "nuraspunde", "nuraspundeti"),
    # Turkish
    *("yanitlamayin", "yanitlamayiniz", "cevaplamayin", "cevaplamayiniz"),
)
# Words of a local part, between dots, hyphens and digits, that name a program.
_PROGRAM = re.compile(
    r"(?:nagios|icinga|zabbix|monit|munin|logwatch|crond?|anacron|smartd|mdadm|alertmanager|grafana|prometheus|jenkins"
    r"|buildbot|bugzilla|mailer|daemon|robot|autobot|bounces?|alerts?|alarms?|notifications?|notify|notifier"
    r"|benachrichtigung(?:en)?|ertesit(?:es|o)|powiadomieni[ae]|obavijest|obavestenja|uvedomleni[ey]|notificacion(?:es)?"
    r"|notificacoes|notifiche|newsletters?|mailings?|hirlevel|nieuwsbrief|rundbrief|verify|verification)"
)
# The whole local part is the account of a program; a person's words may come from it, but nobody reads the answer.
_ACCOUNT = re.compile(r"root|nobody|daemon|www|wwwrun|www-data|apache|httpd|nginx|system|automated|automation")

_BETWEEN_WORDS = re.compile(r"[\W_\d]+")
_ALARM = re.compile(
    # Nagios and Icinga; Alertmanager; Grafana; cron; Logwatch; monit; mdadm and smartd; sudo; DMARC reports (RFC 7489)
    r"\s*(?:\*{2} ?(?:PROBLEM|RECOVERY|ACKNOWLEDGEMENT|FLAPPING\w+|DOWNTIME\w+)\b"
    r"|\[(?:FIRING|RESOLVED)(?::\d+)?\]|\[(?:Alerting|No Data)\] |Cron <\S+@\S+> |Logwatch for \S+ \("
    r"|monit alert --|\w+ event on /dev/md|SMART error \(|\*{3} SECURITY information for \S+ \*{3}"
    r"|Report domain: \S+ Submitter: "
    # What programs of no name write, and people never before their own words.
    r"|\[(?:auto(?:matic(?:ally)?)?[ -]?generated|automated(?: message| notification)?|no[ -]?reply|do not reply)\])",
    re.IGNORECASE,
)


def sign(mail: Mail) -> str | None:
    """Why nobody would read an answer; None for a sender who may be a person."""
    if _ALARM.match(mail.subject):
        return "the subject is a monitoring program's"
    people = (*mail.from_, *mail.reply_to)
    unread = next((person for person in people if _wants_no_answer(person)), None)
    if unread is not None:
        return f"{unread.address} wants no answer"
    robot = next((person for person in mail.from_ if _is_a_program(person)), None)
    return f"{robot.address} is the address of a program" if robot else None


def _wants_no_answer(person: Address) -> bool:
    return _says_so(_words(person.local)) or _says_so(_words(person.name or ""))


def _says_so(words: list[str]) -> bool:
    """Whether the phrase begins with a word, or ends one: shop-noreply-17 and shopnoreply, but not arno.replyson."""
    rests = ("".join(words[number:]) for number in range(len(words)))
    return any(rest.startswith(NO_ANSWER) for rest in rests) or any(word.endswith(NO_ANSWER) for word in words)


def _is_a_program(person: Address) -> bool:
    return bool(_ACCOUNT.fullmatch(person.local)) or any(_PROGRAM.fullmatch(word) for word in _words(person.local))


def _words(text: str) -> list[str]:
    """Letters only, lower case, without accents: ``Nem-Válaszol`` is nem and valaszol."""
    decomposed = unicodedata.normalize("NFKD", text[:NAME_CHARACTERS].lower().replace("ı", "i"))
    bare = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    return [word for word in _BETWEEN_WORDS.split(bare) if word]

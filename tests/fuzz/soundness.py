"""What must hold of whatever bytes come: a Mail or a MailError, soon, storable, readable, explained in valid JSON."""

from __future__ import annotations

import json
import re
import time
from dataclasses import fields, is_dataclass
from functools import cache

from helpdesk import console
from helpdesk.config import Config
from helpdesk.desk import matching
from helpdesk.errors import MailError
from helpdesk.explaining import Explained
from helpdesk.mail import text
from helpdesk.mail.files import attachment
from helpdesk.mail.message import Mail
from helpdesk.mail.parse import parse
from helpdesk.store import lookups
from helpdesk.store.lookups import Known, Question
from helpdesk.thinking import think
from tests.builders import KEYS, NOW, config

SECONDS = 5.0  # of CPU for one mail, whatever it is
# For a small one: what takes longer would take too long for a mail of which as much is read as may be, or is quadratic.
SMALL_BYTES, SMALL_SECONDS = 60_000, 2.5
# A mail with one of these may well show nothing, although there are letters in its body.
_NOT_PLAIN = re.compile(
    rb"multipart/|message/|html|base64|quoted|uu|begin |charset|utf|\x1b|content-disposition|\r(?!\n)|\0", re.IGNORECASE
)
_CONTROL = re.compile("[\0-\x08\x0b-\x1f\x7f]")  # all but newline and tab
_END = re.compile(rb"\r?\n\r?\n")
_WORD = re.compile(rb"[A-Za-z]{4}")


def require_sound(raw: bytes) -> Mail | None:
    """Read the mail and think about it; AssertionError for what must not be. None when it is no mail at all."""
    begun = time.process_time()
    try:
        mail = parse(raw, with_html=True)
    except MailError:
        return None
    said = explained(raw, mail)
    allowed = SMALL_SECONDS if len(raw) <= SMALL_BYTES else SECONDS
    assert time.process_time() - begun < allowed, "it takes too long"
    require_storable(mail)
    require_readable(raw, mail)
    for listed in {*mail.attachments[:1], *mail.attachments[-1:]}:
        assert attachment(raw, listed.position)[0] == listed
    assert said["text"] == (mail.text or None)
    return mail


def strings(value: object) -> list[str]:
    """Every text inside a value."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, tuple):
        return [each for inner in value for each in strings(inner)]
    if is_dataclass(value) and not isinstance(value, type):
        return [each for field in fields(value) for each in strings(getattr(value, field.name))]
    return []


def require_storable(mail: Mail) -> None:
    """Nothing in it that a database or a terminal refuses."""
    everything = "".join(strings(mail))
    everything.encode()
    assert _CONTROL.search(everything) is None


def require_readable(raw: bytes, mail: Mail) -> None:
    """Words are shown: what can be read in full is not cut to nothing, and plain letters are read at all."""
    assert text.visible(mail.text) or not text.visible(mail.full_text)
    end = _END.search(raw.lstrip(b"\r\n"))
    plain = end is not None and not _NOT_PLAIN.search(raw)
    if plain and end is not None and _WORD.search(raw.lstrip(b"\r\n")[end.end() :]) and not mail.attachments:
        assert text.visible(mail.full_text), "there are words in the body, and none are shown"


def explained(raw: bytes, mail: Mail) -> dict[str, object]:
    """What `helpdesk explain --json` says on a site that believes its own mail server."""
    site = believing()
    question = Question(mail=mail, mailbox=site.mailboxes["support"], received=NOW, now=NOW)
    known = Known(facts=lookups.facts(question, site, KEYS), claims=matching.claims(mail, site, KEYS))
    shown = Explained(file="fuzz.eml", raw=raw, mail=mail, thought=think(question, known, site), site=True)
    document = console.as_json(shown.as_json())
    document.encode()
    said: dict[str, object] = json.loads(document)
    return said


@cache
def believing() -> Config:
    """A site with the name of its mail server."""
    return config(mailbox={"authserv_id": "mx.minta.example"})

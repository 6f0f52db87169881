"""One mail as `helpdesk explain` shows it to people: what was understood, what was cut, and what would happen."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from helpdesk import console
from helpdesk.console import Word, counted
from helpdesk.explaining import Explained

LABEL = 12  # columns of the words at the left
KILOBYTE = 1024
CUT_LINES = 3  # of a part that was cut; the others are counted
CHECKS = 10  # of one mail that are shown; nobody's servers write more
STYLES = {"accept": "green", "mute": "yellow", "hold": "red", "drop": "red", "pass": "green", "fail": "red"}
OUTLOOK = ("application/ms-tnef", "application/vnd.ms-tnef")
# What a cut is called where its own name says too little.
NAMES = {
    "notification": "our own letter",
    "banner": "warning of a mail server",
    "unread": "too far below to be looked at",
    "unclear": "the whole text: which lines were cut cannot be told",
}
# What happens to a mail that changes no ticket.
UNCHANGED = {
    "mute": "none: it is kept on no ticket; `helpdesk mails list` shows such mails, `mails handle` opens a ticket",
    "hold": "none: it waits in quarantine until a person has looked; `helpdesk quarantine list` shows it",
    "drop": "none: it is recorded and kept, nothing more",
}


def show(explained: Explained, *, full: bool = False) -> None:
    """Print it; of what was cut only the first lines unless ``full``."""
    shown = explained.as_json()
    outcome = Word(shown["outcome"], f"bold {STYLES[shown['outcome']]}")
    console.styled(Word(f"{shown['file']}: {shown['kind']}, ", "bold"), outcome)
    for label, words in _facts(shown):
        _fact(label, words)
    if explained.mail is not None and (explained.mail.text or explained.mail.segments):
        console.say()
        _text(explained, full=full)
    console.say()


def _fact(label: str, words: str) -> None:
    """The label at the left in its colour, the words beside it, on several lines where they are long."""
    style = STYLES.get(label if label != "checked" else words.partition(":")[0], "")
    first, *others = console.wrapped(" ".join(words.split()), console.WIDTH - LABEL)
    console.styled(Word(f"  {label:<{LABEL - 3}} ", style), first)
    for line in others:
        console.styled(" " * LABEL, line)


def _text(explained: Explained, *, full: bool) -> None:
    """The new words, and between them what was cut: dim, begun by its name, with another sign at the left."""
    mail = explained.mail
    assert mail is not None
    if all(not part.kept for part in mail.segments):
        _lines(mail.text.splitlines(), "|")
    for part in mail.segments:
        lines = part.text.strip("\n").splitlines()
        if part.kept:
            _lines(lines, "|")
            continue
        console.styled(Word(f"  left out: {NAMES.get(part.kind, part.kind.replace('_', ' '))}", "dim"))
        more = 0 if full or len(lines) <= CUT_LINES + 1 else len(lines) - CUT_LINES
        _lines(lines[: len(lines) - more], ":", "dim")
        if more:
            console.styled(Word(f"  : ... {more} more lines; --full shows them", "dim"))


def _lines(lines: list[str], sign: str, style: str = "") -> None:
    for line in lines:
        for each in console.wrapped(line, console.WIDTH - 4):
            console.styled(Word(f"  {sign} {each}".rstrip(), style))


def _facts(shown: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What is said about a mail, line by line: a word at the left and a sentence."""
    if shown["error"]:
        yield "error", shown["error"]
        return
    yield "from", _person(shown["from"]) if shown["from"] else "nobody"
    for key, label in (("reply_to", "reply to"), ("to", "to"), ("cc", "cc")):
        if shown[key]:
            yield label, ", ".join(map(_person, shown[key]))
    yield "subject", shown["subject"] or "(none)"
    if shown["date"]:
        yield "date", shown["date"].replace("T", " ")
    if shown["language"]:
        yield "language", shown["language"]
    yield from (("attached", _attached(each)) for each in shown["attachments"])
    if forwarded := shown["forwarded"]:
        yield "forwarded", f"{forwarded['subject'] or '(no subject)'}, {_author(forwarded['from'])}"
    for each in shown["bounced"]:
        yield "bounced", f"{each['address']}, {each['status'] or 'no status'}, {_lasting(each)}"
    yield from ((each["outcome"], f"{each['filter']}: {each['reason']}") for each in shown["findings"])
    yield from _checked(shown["authentication"])
    yield from _consequences(shown)


def _checked(found: Mapping[str, Any] | None) -> Iterator[tuple[str, str]]:
    """What is made of the servers' checks of the sender, then what each of them wrote."""
    if found is None:
        return
    yield "checked", f"{found['verdict']}: {found['reason']}"
    for check in found["checks"][:CHECKS]:
        said = (f"{each['method']} {each['result']}{_about(each['about'])}" for each in check["results"])
        whose = "" if check["ours"] else ", not believed"
        yield "", f"{check['server'] or 'nobody'}{whose}: {', '.join(said) or 'nothing'}"
    if (more := len(found["checks"]) - CHECKS) > 0:
        yield "", f"... {more} more"


def _about(who: str | None) -> str:
    return f" ({who})" if who else ""


def _attached(file: Mapping[str, Any]) -> str:
    if file["type"] in OUTLOOK or file["name"].lower() == "winmail.dat":
        return f"Outlook's {file['name']} ({file['type']}, {_size(file['size'])}): kept, not opened"
    return f"{file['name']} ({file['type']}, {_size(file['size'])})"


def _consequences(shown: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if match := shown["match"]:
        named = f"the {match['how']} names one that the sender has no part in"
        yield "ticket", f"{match['ticket']}, by {match['how']}" if match["ticket"] else f"none that is there: {named}"
    for change in shown["changes"]:
        yield "change", f"{_words(change['change'])}: {_reason(change)}"
    if not shown["changes"]:
        yield "change", UNCHANGED.get(shown["outcome"], "none")
    for letter in shown["outgoing"]:
        held = f"; held: {letter['held']}" if "held" in letter else ""
        yield "letter", f"{_words(letter['kind'])} to {letter['to']}{held}"


def _words(name: str) -> str:
    """``OpenTicket`` and ``new_ticket`` as words."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", name).lower()


def _reason(change: Mapping[str, Any]) -> str:
    """A change's reason, with what it changes to."""
    said = [str(change[key]) for key in ("status", "owner", "kind") if change.get(key)]
    return ", ".join((*said, change["reason"])) if change.get("reason") else ", ".join(said)


def _person(person: Mapping[str, str | None]) -> str:
    return f"{person['name']} <{person['address']}>" if person["name"] else f"{person['address']}"


def _author(person: Mapping[str, str | None] | None) -> str:
    return f"by {_person(person)}" if person else "author unknown"


def _lasting(bounced: Mapping[str, Any]) -> str:
    return "for good" if bounced["permanent"] else "for now"


def _size(count: int) -> str:
    return counted(count, "byte") if count < KILOBYTE else f"{count / KILOBYTE:.0f} kB"

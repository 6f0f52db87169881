"""The story of the demo, scene by scene; each waits until what should happen is really to be seen in the mailboxes."""

from __future__ import annotations

import re
from collections.abc import Callable

from helpdesk.demo import words, writing
from helpdesk.demo.company import CUSTOMERS, DEPARTMENTS, STAFF
from helpdesk.demo.received import Received
from helpdesk.demo.scene import Audience, Missed, Result, Scene, number
from helpdesk.demo.stage import Stage
from helpdesk.demo.words import FIRST, WRITERS

LANGUAGES = {"hu": "Hungarian", "pl": "Polish", "ru": "Russian", "bs": "Bosnian", "en": "English"}
BY_KEY = {department.key: department for department in DEPARTMENTS}
_STAFF_TOKEN = re.compile(r"\+a\.[0-9]+\.[0-9]+\.[a-z2-7]{16}")
_BUSY = {"incoming": ("waiting", "working"), "outgoing": ("queued", "sending", "retry", "held")}


def play(stage: Stage, audience: Audience, *, pause: float = 0.0, deadline: float | None = None) -> tuple[Result, ...]:
    """Play every scene; ``pause`` seconds between two, at most ``deadline`` seconds for each thing expected."""
    scene = Scene(stage, audience) if deadline is None else Scene(stage, audience, deadline=deadline)
    for title, played in SCENES.items():
        scene.begin(title)
        try:
            played(scene)
        except Missed as missed:
            scene.broken(missed)
        scene.pause(pause)
    return tuple(scene.results)


def customers_write(scene: Scene) -> None:
    """Each gets one confirmation, in his language; the department's people get the words and an address to answer."""
    for key, first in FIRST.items():
        mail = WRITERS[key].new(BY_KEY[first.department].address, first.subject, first.text, now=scene.now())
        scene.stage.programs[key].send(mail)
    for key, person in CUSTOMERS.items():
        told = f"{person.name} has a confirmation in {LANGUAGES[person.language]}"
        scene.letter(f"confirmation {key}", key, told, _confirmation(key))
    for key, first in FIRST.items():
        for member in BY_KEY[first.department].members:
            told = f"{STAFF[member].name} has the new ticket of {CUSTOMERS[key].name}"
            scene.letter(f"new {key} {member}", member, told, _for_staff(first.text))


def answer_is_relayed(scene: Scene) -> None:
    """Béla presses reply in Thunderbird; Éva reads his words under the department's address."""
    reply = WRITERS["bela"].reply(scene.kept("new eva bela"), words.BELA_ANSWERS, now=scene.now())
    scene.stage.programs["bela"].send(reply)
    got = scene.letter(
        "answer eva", "eva", "Éva has Béla's answer from the department's address", _answer("eva", words.BELA_ANSWERS)
    )
    scene.is_so("it bears Béla's name", None if "Tóth Béla" in got.sender_name else f"it says {got.sender_name!r}")
    scene.is_so("nothing of the notification, of Béla's address or signature is in it", _leaks(got, "bela", "mellék"))
    scene.is_so("it stands in the thread of Éva's mail", _unthreaded(got, scene.kept("confirmation eva")))


def customer_answers_back(scene: Scene) -> None:
    """Éva answers from Outlook; her words land on the same ticket, and only its owner is told."""
    answer = scene.kept("answer eva")
    scene.stage.programs["eva"].send(WRITERS["eva"].reply(answer, words.EVA_ANSWERS, now=scene.now()))
    got = scene.letter("eva again", "bela", "Béla has Éva's answer", _for_staff(words.EVA_ANSWERS))
    same = number(got) == number(answer) != 0
    scene.is_so("it is the same ticket", None if same else f"{got.subject!r} after {answer.subject!r}")


def out_of_office_is_kept_quiet(scene: Scene) -> None:
    """Péter answers Jan, whose server says that he is on holiday: noted on the ticket, told to nobody."""
    reply = WRITERS["peter"].reply(scene.kept("new jan peter"), words.PETER_ANSWERS, now=scene.now())
    scene.stage.programs["peter"].send(reply)
    got = scene.letter("answer jan", "jan", "Jan has Péter's answer", _answer("jan", words.PETER_ANSWERS))
    away = writing.away(CUSTOMERS["jan"], got, *words.JAN_IS_AWAY, now=scene.now())
    scene.stage.programs["jan"].send(away, envelope_from="")
    ticket = number(got)
    scene.happens("Jan's out-of-office is noted on the ticket", lambda: "automatic" in _messages(scene, ticket))
    scene.is_so("the ticket still waits for Jan", _not_in_status(scene, ticket, "pending"))


def note_and_close(scene: Scene) -> None:
    """Eszter leaves a note for her colleague, then answers and closes in one mail."""
    new = scene.kept("new emir eszter")
    eszter = WRITERS["eszter"]
    scene.stage.programs["eszter"].send(eszter.reply(new, words.ESZTER_NOTES, now=scene.now()))
    told = "Katalin has Eszter's note"
    scene.letter("note katalin", "katalin", told, lambda m: "tíz százalék" in m.text)
    scene.letter("receipt note", "eszter", "Eszter has a receipt for the note", _receipt(number(new)))
    scene.stage.programs["eszter"].send(eszter.reply(new, words.ESZTER_CLOSES, now=scene.now()))
    got = scene.letter(
        "answer emir", "emir", "Emir has Eszter's answer", _answer("emir", words.ESZTER_CLOSES.partition("\n\n")[2])
    )
    inside = "#close" in got.readable or "tíz százalék" in got.readable
    scene.is_so("neither command nor note is in it", "they are" if inside else None)
    scene.letter("receipt close", "eszter", "Eszter has a receipt for closing", _receipt(number(new)))
    scene.is_so("the ticket is closed", _not_in_status(scene, number(new), "closed"))


def reply_reopens(scene: Scene) -> None:
    """Emir has one more question: the closed ticket is open again."""
    answer = scene.kept("answer emir")
    scene.stage.programs["emir"].send(WRITERS["emir"].reply(answer, words.EMIR_ANSWERS, now=scene.now()))
    got = scene.letter("emir again", "eszter", "Eszter has Emir's question", _for_staff(words.EMIR_ANSWERS))
    scene.is_so("the ticket is open again", _not_in_status(scene, number(got), "open"))


def forgery_is_held(scene: Scene) -> None:
    """Somebody writes as Anna, without her reply address: held, and the real Anna is told."""
    scene.stage.bring(WRITERS["forger"].new(BY_KEY["support"].address, *words.FORGED, now=scene.now()))
    subject = words.FORGED[0]
    scene.letter("forged", "anna", "Anna is told that somebody used her name", lambda m: subject in m.text)
    held = scene.stage.depths()["incoming"].get("quarantine", 0)
    scene.is_so("the mail waits in quarantine", None if held == 1 else f"{held} mails are there")


def undeliverable_is_noted(scene: Scene) -> None:
    """Gábor has mistyped his own address: what we write to him comes back, and the department learns it."""
    scene.stage.bring(WRITERS["gabor"].new(BY_KEY["support"].address, *words.GABOR_ASKS, now=scene.now()))
    for key in BY_KEY["support"].members:
        got = scene.letter(
            f"new gabor {key}", key, f"{STAFF[key].name} has Gábor's ticket", _for_staff(words.GABOR_ASKS[1])
        )
    address = WRITERS["gabor"].person.address
    for key in BY_KEY["support"].members:
        told = f"{STAFF[key].name} is told that Gábor cannot be reached"
        scene.letter(f"bounce {key}", key, told, lambda m: address in m.text and number(m) == number(got))
    scene.is_so("the bounce is noted on the ticket", _no_bounce(scene, number(got)))


def nothing_else(scene: Scene) -> None:
    """Every queue is empty, every mailbox holds exactly what was expected."""
    scene.happens("every mail is handled, every letter is sent", lambda: not _busy(scene))
    extra = [
        f"{program.account.name}: {mail.subject!r}"
        for program in scene.stage.programs.values()
        for mail in program.unexpected()
    ]
    scene.is_so("nobody got a mail too many", "; ".join(extra) or None)


SCENES: dict[str, Callable[[Scene], None]] = {
    "Five customers write, each in another language": customers_write,
    "Béla answers from his mail program, Éva reads it": answer_is_relayed,
    "Éva answers back": customer_answers_back,
    "Jan is away: his out-of-office is kept quiet": out_of_office_is_kept_quiet,
    "Eszter leaves a note, then answers and closes": note_and_close,
    "Emir has one more question: the ticket is open again": reply_reopens,
    "Somebody writes under Anna's name": forgery_is_held,
    "Gábor's address does not exist": undeliverable_is_noted,
    "And nothing else was sent": nothing_else,
}


def _confirmation(key: str) -> Callable[[Received], bool]:
    department = BY_KEY[FIRST[key].department]
    expected = words.CONFIRMED[CUSTOMERS[key].language]
    return lambda m: m.sender == department.address and number(m) > 0 and expected in _flat(m.text)


def _for_staff(text: str) -> Callable[[Received], bool]:
    line = max(text.splitlines(), key=len)
    return lambda m: _flat(line) in _flat(m.text) and _STAFF_TOKEN.search(m.answer_to) is not None


def _answer(key: str, text: str) -> Callable[[Received], bool]:
    department, line = BY_KEY[FIRST[key].department], max(text.splitlines(), key=len)
    return lambda m: m.sender == department.address and _flat(line) in _flat(m.text)


def _receipt(ticket: int) -> Callable[[Received], bool]:
    return lambda m: number(m) == ticket and m.field("Auto-Submitted") != ""


def _leaks(mail: Received, staff: str, signature: str) -> str | None:
    everything = f"{mail.readable}{mail.parsed.items()}"
    found = [secret for secret in (STAFF[staff].address, signature, "pirosan villog") if secret in everything]
    found += _STAFF_TOKEN.findall(everything)
    return f"found {found}" if found else None


def _unthreaded(mail: Received, earlier: Received) -> str | None:
    known = earlier.field("References").split()
    return (
        None if known and known[0] in mail.field("References").split() else "its References do not name the first mail"
    )


def _messages(scene: Scene, ticket: int) -> list[str]:
    found = scene.stage.ticket(ticket)
    return [message["kind"].value for message in found["messages"]] if found else []


def _not_in_status(scene: Scene, ticket: int, status: str) -> str | None:
    found = scene.stage.ticket(ticket)
    is_now = found["status"].value if found else "no ticket"
    return None if is_now == status else f"it is {is_now}"


def _no_bounce(scene: Scene, ticket: int) -> str | None:
    return None if "bounce" in _messages(scene, ticket) else "it is not"


def _busy(scene: Scene) -> int:
    depths = scene.stage.depths()
    return sum(depths[queue].get(state, 0) for queue, states in _BUSY.items() for state in states)


def _flat(text: str) -> str:
    """On one line, without quote marks: letters break lines anew."""
    return " ".join(line.lstrip("> ").strip() for line in text.splitlines()).strip()

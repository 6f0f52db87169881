"""How fast mails become tickets: parsing beside the bare parser, then the intake on SQLite; the counts are checked.

Prints one JSON object a measure. `bench/intake.py 5000` takes so many mails; the generator is deterministic.
"""

from __future__ import annotations

import json
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import mailparser

from helpdesk.app import App, opened
from helpdesk.intake import Intake
from helpdesk.mail.parse import parse
from helpdesk.store import browse, queues

MAILS = 1_000
BATCH = 100
WORDS = ("nyomtató", "számla", "lapot", "húzza", "kérem", "tegnap", "villog", "ügyfél", "szoftver", "mentés", "kábel")


@dataclass(frozen=True, kw_only=True)
class Generated:
    """A mail, and what must come of it: ticket, reply, automatic or duplicate."""

    raw: bytes
    what: str


def generated(count: int) -> Iterator[Generated]:
    """Six new mails, three replies to them, one automatic reply in ten; one mail in two hundred comes twice."""
    chance = random.Random(2026)
    parents: list[tuple[str, str]] = []
    last = b""
    for number in range(count):
        kind = number % 10
        if number % 200 == 199 and last:
            yield Generated(raw=last, what="duplicate")
            continue
        if kind in (3, 6, 8) and parents:
            sender, parent = chance.choice(parents)
            last = _mail(number, chance, sender, f"In-Reply-To: {parent}\r\nReferences: {parent}\r\n")
            yield Generated(raw=last, what="reply")
        elif kind == 9:
            last = _mail(
                number, chance, f"robot{number}@customer{number % 97}.example", "Auto-Submitted: auto-replied\r\n"
            )
            yield Generated(raw=last, what="automatic")
        else:
            sender = f"person{number}@customer{number % 97}.example"
            parents.append((sender, f"<{number}@customer.example>"))
            last = _mail(number, chance, sender, "")
            yield Generated(raw=last, what="ticket")


def _mail(number: int, chance: random.Random, sender: str, more: str) -> bytes:
    text = "\r\n".join(" ".join(chance.choices(WORDS, k=10)) for _ in range(chance.randint(20, 200)))
    head = (
        f"From: Ügyfél {number} <{sender}>\r\nTo: support@minta.example\r\nSubject: {number} {chance.choice(WORDS)}\r\n"
        f"Date: Mon, 02 Mar 2026 09:00:00 +0100\r\nMessage-ID: <{number}@customer.example>\r\n{more}"
        'MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary="b"\r\n\r\n'
    )
    html = text.replace("\r\n", "<br>\r\n")
    parts = "".join(
        f"--b\r\nContent-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{body}\r\n"
        for kind, body in (("plain", text), ("html", f"<div>{html}</div>"))
    )
    return f"{head}{parts}--b--\r\n".encode()


def measure(name: str, mails: int, work: Callable[[], object], **more: object) -> None:
    """Run it, and print what it took."""
    began, used = time.perf_counter(), _cpu()
    result = work()
    seconds, cpu = time.perf_counter() - began, _cpu() - used
    row = {
        "measure": name,
        "mails": mails,
        "mails_per_second": round(mails / seconds),
        "cpu_ms_per_mail": round(cpu * 1000 / mails, 2),
    }
    row |= {"result": result} if isinstance(result, dict) else {}
    sys.stdout.write(json.dumps(row | more) + "\n")


def _cpu() -> float:
    """User and system seconds of this process and of its children that have ended."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in used)


def take(app: App, mails: list[Generated]) -> dict[str, int]:
    """Keep all, handle all; how they ended."""
    intake = Intake(app)
    try:
        for start in range(0, len(mails), BATCH):
            now = datetime.now(UTC)
            batch = [
                queues.Fetched(mailbox="support", raw=mail.raw, received=now, uidvalidity=1, uid=start + place + 1)
                for place, mail in enumerate(mails[start : start + BATCH])
            ]
            with app.store.writing() as session:
                queues.keep(session, batch, now)
            while intake.once():
                pass
    finally:
        intake.close()
    with app.store.reading() as session:
        depths = browse.depths(session)
    return {"tickets": sum(depths["tickets"].values()), "letters": sum(depths["outgoing"].values())}


def site(folder: Path) -> Path:
    """A small site whose limits on automatic mail are lifted."""
    (folder / "config").mkdir()
    (folder / "helpdesk.toml").write_text(
        '[company]\nname = "Minta"\nlanguage = "hu"\n[smtp]\nhost = "localhost"\n'
        '[mailboxes.support]\naddress = "support@minta.example"\ndepartment = "support"\n'
        'imap = { host = "localhost", user = "u", password_env = "P" }\n'
        "[limits]\nper_domain_hour = 1000000\nbreaker_hour = 1000000\n"
    )
    (folder / "config/departments.toml").write_text('[departments.support]\nname = "S"\nmembers = ["anna"]\n')
    (folder / "config/staff.toml").write_text(
        '[staff.anna]\nid = 1\nname = "Anna"\naddresses = ["anna@minta.example"]\n'
    )
    return folder


def main() -> None:
    """Measure; ends with 1 when a count is wrong."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else MAILS
    mails = list(generated(count))
    sizes = sum(len(mail.raw) for mail in mails) // count
    measure(
        "mail-parser alone",
        count,
        lambda: [mailparser.parse_from_bytes(mail.raw).text_plain for mail in mails],
        mean_bytes=sizes,
    )
    measure("mail.parse", count, lambda: [parse(mail.raw) for mail in mails])
    with tempfile.TemporaryDirectory() as folder, opened(site(Path(folder)), {"P": "x"}, daemon=True) as app:
        found: dict[str, int] = {}
        measure("keep and intake, SQLite", count, lambda: found.update(take(app, mails)) or found)
    wanted = sum(mail.what == "ticket" for mail in mails)
    if found["tickets"] != wanted:
        sys.exit(f"{found['tickets']} tickets, and {wanted} should have come")


if __name__ == "__main__":
    main()

"""Processes that parse: whatever a mail does there, its neighbours and the parent are none the worse."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from helpdesk.errors import MailError, ParseFailed
from helpdesk.mail.message import Mail
from helpdesk.mail.parse import parse
from helpdesk.parse_worker import ParseWorkers
from tests.builders import raw_mail

SMALL = [raw_mail(number) for number in range(60)]
LINE = b"QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVowMTIzNDU2Nzg5QUJDREVGR0hJSktMTU5PUFFSU1RV\n"
# 20 MB in 270,000 lines: the fastest parser takes more than a tenth of a second and more than twice its size for them.
HEAVY = (
    b"From: a@b.example\nContent-Type: application/octet-stream\nContent-Transfer-Encoding: base64\n\n" + LINE * 270_000
)
WAIT_SECONDS = 20  # for something that takes a blink on a machine that is not busy


@pytest.fixture
def made() -> Iterator[Callable[..., ParseWorkers]]:
    """Makes workers that are ended after the test."""
    all_: list[ParseWorkers] = []

    def make(count: int = 1, *, seconds: float = 20, memory_mb: int = 300, **more: Any) -> ParseWorkers:
        all_.append(ParseWorkers(count, seconds=seconds, memory_mb=memory_mb, **more))
        return all_[-1]

    yield make
    for each in all_:
        each.close()


def children(parent: int | None = None) -> list[int]:
    """The living processes that parse for a process, for this one if none is named."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, above = path.read_text().rpartition(") ")[2].split()[:2]
            command = path.with_name("cmdline").read_bytes()
        except OSError:
            continue
        if int(above) == (parent or os.getpid()) and state != "Z" and b"helpdesk.parse_worker.child" in command:
            found.append(int(path.parent.name))
    return found


def open_files() -> int:
    """How many this process has."""
    return len(list(Path("/proc/self/fd").iterdir()))


def eventually(condition: Callable[[], bool]) -> bool:
    """Whether it becomes true while a test can wait."""
    end = time.monotonic() + WAIT_SECONDS
    while not condition() and time.monotonic() < end:
        time.sleep(0.02)
    return condition()


@pytest.mark.parametrize("count", [1, 3])
def test_answers_come_in_order_and_are_what_parsing_gives(made: Callable[..., ParseWorkers], count: int) -> None:
    """More mails than one bundle, by one process or by several."""
    assert made(count).parse_many(SMALL) == [parse(raw) for raw in SMALL]


def test_no_mail_at_all_is_told_with_its_reason(made: Callable[..., ParseWorkers]) -> None:
    """MailError is an answer like any other; the next mail is not concerned."""
    empty, mail = made().parse_many([b"", SMALL[0]])
    assert isinstance(empty, MailError)
    assert "empty" in str(empty)
    assert isinstance(mail, Mail)


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        ({"seconds": 0.1}, "more than 0.1 seconds of processor time"),
        ({"memory_mb": 20}, "more than 20 MB of memory"),
    ],
)
def test_a_mail_over_its_limits_is_given_up_alone(
    made: Callable[..., ParseWorkers], limits: dict[str, float], reason: str
) -> None:
    """Those before and behind it in the same batch are parsed."""
    answers = made(**limits).parse_many([SMALL[0], SMALL[1], HEAVY, SMALL[2]])
    assert [type(answer) for answer in answers] == [Mail, Mail, ParseFailed, Mail]
    assert reason in str(answers[2])


def test_the_time_of_each_mail_is_known(made: Callable[..., ParseWorkers]) -> None:
    """Also of one that is given up, so that the slowest of many can be named."""
    raws = [SMALL[0], HEAVY, SMALL[1]]
    times = [seconds for bundle in made(seconds=0.05).begin(raws).timed() for _, seconds in bundle]
    assert len(times) == 3
    assert 0 < max(times[0], times[2]) < times[1]


def test_a_large_mail_passes_the_usual_limits(made: Callable[..., ParseWorkers]) -> None:
    """20 MB are less than what a site takes in by default."""
    assert isinstance(made(seconds=20, memory_mb=300).parse_many([HEAVY])[0], Mail)


def test_a_process_that_is_killed_costs_no_mail(made: Callable[..., ParseWorkers]) -> None:
    """It was not the mail's fault: it is tried again in a new process."""
    workers = made()
    workers.parse_many(SMALL[:1])
    [child] = children()
    threading.Timer(0.1, os.kill, (child, signal.SIGKILL)).start()
    answers = [answer for _ in range(20) for answer in workers.parse_many(SMALL)]
    assert {type(answer) for answer in answers} == {Mail}
    assert children() != [child]


def test_a_process_that_hangs_is_found_by_the_clock(made: Callable[..., ParseWorkers]) -> None:
    """One that does nothing uses no processor time; after it comes a new one."""
    workers = made(seconds=0.3)
    workers.parse_many(SMALL[:1])
    os.kill(children()[0], signal.SIGSTOP)
    assert isinstance(workers.parse_many(SMALL[:1])[0], Mail)


def test_processes_start_when_they_are_needed_and_end_at_close(made: Callable[..., ParseWorkers]) -> None:
    """No process, thread or open file is left."""
    before = open_files(), threading.active_count(), children()
    workers = made(2)
    assert children() == before[2]
    workers.parse_many(SMALL)
    assert len(children()) == len(before[2]) + 2
    workers.close()
    assert (open_files(), threading.active_count(), children()) == before


def test_nothing_is_left_of_processes_that_died(made: Callable[..., ParseWorkers]) -> None:
    """However often it happens."""
    workers = made(seconds=0.1)
    before = open_files()
    for _ in range(3):
        workers.parse_many([SMALL[0], HEAVY])
    workers.close()
    assert (open_files(), children()) == (before, [])


def test_a_process_is_replaced_after_many_mails(made: Callable[..., ParseWorkers]) -> None:
    """What libraries leak is given back."""
    workers = made(recycle_mails=2)
    workers.parse_many(SMALL[:2])
    first = children()
    workers.parse_many(SMALL[:2])
    assert len(children()) == 1
    assert children() != first


def test_closed_workers_can_be_used_again(made: Callable[..., ParseWorkers]) -> None:
    """Closing twice does no harm either."""
    workers = made()
    workers.close()
    workers.close()
    assert isinstance(workers.parse_many(SMALL[:1])[0], Mail)


def test_several_threads_may_use_the_same_workers(made: Callable[..., ParseWorkers]) -> None:
    """Each gets the answers to its own mails."""
    workers, found = made(2), dict[int, list[str]]()

    def work(number: int) -> None:
        found[number] = [
            answer.subject for answer in workers.parse_many([raw_mail(number)] * 30) if isinstance(answer, Mail)
        ]

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {number: [parse(raw_mail(number)).subject] * 30 for number in range(4)}


def test_a_child_does_not_get_our_secrets_and_files(
    made: Callable[..., ParseWorkers], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It reads what strangers write: no password is in its environment, no file or socket of ours is open there."""
    monkeypatch.setenv("HELPDESK_SMTP_PASSWORD", "sesame")
    made().parse_many(SMALL[:1])
    [child] = children()
    assert b"sesame" not in Path(f"/proc/{child}/environ").read_bytes()
    opened = {str(path.readlink()) for path in Path(f"/proc/{child}/fd").iterdir()}
    assert {name for name in opened if not name.startswith("socket:")} == {"/dev/null"}
    assert len(opened) == 2


def test_ctrl_c_does_not_reach_the_children(made: Callable[..., ParseWorkers]) -> None:
    """The parent decides when it is over; its group in the terminal is another one, too."""
    workers = made()
    workers.parse_many(SMALL[:1])
    [child] = children()
    assert os.getpgid(child) != os.getpgid(0)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        os.kill(child, number)
    assert isinstance(workers.parse_many(SMALL[:1])[0], Mail)
    assert children() == [child]


def test_children_end_with_their_parent(tmp_path: Path) -> None:
    """Even when it is killed and can tell nobody."""
    program = (
        "import sys, time; from helpdesk.parse_worker import ParseWorkers\n"
        "w = ParseWorkers(1, seconds=5, memory_mb=300); w.parse_many([b'From: a@b.example\\n\\nHello'])\n"
        "print('ready', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, cwd=tmp_path) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"ready\n"
        [child] = children(parent.pid)
        parent.kill()
    assert eventually(lambda: not Path(f"/proc/{child}").exists())


def test_a_child_that_cannot_start_is_nobodys_fault(
    made: Callable[..., ParseWorkers], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Raised, not answered: otherwise every mail would end in quarantine."""
    monkeypatch.setattr(sys, "executable", "/nonexistent/python")
    with pytest.raises(ParseFailed, match="No process that parses mail can be started"):
        made().parse_many(SMALL[:1])


def test_only_answers_are_taken_from_a_child() -> None:
    """Pickled objects of other classes could run anything in the parent."""
    from pickle import UnpicklingError, dumps

    from helpdesk.parse_worker.pipe import packed, unpacked

    assert unpacked(packed(MailError("no mail"))).args == ("no mail",)  # type: ignore[union-attr]  # an error
    for other in (os.system, Path("/"), 42):
        with pytest.raises(UnpicklingError):
            unpacked(dumps(other))


def test_what_is_in_doubt_is_still_so_on_the_other_side() -> None:
    """Else a person's mail would be taken for a certain report."""
    from helpdesk.mail.message import Bounce
    from helpdesk.parse_worker.pipe import packed, unpacked

    doubtful = Mail(sha256="", size=0, bounce=Bounce(certain=False))
    assert unpacked(packed(doubtful)) == doubtful


def test_html_is_made_harmless_only_for_whoever_wants_to_see_it(made: Callable[..., ParseWorkers]) -> None:
    """The daemon shows no HTML, and cleaning it would cost as much as to find all fields."""
    page = b"From: a@b.example\nContent-Type: text/html\n\n<p onclick=x>Hi"
    shown = [made(with_html=wanted).parse_many([page])[0] for wanted in (False, True)]
    assert [each.html for each in shown if isinstance(each, Mail)] == [None, "<p>Hi</p>"]


def test_the_language_is_left_out_for_whoever_does_not_want_it(made: Callable[..., ParseWorkers]) -> None:
    """To find it takes a third of the time of a mail."""
    found = [made(with_language=wanted).parse_many(SMALL[:1])[0] for wanted in (False, True)]
    assert [each.language for each in found if isinstance(each, Mail)] == [None, parse(SMALL[0]).language]


def test_a_process_can_be_had_before_there_are_mails(made: Callable[..., ParseWorkers]) -> None:
    """None lives at first; the one that is started takes the mails then."""
    workers = made()
    assert not workers.alive and children() == []
    workers.start()
    assert workers.alive
    (child,) = children()
    workers.parse_many([b"From: a@b.example\n\nHello"])
    assert children() == [child]

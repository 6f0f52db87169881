"""`helpdesk explain --summary` counts what many mails are, and lists what a person would have to look at."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from helpdesk.cli._summary import SHOWN
from helpdesk.errors import UsageError
from tests.builders import raw_mail
from tests.cli.conftest import Type
from tests.cli.shell import clean_environ, dialogue

GOLDEN = """\
There is no site here: nobody is staff, and no ticket is known.
`helpdesk --site FOLDER explain ...` asks one.

kind            mails  share
ticket          6      66.7%
auto_generated  2      22.2%
invalid         1      11.1%

Held, in quarantine, or not to be read
file         kind     reason
mails/0.eml  invalid  The mail is empty.

9 mails, 0.0 MB, in TIME: RATE.
The slowest took TIME: FILE
"""


def by_a_machine(number: int) -> bytes:
    """A letter of a mail server."""
    return raw_mail(number).replace(b"eva@customer.test>\r\nTo", b"MAILER-DAEMON@customer.test>\r\nTo")


@pytest.fixture
def mails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Six mails by people, two by a machine, and one that is none."""
    monkeypatch.chdir(tmp_path)
    folder = Path("mails")
    folder.mkdir()
    for number in range(9):
        raw = b"" if not number else by_a_machine(number) if number > 6 else raw_mail(number)
        (folder / f"{number}.eml").write_bytes(raw)
    return folder


def timeless(output: str) -> str:
    """Without what differs from run to run."""
    found = re.sub(r"[0-9.]+ s(?=:)", "TIME", re.sub("[0-9]+ mails/s", "RATE", output))
    return re.sub("(?<=TIME: )mails/.*", "FILE", found)


def test_kinds_are_counted_and_what_is_held_is_listed(type_: Type, mails: Path) -> None:
    """With shares, the reason, the rate and the slowest mail, in 80 columns."""
    assert timeless(type_("explain", "--summary", mails, at=None).output) == GOLDEN


def test_json_is_one_object(type_: Type, mails: Path) -> None:
    """For a program that compares two versions of this one."""
    (line,) = type_("explain", "--summary", "--json", mails, at=None).output.splitlines()
    found = json.loads(line)
    assert found["held"] == [{"file": "mails/0.eml", "kind": "invalid", "reason": "The mail is empty."}]
    assert (found["mails"], found["kinds"]) == (9, {"ticket": 6, "auto_generated": 2, "invalid": 1})
    assert found["outcomes"] == {"accept": 6, "mute": 2, "hold": 1}
    assert found["bytes"] == sum(each.stat().st_size for each in mails.iterdir())
    assert found["slowest"]["file"].startswith("mails/")


def test_people_see_the_first_of_those_that_are_held(type_: Type, mails: Path) -> None:
    """The others are counted, and `--json` has them."""
    for number in range(100, 100 + SHOWN + 3):
        (mails / f"{number}.eml").write_bytes(b"")
    output = type_("explain", "--summary", mails, at=None).output
    assert output.count("The mail is empty.") == SHOWN
    assert "\n... and 4 more; --json has all.\n" in output
    found = json.loads(type_("explain", "--summary", "--json", mails, at=None).output)
    assert len(found["held"]) == SHOWN + 4


def test_the_mail_of_a_staff_member_without_proof_is_listed(type_: Type, mails: Path) -> None:
    """It would wait in quarantine, with that reason."""
    (mails / "staff.eml").write_bytes(raw_mail(1).replace(b"eva@customer.test>\r\nTo", b"anna@minta.example>\r\nTo"))
    found = json.loads(type_("explain", "--summary", "--json", mails / "staff.eml").output)
    assert found["held"][0]["reason"] == "a staff address without a reply address of its own"


def test_what_cannot_be_read_is_listed(type_: Type, mails: Path) -> None:
    """Beside the mails, and the command ends as always when a file cannot be read."""
    (mails / "gone.eml").symlink_to("nowhere")
    result = type_("explain", "--summary", mails, at=None)
    assert "mails/gone.eml cannot be read: No such file or directory." in result.output
    assert "9 mails" in result.output
    assert isinstance(result.exception, UsageError)
    assert str(result.exception) == "1 file or folder could not be read."


def test_json_ends_well_when_a_file_cannot_be_read(type_: Type, mails: Path) -> None:
    """It is one of those that are listed, and counted apart."""
    (mails / "gone.eml").symlink_to("nowhere")
    found = json.loads(type_("explain", "--summary", "--json", mails, at=None).output)
    assert sorted(each["kind"] for each in found["held"]) == ["invalid", "unread"]
    assert (found["mails"], found["unread"]) == (9, 1)


def test_a_bar_grows_on_a_terminal(mails: Path) -> None:
    """And has gone at the end, when the table stands there."""
    command = [sys.executable, "-m", "helpdesk", "explain", "--summary", str(mails)]
    code, seen = dialogue(command)
    assert code == 0
    assert "ticket          6      66.7%" in seen
    assert "mails ━" not in seen.splitlines()[-1]


def peak_kilobytes(folder: Path, count: int) -> int:
    """Of the whole command over so many mails of a Maildir, whichever of its processes needs most."""
    for part in ("cur", "new", "tmp"):
        (folder / part).mkdir(parents=True)
    for number in range(count):
        (folder / "cur" / f"{1_700_000_000 + number}.M1P1.host:2,S").write_bytes(raw_mail(number))
    command = [sys.executable, "-m", "helpdesk", "explain", "--summary", "--json", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, env=clean_environ(), cwd=folder) as running:
        _, status, used = os.wait4(running.pid, 0)
        running.returncode = os.waitstatus_to_exitcode(status)
    assert running.returncode == 0
    return used.ru_maxrss


@pytest.mark.slow
def test_memory_does_not_grow_with_the_mails(tmp_path: Path) -> None:
    """Of ten times as many not a tenth more."""
    assert peak_kilobytes(tmp_path / "many", 4_000) < 1.1 * peak_kilobytes(tmp_path / "few", 400)

"""What hostile mails must not do besides: be talked of in the log, fetch, run or write anything while they are read."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from pathlib import Path

import pytest

from helpdesk.mail.parse import parse
from tests.hostile.cases import CASES, FOLDER, Case
from tests.hostile.site import Site

CARD = next(case for case in CASES if case.name == "C87-card-number")
FORGED_LINE = next(case for case in CASES if case.name == "C57-log-line")
# Reads every mail with all that the daemon would do with its bytes, and tells what the interpreter was asked for.
READER = """
import json, sys
from pathlib import Path
from helpdesk.mail.files import attachment
from helpdesk.mail.parse import parse
from helpdesk.errors import MailError
mails = [file.read_bytes() for file in sorted(Path(sys.argv[1]).glob("*.eml"))]
def warm():
    for raw in mails:
        try:
            found = parse(raw, with_html=True)
        except MailError:
            continue
        for each in found.attachments:
            attachment(raw, each.position)
warm()
asked = []
def hook(event, arguments):
    writes = event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+")
    if writes or event.startswith(("socket.", "subprocess.", "os.system", "os.exec", "os.mkdir", "os.rename")):
        asked.append(f"{event}: {arguments!r}")
sys.addaudithook(hook)
warm()
print(json.dumps([len(mails), asked]))
"""


@pytest.mark.parametrize("case", [CARD, FORGED_LINE], ids=lambda case: case.name)
def test_no_words_of_a_mail_stand_in_the_log(site: Site, caplog: pytest.LogCaptureFixture, case: Case) -> None:
    """C57, C87, I11: ids and verdicts only, so that nobody can forge a line or leave a number there."""
    site.begin(case)
    with caplog.at_level(logging.DEBUG, logger="helpdesk"):
        site.handle(case.raw)
    said = json.dumps([vars(record) for record in caplog.records], default=str)
    assert "mail handled" in said
    assert [word for word in ("4111", "eva@", "Lamp", "lamp") if word in said] == []


def test_a_parser_that_stumbles_does_not_say_over_what(caplog: pytest.LogCaptureFixture) -> None:
    """A bounce without From is too much for a library of ours; its traceback would stand in the log of the daemon."""
    with caplog.at_level(logging.DEBUG):
        parse(b"Return-Path: <>\r\nSubject: failure notice\r\n\r\nYour letter to eva was not delivered.\r\n")
    assert caplog.records == []


def test_nothing_is_fetched_run_or_written_while_a_mail_is_read() -> None:
    """C51, C77, C78, C79, C85, I12: no connection, no program, no file, whatever the mails ask for."""
    done = subprocess.run([sys.executable, "-c", READER, str(FOLDER)], capture_output=True, text=True, check=True)
    count, asked = json.loads(done.stdout)
    assert count == len(list(Path(FOLDER).glob("*.eml")))
    assert asked == []

"""Odd mails as files: each `tests/corpus/NNNN-what.eml` is parsed and must give what the .toml beside it says."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from helpdesk.filters import judge
from helpdesk.mail.files import attachment
from helpdesk.mail.message import Forwarded, Mail
from helpdesk.mail.parse import parse
from tests.builders import facts

CORPUS = Path(__file__).parents[1] / "corpus"
FILES = sorted(CORPUS.glob("*.eml"))


def _forwarded(mail: Mail) -> Forwarded:
    return mail.forwarded or Forwarded(sender=None, date=None, subject="", text="", comment="")


def _bounced(mail: Mail) -> list[str]:
    people = mail.bounce.recipients if mail.bounce else ()
    return [f"{each.address} {each.status} {'permanent' if each.permanent else 'temporary'}" for each in people]


def _kind(mail: Mail) -> str:
    """As `bench.understanding` calls it: what no filter calls a machine's is by a person."""
    kind = judge(mail, facts()).kind
    return kind.value if kind else "person"


READ: dict[str, Callable[[Mail], Any]] = {
    "subject": lambda mail: mail.subject,
    "text": lambda mail: mail.text,
    "html": lambda mail: mail.html,
    "date": lambda mail: mail.date and mail.date.isoformat(),
    "no_date": lambda mail: mail.date is None,
    "message_id": lambda mail: mail.message_id,
    "from_address": lambda mail: mail.sender and mail.sender.address,
    "from_name": lambda mail: mail.sender and mail.sender.name,
    "to": lambda mail: [person.address for person in mail.to],
    "cc": lambda mail: [person.address for person in mail.cc],
    "reply_to": lambda mail: [person.address for person in mail.reply_to],
    "closing": lambda mail: mail.closing,
    "language": lambda mail: mail.language,
    "from_fields": lambda mail: mail.from_fields,
    "senders": lambda mail: [person.address for person in mail.from_],
    "attachments": lambda mail: [part.name for part in mail.attachments],
    "tampered": lambda mail: mail.tampered,
    "bounced": _bounced,
    "bounced_ids": lambda mail: list(mail.bounce.message_ids) if mail.bounce else None,
    "kind": _kind,
    "absence": lambda mail: mail.absence and mail.absence.words,
    "no_bounce": lambda mail: mail.bounce is None,
    "forwarded_from": lambda mail: getattr(_forwarded(mail).sender, "address", None),
    "forwarded_name": lambda mail: getattr(_forwarded(mail).sender, "name", None),
    "forwarded_date": lambda mail: getattr(_forwarded(mail).date, "isoformat", str)(),
    "forwarded_subject": lambda mail: _forwarded(mail).subject,
    "forwarded_text": lambda mail: _forwarded(mail).text,
    "forwarded_comment": lambda mail: _forwarded(mail).comment,
}


def _seen(value: object) -> object:
    """A value without the white space that nobody sees: blank lines, spaces at the ends and in rows."""
    if not isinstance(value, str):
        return value
    return "\n".join(filter(None, (" ".join(line.split()) for line in value.splitlines())))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_an_odd_mail_is_understood_as_its_file_says(file: Path) -> None:
    """A mail that was once misread, or could be, is read right for ever."""
    if "language = " in file.with_suffix(".toml").read_text(encoding="utf-8"):
        pytest.importorskip("lingua")
    expected = tomllib.loads(file.with_suffix(".toml").read_text(encoding="utf-8"))
    mail = parse(file.read_bytes(), with_html=True)
    assert expected
    got = {key: READ[key](mail) for key in expected}
    assert {key: _seen(value) for key, value in got.items()} == {key: _seen(value) for key, value in expected.items()}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_attachment_can_be_opened_by_its_position(file: Path) -> None:
    """What is listed can be had, with as many bytes as were promised."""
    raw = file.read_bytes()
    for listed in parse(raw).attachments:
        described, data = attachment(raw, listed.position)
        assert described == listed
        assert len(data) == listed.size

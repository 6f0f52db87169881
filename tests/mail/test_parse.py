"""Whatever bytes come, there is a Mail or a MailError, soon and cheaply; what it says can be stored."""

from __future__ import annotations

import string
import time
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk.errors import MailError
from helpdesk.mail.files import attachment
from helpdesk.mail.parse import parse
from tests.fuzz.soundness import SECONDS, require_storable
from tests.hostile.made import COSTLY

HEAD = b"From: a@x.example\r\nSubject: hi\r\n"
ORDINARY_SECONDS = 0.02  # for a mail of 20 kB; on a quiet machine it takes a tenth


@pytest.mark.parametrize("make", COSTLY.values(), ids=COSTLY.keys())
def test_a_mail_made_to_hurt_is_read_in_time(make: Callable[[], bytes]) -> None:
    """Deep, wide, long, and what parsers read in quadratic time (C59, C60)."""
    raw = make()
    begun = time.process_time()
    mail = parse(raw)
    assert time.process_time() - begun < SECONDS
    assert mail.size == len(raw)


def test_an_ordinary_mail_is_cheap() -> None:
    """Text and HTML of 20 kB; the HTML is not made text, for there is a text."""
    words = b"The printer on the second floor does not work, please help us soon.\r\n"
    text = b"Content-Type: text/plain\r\n\r\n" + words * 100
    html = b"--b\r\nContent-Type: text/html\r\n\r\n" + b"<p>" + words * 190
    raw = HEAD + b"Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n" + text + html + b"\r\n--b--\r\n"
    parse(raw)
    times = []
    for _ in range(10):
        begun = time.process_time()
        parse(raw)
        times.append(time.process_time() - begun)
    assert min(times) < ORDINARY_SECONDS


@settings(max_examples=100, deadline=None)
@given(raw=st.binary(max_size=500))
def test_any_bytes_are_a_mail_or_a_mail_error(raw: bytes) -> None:
    """There is no third way."""
    with suppress(MailError):
        require_storable(parse(raw))


def test_there_is_no_part_beyond_the_last() -> None:
    """A position that was never given out is told so."""
    with pytest.raises(MailError, match="no part 7"):
        attachment(HEAD + b"\r\nhi", 7)


def test_two_copies_by_different_ways_have_one_content() -> None:
    """Servers add fields on the way; the content is the same (C67)."""
    one = HEAD + b"\r\nhi"
    other = b"Received: by b\r\nX-Spam: no\r\n" + one
    assert parse(one).content_hash == parse(other).content_hash != parse(one + b"!").content_hash


def test_a_name_is_not_lost_for_a_character_set_nobody_knows() -> None:
    """Every single letter of the alphabet as a character set."""
    for letter in string.ascii_letters:
        assert parse(HEAD + f'Content-Type: text/plain; charset="{letter}"\r\n\r\nhi'.encode()).text == "hi"


@pytest.mark.parametrize(
    "head", [b"", b"Content-Type: text/plain; charset=utf-8\r\n", b'Content-Type: multipart/mixed; boundary="x"\r\n']
)
def test_a_copy_from_a_file_is_the_same_mail(head: bytes) -> None:
    """Programs that save a mail end its lines as the system does."""
    body = b"--x\r\n\r\nIt is\r\njammed.\r\n--x--\r\n"
    mail = b"From: a@b.example\r\nSubject: x\r\n" + head + b"\r\n" + body
    assert parse(mail).content_hash == parse(mail.replace(b"\r\n", b"\n")).content_hash

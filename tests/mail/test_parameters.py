"""Parameters of a field are read in all their encodings, however broken, in linear time."""

from __future__ import annotations

import pytest

from helpdesk.mail.parameters import read
from tests.quick import AT_ONCE, seconds


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("text/plain; charset=utf-8", {"charset": "utf-8"}),
        ('text/plain; CHARSET="utf-8"; format=flowed', {"charset": "utf-8", "format": "flowed"}),
        ('attachment; filename="a;b.pdf"', {"filename": "a;b.pdf"}),
        ("attachment; filename=a b.pdf", {"filename": "a b.pdf"}),
        ('attachment; filename="a\\"b.pdf"', {"filename": 'a"b.pdf'}),
        ("attachment; filename*=utf-8'hu'sz%C3%A1mla.pdf", {"filename": "számla.pdf"}),
        ("attachment; filename*0*=utf-8''sz%C3%A1m;\r\n filename*1=la.pdf", {"filename": "számla.pdf"}),
        ("attachment; filename*1=b; filename*0=a", {"filename": "ab"}),
        ("attachment; filename*=x-foo''a%20b", {"filename": "a b"}),
        ('attachment; filename="=?utf-8?q?=C3=A1?="', {"filename": "á"}),
        ("attachment; filename=old; filename*=utf-8''new", {"filename": "new"}),
        ('attachment; filename="never closed', {"filename": "never closed"}),
        ("text/plain", {}),
        ("", {}),
        (";;;=;", {}),
    ],
)
def test_parameters_are_read_as_they_are_written(field: str, expected: dict[str, str]) -> None:
    """Quotes, RFC 2231 in pieces and out of order, encoded words where they are forbidden."""
    assert read(field) == expected


@pytest.mark.parametrize("piece", [";", '"', "=", "a=", "\\", 'a="', "*0*=", "%", " ", "';"])
def test_a_long_field_is_read_at_once(piece: str) -> None:
    """30 kB of semicolons take the standard library half a minute (C59)."""
    assert seconds(lambda: read("text/plain; " + piece * 100_000)) < AT_ONCE

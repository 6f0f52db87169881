"""A multipart mail with a wrong boundary is read by the boundary that its body shows."""

from __future__ import annotations

import pytest

from helpdesk.mail.parse import parse

BODY = '--real\nContent-Type: text/plain\n\nHello\n--real\nContent-Type: application/pdf; name="a.pdf"\n\nx\n--real--\n'


@pytest.mark.parametrize("boundary", ["", "; boundary=", '; boundary=""', "; boundary=other", "; boundary=rea"])
def test_the_parts_are_found_all_the_same(boundary: str) -> None:
    """Missing, empty, another one, a beginning of it (C76)."""
    mail = parse(f"From: a@x.example\nContent-Type: multipart/mixed{boundary}\n\n{BODY}".encode())
    assert mail.text == "Hello"
    assert [part.name for part in mail.attachments] == ["a.pdf"]


def test_a_body_without_any_boundary_is_read_as_it_stands() -> None:
    """Better raw than nothing."""
    mail = parse(b"From: a@x.example\nContent-Type: multipart/mixed\n\nHello there\n")
    assert mail.text == "Hello there"

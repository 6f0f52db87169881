"""A letter of the demo is read as a plain mail program reads it."""

from __future__ import annotations

from helpdesk.demo.received import Received

RAW = (
    "From: =?utf-8?b?VMOzdGggQsOpbGE=?= <Support@Minta.example>\r\n"
    "Subject: =?utf-8?q?Szia_?=\r\n =?utf-8?q?=C3=89va?=\r\n"
    'Content-Type: multipart/alternative; boundary="b"\r\n\r\n'
    "--b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\nSsOzIG5hcG90IQ==\r\n"
    "--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Jó napot!</p>\r\n--b--\r\n"
).encode()


def test_words_are_decoded() -> None:
    """Subject, name and text."""
    mail = Received.read(7, RAW)
    assert (mail.number, mail.subject, mail.sender_name) == (7, "Szia Éva", "Tóth Béla")
    assert mail.text == "Jó napot!"
    assert "<p>Jó napot!</p>" in mail.readable


def test_a_reply_goes_to_the_sender_when_nothing_else_is_asked() -> None:
    """From is compared in lower case, and answered as it is written."""
    mail = Received.read(7, RAW)
    assert (mail.sender, mail.answer_to) == ("support@minta.example", "Support@Minta.example")
    asked = Received.read(7, b"Reply-To: <support+t.1@minta.example>\r\n" + RAW)
    assert asked.answer_to == "support+t.1@minta.example"

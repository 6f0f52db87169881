"""What servers said of a sender is read as it stands, and it is said why we believe it or not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from helpdesk.mail import stamps
from helpdesk.mail.message import Address, Mail
from helpdesk.mail.stamps import Result

OURS = "mx.minta.example"
SAID = (
    f"{OURS}; dkim=pass (2048-bit key) header.d=customer.test header.s=s1; spf=softfail smtp.mailfrom=eva@other.test;"
    " dmarc=pass header.from=customer.test"
)
MAIL = Mail(
    sha256="",
    size=0,
    from_=(Address(name=None, address="eva@customer.test"),),
    authentication=(SAID, "elsewhere.test 1; none"),
    authentication_zone=1,
)


def test_each_method_is_told_with_its_result_and_whom_it_is_about() -> None:
    """Comments and other properties are left out."""
    first, second = stamps.read(MAIL, OURS)
    assert first.results == (
        Result(method="dkim", result="pass", about="customer.test"),
        Result(method="spf", result="softfail", about="eva@other.test"),
        Result(method="dmarc", result="pass", about="customer.test"),
    )
    assert (second.server, second.results) == ("elsewhere.test", ())


def test_ours_is_only_what_our_server_wrote_where_nobody_else_can() -> None:
    """The name alone proves nothing."""
    assert [stamp.ours for stamp in stamps.read(MAIL, OURS)] == [True, False]
    assert [stamp.ours for stamp in stamps.read(replace(MAIL, authentication_zone=0), OURS)] == [False, False]
    assert [stamp.ours for stamp in stamps.read(MAIL, "")] == [False, False]


@pytest.mark.parametrize(
    ("mail", "server", "verdict", "words"),
    [
        (MAIL, "", "unknown", "no authserv_id is configured"),
        (MAIL, OURS, "pass", "vouches for customer.test"),
        (MAIL, OURS, "fail", "found that customer.test did not send it"),
        (MAIL, OURS, "none", "nothing that proves customer.test"),
        (MAIL, "mx2.minta.example", "none", "has written no check"),
        (replace(MAIL, tampered=True), OURS, "fail", "tampered with"),
        (replace(MAIL, authentication_zone=0), OURS, "fail", "where strangers can write"),
    ],
)
def test_the_reason_of_a_verdict_is_said(mail: Mail, server: str, verdict: str, words: str) -> None:
    """In a sentence that an admin understands."""
    assert words in stamps.reason(mail, server, verdict)

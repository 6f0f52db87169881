"""The servers that the other tests rest on do what they are started for."""

from __future__ import annotations

import smtplib

import psycopg
import pytest

from tests.servers.mailstack import MailStack
from tests.servers.postgres import Postgres

MAIL = (
    b"From: eva@customer.test\r\nTo: support@helpdesk.test\r\nSubject: %s\r\n"
    b"Message-ID: <%s@customer.test>\r\n\r\nhello\r\n"
)


@pytest.mark.postfix
def test_a_mail_goes_through_postfix_into_dovecot(postfix: MailStack) -> None:
    """The way of every mail, plus-address included."""
    postfix.send("eva@customer.test", ["support+x@helpdesk.test"], MAIL % (b"through", b"1"))
    assert b"hello" in postfix.wait_for("support@helpdesk.test", lambda raw: b"Subject: through" in raw)


@pytest.mark.postfix
def test_an_unknown_user_makes_a_real_delivery_report(postfix: MailStack) -> None:
    """The report reaches the envelope sender and says 5.1.1."""
    postfix.send("maria@customer.test", ["nobody@customer.test"], MAIL % (b"lost", b"2"))
    report = postfix.wait_for("maria@customer.test", lambda raw: b"delivery-status" in raw)
    assert b"5.1.1" in report


@pytest.mark.postfix
@pytest.mark.parametrize(
    ("address", "code"), [("a@defer.test", 450), ("a@bounce.test", 550), ("a@elsewhere.example", 550)]
)
def test_refusals_are_what_their_domain_says(postfix: MailStack, address: str, code: int) -> None:
    """Temporary and permanent refusals at RCPT."""
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        postfix.send("eva@customer.test", [address], MAIL % (b"x", b"3"))
    assert refused.value.recipients[address][0] == code


@pytest.mark.postgresql
def test_each_database_is_a_new_one(postgres: Postgres) -> None:
    """Two tests never share a database."""
    first, second = postgres.fresh_database(), postgres.fresh_database()
    with psycopg.connect(first) as connection:
        connection.execute("create table x (i int)")
    with psycopg.connect(second) as connection:
        found = connection.execute("select count(*) from pg_tables where tablename = 'x'").fetchone()
    assert found == (0,)

"""Explaining a mail: the whole contract of its JSON, with a site and without one, and nothing is written."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from helpdesk.errors import ConfigError, SchemaMismatch, UsageError
from helpdesk.explaining import Explained, Explainer
from helpdesk.inbox.files import Found
from helpdesk.mail.message import Address, Attachment, Bounce, FailedRecipient, Forwarded, Mail
from helpdesk.store import migrate
from helpdesk.store.session import Store
from tests.builders import ANNA, EVA, from_staff, mail, raw_mail, thought, ticket
from tests.cli.conftest import write_site

KEYS = {
    *("file", "sha256", "kind", "outcome", "findings", "from", "reply_to", "to", "cc", "subject", "date", "message_id"),
    *("in_reply_to", "references", "language", "text", "full_text", "html", "attachments", "bounced", "forwarded"),
    *("match", "changes", "outgoing", "error", "cut", "authentication"),
}
LISTS = {
    *("findings", "reply_to", "to", "cc", "in_reply_to", "references", "attachments", "bounced", "changes", "outgoing"),
    "cut",
}


def shown(message: Mail, *tickets: Any, site: bool = True, **known: Any) -> dict[str, Any]:
    """What is printed about a mail when these tickets exist."""
    found = thought(message, *tickets, **known)
    return Explained(file="a.eml", raw=b"", mail=message, thought=found, site=site).as_json()


@pytest.fixture
def without_site() -> Iterator[Explainer]:
    """As somebody has it who only wants to see what a mail is."""
    with Explainer(None, {}) as explainer:
        yield explainer


def explained(explainer: Explainer, *raws: bytes) -> list[dict[str, Any]]:
    """The answers."""
    found = [Found(source=f"{number}.eml", raw=raw) for number, raw in enumerate(raws)]
    return [each.as_json() for each in explainer.explain(found)]


def test_every_key_is_there_and_empty_where_there_is_nothing() -> None:
    """Null, or an empty list where there could be several."""
    empty = Explained(file="a.eml", raw=b"", error="It is empty.").as_json()
    assert set(empty) == KEYS
    assert {key for key, value in empty.items() if value == []} == LISTS
    assert {key for key, value in empty.items() if value is not None} == LISTS | {
        *("file", "sha256", "kind", "outcome", "error")
    }


def test_where_from_names_nobody_the_author_is_who_wants_the_answer(without_site: Explainer) -> None:
    """Some web forms write no From at all; such a mail opens a ticket in that name, and is not answered."""
    (told,) = explained(without_site, b"From:\nReply-To: Eva <eva@kunde.example>\nSubject: x\n\nHello\n")
    assert told["from"] == {"name": "Eva", "address": "eva@kunde.example"}
    assert (told["kind"], told["outcome"]) == ("ticket", "mute")


def test_what_cannot_be_made_sense_of_is_invalid_and_held(without_site: Explainer) -> None:
    """With a sentence, between other mails, and with its hash."""
    first, invalid, last = explained(without_site, raw_mail(1), b"", raw_mail(2))
    assert (invalid["kind"], invalid["outcome"], invalid["error"]) == ("invalid", "hold", "The mail is empty.")
    assert invalid["sha256"] == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert [each["file"] for each in (first, invalid, last)] == ["0.eml", "1.eml", "2.eml"]
    assert (first["error"], last["error"]) == (None, None)


def test_what_was_read_before_the_files_ended_badly_is_answered(without_site: Explainer) -> None:
    """A file that cannot be read costs no answer about the others."""

    def batches() -> Iterator[list[Found]]:
        yield [Found(source="1.eml", raw=raw_mail(1))]
        yield [Found(source="2.eml", raw=raw_mail(2))]
        raise UsageError

    answers = without_site.explain_all(batches())
    assert [next(answers).file for _ in range(2)] == ["1.eml", "2.eml"]
    with pytest.raises(UsageError):
        next(answers)


def test_html_is_shown_harmless(without_site: Explainer) -> None:
    """What a browser would show, without what it would do."""
    (found,) = explained(without_site, b"From: a@b.example\nContent-Type: text/html\n\n<p onclick=x>Hi")
    assert found["html"] == "<p>Hi</p>"


def test_without_a_site_nobody_is_staff_or_own_and_nothing_matches(without_site: Explainer) -> None:
    """And no letter would be written."""
    raw = raw_mail(1).replace(
        b"Subject: ", b"In-Reply-To: <t.1042.abcdefgh.abcdefghijklmnop@minta.example>\r\nSubject: "
    )
    [found] = explained(without_site, raw)
    assert (found["kind"], found["outcome"], found["match"], found["outgoing"]) == ("ticket", "accept", None, [])
    assert found["from"] == {"name": "Nagy Éva", "address": "eva@customer.test"}


def test_the_parts_of_a_mail_have_the_promised_shape() -> None:
    """People, attachments, dates."""
    message = mail(
        date=datetime(2026, 3, 2, 8, 59, tzinfo=UTC),
        language="hu",
        attachments=(Attachment(name="foto.jpg", type="image/jpeg", size=48211, position=1),),
        in_reply_to=("<a@b>",),
    )
    found = shown(message)
    assert found["from"] == {"name": EVA.name, "address": EVA.address}
    assert found["to"] == [{"name": None, "address": "support@helpdesk.test"}]
    assert found["date"] == "2026-03-02T08:59:00+00:00"
    assert found["attachments"] == [{"name": "foto.jpg", "type": "image/jpeg", "size": 48211}]
    assert (found["language"], found["in_reply_to"]) == ("hu", ["<a@b>"])


def test_a_bounce_names_who_did_not_get_it() -> None:
    """A status that was not stated is null."""
    failed = (
        FailedRecipient(address="nobody@x.example", status="5.1.1", permanent=True),
        FailedRecipient(address="full@x.example", status="", permanent=False),
    )
    assert shown(mail(bounce=Bounce(recipients=failed)))["bounced"] == [
        {"address": "nobody@x.example", "status": "5.1.1", "permanent": True},
        {"address": "full@x.example", "status": None, "permanent": False},
    ]


def test_a_forwarded_mail_has_its_own_author_and_words() -> None:
    """And what the forwarder wrote above it."""
    inner = Forwarded(
        sender=EVA, date=datetime(2026, 3, 1, tzinfo=UTC), subject="Printer", text="It is broken.", comment=""
    )
    assert shown(mail(forwarded=inner))["forwarded"] == {
        "from": {"name": EVA.name, "address": EVA.address},
        "date": "2026-03-01T00:00:00+00:00",
        "subject": "Printer",
        "text": "It is broken.",
        "comment": None,
    }


def test_a_reply_is_shown_with_its_ticket_and_how_it_was_known() -> None:
    """The customer answers by the subject's tag."""
    found = shown(mail(subject="Re: [HD-1042] Nyomtató"), ticket())
    assert (found["kind"], found["match"]) == ("reply", {"ticket": "HD-1042", "how": "subject tag"})


def test_a_stranger_who_names_a_ticket_gets_one_of_his_own() -> None:
    """What he named is told, no ticket matches."""
    stranger = Address(name=None, address="mallory@elsewhere.test")
    found = shown(mail(stranger, subject="Re: [HD-1042] Nyomtató"), ticket())
    assert found["match"] == {"ticket": None, "how": "subject tag"}


def test_a_new_mail_matches_nothing() -> None:
    """Null, as everywhere where there is nothing."""
    found = shown(mail(), ticket())
    assert (found["kind"], found["match"]) == ("ticket", None)


def test_what_would_change_and_be_written_is_listed() -> None:
    """Changes by name with all that they say; letters by kind and recipient."""
    found = shown(mail())
    opened = found["changes"][0]
    assert (opened["change"], opened["ticket"], opened["contact"]["address"]) == ("OpenTicket", None, EVA.address)
    assert [change["change"] for change in found["changes"]] == ["OpenTicket", "KeepMessage"]
    assert {("acknowledgement", EVA.address), ("new_ticket", ANNA.address)} <= {
        (letter["kind"], letter["to"]) for letter in found["outgoing"]
    }


def test_unproven_staff_is_held_and_the_reason_stands_first() -> None:
    """No filter knows it: it takes the reply address and the ticket."""
    found = shown(mail(ANNA), ticket())
    assert found["outcome"] == "hold"
    assert found["findings"][0] == {
        "filter": "proof",
        "outcome": "hold",
        "reason": "a staff address without a reply address of its own",
    }


def test_proven_staff_answers_the_ticket_of_the_token() -> None:
    """Anna's reply to the letter by which she was told."""
    found = shown(from_staff(), ticket())
    assert (found["outcome"], found["match"]["ticket"]) == ("accept", "HD-1042")
    assert "answer" in {letter["kind"] for letter in found["outgoing"]}


def site_explainer(site: Path) -> Explainer:
    """For a site on the disk."""
    return Explainer(site, {})


def test_a_broken_site_is_told_with_all_its_mistakes(tmp_path: Path) -> None:
    """Not explained as if there were no site."""
    (tmp_path / "helpdesk.toml").write_text("[company\n")
    with pytest.raises(ConfigError):
        site_explainer(tmp_path)


def test_nothing_is_made_or_written(tmp_path: Path) -> None:
    """A site without a database has none afterwards."""
    write_site(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    with site_explainer(tmp_path) as explainer:
        [found] = explained(explainer, raw_mail(1, to="sales@minta.example"))
    assert (found["match"], found["changes"][0]["mailbox"]) == (None, "sales")
    assert sorted(tmp_path.rglob("*")) == before


def test_our_own_letters_are_known_where_there_is_a_site(tmp_path: Path) -> None:
    """By the address that they come from."""
    write_site(tmp_path)
    with site_explainer(tmp_path) as explainer:
        [found] = explained(explainer, b"From: sales@minta.example\r\n\r\nHello\r\n")
    assert (found["kind"], found["outcome"]) == ("own", "drop")


def test_a_database_of_another_version_is_told(tmp_path: Path) -> None:
    """It is not brought up to date behind somebody's back, nor held open."""
    write_site(tmp_path)
    store = Store("sqlite:///helpdesk.db", site=tmp_path)
    migrate.upgrade(store)
    with store.writing() as session:
        session.connection().exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    store.close()
    with pytest.raises(SchemaMismatch):
        site_explainer(tmp_path)
    held = [link for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
    assert not [link for link in held if str(link.resolve()).startswith(str(tmp_path))]

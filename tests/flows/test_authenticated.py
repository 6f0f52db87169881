"""With `authserv_id` our server's DMARC result decides what a sender is told; staff need it besides their token."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.flows.house import House, new_mail, number, reply
from tests.servers.mailstack import USERS, MailStack

pytestmark = [pytest.mark.dovecot, pytest.mark.postfix, pytest.mark.xdist_group("authenticated")]

OURS = "mx.helpdesk.test"


@pytest.fixture(scope="module")
def strict(postfix: MailStack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A site that believes the results of its own server only."""
    folder: Path = tmp_path_factory.mktemp("strict") / "site"
    postfix.empty(*USERS)
    house = House(site=folder, stack=postfix, url="sqlite:///helpdesk.db", mailbox=f'authserv_id = "{OURS}"')
    house.write_site()
    house.start()
    yield house
    assert house.stop() == 0


def arrives(house: House, sender: str, subject: str, result: str | None, text: str = "Kérdezem.") -> None:
    """Our server takes the mail in and stamps its result above everything."""
    mail = new_mail(sender, house.address, subject, text)
    stamp = f"Authentication-Results: {OURS}; {result}\r\n" if result else ""
    house.stack.deliver(
        house.address, stamp.encode() + mail.as_bytes(policy=mail.policy.clone(linesep="\r\n")), sender=sender
    )


def test_a_proven_sender_gets_the_full_confirmation(strict: House) -> None:
    """His subject, and his name."""
    arrives(strict, "Nagy Éva <eva+pass@customer.test>", "Az én tárgyam", "dmarc=pass header.from=customer.test")
    letter = strict.letter("eva@customer.test", lambda m: "Az én tárgyam [HD-" in m.subject)
    assert "Nagy Éva" in letter.text


def test_a_sender_without_a_result_gets_the_neutral_one(strict: House) -> None:
    """Nothing that he chose is in it."""
    arrives(strict, "Vegyen Olcsón <eva+none@customer.test>", "Vegyen olcsó órát", None)
    strict.new_ticket("Vegyen olcsó órát")
    letter = strict.letter("eva@customer.test", lambda m: "[HD-" in m.subject and "tárgyam" not in m.subject)
    assert "olcsó" not in f"{letter.readable}{letter.parsed.items()}".lower()


def test_a_failed_sender_is_kept_and_not_answered(strict: House) -> None:
    """Staff see it; the address in From hears nothing."""
    arrives(strict, "eva+fail@customer.test", "Hamisított", "dmarc=fail header.from=customer.test")
    strict.until(lambda: strict.tickets("Hamisított") or strict.quarantine())
    strict.quiet()
    assert not strict.letters("eva@customer.test", lambda m: "Hamisított" in m.subject)


@pytest.mark.parametrize(
    ("result", "goes_out"),
    [("dmarc=pass header.from=helpdesk.test", True), (None, False), ("dmarc=pass header.from=evil.test", False)],
)
def test_staff_need_token_and_result(strict: House, result: str | None, *, goes_out: bool) -> None:
    """The token alone is not enough here, and a pass for another domain is none."""
    subject = f"Munka {goes_out} {len(result or '')}"
    arrives(strict, "eva+staff@customer.test", subject, "dmarc=pass header.from=customer.test")
    told = strict.letter("anna@helpdesk.test", lambda m: subject in m.subject)
    before = len(strict.quarantine())
    mail = reply(told, "anna@helpdesk.test", f"Válasz erre: {subject}")
    stamp = f"Authentication-Results: {OURS}; {result}\r\n" if result else ""
    raw = stamp.encode() + mail.as_bytes(policy=mail.policy.clone(linesep="\r\n"))
    strict.stack.deliver(told.answer_to, raw, sender="anna@helpdesk.test")
    if goes_out:
        letter = strict.letter("eva@customer.test", lambda m: f"Válasz erre: {subject}" in m.text)
        assert number(letter) == number(told)
    else:
        strict.until(lambda: len(strict.quarantine()) == before + 1)
        assert not strict.letters("eva@customer.test", lambda m: f"Válasz erre: {subject}" in m.text)

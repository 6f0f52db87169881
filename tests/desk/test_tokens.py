"""Reply addresses and Message-IDs prove what they say, and nothing else does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.desk import tokens
from helpdesk.desk.tokens import Keys
from tests.builders import KEYS

numbers = st.integers(1, 999_999_999)


@given(numbers, st.integers(1, 9999))
def test_what_was_written_is_read_again_in_any_case(ticket: int, person: int) -> None:
    """Mail servers change the case of local parts."""
    token = tokens.agent(ticket, person)
    assert tokens.read(tokens.write(token, KEYS).upper(), KEYS) == token


@given(numbers)
def test_a_token_fits_into_a_local_part(ticket: int) -> None:
    """RFC 5321 allows 64 characters; the mailbox's own name needs some."""
    assert len(tokens.write(tokens.agent(ticket, 9999), KEYS)) <= 40


@given(numbers, st.integers(0, 100))
def test_a_changed_character_makes_it_invalid(ticket: int, place: int) -> None:
    """Truncation and change of any sign are found."""
    token = tokens.write(tokens.customer(ticket), KEYS)
    place %= len(token)
    changed = token[:place] + ("3" if token[place] != "3" else "4") + token[place + 1 :]
    assert tokens.read(changed, KEYS) is None
    assert tokens.read(token[:-1], KEYS) is None


def test_the_older_of_two_keys_still_verifies() -> None:
    """After a rotation the addresses already given out go on working; after two they do not."""
    old = Keys(secrets=(b"old" * 8,))
    token = tokens.write(tokens.customer(5), old)
    assert tokens.read(token, KEYS) == tokens.customer(5)
    assert tokens.read(token, Keys(secrets=(b"a", b"b"))) is None


def test_an_address_is_no_message_id() -> None:
    """What proves one thing must not prove the other."""
    written = tokens.message_id(ticket=5, agent=1, unique="abcd", domain="x.test", keys=KEYS)
    assert tokens.read_message_id(written, KEYS) == tokens.agent(5, 1)
    assert tokens.read(written.strip("<>").partition("@")[0], KEYS) is None


@pytest.mark.parametrize("pattern", ["{local}+{token}@{domain}", "{token}@tickets.minta.test"])
def test_the_token_is_found_in_the_address_that_was_made_with_it(pattern: str) -> None:
    """Whatever the pattern of the mailbox."""
    made = tokens.address(pattern, "support@minta.test", "t.1.abc")
    assert made is not None
    assert tokens.in_address(pattern, "support@minta.test", made.upper()) == "t.1.abc"
    assert tokens.in_address(pattern, "support@minta.test", "eva@minta.test") is None


@pytest.mark.parametrize("text", ["t.٣.abcdefghijklmnop", "t.0.abcdefghijklmnop", "t.99999999999.abcdefghijklmnop", ""])
def test_odd_numbers_are_no_tokens(text: str) -> None:
    """Other scripts' digits, zero, and numbers that overflow a column."""
    assert tokens.read(text, KEYS) is None

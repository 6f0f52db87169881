"""The three traps of IDLE, on a server that sets them."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from helpdesk.errors import ConnectionLost
from tests.inbox.place import Place, until
from tests.inbox.scripted import ScriptedServer, scripted
from tests.inbox.test_imap import door

Pair = tuple[socket.socket, socket.socket]


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with scripted() as server:
        server.mails = {1: b"a"}
        yield server


@pytest.fixture
def ears() -> Iterator[Pair]:
    """A knock and an ear."""
    knock, ear = socket.socketpair()
    ear.setblocking(False)
    with knock, ear:
        yield knock, ear


def idle(server: ScriptedServer, tmp_path: Path, ear: socket.socket, seconds: float = 5) -> tuple[bool, float]:
    """What IDLE said, and how long it took."""
    with closing(door(server, tmp_path)) as connection:
        connection.select("INBOX", readonly=True)
        began = time.monotonic()
        told = connection.idle(seconds=seconds, wake=ear)
        return told, time.monotonic() - began


def test_a_mail_that_comes_together_with_the_answer_wakes(server: ScriptedServer, tmp_path: Path, ears: Pair) -> None:
    """It lies in a buffer, where no poll sees it."""
    server.idle = lambda connection: connection.sendall(b"+ idling\r\n* 2 EXISTS\r\n")
    told, seconds = idle(server, tmp_path, ears[1])
    assert told and seconds < 1


@pytest.mark.parametrize("last_words", [b"", b"* BYE going down\r\n"])
def test_a_dead_connection_is_an_error_and_not_a_busy_loop(
    server: ScriptedServer, tmp_path: Path, ears: Pair, last_words: bytes
) -> None:
    """The library answers an empty list at once, for ever."""

    def die(connection: socket.socket) -> None:
        connection.sendall(b"+ idling\r\n")
        time.sleep(0.1)
        connection.sendall(last_words)
        connection.shutdown(socket.SHUT_RDWR)

    server.idle = die
    began = time.monotonic()
    with pytest.raises(ConnectionLost):
        idle(server, tmp_path, ears[1])
    assert time.monotonic() - began < 2


def test_half_a_line_is_waited_for(server: ScriptedServer, tmp_path: Path, ears: Pair) -> None:
    """A line that the network cuts in two is news, and no reason to connect anew."""

    def halves(connection: socket.socket) -> None:
        connection.sendall(b"+ idling\r\n")
        for half in (b"* 2 EX", b"ISTS\r\n"):
            time.sleep(0.2)
            connection.sendall(half)

    server.idle = halves
    told, seconds = idle(server, tmp_path, ears[1])
    assert told
    assert seconds < 2


def test_signs_of_life_are_no_news(server: ScriptedServer, tmp_path: Path, ears: Pair) -> None:
    """ "Still here" lines do not end the wait."""

    def here(connection: socket.socket) -> None:
        connection.sendall(b"+ idling\r\n")
        time.sleep(0.1)
        connection.sendall(b"* OK Still here\r\n")

    server.idle = here
    told, seconds = idle(server, tmp_path, ears[1], seconds=0.6)
    assert not told and seconds >= 0.6


def test_a_knock_ends_the_wait(server: ScriptedServer, tmp_path: Path, ears: Pair) -> None:
    """Stop and reload do not wait for the server."""
    ears[0].send(b"x")
    told, seconds = idle(server, tmp_path, ears[1])
    assert told and seconds < 1


@pytest.mark.dovecot
@pytest.mark.parametrize("security", ["tls", "none"])
def test_a_mail_before_idle_is_not_slept_over(place: Place, ears: Pair, security: str) -> None:
    """On a real server: it arrives between the last command and IDLE; with TLS and without."""
    port = place.stack.imaps if security == "tls" else place.stack.imap
    with closing(place.door(security=security, port=port, insecure=True)) as connection:
        for number in range(3):
            connection.select("INBOX", readonly=True)
            place.deliver(f"mail-{number}")
            began = time.monotonic()
            connection.idle(seconds=8, wake=ears[1])
            assert time.monotonic() - began < 2


@pytest.mark.dovecot
def test_a_killed_server_ends_the_wait(place: Place, ears: Pair) -> None:
    """The sessions die without a word."""
    with closing(place.door()) as connection:
        connection.select("INBOX", readonly=True)
        place.stack.kick("support@helpdesk.test")
        with pytest.raises(ConnectionLost):
            until(lambda: connection.idle(seconds=5, wake=ears[1]))

"""The socket under an IMAP connection: probes that notice a dead line, and how a thread that waits is woken."""

from __future__ import annotations

import select
import socket

KEEPALIVE_IDLE = 60  # seconds of silence before the first probe; routers forget quiet connections after five minutes
KEEPALIVE_INTERVAL = 20  # seconds between probes
KEEPALIVE_PROBES = 3  # unanswered ones, then the line is dead: after two minutes instead of two hours
DRAIN = 4096  # bytes read at once from a wake-up socket; each wake-up is one byte


def keep_alive(connection: socket.socket) -> None:
    """Let the kernel probe a quiet connection, so that one that was dropped on the way is noticed."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for option, value in (
        ("TCP_KEEPIDLE", KEEPALIVE_IDLE),
        ("TCP_KEEPINTVL", KEEPALIVE_INTERVAL),
        ("TCP_KEEPCNT", KEEPALIVE_PROBES),
    ):
        if hasattr(socket, option):  # macOS has not all of them
            connection.setsockopt(socket.IPPROTO_TCP, getattr(socket, option), value)


def cut(connection: socket.socket) -> None:
    """End a connection from another thread: whoever waits for it gets an end of file at once.

    Not ``SSLSocket.shutdown``, which takes the TLS state away from under the thread that reads.
    """
    socket.socket.shutdown(connection, socket.SHUT_RDWR)


def drained(wake: socket.socket) -> bool:
    """Whether somebody knocked at a wake-up socket; what lies in it is taken away."""
    try:
        return bool(wake.recv(DRAIN))
    except BlockingIOError:
        return False


def wait_for(wake: socket.socket, seconds: float) -> bool:
    """Sleep, at most so long; True when somebody knocked."""
    poll = select.poll()
    poll.register(wake.fileno(), select.POLLIN)
    return bool(poll.poll(max(seconds, 0) * 1000)) and drained(wake)

"""The socket under an IMAP connection: TLS with a certificate that is checked, and probes that notice a dead line."""

from __future__ import annotations

import select
import socket
import ssl
from pathlib import Path

from helpdesk.config import Imap
from helpdesk.errors import MailboxError

KEEPALIVE_IDLE = 60  # seconds of silence before the first probe; routers forget quiet connections after five minutes
KEEPALIVE_INTERVAL = 20  # seconds between probes
KEEPALIVE_PROBES = 3  # unanswered ones, then the line is dead: after two minutes instead of two hours
DRAIN = 4096  # bytes read at once from a wake-up socket; each wake-up is one byte


def tls_context(imap: Imap, site: Path) -> ssl.SSLContext:
    """A context that checks name and certificate; ``ca_file`` is relative to the site. Raises MailboxError."""
    if imap.ca_file is None:
        return ssl.create_default_context()
    path = site / imap.ca_file
    try:
        return ssl.create_default_context(cafile=str(path))
    except OSError as error:  # SSLError too, for a file without a certificate in it
        message = f"The certificate authority {path} cannot be read ({error.strerror or error}). Mend ca_file."
        raise MailboxError(message) from error


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

"""Waiting for new mail with IMAP IDLE (RFC 2177), without losing a wake-up, spinning on a dead line, or sleeping on.

Three traps, all seen on real servers, are handled here. A dead connection answers every check with an empty list at
once, without an exception. A mail that arrives between the last command and IDLE comes in the same read as the
server's "+ idling" and lies in a buffer, where no poll sees it. A line may be cut in two by the network.
"""

from __future__ import annotations

import re
import select
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from helpdesk.inbox.sockets import drained

NEWS = re.compile(rb"\* [0-9]+ (EXISTS|EXPUNGE|FETCH|RECENT)\b", re.IGNORECASE)
GOODBYE = b"* BYE"


def wait(client: Any, *, seconds: float, wake: socket.socket) -> bool:
    """Idle until the server tells of a change, somebody knocks at ``wake``, or the time is over.

    ``client`` is an IMAPClient with a selected folder. True for a change or a knock; look at the folder in any case.
    Raises ConnectionError when the server has gone, and what the client raises.
    """
    client.idle()
    told = _buffered(client) or _polled(client, time.monotonic() + seconds, wake)
    client.idle_done()
    return told


def _buffered(client: Any) -> bool:
    """Whether an answer came together with "+ idling"; a peek that reads nothing away and does not wait."""
    connection = client.socket()
    patience = connection.gettimeout()
    connection.settimeout(0)
    try:
        return bool(client._imap.file.peek(1))
    except (BlockingIOError, ssl.SSLWantReadError):
        return False
    finally:
        connection.settimeout(patience)


def _polled(client: Any, end: float, wake: socket.socket) -> bool:
    line, knock = client.socket().fileno(), wake.fileno()
    poll = select.poll()
    poll.register(line, select.POLLIN)
    poll.register(knock, select.POLLIN)
    while (left := end - time.monotonic()) > 0:
        ready = dict(poll.poll(left * 1000))
        if knock in ready:
            drained(wake)
            return True
        if line in ready and _news(client):
            return True
    return False


def _news(client: Any) -> bool:
    """Whether what came is a change of the folder; "still here" lines are none."""
    if not _buffered(client):
        if _ended(client.socket()):
            message = "the server ended the connection"
            raise ConnectionError(message)
        return False  # half a TLS record, or one that holds no answer
    lines = list(_lines(client))
    if any(line.upper().startswith(GOODBYE) for line in lines):
        message = "the server said goodbye"
        raise ConnectionError(message)
    return any(NEWS.match(line) for line in lines)


def _lines(client: Any) -> Iterator[bytes]:
    """The lines that have begun to come, each to its end; imapclient's own check gives up on half a line."""
    yield client._imap._get_line()
    while _buffered(client):
        yield client._imap._get_line()


def _ended(connection: socket.socket) -> bool:
    """Whether the other side has closed. An empty answer alone may also be half a TLS record."""
    patience = connection.gettimeout()
    connection.settimeout(0)
    try:
        # The plain method, as TLS sockets refuse to peek: it is the end of the stream below that we ask for.
        return not socket.socket.recv(connection, 1, socket.MSG_PEEK)
    except BlockingIOError:
        return False
    finally:
        with suppress(OSError):
            connection.settimeout(patience)

"""A small IMAP server whose faults are scripted; what it is not told to do wrong it does right enough."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import BinaryIO

# What a command answers: untagged lines, then the tagged words; None: the connection is cut without a word.
Answer = tuple[bytes, bytes] | None

DATE = b'"05-Jan-2026 10:00:00 +0000"'


class ScriptedServer:
    """``mails`` by UID; ``answers`` replaces the answer to a command such as ``UID FETCH``."""

    def __init__(self) -> None:
        self.mails: dict[int, bytes] = {}
        self.sizes: dict[int, int] = {}
        self.capability = b"IMAP4rev1 IDLE UIDPLUS MOVE"
        self.answers: dict[str, Callable[[str], Answer]] = {}
        self.idle: Callable[[socket.socket], None] = lambda connection: connection.sendall(b"+ idling\r\n")
        self.commands: list[str] = []
        self.connections: list[socket.socket] = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listener.getsockname()[1]
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def close(self) -> None:
        """End all connections and wait for the threads."""
        with suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for connection in self.connections:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)

    def count(self, word: str) -> int:
        """How often a command was given."""
        return sum(command.startswith(word) for command in self.commands)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self.listener.accept()
                self.connections.append(connection)
                self._threads.append(threading.Thread(target=self._serve, args=(connection,), daemon=True))
                self._threads[-1].start()

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError), connection, connection.makefile("rb") as lines:
            connection.sendall(b"* OK ready\r\n")
            while line := lines.readline():
                if not self._obey(connection, lines, line.decode("utf-8", "replace").strip()):
                    return

    def _obey(self, connection: socket.socket, lines: BinaryIO, line: str) -> bool:
        tag, _, command = line.partition(" ")
        self.commands.append(command)
        word = " ".join(command.split()[: 2 if command.upper().startswith("UID") else 1]).upper()
        if word == "IDLE":
            self.idle(connection)
            lines.readline()
        rest = command[len(word) + 1 :]
        scripted_answer = self.answers.get(word)
        answer = scripted_answer(rest) if scripted_answer else (self.usual(word, rest), b"OK done")
        if answer is None:
            connection.shutdown(socket.SHUT_RDWR)
            return False
        connection.sendall(answer[0] + tag.encode() + b" " + answer[1] + b"\r\n")
        return word != "LOGOUT"

    def usual(self, word: str, rest: str) -> bytes:
        if word == "CAPABILITY":
            return b"* CAPABILITY " + self.capability + b"\r\n"
        if word in ("SELECT", "EXAMINE"):
            uidnext = max(self.mails, default=0) + 1
            return b"* %d EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT %d] ok\r\n" % (len(self.mails), uidnext)
        if word == "UID SEARCH":
            return b"* SEARCH " + b" ".join(b"%d" % uid for uid in self.named(rest)) + b"\r\n"
        if word == "LIST":
            return b'* LIST () "." ""\r\n'
        return b"".join(self.fetched(uid, rest) for uid in self.named(rest)) if word == "UID FETCH" else b""

    def fetched(self, uid: int, items: str) -> bytes:
        """The answer to a FETCH of one mail."""
        raw = self.mails[uid]
        if "BODY.PEEK[HEADER]" in items:
            head = raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
            return b"* %d FETCH (UID %d BODY[HEADER]<0> {%d}\r\n%s)\r\n" % (uid, uid, len(head), head)
        if "BODY.PEEK[]" in items:
            return b"* %d FETCH (UID %d BODY[] {%d}\r\n%s)\r\n" % (uid, uid, len(raw), raw)
        size = self.sizes.get(uid, len(raw))
        return b"* %d FETCH (UID %d RFC822.SIZE %d INTERNALDATE %s)\r\n" % (uid, uid, size, DATE)

    def named(self, rest: str) -> list[int]:
        named = re.search(r"[\d,:*]+", rest)
        assert named is not None
        found: set[int] = set()
        last = max(self.mails, default=0)
        for piece in named[0].split(","):
            first, _, final = piece.replace("*", str(last)).partition(":")
            low, high = sorted((int(first), int(final or first)))
            found |= {uid for uid in self.mails if low <= uid <= high}
        return sorted(found)


@contextmanager
def scripted() -> Iterator[ScriptedServer]:
    """A scripted server, closed at the end."""
    server = ScriptedServer()
    try:
        yield server
    finally:
        server.close()

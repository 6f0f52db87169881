"""A small SMTP server whose faults are scripted; what it is not told to do wrong it does right enough."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import BinaryIO

# What a step answers: a line; None: the connection is cut without a word.
Answer = str | None


class Mail:
    """A mail that the server was given, whole; ``recipient`` is the last of ``recipients``."""

    def __init__(self, sender: str, recipients: list[str], raw: bytes) -> None:
        self.sender, self.recipients, self.raw = sender, recipients, raw
        self.recipient = recipients[-1] if recipients else ""


class ScriptedSmtp:
    """``answers`` replaces the answer to a step: GREETING, EHLO, STARTTLS, AUTH, MAIL, RCPT, DATA, DOT, RSET, QUIT.

    The function gets what was said and gives a line, HANG, or None for a cut. Whole mails are in ``taken``, in order,
    also those after whose final dot the connection was cut.
    """

    HANG = "hang"

    def __init__(
        self,
        *,
        context: ssl.SSLContext | None = None,
        starttls: ssl.SSLContext | None = None,
        extensions: tuple[str, ...] = (),
    ) -> None:
        """``context``: TLS from the first byte; ``starttls``: when it is asked for, and it is offered then."""
        self.answers: dict[str, Callable[[str], Answer]] = {}
        self.extensions = ("SIZE 1000000", "AUTH PLAIN LOGIN", *(["STARTTLS"] if starttls else []), *extensions)
        self.taken: list[Mail] = []
        self.commands: list[str] = []
        self.connections: list[socket.socket] = []
        self.most_at_once = 0
        self._open = 0
        self._context, self._starttls = context, starttls
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def count(self, word: str) -> int:
        """How often a command was given."""
        return sum(command.upper().startswith(word) for command in self.commands)

    def refuse(self, step: str, answer: Answer, *, only: str = "", times: int = 10**6) -> None:
        """Answer so at a step, ``times`` times, for commands that contain ``only``."""
        left = [times]

        def scripted(said: str) -> Answer:
            if only not in said or left[0] <= 0:
                return self._usual(step)
            left[0] -= 1
            return answer

        self.answers[step] = scripted

    def close(self) -> None:
        """End all connections and wait for the threads."""
        self._ended.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in self.connections:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self.connections.append(connection)
                self._threads.append(threading.Thread(target=self._connected, args=(connection,), daemon=True))
                self._threads[-1].start()

    def _connected(self, connection: socket.socket) -> None:
        with self._lock:
            self._open += 1
            self.most_at_once = max(self.most_at_once, self._open)
        with suppress(OSError), connection:
            if self._context:
                connection = self._context.wrap_socket(connection, server_side=True)
            with connection, connection.makefile("rb") as lines:
                self._serve(connection, lines)
        with self._lock:
            self._open -= 1

    def _serve(self, connection: socket.socket, lines: BinaryIO, *, greet: bool = True) -> None:
        sender, recipients = "", list[str]()
        if greet and not self._answer(connection, "GREETING", ""):
            return
        while line := lines.readline().decode("utf-8", "replace").strip():
            self.commands.append(line)
            word = line.split()[0].upper()
            if word == "MAIL":
                sender, recipients = line.partition("<")[2].partition(">")[0], []
            elif word == "RCPT":
                recipients.append(line.partition("<")[2].partition(">")[0])
            if not self._answer(connection, word, line) or word == "QUIT":
                return
            if word == "STARTTLS" and self._last.startswith("220") and self._starttls:
                with self._starttls.wrap_socket(connection, server_side=True) as secure, secure.makefile("rb") as more:
                    self._serve(secure, more, greet=False)
                return
            if word == "DATA" and self._last.startswith("354"):
                raw = self._content(lines)
                if raw is None:
                    return
                # Kept first, so that a script may say no or nothing and have it all the same.
                self.taken.append(Mail(sender, recipients, raw))
                self._state.last = ""
                whole = self._answer(connection, "DOT", self.taken[-1].recipient)
                if self._last.startswith(("4", "5")):
                    self.taken.pop()
                if not whole:
                    return

    def _content(self, lines: BinaryIO) -> bytes | None:
        """What came before the final dot; None when there was none: nothing was handed over then."""
        raw = b""
        while (line := lines.readline()) != b".\r\n":
            if not line.endswith(b"\n"):
                return None
            raw += line[1:] if line.startswith(b".") else line
        return raw

    def _answer(self, connection: socket.socket, step: str, said: str) -> bool:
        scripted = self.answers.get(step)
        answer = scripted(said) if scripted else self._usual(step)
        if answer == self.HANG:
            self._ended.wait(60)
        if answer is None or answer == self.HANG:
            with suppress(OSError):
                socket.socket.shutdown(connection, socket.SHUT_RDWR)
            return False
        self._state.last = answer
        connection.sendall(answer.encode() + b"\r\n")
        return not answer.startswith("421")

    _state = threading.local()

    @property
    def _last(self) -> str:
        return str(self._state.last)

    def _usual(self, step: str) -> str:
        if step == "EHLO":
            lines = ("scripted", *self.extensions)
            return "\r\n".join(f"250{'-' if line is not lines[-1] else ' '}{line}" for line in lines)
        usual = {
            "GREETING": "220 ready",
            "AUTH": "235 ok",
            "STARTTLS": "220 go",
            "DATA": "354 go ahead",
            "QUIT": "221 bye",
        }
        return usual.get(step, "250 ok")


@contextmanager
def scripted(
    *,
    context: ssl.SSLContext | None = None,
    starttls: ssl.SSLContext | None = None,
    extensions: tuple[str, ...] = (),
) -> Iterator[ScriptedSmtp]:
    """A scripted server, closed at the end."""
    server = ScriptedSmtp(context=context, starttls=starttls, extensions=extensions)
    try:
        yield server
    finally:
        server.close()

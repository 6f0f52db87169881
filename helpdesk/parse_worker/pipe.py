"""How mails go over to a process that parses and answers come back: blocks of bytes, each with its size before it."""

from __future__ import annotations

import io
import pickle
import socket
import struct
import time
from typing import Any

from helpdesk.errors import MailError
from helpdesk.mail.message import Mail

HTML, NO_LANGUAGE = "html", "no-language"  # words of the command that starts such a process
SIZE = struct.Struct(">Q")
# What a child may send. It reads mails of strangers, so even it is not believed blindly: other classes are refused.
ANSWERS = {
    "helpdesk.mail.message": {
        *("Absence", "Address", "Attachment", "Bounce", "FailedRecipient", "Forwarded", "Mail", "Marks", "Segment"),
    },
    "helpdesk.errors": {"MailError"},
    "datetime": {"date", "datetime", "timedelta", "timezone"},
}


class Pipe:
    """One end of a socket. Whoever reads gets EOFError when the other side has gone, TimeoutError when it is silent."""

    def __init__(self, end: socket.socket) -> None:
        self._end = end

    def send(self, *blocks: bytes, seconds: float | None = None) -> None:
        """How many blocks, then all of them; ``seconds`` is the longest wait for one block, None for ever."""
        self._end.settimeout(seconds)
        self._end.sendall(SIZE.pack(len(blocks)))
        for block in blocks:
            self._end.sendall(SIZE.pack(len(block)))
            self._end.sendall(block)

    def receive(self, seconds: float | None = None) -> bytes:
        """The block of a message that has only one; ``seconds`` is the longest wait for all of it, None for ever."""
        (block,) = self.receive_all(seconds)
        return block

    def receive_all(self, seconds: float | None = None) -> list[bytes]:
        """All blocks of a message."""
        until = None if seconds is None else time.monotonic() + seconds
        return [self._bytes(self._number(until), until) for _ in range(self._number(until))]

    def close(self) -> None:
        """Tell the other side that nobody is here any longer."""
        self._end.close()

    def _number(self, until: float | None) -> int:
        number: int = SIZE.unpack(self._bytes(SIZE.size, until))[0]
        return number

    def _bytes(self, size: int, until: float | None) -> bytes:
        found = bytearray(size)
        view = memoryview(found)
        while view:
            # A timeout of zero would mean not to wait at all.
            self._end.settimeout(None if until is None else max(until - time.monotonic(), 0.001))
            got = self._end.recv_into(view)
            if got == 0:
                raise EOFError
            view = view[got:]
        return bytes(found)


def packed(answer: Mail | MailError | str) -> bytes:
    """An answer, or the last words of a dying process."""
    return pickle.dumps(answer, pickle.HIGHEST_PROTOCOL)


def unpacked(block: bytes) -> Mail | MailError | str:
    """The same on the other side. Raises UnpicklingError for anything else."""
    found = _Answers(io.BytesIO(block)).load()
    if isinstance(found, Mail | MailError | str):
        return found
    message = "not an answer"
    raise pickle.UnpicklingError(message)


class _Answers(pickle.Unpickler):
    """Only answers; nothing in them can call anything else."""

    def find_class(self, module: str, name: str) -> Any:
        if name not in ANSWERS.get(module, ()):
            message = f"{module}.{name} is no part of an answer"
            raise pickle.UnpicklingError(message)
        return super().find_class(module, name)

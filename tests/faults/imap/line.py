"""A line between the daemon and a mail server that can be cut, reset, held up, stopped up and closed, to the byte."""

from __future__ import annotations

import select
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Literal

CHUNK = 65536
RECEIVED_AHEAD = 32768  # bytes that the system keeps for us: a server cannot have said a large mail before it is passed
RESET = struct.pack("ii", 1, 0)  # SO_LINGER of no seconds: the connection ends with RST
QUEUE = 100  # connections that wait to be accepted

Side = Literal["client", "server"]
Then = Literal["close", "reset", "swallow", "hold"]


@dataclass(kw_only=True, eq=False)
class Fault:
    """What happens when ``after`` bytes have followed a ``pattern`` that this side says; so many ``times``."""

    says: Side
    pattern: bytes
    after: int = 0
    then: Then = "close"
    times: int = 1
    release: threading.Event = field(default_factory=threading.Event)
    """Set it to let what is held pass."""


class Line:
    """Listens on `port` and passes everything to ``target``, unless a fault is asked for."""

    def __init__(self, target: int) -> None:
        self.target = target
        self.fault: Fault | None = None
        self.happened = 0
        self.swallows = False
        self.connections = 0
        self.ends: set[socket.socket] = set()
        self.dead: set[socket.socket] = set()
        self._listener: socket.socket | None = socket.create_server(("127.0.0.1", 0), backlog=QUEUE)
        self.port: int = self._listener.getsockname()[1]
        self._nears: set[socket.socket] = set()
        self._fill: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._begin(self._accept, self._listener)

    def close(self) -> None:
        """End everything."""
        self._stop_listening()
        self.cut()
        for thread in self._threads:
            thread.join(5)

    def strike(self, says: Side, pattern: bytes, *, after: int = 0, then: Then = "close", times: int = 1) -> Fault:
        """Wait for something to be said, and break the line there; `happened` counts from 0."""
        self.happened = 0
        self.fault = Fault(says=says, pattern=pattern, after=after, then=then, times=times)
        return self.fault

    def heal(self) -> None:
        """New connections pass again; those that were swallowed stay dead."""
        if self.fault is not None:
            self.fault.release.set()
        self.fault = None
        self.swallows = False
        self._stop_listening()
        self._listener = socket.create_server(("127.0.0.1", self.port), backlog=QUEUE)
        self._begin(self._accept, self._listener)

    def refuse(self) -> None:
        """Nobody listens any more, and what was connected is cut."""
        self._stop_listening()
        self.cut()

    def drop_greetings(self) -> None:
        """To connect gets no answer at all: the system drops what does not fit into a queue that is full already."""
        self._stop_listening()
        self._listener = socket.create_server(("127.0.0.1", self.port), backlog=0)
        for _ in range(4):
            filler = socket.socket()
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.1", self.port))
            self._fill.append(filler)
        self.cut()

    def swallow(self) -> None:
        """Whatever is said from now on is lost, and nobody hears of it; new connections too are dead."""
        self.swallows = True
        self.forget()

    def forget(self) -> None:
        """The connections of now are dead, as when a router has forgotten them; new ones pass."""
        self.dead |= self.ends

    def say_to_client(self, words: bytes) -> None:
        """Put in words of our own, on the connections that there are."""
        for near in self._nears & self.ends:
            near.sendall(words)

    def cut(self, *, reset: bool = False) -> None:
        """End all connections."""
        for end in list(self.ends):
            _end(end, reset=reset)

    def _begin(self, work: Callable[..., None], *arguments: Any) -> None:
        self._threads = [thread for thread in self._threads if thread.is_alive()]
        self._threads.append(threading.Thread(target=work, args=arguments, daemon=True))
        self._threads[-1].start()

    def _stop_listening(self) -> None:
        for filler in self._fill:
            filler.close()
        self._fill.clear()
        if self._listener is not None:
            with suppress(OSError):
                self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            self._listener = None

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                near, _ = listener.accept()
                self.connections += 1
                self._begin(self._serve, near)

    def _serve(self, near: socket.socket) -> None:
        # An end may be closed by `cut` in another thread at any moment, which is an OSError or ValueError here.
        with near, socket.socket() as far, suppress(OSError, ValueError):
            far.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVED_AHEAD)
            far.connect(("127.0.0.1", self.target))
            self._nears.add(near)
            self.ends |= {near, far}
            if self.swallows:
                self.dead |= {near, far}
            try:
                _Connection(self, near, far).work()
            finally:
                self._nears.discard(near)
                self.ends -= {near, far}
                self.dead -= {near, far}


class _Connection:
    """Passes what is said to the other side, until the fault."""

    def __init__(self, line: Line, near: socket.socket, far: socket.socket) -> None:
        self._line = line
        self._near = near
        self._far = far
        self._fault: Fault | None = None
        self._tail = b""
        self._left: int | None = None  # bytes to pass until the fault

    def work(self) -> None:
        while True:
            for end in select.select([self._near, self._far], [], [])[0]:
                data = end.recv(CHUNK)
                if not data and end not in self._line.dead:
                    return
                if not data and end is self._near:
                    return  # who hangs up on a dead line is not heard, but has gone
                if not data:
                    self._line.dead.add(self._near)
                    _read_to_end(self._near)
                    return
                if end in self._line.dead:
                    continue
                if not self._passed(end, data):
                    return

    def _passed(self, end: socket.socket, data: bytes) -> bool:
        """False when that was the end of the connection."""
        other = self._far if end is self._near else self._near
        fault = self._line.fault
        now = self._until_fault(fault, data) if fault and (fault.says == "client") == (end is self._near) else None
        if fault is None or now is None:
            other.sendall(data)
            return True
        other.sendall(data[:now])
        fault.times -= 1
        if fault.times < 1:
            self._line.fault = None
        self._left, self._tail = None, b""
        self._line.happened += 1
        if fault.then == "hold":
            fault.release.wait()
            other.sendall(data[now:])
            return True
        if fault.then == "swallow":
            self._line.dead |= {self._near, self._far}
            return True
        _end(self._near, reset=fault.then == "reset")
        return False

    def _until_fault(self, fault: Fault, data: bytes) -> int | None:
        """How many of these bytes are before the fault; None: all."""
        if self._fault is not fault:
            self._fault, self._left, self._tail = fault, None, b""
        if self._left is None:
            seen = self._tail + data
            place = seen.find(fault.pattern)
            if place < 0:
                self._tail = seen[-len(fault.pattern) :]
                return None
            self._left = place + len(fault.pattern) - len(self._tail) + fault.after
        if self._left > len(data):
            self._left -= len(data)
            return None
        return max(self._left, 0)


def _read_to_end(end: socket.socket) -> None:
    while end.recv(CHUNK):
        pass


def _end(end: socket.socket, *, reset: bool) -> None:
    with suppress(OSError):
        if reset:
            end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            end.close()
        else:
            end.shutdown(socket.SHUT_RDWR)


@contextmanager
def line_to(target: int) -> Iterator[Line]:
    """A line, closed at the end."""
    line = Line(target)
    try:
        yield line
    finally:
        line.close()

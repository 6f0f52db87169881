"""A process that parses, forked before it is needed: the product's own code, without the start of an interpreter."""

from __future__ import annotations

import os
import select
import signal
import socket
import subprocess

from helpdesk.parse_worker import child, process

ORDER_BYTES = 100  # of the message that names the limits


def warm_up() -> None:
    """Load what parsing loads when it is used."""
    child._answer(child.FIRST_MAIL, with_html=True)


class ForkedParser:
    """Waits for the socket over which it is to serve; ends when whoever might send it has gone."""

    def __init__(self) -> None:
        """Only for a process without threads."""
        self._orders, theirs = socket.socketpair()
        self.pid = os.fork()
        if self.pid == 0:
            self._orders.close()
            _serve(theirs)
        theirs.close()

    def reap(self) -> None:
        """For the process that made it: wait until it has ended, after the daemon has."""
        self._orders.close()
        os.waitpid(self.pid, 0)

    def stand_in(self) -> None:
        """For the daemon: it is the first process that is started to parse; later ones are started as usual."""
        usual = process._started
        unused = [self]

        def started(end: socket.socket, orders: process.Orders) -> subprocess.Popen[bytes] | Sibling:
            if not unused:
                return usual(end, orders)
            unused.clear()
            socket.send_fds(self._orders, [" ".join(orders.arguments()).encode()], [end.fileno()])
            return Sibling(self.pid)

        vars(process)["_started"] = started


class Sibling:
    """Another process's child, with as much of a Popen as the parent of a parser needs."""

    def __init__(self, pid: int) -> None:
        self.returncode = 0
        self._handle = os.pidfd_open(pid)

    def poll(self) -> int | None:
        """None while it lives."""
        return None if not select.select([self._handle], [], [], 0)[0] else self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end. Raises subprocess.TimeoutExpired."""
        if not select.select([self._handle], [], [], timeout)[0]:
            raise subprocess.TimeoutExpired("parser", timeout or 0)
        return self.returncode

    def kill(self) -> None:
        """End it at once."""
        signal.pidfd_send_signal(self._handle, signal.SIGKILL)


def _serve(orders: socket.socket) -> None:
    """In the forked process: what the product's child does, over the socket that comes; never returns."""
    try:
        order, ends, _, _ = socket.recv_fds(orders, ORDER_BYTES, 1)
        if ends:
            os.dup2(ends[0], 0)
            os.close(ends[0])
            seconds, megabytes, *more = order.decode().split()
            child.main(float(seconds), int(megabytes), with_html=more == ["html"])
    finally:
        os._exit(0)

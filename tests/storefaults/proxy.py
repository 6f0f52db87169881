"""A proxy before PostgreSQL that cuts the connection at a COMMIT: before the server gets it, or after it is done."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import Literal

COMMIT = b"COMMIT\0"  # as the driver says it, in a message of its own
When = Literal["before", "after"]


class Proxy:
    """Listens on ``port``; connections pass until the COMMIT that `cut_at` names."""

    def __init__(self, server: int) -> None:
        """``server`` is PostgreSQL's port on this machine."""
        self._server = server
        self._lock = threading.Lock()
        self._left, self._when = 0, "before"
        self.cuts = 0
        """How many connections were cut."""
        self._open: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def cut_at(self, commit: int, when: When) -> None:
        """Cut at the ``commit``-th COMMIT from now on, counted over all connections; 0 for none."""
        with self._lock:
            self._left, self._when, self.cuts = commit, when, 0

    def close(self) -> None:
        """Cut everything."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for each in self._open:
            _end(each)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                try:
                    server = socket.create_connection(("127.0.0.1", self._server))
                except OSError:
                    client.close()  # the server is down, and so is the proxy
                    continue
                self._open += [client, server]
                silent = threading.Event()
                threading.Thread(target=self._ask, args=(client, server, silent), daemon=True).start()
                threading.Thread(target=self._answer, args=(client, server, silent), daemon=True).start()

    def _ask(self, client: socket.socket, server: socket.socket, silent: threading.Event) -> None:
        """From the client to the server."""
        with suppress(OSError):
            while said := client.recv(65536):
                when = self._fault(said)
                if when == "before":
                    break
                if when == "after":
                    silent.set()
                server.sendall(said)
        if not silent.is_set():
            _end(client)
            _end(server)

    def _answer(self, client: socket.socket, server: socket.socket, silent: threading.Event) -> None:
        """From the server to the client; when it is to be silent, its next answer is the end."""
        with suppress(OSError):
            while (said := server.recv(65536)) and not silent.is_set():
                client.sendall(said)
        _end(client)
        _end(server)

    def _fault(self, said: bytes) -> str | None:
        if COMMIT not in said:
            return None
        with self._lock:
            self._left -= 1
            if self._left != 0:
                return None
            self.cuts += 1
            return self._when


def _end(each: socket.socket) -> None:
    with suppress(OSError):
        each.shutdown(socket.SHUT_RDWR)
    each.close()

"""Free ports on the loopback interface."""

from __future__ import annotations

import socket
import time


def free_ports(count: int) -> list[int]:
    """Different ports that nobody listens on; all are held open until all are found."""
    found = [socket.socket() for _ in range(count)]
    for each in found:
        each.bind(("127.0.0.1", 0))
    numbers = [each.getsockname()[1] for each in found]
    for each in found:
        each.close()
    return numbers


def wait_for_port(port: int, seconds: float = 20) -> None:
    """Until something answers on the port. Raises TimeoutError."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(f"port {port} does not answer")

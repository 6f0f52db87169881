"""TRY IT: a mail server in this process and a small company, with the ordinary daemon between them."""

from __future__ import annotations

from importlib.util import find_spec

from helpdesk.errors import UsageError

EMBEDDED = ("pymap", "aiosmtpd")  # what the extra [demo] installs: the IMAP and the SMTP side of the embedded server


def require(packages: tuple[str, ...] = EMBEDDED) -> None:
    """Check that the embedded mail server can start.

    Raises:
        UsageError: the packages of the extra ``[demo]`` are not installed.
    """
    missing = [name for name in packages if find_spec(name) is None]
    if missing:
        names, be = " and ".join(missing), "is" if len(missing) == 1 else "are"
        message = (
            f"The demo brings its own mail server, and {names} {be} not installed. From a checkout type: make run;"
            " or install helpdesk again with [demo] behind its path: pip install '/path/to/the/checkout[demo]'"
        )
        raise UsageError(message)

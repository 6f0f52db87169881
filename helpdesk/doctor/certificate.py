"""Is the certificate of a mail server trusted, and for how long?"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime

from helpdesk.config import Config, Imap, Smtp, tls
from helpdesk.doctor import advice
from helpdesk.doctor.findings import Finding, note, well, wrong
from helpdesk.errors import ConfigError

SECONDS = 20  # some servers let strangers wait before they greet
SOON_DAYS = 14  # those that are renewed by themselves are renewed a month before their end
LINES = 100  # more than any greeting has
LONGEST = 4096  # bytes of one line of it


def look(config: Config, table: str, server: Smtp | Imap, now: datetime) -> Finding:
    """Connect, begin TLS, and go away again; nothing is sent in plain text but the wish for TLS."""
    where = f"{server.host}:{server.port}"
    if server.security == "none":
        return note(f"{where} is used without TLS: mail and passwords travel readable.", _safe(config, table))
    try:
        end, version = _shown(server, tls.context(server, config.site))
    except ConfigError as error:
        return wrong(error.problems[0].message, f"{error.problems[0].mend} {advice.key(config, f'{table}.ca_file')}")
    except ssl.SSLCertVerificationError as error:
        said = f"The certificate of {where} is not trusted: {error.verify_message}."
        return wrong(said, advice.connection(error, config, table, server))
    except OSError as error:
        said = f"{where} cannot be reached with {server.security}: {error.strerror or error}."
        return wrong(said, advice.connection(error, config, table, server))
    said = f"{where}, {version}, certificate valid until {end:%Y-%m-%d}"
    return note(said, "Renew the certificate soon.") if (end - now).days < SOON_DAYS else well(said)


def _safe(config: Config, table: str) -> str:
    return f'Write "tls" or "starttls" in {advice.key(config, f"{table}.security")}.'


def _shown(server: Smtp | Imap, context: ssl.SSLContext) -> tuple[datetime, str]:
    """Until when the certificate is valid, and the version of TLS."""
    with socket.create_connection((server.host, server.port), SECONDS) as plain:
        if server.security == "starttls":
            _ask_for_tls(plain, smtp=isinstance(server, Smtp))
        with context.wrap_socket(plain, server_hostname=server.host) as safe:
            shown = safe.getpeercert() or {}
            end = ssl.cert_time_to_seconds(str(shown["notAfter"]))
            return datetime.fromtimestamp(end, UTC), safe.version() or "TLS"


def _ask_for_tls(plain: socket.socket, *, smtp: bool) -> None:
    """STARTTLS (RFC 3207, RFC 9051 6.2.1). Raises OSError when it is not granted."""
    answers = _lines(plain)
    next(answers, b"")
    dialogue = ((b"EHLO [127.0.0.1]", b"250 "), (b"STARTTLS", b"220 ")) if smtp else ((b"a STARTTLS", b"a OK"),)
    for command, granted in dialogue:
        plain.sendall(command + b"\r\n")
        if not any(line.upper().startswith(granted.upper()) for line in answers):
            message = "it does not offer STARTTLS"
            raise OSError(message)


def _lines(plain: socket.socket) -> Iterator[bytes]:
    """What the server says, line by line and byte by byte: what comes behind the last line belongs to TLS."""
    for _ in range(LINES):
        line = b""
        while not line.endswith(b"\n") and len(line) < LONGEST:
            byte = plain.recv(1)
            if not byte:
                return
            line += byte
        yield line

"""The repair follows from the error that lies at the bottom."""

from __future__ import annotations

import socket
import ssl
from pathlib import Path

import pytest

from helpdesk.config import load
from helpdesk.doctor import advice
from helpdesk.errors import ConnectionLost
from tests.config import sites


def untrusted(code: int) -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError("not trusted")
    error.verify_code = code
    return error


@pytest.mark.parametrize(
    ("cause", "words"),
    [
        (untrusted(10), "Renew the certificate"),
        (untrusted(9), "Set the clock"),
        (untrusted(62), "the name that the certificate bears in smtp.host (helpdesk.toml:11)"),
        (untrusted(18), "smtp.ca_file (not in helpdesk.toml yet)"),
        (ssl.SSLError("wrong version number"), "smtp.security (helpdesk.toml:13)"),
        (socket.gaierror("unknown"), "mend smtp.host (helpdesk.toml:11)"),
        (ConnectionRefusedError(), "mend smtp.port (helpdesk.toml:12)"),
        (TimeoutError(), "A firewall may be in the way"),
        (ConnectionResetError(), "Look whether the mail server runs"),
    ],
)
def test_the_repair_names_the_key(tmp_path: Path, cause: BaseException, words: str) -> None:
    """However deep the error lies."""
    config = load(sites.write(tmp_path), {})
    error = ConnectionLost()
    error.__cause__ = OSError()
    error.__cause__.__cause__ = cause
    assert words in advice.connection(error, config, "smtp", config.smtp)


def test_a_key_set_by_a_variable_is_mended_there(tmp_path: Path) -> None:
    """The file would change nothing."""
    config = load(sites.write(tmp_path), {"HELPDESK_SMTP__HOST": "x"})
    assert advice.key(config, "smtp.host") == "smtp.host (HELPDESK_SMTP__HOST)"

"""The exact repair for a connection that fails: which key, in which file and line."""

from __future__ import annotations

import socket
import ssl

from helpdesk.config import Config, Server
from helpdesk.config.keys import home

# OpenSSL's numbers for what is wrong with a certificate (X509_V_ERR_..., openssl/x509_vfy.h).
NOT_YET_VALID, EXPIRED = 9, 10
OTHER_HOST, OTHER_ADDRESS = 62, 64


def key(config: Config, name: str) -> str:
    """``smtp.host (helpdesk.toml:12)``, or the file in which the key is still to be written."""
    origin = config.origin(name)
    return f"{name} ({origin if origin != 'default' else f'not in {home(name)} yet'})"


def password(config: Config, table: str, server: Server) -> str:
    """Where the password is looked for."""
    if server.password_env is not None:
        return f"the password in the variable {server.password_env}, named by {key(config, f'{table}.password_env')}"
    return f"the password in {server.password_file}, named by {key(config, f'{table}.password_file')}"


def login(config: Config, table: str, server: Server) -> str:
    """For a server that does not let us in."""
    return f"Mend {key(config, f'{table}.user')} or {password(config, table, server)}."


def connection(error: BaseException, config: Config, table: str, server: Server) -> str:
    """For a server that cannot be reached, or is not trusted; by the error that lies at the bottom."""
    host, port = key(config, f"{table}.host"), key(config, f"{table}.port")
    cause = _deepest(error)
    if isinstance(cause, ssl.SSLCertVerificationError):
        return _certificate(cause.verify_code, config, table)
    if isinstance(cause, ssl.SSLError):
        return f"Mend {port} or {key(config, f'{table}.security')}: it is {server.security} now."
    if isinstance(cause, socket.gaierror):
        return f"No such name is known: mend {host}."
    if isinstance(cause, ConnectionRefusedError):
        return f"Nobody listens there: start the mail server, or mend {port}."
    if isinstance(cause, TimeoutError):
        return f"A firewall may be in the way; else mend {host} or {port}."
    return f"Look whether the mail server runs; else mend {host}, {port} or {key(config, f'{table}.security')}."


def _certificate(code: int, config: Config, table: str) -> str:
    if code == EXPIRED:
        return "Renew the certificate on the mail server."
    if code == NOT_YET_VALID:
        return "Set the clock of this machine, or wait until the certificate is valid."
    if code in (OTHER_HOST, OTHER_ADDRESS):
        return f"Write the name that the certificate bears in {key(config, f'{table}.host')}."
    return f"Name the PEM file of the server's own certificate authority in {key(config, f'{table}.ca_file')}."


def _deepest(error: BaseException) -> BaseException:
    """The first cause that is no error of ours and says something, else the last."""
    found: BaseException = error
    while found.__cause__ is not None:
        found = found.__cause__
        if isinstance(found, (ssl.SSLError, socket.gaierror, ConnectionRefusedError)):
            return found
    return found

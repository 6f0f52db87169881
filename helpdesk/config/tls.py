"""How the certificate of a mail server is checked: by the authorities of this machine, or one that the site names."""

from __future__ import annotations

import ssl
from pathlib import Path

from helpdesk.config.servers import Server
from helpdesk.errors import ConfigError, Problem


def context(server: Server, site: Path) -> ssl.SSLContext:
    """Checks name and certificate; ``ca_file`` is relative to the site. Raises ConfigError when it cannot be read."""
    if server.ca_file is None:
        return ssl.create_default_context()
    path = site / server.ca_file
    try:
        return ssl.create_default_context(cafile=str(path))
    except OSError as error:  # SSLError too, for a file without a certificate in it
        message = f"the certificate authority cannot be read ({error.strerror or error})."
        mend = "Name a PEM file, or leave ca_file out."
        raise ConfigError((Problem(file=path, key="ca_file", line=None, message=message, mend=mend),)) from error

"""Can every password be had, and is it safe from other users of this machine?"""

from __future__ import annotations

import stat
from collections.abc import Iterator
from functools import partial

from helpdesk.config import Config, Server
from helpdesk.doctor.findings import Check, Finding, check, note, well, wrong
from helpdesk.errors import ConfigError

OTHERS = stat.S_IRWXG | stat.S_IRWXO


def name(table: str) -> str:
    """How the lines of a server begin: ``smtp``, or the name of the mailbox."""
    return table.removeprefix("mailboxes.").removesuffix(".imap")


def known(config: Config, server: Server) -> bool:
    """Whether the password can be had; what is wrong with it is told by `examine`."""
    try:
        config.secret(server)
    except ConfigError:
        return False
    return True


def examine(config: Config) -> Iterator[Check]:
    """One check a server that wants a login."""
    for table, server in config.servers.items():
        if server.password_env is not None or server.password_file is not None:
            yield check(f"{name(table)}: password", partial(_look, config, server))


def _look(config: Config, server: Server) -> Finding:
    try:
        config.secret(server)
    except ConfigError as error:
        problem = error.problems[0]
        return wrong(f"{problem.key}: {problem.message}", problem.mend)
    if server.password_file is None:
        return well(f"in the variable {server.password_env}")
    path = config.site / server.password_file
    if path.stat().st_mode & OTHERS:
        return note(f"{path} can be read by other users of this machine.", f"Type: chmod 600 {path}")
    return well(f"in {path}")

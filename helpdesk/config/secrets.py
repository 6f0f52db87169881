"""Passwords stand in an environment variable or a file of their own, never in the configuration."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from helpdesk.errors import ConfigError, Problem


class Reference(Protocol):
    """Says where a password is to be found."""

    @property
    def password_env(self) -> str | None: ...
    @property
    def password_file(self) -> str | None: ...


class Site(Protocol):
    """Where files and variables are looked up, and where a key was written."""

    @property
    def site(self) -> Path: ...
    @property
    def environ(self) -> Mapping[str, str]: ...
    def place(self, key: str) -> tuple[Path | None, int | None]: ...


def read(key: str, reference: Reference, site: Site) -> str:
    """The password of the table ``key``, without a trailing line end. Raises ConfigError with what to do."""
    if reference.password_env is not None:
        return _from_variable(f"{key}.password_env", reference.password_env, site)
    if reference.password_file is not None:
        return _from_file(f"{key}.password_file", site.site / reference.password_file, site)
    mend = "Name a variable in password_env or a file in password_file."
    raise _missing(f"{key}.password_env", "there is no password.", mend, site)


def problems(servers: Mapping[str, Reference], site: Site) -> tuple[Problem, ...]:
    """What is wrong with the passwords of these tables; nothing is said of one that names none."""
    found: list[Problem] = []
    for key, reference in servers.items():
        if reference.password_env is None and reference.password_file is None:
            continue
        try:
            read(key, reference, site)
        except ConfigError as error:
            found += error.problems
    return tuple(found)


def _from_variable(key: str, variable: str, site: Site) -> str:
    value = site.environ.get(variable)
    if value:
        return value
    mend = f"Set it before helpdesk starts, as in: export {variable}=..., or use password_file."
    raise _missing(key, f"the environment variable {variable} is not set.", mend, site)


def _from_file(key: str, path: Path, site: Site) -> str:
    try:
        value = path.read_text(encoding="utf-8").rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise _missing(key, f"the file {path} is no text.", "Save the password in it as UTF-8.", site) from error
    except OSError as error:
        mend = f"Write the password into it, as in: (umask 077; cat > {path})"
        raise _missing(key, f"the file {path} cannot be read: {error.strerror}.", mend, site) from error
    if not value:
        raise _missing(key, f"the file {path} is empty.", "Write the password into it.", site)
    return value


def _missing(key: str, message: str, mend: str, site: Site) -> ConfigError:
    file, line = site.place(key)
    return ConfigError((Problem(file=file, key=key, line=line, message=message, mend=mend),))

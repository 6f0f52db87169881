"""Passwords stand in an environment variable or a file of their own, never in the configuration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from helpdesk.errors import ConfigError, Problem


@dataclass(frozen=True, kw_only=True, slots=True)
class Secret:
    """Where a password is to be found."""

    variable: str | None
    file: str | None

    def read(self, site: Path, environ: Mapping[str, str]) -> str:
        """The password, without a trailing line end. Raises ConfigError with what to do."""
        if self.variable is not None:
            return self._from_variable(self.variable, environ)
        if self.file is not None:
            return self._from_file(site / self.file)
        raise _missing(
            "password_env", "There is no password.", "Name a variable in password_env or a file in password_file.", None
        )

    def _from_variable(self, variable: str, environ: Mapping[str, str]) -> str:
        value = environ.get(variable)
        if value:
            return value
        mend = f"Set it for the process, as in {variable}=... helpdesk run, or use password_file."
        raise _missing("password_env", f"The environment variable {variable} is not set.", mend, None)

    def _from_file(self, path: Path) -> str:
        try:
            value = path.read_text(encoding="utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            mend = f"Write the password into it: umask 077; printf %s 'PASSWORD' > {path}"
            raise _missing("password_file", f"The file {path} cannot be read ({error}).", mend, path) from error
        if not value:
            raise _missing("password_file", f"The file {path} is empty.", "Write the password into it.", path)
        return value


def _missing(key: str, message: str, mend: str, file: Path | None) -> ConfigError:
    return ConfigError((Problem(file=file, key=key, line=None, message=message, mend=mend),))

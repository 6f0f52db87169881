"""A private, throw-away PostgreSQL in a temporary folder on a free loopback port."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from itertools import count
from pathlib import Path

from tests.servers.ports import free_ports


def binaries() -> Path | None:
    """The newest installed server, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parent.parent.name))
    return found[-1].parent if found else None


class Postgres:
    """One server for all tests of a process; what tests write need not be safe, so it is not, unless ``durable``."""

    def __init__(self, *, durable: bool = False) -> None:
        bin_folder = binaries()
        assert bin_folder is not None
        self.bin = bin_folder
        self.root = Path(tempfile.mkdtemp(prefix="hd-pg-"))
        (self.port,) = free_ports(1)
        self.user = "postgres" if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name
        self._numbers = count(1)
        safety = "on" if durable else "off"
        self._options = f"-p {self.port} -k {self.root} -c listen_addresses=127.0.0.1"
        self._options += f" -c fsync={safety} -c full_page_writes={safety}"

    def start(self) -> None:
        """Ready when it returns."""
        shutil.chown(self.root, self.user)
        data = str(self.root / "data")
        self._run(
            "initdb", "-A", "trust", "-U", "helpdesk", "--no-sync", "-E", "UTF8", "--locale", "C.UTF-8", "-D", data
        )
        self.up()

    def stop(self) -> None:
        """Stop at once and remove the folder."""
        self._run("pg_ctl", "-m", "immediate", "-D", str(self.root / "data"), "stop")
        shutil.rmtree(self.root, ignore_errors=True)

    def down(self) -> None:
        """Stop at once, but keep everything for `up`."""
        self._run("pg_ctl", "-m", "immediate", "-D", str(self.root / "data"), "stop")

    def up(self) -> None:
        """Start again after `down`, with the same options."""
        self._run(
            "pg_ctl", "-w", "-D", str(self.root / "data"), "-o", self._options, "-l", str(self.root / "log"), "start"
        )

    def restart(self) -> None:
        """As a machine would: connections die."""
        self._run(
            "pg_ctl", "-w", "-m", "immediate", "-D", str(self.root / "data"), "-l", str(self.root / "log"), "restart"
        )

    def fresh_database(self, *, like: str = "template1") -> str:
        """The URL of a database that nobody else uses: empty, or a copy of another one, which nobody must be using."""
        name = f"test{next(self._numbers)}"
        template = like.rpartition("/")[2]
        self._run("createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "helpdesk", "-T", template, name)
        return f"postgresql://helpdesk@127.0.0.1:{self.port}/{name}"

    def _run(self, program: str, *arguments: str) -> None:
        account = pwd.getpwnam(self.user)
        as_user = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if os.getuid() == 0 else {}
        said = self.root / "said"
        with said.open("wb") as output:
            done = subprocess.run(  # type: ignore[call-overload]  # user and group
                [str(self.bin / program), *arguments],
                cwd=self.root,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                timeout=60,
                check=False,
                **as_user,
            )
        assert done.returncode == 0, f"{program}: {said.read_text()}"

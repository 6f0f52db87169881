"""The servers that a measured daemon works with: a private Dovecot, Postfix's smtp-sink, a durable PostgreSQL."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench import processes
from tests.servers.mailstack import PATH, MailStack, missing
from tests.servers.ports import free_ports, wait_for_port
from tests.servers.postgres import Postgres, binaries

USER = "support@helpdesk.test"
BACKLOG = 256  # connections that wait; the daemon opens four


class Sink:
    """Postfix's smtp-sink: takes every letter, throws it away, and counts."""

    def __init__(self) -> None:
        (self.port,) = free_ports(1)
        self._folder = Path(tempfile.mkdtemp(prefix="hd-sink-"))
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Ready when it returns."""
        program = shutil.which("smtp-sink", path=PATH)
        assert program is not None
        # As root it wants to be told whom to be instead.
        unprivileged = ["-u", "nobody"] if os.getuid() == 0 else []
        with self._said.open("wb") as said:
            command = [program, "-c", *unprivileged, f"127.0.0.1:{self.port}", str(BACKLOG)]
            self._process = subprocess.Popen(command, stdout=said, stderr=subprocess.STDOUT)
        wait_for_port(self.port)

    def stop(self) -> None:
        """End it."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        shutil.rmtree(self._folder)

    @property
    def pid(self) -> int:
        """Its process."""
        assert self._process is not None
        return self._process.pid

    @property
    def letters(self) -> int:
        """How many were taken since it started."""
        with self._said.open("rb") as said:
            said.seek(max(0, self._said.stat().st_size - 1_000))
            found = re.findall(rb"mesg=(\d+)[^\d]", said.read())
        return int(found[-1]) if found else 0

    @property
    def _said(self) -> Path:
        return self._folder / "said"


class Inbox:
    """The support mailbox in Dovecot, into which many mails can be put at once."""

    def __init__(self, stack: MailStack) -> None:
        self.stack = stack
        self._staged = stack.root / "mail" / "staged"
        self._number = 0

    def stage(self, raws: Sequence[bytes]) -> None:
        """Make files of mails, in this order, beside the box."""
        owner = pwd.getpwnam("mail") if os.getuid() == 0 else pwd.getpwuid(os.getuid())
        self._staged.mkdir(exist_ok=True)
        for raw in raws:
            self._number += 1
            # Dovecot numbers new mails in the order of their names.
            name = f"{1_000_000_000 + self._number}.M{self._number}P1.bench"
            (self._staged / name).write_bytes(raw)
            os.chown(self._staged / name, owner.pw_uid, owner.pw_gid)

    def deliver(self) -> None:
        """Move what was staged into the box while nobody looks: Dovecot is stopped and started again."""
        self.stack.kick_quietly(USER)  # a session outlives its server for some seconds
        self.stack.stop_dovecot()
        for file in sorted(self._staged.iterdir()):
            os.utime(file)  # the time of arrival
            file.rename(self._new / file.name)
        self.stack.start_dovecot()

    def put(self, raws: Sequence[bytes]) -> None:
        """Stage and deliver."""
        self.stage(raws)
        self.deliver()

    @property
    def _new(self) -> Path:
        return self.stack.root / "mail" / USER / "new"


class Servers:
    """All of them, started once; each run gets an empty mailbox and an empty database."""

    def __init__(self, stack: MailStack, sink: Sink, postgres: Postgres | None) -> None:
        self.stack, self.sink, self.postgres = stack, sink, postgres

    def cpu(self) -> float:
        """Seconds of CPU that all of them have used."""
        roots = [int((self.stack.root / "run/master.pid").read_text()), self.sink.pid]
        if self.postgres is not None:
            roots.append(int((self.postgres.root / "data/postmaster.pid").read_text().split()[0]))
        return sum(processes.cpu(processes.tree(root)) for root in roots)

    def url(self, site: Path) -> str:
        """A fresh database: on the PostgreSQL server if there is one, else a file of the site."""
        return self.postgres.fresh_database() if self.postgres else f"sqlite:///{site}/helpdesk.db"


def lacking(store: str) -> str | None:
    """What is not installed here that a run needs; None when all is well."""
    if store == "postgresql" and binaries() is None:
        return "postgresql is not installed"
    return missing("dovecot", "openssl", "smtp-sink")


@contextmanager
def running(store: str, *, postfix: bool = False) -> Iterator[Servers]:
    """Private servers on free ports of the loopback interface; ``postfix`` beside the sink, to bring letters home."""
    with ExitStack() as ends:
        stack, sink = MailStack(postfix=postfix), Sink()
        ends.callback(stack.stop)
        stack.start()
        ends.callback(sink.stop)
        sink.start()
        postgres = None
        if store == "postgresql":
            postgres = Postgres(durable=True)
            ends.callback(postgres.stop)
            postgres.start()
        yield Servers(stack, sink, postgres)

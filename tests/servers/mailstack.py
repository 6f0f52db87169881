"""A private, throw-away mail server: Dovecot, and as root Postfix, in a temporary folder on free loopback ports."""

from __future__ import annotations

import contextlib
import grp
import imaplib
import os
import pwd
import shutil
import signal
import smtplib
import ssl
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from tests.servers.dovecot import DOVECOT
from tests.servers.ports import free_ports, wait_for_port
from tests.servers.postfix import MAIN, MASTER

PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
PASSWORD = "secret"
STARTED_SECONDS = 20
DOMAINS = ("helpdesk.test", "customer.test", "other.test")
USERS = (
    "support@helpdesk.test", "billing@helpdesk.test", "anna@helpdesk.test", "bela@helpdesk.test", "csaba@helpdesk.test",
    "eva@customer.test", "janos@customer.test", "maria@customer.test", "support@other.test", "kata@other.test",
)  # fmt: skip


def missing(*programs: str) -> str | None:
    """The first of the programs that is not installed, or what else is in the way; None when all is well."""
    for program in programs:
        if shutil.which(program, path=PATH) is None:
            return f"{program} is not installed"
    return "Postfix needs root" if "postfix" in programs and os.getuid() != 0 else None


class MailStack:
    """One server for all tests of a process; users are ``USERS``, everybody's password is ``PASSWORD``."""

    def __init__(self, *, postfix: bool = True, extra: str = "", ignored_headers: Sequence[str] = ()) -> None:
        """``extra`` goes into Dovecot's configuration; Postfix takes ``ignored_headers`` out of every mail."""
        self.root = Path(tempfile.mkdtemp(prefix="hd-"))  # short: a socket's path ends at 107 bytes
        self.root.chmod(0o755)
        self.imap, self.imaps, self.lmtp, self.smtp, self.submission, self.smtps = free_ports(6)
        self.postfix = postfix and missing("postfix") is None
        self.extra = extra
        self.ignored_headers = ignored_headers

    @property
    def ca(self) -> Path:
        """The certificate authority to be trusted."""
        return self.root / "certs" / "ca.pem"

    @property
    def tls(self) -> ssl.SSLContext:
        """A client's context that trusts this server."""
        return ssl.create_default_context(cafile=str(self.ca))

    def start(self) -> None:
        """Ready when it returns, after about two seconds."""
        self._certificates()
        self._configure_dovecot()
        self.start_dovecot()
        if self.postfix:
            self._configure_postfix()
            self._run("postfix", "-c", str(self.root / "postfix/etc"), "start")
            wait_for_port(self.smtp)

    def stop(self) -> None:
        """Stop both, and remove the folder."""
        if self.postfix:
            subprocess.run(
                [self._program("postfix"), "-c", str(self.root / "postfix/etc"), "stop"],
                capture_output=True,
                check=False,
            )
        self.stop_dovecot()
        shutil.rmtree(self.root, ignore_errors=True)

    def start_dovecot(self) -> None:
        """Start Dovecot (again)."""
        self._run("dovecot", "-c", str(self.root / "dovecot.conf"))
        for port in (self.imap, self.imaps, self.lmtp):
            wait_for_port(port)
        # Its ports answer before it has written this file, without which nobody could stop it.
        end = time.monotonic() + STARTED_SECONDS
        while not (self.root / "run" / "master.pid").exists():
            assert time.monotonic() < end, "Dovecot did not write its number"
            time.sleep(0.02)

    def stop_dovecot(self, number: int = signal.SIGTERM) -> None:
        """End Dovecot; with SIGKILL its connections die without a word."""
        file = self.root / "run" / "master.pid"
        if not file.exists():
            return
        pid = int(file.read_text())
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
            for _ in range(200):
                os.kill(pid, 0)
                time.sleep(0.05)

    def kill_dovecot(self) -> None:
        """End Dovecot and all its sessions at once (SIGKILL); nobody gets to say a word."""
        pid = int((self.root / "run" / "master.pid").read_text())
        os.killpg(pid, signal.SIGKILL)
        self.stop_dovecot(signal.SIGKILL)

    @contextlib.contextmanager
    def other_password(self, user: str) -> Iterator[None]:
        """The user's password is another one meanwhile; who is logged in stays so."""
        file = self.root / "users"
        before = file.read_text()
        line = f"{user}:{{PLAIN}}"
        self._write_users(before.replace(f"{line}{PASSWORD}:", f"{line}another:"))
        try:
            yield
        finally:
            self._write_users(before)

    def _write_users(self, text: str) -> None:
        """In one step, so that Dovecot never reads half of it."""
        new = self.root / "users.new"
        new.write_text(text)
        new.replace(self.root / "users")

    def set_uidvalidity(self, user: str, number: int, folder: str = "INBOX") -> None:
        """Let the UIDVALIDITY of a user's folder be this."""
        self._run(
            *("doveadm", "-c", str(self.root / "dovecot.conf"), "mailbox", "update"),
            *("-u", user, "--uid-validity", str(number), folder),
        )

    def kick(self, user: str) -> None:
        """Cut all sessions of a user."""
        self._run("doveadm", "-c", str(self.root / "dovecot.conf"), "kick", user)

    def deliver(self, to: str, raw: bytes, *, sender: str = "") -> None:
        """Put a mail into a user's INBOX by LMTP."""
        with smtplib.LMTP("127.0.0.1", self.lmtp) as lmtp:
            lmtp.sendmail(sender, [to], raw)

    def send(self, sender: str, to: Sequence[str], raw: bytes) -> None:
        """Hand a mail to Postfix, as another company's server would."""
        with smtplib.SMTP("127.0.0.1", self.smtp) as smtp:
            smtp.sendmail(sender, list(to), raw)

    @contextlib.contextmanager
    def session(self, user: str, folder: str = "INBOX") -> Iterator[imaplib.IMAP4_SSL]:
        """A mail program of the user, with the folder open."""
        with imaplib.IMAP4_SSL("localhost", self.imaps, ssl_context=self.tls) as client:
            client.login(user, PASSWORD)
            client.select(folder)
            yield client

    def inbox(self, user: str, folder: str = "INBOX") -> list[bytes]:
        """All mails of a folder, as they are."""
        with self.session(user, folder) as client:
            if client.state != "SELECTED":
                return []
            uids = client.uid("SEARCH", "ALL")[1][0].split()
            return [client.uid("FETCH", uid.decode(), "(BODY.PEEK[])")[1][0][1] for uid in uids]

    def empty(self, *users: str) -> None:
        """Throw away every mail and folder of the users."""
        for user in users:
            folder = self.root / "mail" / user
            self.kick_quietly(user)
            shutil.rmtree(folder, ignore_errors=True)

    def kick_quietly(self, user: str) -> None:
        """Cut a user's sessions if there are any."""
        subprocess.run(
            [self._program("doveadm"), "-c", str(self.root / "dovecot.conf"), "kick", user],
            capture_output=True,
            check=False,
        )

    def wait_for(
        self, user: str, fits: Callable[[bytes], bool], *, seconds: float = 20, folder: str = "INBOX"
    ) -> bytes:
        """The first mail that fits, as soon as it is there. Raises TimeoutError."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for raw in self.inbox(user, folder):
                if fits(raw):
                    return raw
            time.sleep(0.1)
        raise TimeoutError(f"no such mail for {user} within {seconds} s")

    def _program(self, name: str) -> str:
        found = shutil.which(name, path=PATH)
        assert found is not None, name
        return found

    def _run(self, name: str, *arguments: str) -> None:
        # Into a file: a pipe would stay open as long as the daemon that inherits it lives.
        said = self.root / "said"
        with said.open("wb") as output:
            command = [self._program(name), *arguments]
            done = subprocess.run(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, timeout=60, check=False
            )
        assert done.returncode == 0, f"{name}: {said.read_text()}"

    def _certificates(self) -> None:
        certs = self.root / "certs"
        certs.mkdir()
        extensions = (
            "subjectAltName=DNS:localhost,IP:127.0.0.1\nbasicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\n"
        )
        (certs / "ext").write_text(extensions)
        authority = ["-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign,cRLSign"]
        new = ["-newkey", "rsa:2048", "-nodes"]
        self._openssl(
            "req",
            "-x509",
            *new,
            "-days",
            "30",
            "-subj",
            "/CN=test CA",
            "-keyout",
            "ca.key",
            "-out",
            "ca.pem",
            *authority,
        )
        self._openssl("req", *new, "-subj", "/CN=localhost", "-keyout", "key.pem", "-out", "csr")
        signed = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "30", "-extfile", "ext"]
        self._openssl("x509", "-req", "-in", "csr", *signed, "-out", "cert.pem")

    def _openssl(self, *arguments: str) -> None:
        command = [self._program("openssl"), *arguments]
        subprocess.run(command, cwd=self.root / "certs", capture_output=True, check=True)

    def _configure_dovecot(self) -> None:
        as_root = os.getuid() == 0
        me = pwd.getpwuid(os.getuid()).pw_name
        my_group = grp.getgrgid(os.getgid()).gr_name
        mail_user, mail_group = ("mail", "mail") if as_root else (me, my_group)
        for name in ("run", "state", "mail"):
            (self.root / name).mkdir()
            (self.root / name).chmod(0o755)
        uid, gid = pwd.getpwnam(mail_user).pw_uid, grp.getgrnam(mail_group).gr_gid
        os.chown(self.root / "mail", uid, gid)
        users = [f"{user}:{{PLAIN}}{PASSWORD}:{uid}:{gid}::{self.root}/mail/{user}::\n" for user in USERS]
        (self.root / "users").write_text("".join(users))
        configuration = DOVECOT.format(
            root=self.root, imap=self.imap, imaps=self.imaps, lmtp=self.lmtp, extra=self.extra,
            internal="dovecot" if as_root else me, internal_group="dovecot" if as_root else my_group,
            login="dovenull" if as_root else me, mail_user=mail_user, mail_group=mail_group,
        )  # fmt: skip
        (self.root / "dovecot.conf").write_text(configuration)

    def _configure_postfix(self) -> None:
        for name in ("etc", "spool", "data"):
            (self.root / "postfix" / name).mkdir(parents=True)
        shutil.chown(self.root / "postfix/data", "postfix")
        shown = subprocess.run(
            [self._program("postconf"), "-dh", "command_directory", "daemon_directory"],
            capture_output=True,
            text=True,
            check=True,
        )
        commands, daemons = shown.stdout.split()
        main = MAIN.format(
            root=self.root,
            lmtp=self.lmtp,
            domains=", ".join(DOMAINS),
            command_directory=commands,
            daemon_directory=daemons,
        )
        (self.root / "postfix/etc/main.cf").write_text(main)
        ignored = "".join(f"/^{name}:/ IGNORE\n" for name in self.ignored_headers)
        (self.root / "postfix/etc/header_checks").write_text(ignored)
        ports = {"smtp": self.smtp, "submission": self.submission, "smtps": self.smtps}
        (self.root / "postfix/etc/master.cf").write_text(MASTER.format(**ports))

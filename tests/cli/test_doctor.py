"""`helpdesk doctor` at the shell: a line for each check, JSON, exit codes; its findings have tests of their own."""

from __future__ import annotations

from tests.cli.shell import Shell
from tests.config import sites
from tests.servers.ports import free_ports


def deaf(shell: Shell) -> Shell:
    """The site looks for its mail server where nobody listens."""
    port = free_ports(1)[0]
    main = sites.MAIN.replace('"mail.minta.example"', '"127.0.0.1"')
    sites.write(shell.site, main=main.replace("port = 465", f"port = {port}").replace("993", str(port)))
    return shell


def test_what_is_wrong_is_told_with_its_repair(shell: Shell) -> None:
    """A line for each check with what it took, the repair below, and exit 1."""
    answer = deaf(shell)("doctor")
    assert answer.code == 1
    lines = answer.out.splitlines()
    wrong = next(number for number, line in enumerate(lines) if line.startswith("wrong") and "smtp: connection" in line)
    assert lines[wrong].split()[2] == "s"
    assert "mend smtp.port (helpdesk.toml:12)" in lines[wrong + 1]
    assert any(line.startswith("skipped") and "support: probe" in line for line in lines)
    assert lines[-1].endswith("checks found something wrong.")


def test_json_has_the_same_checks(shell: Shell) -> None:
    """Each with its state, and a repair where there is one."""
    found = deaf(shell)("doctor", "--no-probe", "--json").json
    assert found["ok"] is False
    assert set(found["checks"][0]) == {"check", "state", "said", "mend", "seconds"}
    assert not any("probe" in check["check"] for check in found["checks"])


def test_a_configuration_with_mistakes_is_told_as_a_check(shell: Shell) -> None:
    """In the same form, so that a program needs to read one only."""
    sites.write(shell.site, main=sites.changed(sites.MAIN, "port = 465", "port = 0"))
    answer = shell("doctor", "--json")
    assert answer.code == 1
    (check,) = answer.json["checks"]
    assert (check["check"], check["state"]) == ("configuration", "wrong")
    assert "helpdesk.toml:12: smtp.port" in check["said"]


def test_a_senseless_patience_is_refused(shell: Shell) -> None:
    """Exit 2, as for every mistyped option."""
    assert shell("doctor", "--wait", "0").code == 2

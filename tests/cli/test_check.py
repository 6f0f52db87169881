"""`helpdesk check` finds every mistake without the network."""

from __future__ import annotations

import pytest

from tests.cli.shell import Shell, fits
from tests.config import sites


def test_a_site_in_order_is_told_so(shell: Shell) -> None:
    """With what it consists of."""
    answer = shell("check")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.startswith("In order: 1 mailbox, 1 department, 2 staff members")
    assert fits(answer.out)


def test_each_mistake_is_one_line(shell: Shell) -> None:
    """All at once, and their number at the end."""
    sites.write(shell.site, main=sites.MAIN.replace("port = 465", "prot = 465\nport = 0"))
    answer = shell("check")
    assert answer.code == 1
    assert [line.partition(": ")[2].partition(":")[0] for line in answer.out.splitlines()] == ["smtp.prot", "smtp.port"]
    assert answer.err == "helpdesk: 2 mistakes to mend.\n"


def test_passwords_that_are_not_set_are_mistakes(shell: Shell) -> None:
    """One for the way in, one for the way out."""
    answer = shell("check", "--json", environ={})
    keys = [problem["key"] for problem in answer.json["problems"]]
    assert (answer.code, answer.json["ok"]) == (1, False)
    assert sorted(keys) == ["mailboxes.support.imap.password_env", "smtp.password_env"]
    assert all(problem["file"] and problem["line"] and problem["mend"] for problem in answer.json["problems"])


@pytest.mark.parametrize("text", ["{% if %}", "Subject: {{ nobody.knows }}\n\nx", "{{ company"])
def test_a_template_that_cannot_be_rendered_is_a_mistake(shell: Shell, text: str) -> None:
    """Every template is rendered once, the site's own included."""
    own = shell.site / "templates/en"
    own.mkdir(parents=True)
    (own / "acknowledgement.j2").write_text(text)
    answer = shell("check")
    assert answer.code == 1
    assert "acknowledgement" in answer.out


def test_a_certificate_file_that_is_not_there_is_a_mistake(shell: Shell) -> None:
    """It would stop every connection."""
    sites.write(shell.site, main=sites.changed(sites.MAIN, "port = 465", 'port = 465\nca_file = "no.pem"'))
    assert "smtp.ca_file: there is no file" in shell("check").out


def test_nothing_is_written(shell: Shell) -> None:
    """Not even a database."""
    before = sorted(shell.site.rglob("*"))
    shell("check")
    assert sorted(shell.site.rglob("*")) == before

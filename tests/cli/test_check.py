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


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('name = "Minta Kft."\nlanguage = "hu"', 'name = "Minta Kft."\nlanguage = "xx"', "company.language"),
        ('department = "support"\nlanguage = "hu"', 'department = "support"\nlanguage = "de"', "mailboxes.support"),
    ],
)
def test_a_language_without_letters_is_a_mistake(shell: Shell, old: str, new: str, key: str) -> None:
    """Those that there are are told."""
    sites.write(shell.site, main=sites.changed(sites.MAIN, old, new))
    answer = shell("check")
    assert (answer.code, len(answer.out.splitlines())) == (1, 1), answer.out
    assert f"{key}" in answer.out
    assert "There are: bs, en, hu, pl, ru;" in answer.out


def test_a_language_that_is_read_without_effort_is_none(shell: Shell) -> None:
    """Croatian staff get Bosnian letters."""
    staff = sites.changed(sites.STAFF, 'role = "lead"', 'role = "lead"\nlanguage = "hr"')
    sites.write(shell.site, staff=staff)
    assert shell("check").code == 0


def test_one_letter_in_a_new_language_is_no_mistake(shell: Shell) -> None:
    """What is missing is sent in another language: notes, and exit 0."""
    own(shell, "de/acknowledgement.j2", "Subject: Ihre Nachricht [{{ ref }}]\n\nDanke.\n")
    answer = shell("check", "--json")
    assert (answer.code, answer.json["ok"]) == (0, True)
    (note,) = answer.json["problems"]
    assert (note["key"], note["note"], "closing.j2" in note["message"]) == ("de", True, True)
    assert shell("check").out.splitlines()[-1].startswith("In order:")


def test_a_subject_without_the_number_is_noted(shell: Shell) -> None:
    """Mail programs that lose everything else keep the subject; it works without it, though."""
    own(shell, "hu/acknowledgement.j2", "Subject: Megkaptuk\n\nx\n")
    answer = shell("check")
    assert answer.code == 0
    assert "Note: " in answer.out and "the subject has no [{{ ref }}]" in answer.out


def own(shell: Shell, name: str, text: str) -> None:
    """A letter of the site's own."""
    path = shell.site / "templates" / name
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")

"""Each mistake is told with file, key, line and how to mend it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.config import sites

HOST = 'host = "mail.minta.example"\nport = 465'
SECRET = "tops3cret"
BOX = "mailboxes.support"


@pytest.mark.parametrize(
    ("old", "new", "key", "message", "mend"),
    [
        ("reopen_days = 30", "reopen_dais = 30", "tickets.reopen_dais", "is not a key", "Did you mean reopen_days?"),
        ("[tickets]", "[ticket]", "ticket", "is not a key", "Did you mean tickets?"),
        ("reopen_days = 30", "colour = 3", "tickets.colour", "is not a key", "Known are: closing_note, prefix"),
        ("port = 465", 'port = "465"', "smtp.port", "must be a whole number", "digits without quotes"),
        ("port = 465", "port = 70000", "smtp.port", "must be at most 65535", "It is 70000 now."),
        ("port = 465", "port = true", "smtp.port", "must be a whole number", "It is true now."),
        ("reopen_days = 30", "reopen_days = -1", "tickets.reopen_days", "must be at least 0", "It is -1 now."),
        ('name = "Minta Kft."', "name = 3", "company.name", "must be text", 'Write it in "quotes".'),
        ('name = "Minta Kft."\n', "", "company.name", "is missing", 'Add the line "name = ..." to [company].'),
        ('language = "hu"\ntime', 'language = "Hu"\ntime', "company.language", "no language code", "ISO 639-1"),
        ('["info@minta.example"]', '"info@x.example"', f"{BOX}.aliases", "must be a list", "brackets"),
        ('["info@minta.example"]', '["x"]', f"{BOX}.aliases", '"x" is no e-mail address', "without a name"),
        ('["info@minta.example"]', "[7]", f"{BOX}.aliases", "7 is none", '["one", "two"]'),
        ('"tls"\nuser', '"ssl"\nuser', "smtp.security", 'must be "tls", "starttls" or "none"', '"ssl" now'),
        ('prefix = "HD"', 'prefix = "H-1"', "tickets.prefix", "one to eight letters", '"HD"'),
        ('since = "now"', 'since = "soon"', f"{BOX}.since", 'must be "now" or a date', "without quotes"),
        ("Europe/Budapest", "Mars/Base", "company.timezone", '"Mars/Base" is no time zone', "IANA"),
        ("sqlite:///helpdesk.db", "mysql://x", "store.url", '"mysql" is no database', "postgresql://"),
        ('"{local}+{token}@{domain}"', '"x@y.example"', f"{BOX}.reply_address", "{token} once", '"none"'),
        ('"{local}+{token}@{domain}"', '"{me}{token}@y"', f"{BOX}.reply_address", "makes no address", "{local}"),
        ('department = "support"', 'department = "sup"', f"{BOX}.department", "no department", "mean support?"),
        ('"tls"\nuser', '"none"\nuser', "smtp.security", "readable for everybody", "insecure = true"),
        ("port = 465", "port = 587", "smtp.security", "speaks starttls", 'security = "starttls"'),
        ('"HELPDESK_SMTP_PASSWORD"', '"not a name"', "smtp.password_env", "name of an environment variable", "never"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_at_its_key(tmp_path: Path, old: str, new: str, key: str, message: str, mend: str) -> None:
    """What is wrong, and what to write instead."""
    problem = sites.only(sites.write(tmp_path, main=sites.changed(sites.MAIN, old, new)))
    assert (problem.file, problem.key) == (tmp_path / "helpdesk.toml", key)
    assert message in problem.message
    assert mend in problem.mend


def test_two_mailboxes_of_one_account_file_into_two_folders(tmp_path: Path) -> None:
    """After a restore nobody could tell whose mail lies there."""
    main, box = sites.MAIN, sites.MAIN[sites.MAIN.index("[mailboxes.support]") : sites.MAIN.index("[tickets]")]
    second = box.replace("[mailboxes.support]", "[mailboxes.sales]").replace(
        'support@minta.example"\nal', 's@x.example"\nal'
    )
    second = second.replace("info@minta.example", "i@x.example").replace('folder = "INBOX"', 'folder = "Sales"')
    problem = sites.only(sites.write(tmp_path, main=main.replace("[tickets]", f"{second}[tickets]")))
    assert (problem.key, problem.message) == (
        "mailboxes.sales.imap.done",
        "is where the mailbox support of the same account has its mail moved, too.",
    )


def test_the_line_is_told(tmp_path: Path) -> None:
    """The one in the file on which the key stands, in the form that editors open."""
    problem = sites.only(sites.write(tmp_path, main=sites.changed(sites.MAIN, "port = 465", "port = 0")))
    assert problem.line == 12
    assert str(problem).startswith(f"{tmp_path}/helpdesk.toml:12: smtp.port: must be at least 1.")


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    """In three files, single values and contradictions together, in the order of files and lines."""
    main = sites.changed(sites.MAIN, HOST, "prot = 465")
    staff = sites.changed(sites.STAFF, "id = 2", "id = 1")
    departments = sites.changed(sites.DEPARTMENTS, '"bela"', '"cili"')
    found = sites.mistakes(sites.write(tmp_path, main=main, staff=staff, departments=departments))
    assert [problem.key for problem in found] == [
        "departments.support.members",
        "staff.bela.id",
        "smtp.host",
        "smtp.prot",
    ]


@pytest.mark.parametrize("key", ["password", "passwd", "imap_password", "secret", "Password"])
def test_a_password_in_the_file_is_refused_and_not_repeated(tmp_path: Path, key: str) -> None:
    """Whoever reads the error over a shoulder or in a log learns nothing."""
    problem = sites.only(sites.write(tmp_path, main=sites.changed(sites.MAIN, HOST, f'{HOST}\n{key} = "{SECRET}"')))
    assert (problem.key, problem.line) == (f"smtp.{key}", 13)
    assert "password_env" in problem.mend
    assert SECRET not in str(problem)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('password_env = "HELPDESK_SMTP_PASSWORD"', f'password_env = "{SECRET}!"'),
        ("sqlite:///helpdesk.db", f"postgresql://helpdesk:{SECRET}@localhost/helpdesk"),
        ("[smtp]\n", f'[smtp]\npassword = ["{SECRET}"]\n'),
    ],
)
def test_a_password_at_a_wrong_place_is_not_repeated(tmp_path: Path, old: str, new: str) -> None:
    """In the key of the variable's name, in a URL, in a list."""
    assert SECRET not in str(sites.only(sites.write(tmp_path, main=sites.changed(sites.MAIN, old, new))))


@pytest.mark.parametrize(
    ("old", "new", "key", "message"),
    [
        ("id = 2", "id = 1", "staff.bela.id", "1 is the id of anna already"),
        ("id = 1\n", "", "staff.anna.id", "is missing"),
        ("bela@", "anna@", "staff.bela.addresses", "belongs to anna already"),
        ("bela@", "support@", "staff.bela.addresses", "is the address of a mailbox"),
        ('["bela@minta.example"]', "[]", "staff.bela.addresses", "must not be empty"),
        ("[staff.bela]", "[staff.Bela]", "staff.Bela", "is no key"),
        ('role = "lead"', 'role = "boss"', "staff.anna.role", 'must be "agent", "lead" or "manager"'),
        ('role = "lead"', 'key = "anna"', "staff.anna.key", "is not a key"),
    ],
)
def test_mistakes_among_staff_are_told(tmp_path: Path, old: str, new: str, key: str, message: str) -> None:
    """Ids and addresses belong to one person each."""
    found = sites.mistakes(sites.write(tmp_path, staff=sites.changed(sites.STAFF, old, new)))
    assert any(each.key == key and message in each.message for each in found), found
    assert all(each.file in (tmp_path / "config/staff.toml", tmp_path / "config/departments.toml") for each in found)


@pytest.mark.parametrize(("main", "key"), [("", "company"), ("[company]\nname='x'\n", "smtp")])
def test_a_missing_section_is_told(tmp_path: Path, main: str, key: str) -> None:
    """An empty file misses all that must be there, and is told how to begin."""
    found = sites.mistakes(sites.write(tmp_path, main=main))
    assert any(problem.key == key and problem.message == "is missing." for problem in found)


def test_an_address_belongs_to_one_mailbox(tmp_path: Path) -> None:
    """A mail to it would have two homes."""
    problem = sites.only(sites.write(tmp_path, main=sites.changed(sites.MAIN, "info@minta", "support@minta")))
    assert "belongs to the mailbox support already" in problem.message


def test_the_folder_for_what_is_done_is_another_one(tmp_path: Path) -> None:
    """Else every mail would be moved to where it is, for ever."""
    problem = sites.only(sites.write(tmp_path, main=sites.changed(sites.MAIN, "Helpdesk/Done", "INBOX")))
    assert problem.key == "mailboxes.support.imap.done"


@pytest.mark.parametrize("host", ["mail minta.example", "mail.minta.example:9", "mail/", "a..b", "-a.example", "1.2.3"])
def test_a_host_that_no_server_can_have_is_told(tmp_path: Path, host: str) -> None:
    """Blanks, a port, slashes, empty labels."""
    problem = sites.only(sites.write(tmp_path, main=sites.changed(sites.MAIN, HOST, f'host = "{host}"\nport = 465')))
    assert (problem.key, "is no name or address of a mail server" in problem.message) == ("smtp.host", True)


@pytest.mark.parametrize(
    "host", ["localhost", "mail_1", "mail.minta.example.", "127.0.0.1", "::1", "posta.bücher.example"]
)
def test_names_and_addresses_are_hosts(tmp_path: Path, host: str) -> None:
    """Those of the network at home, and letters beyond ASCII."""
    assert (
        sites.mistakes(sites.write(tmp_path, main=sites.changed(sites.MAIN, HOST, f'host = "{host}"\nport = 465')))
        == ()
    )

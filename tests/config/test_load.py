"""A site that is in order becomes one frozen configuration."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from helpdesk.config import load
from tests.config import sites


def test_the_documented_shape_loads(tmp_path: Path) -> None:
    """Every value arrives at its key, in its type."""
    config = load(sites.write(tmp_path), {})
    box = config.mailboxes["support"]
    assert (config.company.name, config.company.timezone) == ("Minta Kft.", "Europe/Budapest")
    assert (box.name, box.aliases, box.since) == ("support", ("info@minta.example",), "now")
    assert (box.imap.host, box.imap.port, box.imap.done) == ("mail.minta.example", 993, "Helpdesk/Done")
    assert config.departments["support"].members == ("anna", "bela")
    assert (config.staff["anna"].key, config.staff["anna"].id, config.staff["anna"].role) == ("anna", 1, "lead")


def test_a_mailbox_may_be_written_as_tables(tmp_path: Path) -> None:
    """[mailboxes.support.imap] and imap = {...} mean the same."""
    inline = load(sites.write(tmp_path), {})
    start = sites.MAIN.index("imap = {")
    end = sites.MAIN.index("\n", start)
    keys = sites.MAIN[start:end].removeprefix("imap = { ").removesuffix(" }").replace(", ", "\n")
    tables = f"{sites.MAIN[:start]}{sites.MAIN[end:]}\n[mailboxes.support.imap]\n{keys}\n"
    assert load(sites.write(tmp_path, main=tables), {}).mailboxes == inline.mailboxes


def test_addresses_are_kept_in_small_letters(tmp_path: Path) -> None:
    """Mail servers do not tell SUPPORT from support, so neither do we."""
    main = sites.changed(sites.MAIN, 'address = "support@', 'address = "Support@')
    assert load(sites.write(tmp_path, main=main), {}).mailboxes["support"].address == "support@minta.example"


def test_nothing_can_be_changed_later(tmp_path: Path) -> None:
    """One configuration for all parts; none of them can bend it."""
    config = load(sites.write(tmp_path), {})
    with pytest.raises(ValidationError, match="frozen"):
        config.smtp.port = 25


def test_departments_and_staff_may_be_left_out_of_a_broken_main_file(tmp_path: Path) -> None:
    """Without a main file there is nothing to say about the others, but where to begin."""
    problem = sites.only(tmp_path)
    assert "there is no helpdesk.toml" in problem.message
    assert "helpdesk init" in problem.mend

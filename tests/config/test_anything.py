"""Whatever stands in the files and the environment: a configuration or a list of mistakes, nothing else."""

from __future__ import annotations

import datetime as dt
import json
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk.config import Config, keys, load
from helpdesk.config.listing import settings as listed
from helpdesk.errors import ConfigError
from tests.config import sites

EXAMPLES = 300  # each writes three files and reads them, some milliseconds
WORDS = sorted({word for each in keys.known() for word in each.key.split(".")} - {keys.NAME})
names = st.sampled_from([*WORDS, "support", "anna", "bela", "sales", "x", "", "a b", "é", "0", "site", "environ"])
scalars = st.one_of(
    st.booleans(),
    st.integers(-(2**63), 2**63),
    st.floats(),
    st.text(max_size=20),
    st.sampled_from(["support", "anna", "none", "a@b.example", "{token}@x", "now", "tls", "sqlite:///a", "hu"]),
    st.dates(dt.date(1, 1, 1), dt.date(9999, 12, 31)),
)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3), max_leaves=6
)
variables = st.lists(names, min_size=1, max_size=4).map(lambda words: f"HELPDESK_{'__'.join(words).upper()}")
texts = st.text(st.characters(exclude_characters="\0"), max_size=12)


def toml(value: Any) -> str:
    """A value as TOML writes it."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {toml(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    # JSON leaves this one character as it is, TOML does not.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def outcome(main: str, departments: str, staff: str, environ: dict[str, str]) -> Config | ConfigError:
    with tempfile.TemporaryDirectory() as folder:
        sites.write(Path(folder), main=main, departments=departments, staff=staff)
        try:
            config = load(Path(folder), environ)
        except ConfigError as error:
            return error
        assert [setting.text for setting in listed(config)]
        return config


def told(main: str, departments: str = sites.DEPARTMENTS, staff: str = sites.STAFF, **environ: str) -> bool:
    """Whether it is a configuration, or every mistake is a sentence at a place."""
    found = outcome(main, departments, staff, environ)
    if isinstance(found, Config):
        return True
    return bool(found.problems) and all(each.key and each.message for each in found.problems)


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.dictionaries(names, values, max_size=4))
def test_any_tables_are_a_configuration_or_mistakes(tables: dict[str, Any]) -> None:
    """Values of any kind at the top of the main file."""
    assert told("\n".join(f"{json.dumps(name)} = {toml(value)}" for name, value in tables.items()))


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.lists(names, min_size=2, max_size=4), values)
def test_any_value_at_any_key_is_a_configuration_or_a_mistake(path: list[str], value: Any) -> None:
    """One strange value below a section, in a site with nothing else."""
    assert told(f"{'.'.join(map(json.dumps, path))} = {toml(value)}")


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.sampled_from(range(sites.MAIN.count("\n"))), values)
def test_a_strange_value_in_a_good_site_is_told(number: int, value: Any) -> None:
    """Each line of a site that is in order takes any value."""
    rows = sites.MAIN.split("\n")
    name, equals, _ = rows[number].partition(" =")
    rows[number] = f"{name} = {toml(value)}" if equals else rows[number]
    assert told("\n".join(rows))


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.dictionaries(names, values, max_size=3), st.dictionaries(names, values, max_size=3))
def test_any_departments_and_staff_are_a_configuration_or_mistakes(teams: Any, people: Any) -> None:
    """Tables of people and teams of any shape."""
    assert told(sites.MAIN, f"departments = {toml(teams)}", f"staff = {toml(people)}")


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_a_configuration_or_mistakes(text: str) -> None:
    """Files that are no TOML."""
    assert told(text, text, text)


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.dictionaries(variables, texts, max_size=4))
def test_any_environment_is_a_configuration_or_mistakes(environ: dict[str, str]) -> None:
    """Variables that begin as ours do."""
    assert told(sites.MAIN, **environ)

"""The line of every key is found, however it is written."""

from __future__ import annotations

import tomllib

import pytest

from helpdesk.config.lines import lines


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a = 1\nb = 2", {"a": 1, "b": 2}),
        ("[t]\n# b = 1\nb = 2", {"t": 1, "t.b": 3}),
        ("[a.b]\nc.d = 1", {"a": 1, "a.b": 1, "a.b.c.d": 2}),
        ("a = { b = 1, c = { d = 2 } }\ne = 3", {"a": 1, "a.b": 1, "a.c": 1, "a.c.d": 1, "e": 2}),
        ("a = [\n  1, # x = 2\n  2,\n]\nb = 1", {"a": 1, "b": 5}),
        ('a = """\nb = 1\n"""\nc = 2', {"a": 1, "c": 4}),
        ("a = '''\n[t]\n'''\nc = 2", {"a": 1, "c": 4}),
        ('a = "x # y = z"\n"b c" = 2', {"a": 1, "b c": 2}),
        ("\"\\u0061\" = 1\n'b' = 2", {"a": 1, "b": 2}),
        ("[[t]]\na = 1\n[[t]]\na = 2", {"t": 1, "t.a": 2}),
        ('a = """x""""\nb = 1', {"a": 1, "b": 2}),
        ("a = 1979-05-27T07:32:00Z\nb = 1", {"a": 1, "b": 2}),
    ],
)
def test_each_key_has_its_line(text: str, found: dict[str, int]) -> None:
    """The texts are TOML, as the function demands."""
    tomllib.loads(text)
    assert lines(text) == found

"""Statements that run for every mail: written by SQLAlchemy once, carried out by the driver itself.

SQLAlchemy knows the tables, the types and both dialects; to let it carry out a statement as well takes three times as
long as the database does. Whoever listens to the statements of an engine hears of these too.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.compiler import SQLCompiler
from sqlmodel import Session

from helpdesk.store import driver

Process = Callable[[Any], Any]
Values = Mapping[str, Any]
NONE: Values = MappingProxyType({})
_named: Callable[..., Any] = namedtuple  # the names of its fields are known only at run time


class _Slot(NamedTuple):
    """A place among the parameters of the driver (a number, or on PostgreSQL a name) and what belongs there."""

    place: Any
    name: str
    of_list: int | None
    """Which value of a list, for ``x IN (...)``."""
    process: Process | None


@dataclass(frozen=True, kw_only=True, slots=True)
class _Form:
    """A statement as one dialect wants it, for lists of up to certain lengths."""

    sql: str
    constants: Any
    """All parameters of the driver, with what is the same every time."""
    slots: tuple[_Slot, ...]
    row: Process
    """Makes a row with names out of the driver's tuple."""

    def parameters(self, values: Values) -> Any:
        """What the driver is given."""
        filled = self.constants.copy()
        for place, name, of_list, process in self.slots:
            value = values[name]
            if of_list is not None:
                value = value[of_list if of_list < len(value) else -1]
            filled[place] = value if process is None else process(value)
        # A list would be many rows.
        return tuple(filled) if isinstance(filled, list) else filled


def _whatever(_changed: int) -> None:
    """Nobody asks how many rows it were."""


class Direct:
    """One statement; the transaction is that of the session, and whatever goes wrong ends it.

    ``made`` is the statement, or makes it for a dialect of that name. A parameter that is declared ``expanding`` takes
    a list, for ``x IN (...)``. For an insert, ``columns`` names what each row gives.
    """

    def __init__(self, made: sa.Executable | Callable[[str], sa.Executable], *, columns: Iterable[str] = ()) -> None:
        self._statement = made
        self._columns = tuple(columns)
        self._compiled: dict[str, tuple[SQLCompiler, tuple[str, ...]]] = {}
        self._forms: dict[tuple[str, tuple[int, ...]], _Form] = {}

    def rows(self, session: Session, values: Values = NONE) -> list[Any]:
        """All rows, with the columns as attributes. Raises what the driver raises; `Store` translates it."""
        form, found = self._fetched(session, values)
        return [form.row(row) for row in found]

    def row(self, session: Session, values: Values = NONE) -> Any | None:
        """The first row, or None."""
        form, found = self._fetched(session, values)
        return form.row(found[0]) if found else None

    def scalar(self, session: Session, values: Values = NONE) -> Any | None:
        """The first column of the first row, or None."""
        found = self.row(session, values)
        return None if found is None else found[0]

    def run(self, session: Session, values: Values = NONE) -> int:
        """Carry it out; how many rows it made or changed."""
        connection = session.connection()
        form = self.form(connection.dialect, values)
        changed: int = driver.sent(connection, form.sql, form.parameters(values), driver.changed)
        return changed

    def run_all(self, session: Session, rows: Sequence[Values]) -> int:
        """Carry it out for each row; how many rows were made or changed in all."""
        if len(rows) < 2:
            return sum(self.run(session, row) for row in rows)
        connection = session.connection()
        form = self.form(connection.dialect, rows[0])
        changed: int = driver.sent(connection, form.sql, [form.parameters(row) for row in rows], driver.changed)
        return changed

    def later(self, session: Session, rows: Sequence[Values], check: Callable[[int], None] = _whatever) -> None:
        """Carry it out for each row, before the next statement or the commit; ``check`` gets how many rows it changed.

        PostgreSQL gets several of them at once: the way there and back takes longer than what it does with each.
        """
        if not rows:
            return
        connection = session.connection()
        if connection.dialect.name != driver.TOGETHER:
            check(self.run_all(session, rows))
            return
        form = self.form(connection.dialect, rows[0])
        parameters = [form.parameters(row) for row in rows]
        sql, given = driver.heard_by_all(connection, form.sql, parameters if len(rows) > 1 else parameters[0])
        waiting = connection.info.setdefault(driver.LATER, [])
        waiting.append(driver.Asked(sql, given, lambda cursor: check(cursor.rowcount)))

    def _fetched(self, session: Session, values: Values) -> tuple[_Form, list[Any]]:
        connection = session.connection()
        form = self.form(connection.dialect, values)
        return form, driver.sent(connection, form.sql, form.parameters(values), driver.found)

    def form(self, dialect: Dialect, values: Values) -> _Form:
        """The statement as a dialect wants it for such values."""
        compiled, lists = self._compiled.get(dialect.name) or self._compile(dialect)
        lengths = tuple([_roomy(len(values[name])) for name in lists]) if lists else ()
        form = self._forms.get((dialect.name, lengths))
        if form is None:
            form = self._forms[dialect.name, lengths] = _form(compiled, dict(zip(lists, lengths, strict=True)))
        return form

    def _compile(self, dialect: Dialect) -> tuple[SQLCompiler, tuple[str, ...]]:
        statement: Any = self._statement(dialect.name) if callable(self._statement) else self._statement
        compiled = statement.compile(dialect=dialect, column_keys=self._columns or None)
        left_out = [column.name for column in compiled.insert_prefetch]
        if left_out:
            message = f"These columns have a default that Python gives, and must be named: {left_out}."
            raise TypeError(message)
        lists = tuple(name for name in _given(compiled) if compiled.binds[name].expanding)
        # Two threads may come here at once, and make the same.
        made = self._compiled[dialect.name] = (compiled, lists)
        return made


def _roomy(length: int) -> int:
    """The next power of two: what is left over repeats the last value, and there are few forms to be prepared."""
    return 1 << (length - 1).bit_length() if length else 0


def _given(compiled: SQLCompiler) -> list[str]:
    """The parameters that have no value yet."""
    return [name for name, bind in compiled.binds.items() if bind.required]


def _form(compiled: SQLCompiler, lengths: Mapping[str, int]) -> _Form:
    given = {name: [None] * lengths[name] if name in lengths else None for name in _given(compiled)}
    state = compiled.construct_expanded_state(given)
    expanded = {
        name: (source, number)
        for source, names in state.parameter_expansion.items()
        for number, name in enumerate(names)
    }
    places = state.positiontup if state.positiontup is not None else list(state.parameters)
    constants: dict[Any, Any] = {}
    slots = []
    for number, name in enumerate(places):
        place = number if state.positiontup is not None else name
        source, of_list = expanded.get(name, (name, None))
        process = compiled.binds[source].type.dialect_impl(compiled.dialect).bind_processor(compiled.dialect)
        constants[place] = state.parameters[name]
        if source in given:
            slots.append(_Slot(place=place, name=source, of_list=of_list, process=process))
        elif process is not None:
            constants[place] = process(constants[place])
    return _Form(
        sql=state.statement,
        constants=list(constants.values()) if state.positiontup is not None else constants,
        slots=tuple(slots),
        row=_row(compiled),
    )


def _row(compiled: SQLCompiler) -> Process:
    """How to make a row of what the driver fetched."""
    dialect = compiled.dialect
    columns: Any = getattr(compiled.statement, "exported_columns", {})
    named = _named("Row", columns.keys(), rename=True)
    types = [column.type.dialect_impl(dialect) for column in columns]
    processes = [kind.result_processor(dialect, None) for kind in types]
    changed = [(place, process) for place, process in enumerate(processes) if process is not None]
    if not changed:
        return named._make  # type: ignore[no-any-return]  # its class is made at run time

    def row(found: Sequence[Any]) -> Any:
        values = list(found)
        for place, process in changed:
            values[place] = process(values[place])
        return named._make(values)

    return row


def at_once(session: Session, *asked: tuple[Direct, Values]) -> list[list[Any]]:
    """All rows of each of some statements, none of which waits for the answer of another."""
    connection = session.connection()
    if connection.dialect.name != driver.TOGETHER:
        return [statement.rows(session, values) for statement, values in asked]
    forms = [statement.form(connection.dialect, values) for statement, values in asked]
    sent = [
        driver.Asked(*driver.heard_by_all(connection, form.sql, form.parameters(values)), driver.found)
        for form, (_, values) in zip(forms, asked, strict=True)
    ]
    waiting = connection.info.pop(driver.LATER, [])
    found = driver.carry_out(connection, [*waiting, *sent])[len(waiting) :]
    return [[form.row(row) for row in rows] for form, rows in zip(forms, found, strict=True)]

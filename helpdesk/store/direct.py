"""Statements that run for every mail: written by SQLAlchemy once, carried out by the driver itself.

SQLAlchemy knows the tables, the types and both dialects; to let it carry out a statement as well takes three times as
long as the database does. Whoever listens to the statements of an engine hears of these too.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler
from sqlmodel import Session

from helpdesk.store import sqlite

Process = Callable[[Any], Any]
Values = Mapping[str, Any]
NONE: Values = MappingProxyType({})
_named: Callable[..., Any] = namedtuple  # the names of its fields are known only at run time


class Cursor(Protocol):
    """What both drivers' cursors can do."""

    @property
    def rowcount(self) -> int: ...
    def execute(self, statement: Any, parameters: Any, /) -> object: ...
    def executemany(self, statement: Any, parameters: Any, /) -> object: ...
    def fetchall(self) -> list[Any]: ...


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
        form = self._form(connection.dialect, values)
        changed: int = _sent(connection, form.sql, form.parameters(values), _changed)
        return changed

    def run_all(self, session: Session, rows: Sequence[Values]) -> int:
        """Carry it out for each row; how many rows were made or changed in all."""
        if len(rows) < 2:
            return sum(self.run(session, row) for row in rows)
        connection = session.connection()
        form = self._form(connection.dialect, rows[0])
        changed: int = _sent(connection, form.sql, [form.parameters(row) for row in rows], _changed)
        return changed

    def _fetched(self, session: Session, values: Values) -> tuple[_Form, list[Any]]:
        connection = session.connection()
        form = self._form(connection.dialect, values)
        return form, _sent(connection, form.sql, form.parameters(values), _found)

    def _form(self, dialect: Dialect, values: Values) -> _Form:
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
        assert not left_out, f"these columns have a default that Python gives: {left_out}"
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
        return named._make  # type: ignore[no-any-return]

    def row(found: Sequence[Any]) -> Any:
        values = list(found)
        for place, process in changed:
            values[place] = process(values[place])
        return named._make(values)

    return row


def _found(cursor: Cursor) -> list[Any]:
    return cursor.fetchall()


def _changed(cursor: Cursor) -> int:
    return cursor.rowcount


def _sent(connection: Connection, sql: str, parameters: Any, answer: Callable[[Cursor], Any]) -> Any:
    """Let the driver carry it out, as SQLAlchemy would: with the engine's listeners and its errors.

    A list of parameters is a row each. Gives back what ``answer`` takes from the cursor.
    """
    driver: Any = connection.dialect.dbapi
    raw = connection.connection.dbapi_connection
    assert raw is not None
    cursor: Any = raw.cursor()
    many = isinstance(parameters, list)
    for heard in connection.engine.dispatch.before_cursor_execute:
        sql, parameters = heard(connection, cursor, sql, parameters, None, many)
    try:
        if many:
            cursor.executemany(sql, parameters)
        else:
            cursor.execute(sql, parameters)
        return answer(cursor)
    except driver.Error as error:
        cursor.close()
        lost = connection.dialect.is_disconnect(error, raw, cursor)
        if lost or sqlite.rolled_back(raw):
            connection.invalidate(error)
        raise DBAPIError.instance(
            sql, None, error, driver.Error, hide_parameters=True, connection_invalidated=lost
        ) from error

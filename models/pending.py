"""New rows that wait to be written: all rows of a table go in by one statement.

SQLAlchemy's unit of work looks at each new row several times before it writes it, which costs ten times the writing.
A row of ours leads to no other by itself, and most have their ids beforehand (`models.series`): they are collected
here and written table by table, in the order of the foreign keys. What changes a row that is there already is
SQLAlchemy's business as ever.
"""

import json
from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from functools import cache
from operator import itemgetter
from typing import Any, TypeVar

import sqlalchemy
from sqlalchemy import Connection, Dialect, bindparam, insert
from sqlmodel import SQLModel

Convert = Callable[[Any], Any]
Row = TypeVar("Row", bound=SQLModel)


class Pending:
    """The new rows of one transaction, in the order they came."""

    def __init__(self) -> None:
        self._rows: dict[int, SQLModel] = {}  # by the object's own identity: two rows may look alike
        self._known: dict[tuple[type[SQLModel], Any], SQLModel] = {}

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, row: object) -> bool:
        return id(row) in self._rows

    def add(self, row: SQLModel) -> None:
        self._rows[id(row)] = row
        identity = identity_of(row)
        if identity is not None:
            self._known[type(row), identity] = row

    def remove(self, row: SQLModel) -> None:
        """It is not wanted after all."""
        del self._rows[id(row)]
        self._known.pop((type(row), identity_of(row)), None)

    def find(self, table: type[Row], identity: object) -> Row | None:
        row = self._known.get((table, identity)) if self._known else None
        return row if isinstance(row, table) else None

    def take(self) -> list[SQLModel]:
        """All of them, none of which waits any more."""
        taken = list(self._rows.values())
        self.clear()
        return taken

    def clear(self) -> None:
        self._rows.clear()
        self._known.clear()


def identity_of(row: SQLModel) -> Any:
    """Its primary key, None where the database gives it; of several columns a tuple."""
    names = _key(type(row))
    if len(names) == 1:
        return row.__dict__.get(names[0])
    return tuple(row.__dict__.get(name) for name in names)


def write(connection: Connection, rows: Iterable[SQLModel]) -> None:
    """Inserts them, one statement a table."""
    tables: dict[tuple[int, type[SQLModel], bool], list[SQLModel]] = {}
    for row in rows:
        numbered = identity_of(row) is not None
        tables.setdefault((_rank(type(row)), type(row), numbered), []).append(row)
    for _, table, numbered in sorted(tables, key=itemgetter(0)):
        some = tables[_rank(table), table, numbered]
        if connection.dialect.name == "sqlite":
            _write_tuples(connection, table, numbered, some)
        else:
            _write_document(connection, table, numbered, some)


def _write_tuples(
    connection: Connection, table: type[SQLModel], numbered: bool, rows: list[SQLModel]
) -> None:
    statement, columns = _statement(table, numbered, connection.dialect)
    values: list[tuple[Any, ...]] = []
    for row in rows:
        held = row.__dict__
        values.append(
            tuple([held[name] if convert is None else convert(held[name]) for name, convert in columns])
        )
    connection.exec_driver_sql(statement, values)


def _write_document(
    connection: Connection, table: type[SQLModel], numbered: bool, rows: list[SQLModel]
) -> None:
    """PostgreSQL: each statement is a journey and each value a type to agree upon; one document is neither."""
    names = [column.key for column in _written(table, numbered)]
    document = json.dumps([{name: row.__dict__[name] for name in names} for row in rows], default=_as_text)
    connection.exec_driver_sql(_from_document(table, numbered, connection.dialect), (document,))


def _as_text(value: object) -> str:
    """What JSON has no word for, as PostgreSQL reads it."""
    if isinstance(value, bytes):
        return "\\x" + value.hex()
    if isinstance(value, datetime) and value.tzinfo is None:
        message = f"a naive time cannot be stored: {value.isoformat()}"
        raise ValueError(message)
    if isinstance(value, date | time):
        return value.isoformat()
    message = f"no column holds {type(value).__name__}"
    raise TypeError(message)


@cache
def _key(table: type[SQLModel]) -> tuple[str, ...]:
    return tuple(column.key for column in sqlalchemy.inspect(table).primary_key)


@cache
def _ranks() -> dict[str, int]:
    """A table stands behind those it points at."""
    return {table.name: rank for rank, table in enumerate(SQLModel.metadata.sorted_tables)}


@cache
def _rank(table: type[SQLModel]) -> int:
    return _ranks()[str(table.__tablename__)]


def _written(table: type[SQLModel], numbered: bool) -> list[Any]:
    mapped = sqlalchemy.inspect(table).local_table
    return [column for column in mapped.columns if numbered or not column.primary_key]


@cache
def _statement(
    table: type[SQLModel], numbered: bool, dialect: Dialect
) -> tuple[str, tuple[tuple[str, Convert | None], ...]]:
    """The statement, and in its order the columns, each with what makes the database's value of the row's."""
    columns = _written(table, numbered)
    values: dict[str, Any] = {column.key: bindparam(column.key) for column in columns}
    compiled = insert(sqlalchemy.inspect(table).local_table).values(values).compile(dialect=dialect)
    converts = {column.key: column.type.dialect_impl(dialect).bind_processor(dialect) for column in columns}
    return str(compiled), tuple((name, converts[name]) for name in compiled.positiontup or ())


@cache
def _from_document(table: type[SQLModel], numbered: bool, dialect: Dialect) -> str:
    columns = _written(table, numbered)
    names = ", ".join(f'"{column.key}"' for column in columns)
    typed = ", ".join(f'"{column.key}" {column.type.compile(dialect)}' for column in columns)
    rows = f"json_to_recordset(%s) AS given({typed})"
    return f'INSERT INTO "{table.__tablename__}" ({names}) SELECT {names} FROM {rows}'  # noqa: S608 - names of ours

"""Rows by their ids, however many: all ids are one value, so that the statement is always the same.

`IN` with a place for each id is another statement for every number of them: PostgreSQL's driver takes longer to look
through its text than the server to answer it.
"""

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Boolean, Dialect, Integer, String, bindparam
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine


class _Ids(TypeDecorator[list[int]]):
    """An array; on SQLite, which has none, as JSON."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return String() if dialect.name == "sqlite" else ARRAY(Integer)

    def process_bind_param(self, value: Iterable[int] | None, dialect: Dialect) -> Any:
        ids = list(value or ())
        return json.dumps(ids) if dialect.name == "sqlite" else ids


class _Among(FunctionElement[bool]):
    type = Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> "_Among":
        """A comparison as it stands: on SQLite "= 1" would be put behind it, and then no index serves it."""
        return self


def among(column: Any, name: str) -> _Among:
    """Whether a column is one of the ids that are given as `name` when the statement is executed."""
    return _Among(column, bindparam(name, type_=_Ids))


@compiles(_Among, "postgresql")
def _in_array(element: _Among, compiler: Any, **options: Any) -> str:
    column, ids = element.clauses
    return f"{compiler.process(column, **options)} = ANY ({compiler.process(ids, **options)})"


@compiles(_Among, "sqlite")
def _in_json(element: _Among, compiler: Any, **options: Any) -> str:
    column, ids = (compiler.process(part, **options) for part in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({ids}))"  # noqa: S608 - no values: a name and a place

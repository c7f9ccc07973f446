"""A sweep reads what is due and nothing else: by the plan each database makes for it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection, event

from models.base import Session
from models.claim import claim
from models.letter import oldest_unsent
from models.petition import due_ids
from tests.matters import Matters

SWEEPS: dict[str, tuple[Callable[[Session, datetime], object], str]] = {
    "petitions": (lambda session, at: due_ids(session, at, 200), "ix_petition_next_at"),
    "letters": (lambda session, at: claim(session, at, 200), "ix_letter_state_next_at"),
    "the oldest letter": (oldest_unsent, "ix_letter_state_next_at"),
}


@pytest.mark.parametrize("name", SWEEPS)
def test_a_sweep_goes_by_its_index(matters: Matters, name: str):
    sweep, index = SWEEPS[name]
    with matters.database.transaction() as session:
        connection = session.connection()
        asked = _listened(connection, lambda: sweep(session, matters.at - timedelta(days=365)))
        plan = _plan(connection, *asked[0], sqlite=matters.database.is_sqlite)
    assert index in plan
    assert "SCAN letter\n" not in plan + "\n"
    assert "SCAN petition\n" not in plan + "\n"


def test_where_nothing_is_due_one_statement_is_all(matters: Matters):
    matters.told()
    early = matters.at - timedelta(days=365)
    with matters.database.transaction() as session:
        asked = [
            _listened(session.connection(), partial(sweep, session, early)) for sweep, _ in SWEEPS.values()
        ]
    assert [len(statements) for statements in asked] == [1, 1, 1]


def _listened(connection: Connection, act: Callable[[], object]) -> list[tuple[str, Any]]:
    """The statements of an act, each with its values."""
    heard: list[tuple[str, Any]] = []

    def hear(_: object, __: object, statement: str, values: Any, *___: object) -> None:
        heard.append((statement, values))

    event.listen(connection, "before_cursor_execute", hear)
    try:
        act()
    finally:
        event.remove(connection, "before_cursor_execute", hear)
    return heard


def _plan(connection: Connection, statement: str, values: Any, *, sqlite: bool) -> str:
    """How the database would go about it. A small table would be read whole; what counts is that it need not be."""
    if not sqlite:
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
    explain = "EXPLAIN QUERY PLAN" if sqlite else "EXPLAIN"
    rows = connection.exec_driver_sql(f"{explain} {statement}", values)
    return "\n".join(str(row[-1]) for row in rows)

"""What SQLite knows of its own tables; PostgreSQL counts by itself."""

from datetime import timedelta

import pytest
from sqlalchemy import inspect, text

from models import stock
from scheduler import daily
from tests.matters import Matters


def counted(matters: Matters) -> int:
    """How many petitions it believes there are; 0: it was never counted."""
    with matters.database.engine.connect() as connection:
        if not inspect(connection).has_table("sqlite_stat1"):
            return 0
        found = "SELECT stat FROM sqlite_stat1 WHERE idx = 'ix_petition_received_at'"
        return int(str(connection.execute(text(found)).scalar()).split()[0])


def test_a_database_that_grows_is_counted_once_a_day_from_when_it_is_worth_it(
    matters: Matters, monkeypatch: pytest.MonkeyPatch
) -> None:
    matters.told()
    daily.ring(matters.station, matters.at)
    assert counted(matters) == 0
    monkeypatch.setattr(stock, "WORTH", 1)
    seen = []
    for _ in range(2):
        matters.told()
        matters.at += timedelta(days=1)
        daily.ring(matters.station, matters.at)
        seen.append(counted(matters))
    matters.told()
    daily.ring(matters.station, matters.at)
    assert [*seen, counted(matters)] == ([2, 3, 3] if matters.database.is_sqlite else [0, 0, 0])

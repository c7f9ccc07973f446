"""How PostgreSQL writes an instant down, read back: our own reading of it is quicker than the driver's."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from models.database import Database
from tests.postgresql import fresh_postgresql

WRITTEN = {
    "2026-11-30 12:00:00+00": datetime(2026, 11, 30, 12, tzinfo=UTC),
    "2026-11-30 12:00:00.1+08": datetime(2026, 11, 30, 4, 0, 0, 100_000, tzinfo=UTC),
    "2026-11-30 12:00:00.123456-03:30": datetime(2026, 11, 30, 15, 30, 0, 123_456, tzinfo=UTC),
    "1890-01-01 00:00:00+00": datetime(1890, 1, 1, tzinfo=UTC),  # before zones kept whole minutes
    "infinity": "infinity",  # the driver's word for what is no instant
}


@pytest.mark.parametrize("zone", ["UTC", "Asia/Shanghai", "America/St_Johns"])
def test_an_instant_is_read_as_it_was_written_whatever_the_zone_of_the_server(zone: str) -> None:
    with fresh_postgresql() as url:
        database = Database(url)
        with database.engine.connect() as connection:
            connection.execute(text(f"SET TIME ZONE '{zone}'"))
            read = {
                written: connection.execute(text(f"SELECT CAST('{written}' AS timestamptz)")).scalar()
                for written in WRITTEN
            }
        database.close()
    assert read == WRITTEN

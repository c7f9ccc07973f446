"""The schema goes up, agrees with the tables in code, goes down again and up, on both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from bot.schema import configuration, is_current, migrate, newest
from models.database import Database
from models.tables import metadata
from tests.postgresql import fresh_postgresql


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    if request.param == "sqlite":
        opened = Database(f"sqlite:///{tmp_path / 'lianxin.db'}")
        yield opened
        opened.close()
    else:
        with fresh_postgresql() as url:
            opened = Database(url)
            yield opened
            opened.close()


def test_the_schema_goes_up_and_down_and_up(database: Database) -> None:
    assert not is_current(database)
    migrate(database)
    assert is_current(database)
    assert _tables(database) == set(metadata.tables) | {"alembic_version"}
    command.check(configuration(database))  # raises where the code's tables and the migrations' differ
    command.downgrade(configuration(database), "base")
    assert _tables(database) == {"alembic_version"}
    migrate(database)
    command.check(configuration(database))


def test_migrating_twice_changes_nothing(database: Database) -> None:
    migrate(database)
    migrate(database)
    assert is_current(database)


def test_the_newest_script_is_the_head(tmp_path: Path) -> None:
    opened = Database(f"sqlite:///{tmp_path / 'lianxin.db'}")
    assert ScriptDirectory.from_config(configuration(opened)).get_current_head() == newest()
    opened.close()


def _tables(database: Database) -> set[str]:
    return set(inspect(database.engine).get_table_names())

"""An empty county, and the sheets to fill it with."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import SQLModel

from models.database import Database
from models.key import Keyring
from tests.handlers.directory.make import NOON, County, Tables, sample


@pytest.fixture
def county(tmp_path: Path) -> Iterator[County]:
    database = Database(f"sqlite:///{tmp_path}/county.db")
    SQLModel.metadata.create_all(database.engine)
    with database.transaction() as session:
        keyring = Keyring.of(session, bytes(32), NOON)
    yield County(database, keyring)
    database.close()


@pytest.fixture
def tables() -> Tables:
    """The sample county, for a test to change."""
    return sample()

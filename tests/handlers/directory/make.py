"""A county to load a directory into, and the sample county's sheets as lists that a test may change."""

import csv
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlmodel import SQLModel

from handlers.directory import (
    Imported,
    OnLeft,
    Row,
    Sheet,
    import_directory,
    nobody_is_meant,
    nobody_waits,
)
from models.database import Database
from models.key import Keyring

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
SAMPLE = Path(__file__).parents[3] / "bot" / "sample" / "county"
CATEGORIES = frozenset(f"{top:02d}" for top in range(1, 17)) | {
    f"{top:02d}{leaf:02d}" for top in range(1, 17) for leaf in range(1, 9)
}
Tables = dict[str, list[list[str]]]


@dataclass
class County:
    """A database, and the one act that is tried on it."""

    database: Database
    keyring: Keyring

    def load(self, tables: Tables, on_left: OnLeft = nobody_waits, at: datetime = NOON) -> Imported:
        sheets = [
            Sheet(name, rows[0], [Row(number, row) for number, row in enumerate(rows[1:], start=2)])
            for name, rows in tables.items()
        ]
        with self.database.transaction() as session:
            return import_directory(
                session,
                self.keyring,
                sheets,
                CATEGORIES,
                at,
                on_left=on_left,
                on_people=nobody_is_meant,
            )

    def dump(self) -> dict[str, list[tuple[object, ...]]]:
        """Everything that is stored, to see that nothing changed."""
        with self.database.reading() as session:
            return {
                table.name: sorted(
                    (tuple(row) for row in session.connection().execute(table.select())), key=str
                )
                for table in SQLModel.metadata.sorted_tables
            }


def sample() -> Tables:
    """The sample county as it is shipped, for a test to change."""
    return {
        file.stem: list(csv.reader(file.read_text("utf-8").splitlines())) for file in SAMPLE.glob("*.csv")
    }


def put(tables: Tables, sheet: str, key: str, heading: str, value: str) -> int:
    """Writes one cell of the row whose first cell is `key`; its row number as the spreadsheet shows it."""
    position = tables[sheet][0].index(heading)
    for number, row in enumerate(tables[sheet], start=1):
        if row[0] == key:
            row[position] = value
            return number
    raise LookupError(key)


def drop(tables: Tables, sheet: str, key: str) -> None:
    """Takes out every row whose first cell is `key`."""
    tables[sheet] = [row for row in tables[sheet] if row[0] != key]

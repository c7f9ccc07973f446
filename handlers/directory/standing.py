"""The directory as it stands in the database, and as it would stand with a draft laid over it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from handlers.directory.draft import Draft
from handlers.directory.form import forms
from models.advice import Advice
from models.base import Session, Table
from models.book import Household
from models.directory import rows_of
from models.duty import Duty
from models.member import Member
from models.office import Office
from models.officer import Officer
from models.place import Place
from models.room import Room, Roster

TABLES: dict[str, type[Table]] = {
    "place": Place,
    "office": Office,
    "officer": Officer,
    "duty": Duty,
    "member": Member,
    "advice": Advice,
    "room": Room,
    "roster": Roster,
    "household": Household,
}
Key = tuple[Any, ...]


@dataclass(frozen=True)
class Standing:
    """Every row of today by sheet and key, those that ended or left among them."""

    rows: dict[str, dict[Key, Table]]

    @classmethod
    def of(cls, session: Session) -> "Standing":
        return cls(
            {
                sheet: {
                    tuple(getattr(row, name) for name in forms()[sheet].key): row
                    for row in rows_of(session, table)
                }
                for sheet, table in TABLES.items()
            }
        )

    def live(self, sheet: str) -> dict[Key, Table]:
        return {key: row for key, row in self.rows[sheet].items() if is_live(row)}

    def values(self, draft: Draft, sheet: str) -> list[dict[str, Any]]:
        """The rows as they would be after the import: the draft's where it has the sheet, else today's."""
        if draft.has(sheet):
            return [record.values for record in draft.of(sheet)]
        fields = [column.field for column in forms()[sheet].columns]
        return [{name: getattr(row, name) for name in fields} for row in self.live(sheet).values()]

    def by_key(self, draft: Draft, sheet: str) -> dict[Any, dict[str, Any]]:
        """The same by code or account."""
        key = forms()[sheet].key[0]
        return {values[key]: values for values in self.values(draft, sheet) if key in values}

    def references_to(self, draft: Draft, target: str) -> Iterator[tuple[str, str, str]]:
        """Who names a row of `target` in a sheet the draft does not have: (sheet, key, named)."""
        for sheet, form in forms().items():
            if draft.has(sheet):
                continue
            for column in form.columns:
                if column.refers != target:
                    continue
                for key, row in self.live(sheet).items():
                    for value in as_list(getattr(row, column.field)):
                        yield sheet, " ".join(map(str, key)), value


def is_live(row: Table) -> bool:
    """Whether a row of today still counts: not ended, not left."""
    return getattr(row, "ended_at", None) is None and getattr(row, "left_at", None) is None


def was_written_here(row: Table | None) -> bool:
    """An answer somebody wrote, changed or withdrew on the pages: no sheet has the last word on it."""
    return isinstance(row, Advice) and row.written_by is not None


def as_list(value: Any) -> list[Any]:
    """A cell's value as a list: none, one, or several."""
    return value if isinstance(value, list) else [value] if value else []

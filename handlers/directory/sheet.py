"""A sheet as plain text, whatever file it came from, and what can be wrong with it."""

from collections.abc import Sequence
from dataclasses import dataclass

from models.errors import LianxinError


@dataclass(frozen=True)
class Row:
    """One row: its number as the spreadsheet shows it (the heading is 1), its cells in sheet order."""

    number: int
    cells: Sequence[str]


@dataclass(frozen=True)
class Sheet:
    name: str
    headings: Sequence[str]
    rows: Sequence[Row]


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that is wrong, said to the operator. Never holds a name or a number of a person."""

    sheet: str
    row: int
    column: str
    text: str

    def __str__(self) -> str:
        return f"{self.sheet}!{self.row} {self.column}: {self.text}"


class BadDirectory(LianxinError):
    """The directory was refused as a whole: every bad row is in `problems`, and nothing was changed."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = list(problems)

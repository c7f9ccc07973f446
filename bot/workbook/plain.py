"""What every reader of a directory's file hands on: sheets of plain text, and cells it could not read."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from handlers.directory import Problem, Row, Sheet
from models.errors import LianxinError

LARGEST = 50 * 1024 * 1024  # bytes of a file; 5,000 members take about one


@dataclass
class Reading:
    """What was read, and the cells that could not be."""

    sheets: list[Sheet] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


class BadFile(LianxinError):
    """The file cannot be read at all; one line for the operator."""


def sheet_of(name: str, cells: Sequence[Sequence[str]]) -> Sheet:
    """The rows that hold anything, numbered as the spreadsheet shows them; the heading is row 1."""
    headings = [heading.strip() for heading in cells[0]] if cells else []
    filled = enumerate(cells[1:], start=2)
    return Sheet(
        name.strip(),
        headings,
        [Row(number, row) for number, row in filled if any(cell.strip() for cell in row)],
    )

"""A digest as plain text: tables with columns in line, also where letters are twice as wide."""

from unicodedata import east_asian_width

from bot.digest.table import Cell, Sheet, Table, labels

GAP = 2


def text(sheet: Sheet) -> str:
    """For a terminal or a mail."""
    return "\n".join([sheet.title, *sheet.notes, *("\n" + _table(table) for table in sheet.tables)]) + "\n"


def _table(table: Table) -> str:
    rows = [table.columns, *table.rows] if table.rows else [(labels()["words"]["empty"],)]
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    lines = [
        "".join(_padded(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    return "\n".join([f"[{table.name}]", *lines])


def _padded(cell: Cell, width: int) -> str:
    gap = " " * (width - _width(cell))
    return f"{cell}{gap}{' ' * GAP}" if isinstance(cell, str) else f"{gap}{cell}{' ' * GAP}"


def _width(cell: Cell) -> int:
    """Columns on a terminal: full-width letters take two (Unicode Standard Annex 11)."""
    return sum(2 if east_asian_width(letter) in "FW" else 1 for letter in str(cell))

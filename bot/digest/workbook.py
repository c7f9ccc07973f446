"""A digest as a workbook: one sheet a table; a number is a number, a text never a formula, a chart the program's."""

from io import BytesIO
from typing import Any

from bot.digest.table import Sheet, Table
from bot.workbook.harmless import harmless

WIDEST = 60  # characters; a formula's sentence need not push everything else off the screen
HEAD = 1  # the row of headings, from 0
LONGEST_NAME = 31  # of a sheet, by the format
FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


def workbook(sheet: Sheet, charts: tuple[str, ...] = ()) -> bytes:
    """The bytes of an .xlsx file. `charts`: names of tables that get a chart of their columns of numbers."""
    import xlsxwriter  # noqa: PLC0415 - no start waits for what only few pages offer

    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        bold = book.add_format({"bold": True})
        for table in sheet.tables:
            page = book.add_worksheet(table.name.translate(FORBIDDEN)[:LONGEST_NAME])
            _fill(page, sheet, table, bold)
            if table.name in charts and table.rows:
                _draw(book, page, table)
    return buffer.getvalue()


def _fill(page: Any, sheet: Sheet, table: Table, bold: object) -> None:
    heading = f"{sheet.title} {sheet.notes[0]}"
    page.write_string(0, 0, heading, bold)
    for column, name in enumerate(table.columns):
        page.write_string(HEAD, column, name, bold)
        cells = [name, *(str(row[column]) for row in table.rows)]
        page.set_column(column, column, min(WIDEST, 2 + 2 * max(map(len, cells))))
    for line, row in enumerate(table.rows, start=HEAD + 1):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                page.write_string(line, column, harmless(cell))
            else:
                page.write_number(line, column, cell)
    if table.rows and len(set(table.columns)) == len(table.columns) and all(table.columns):
        headers = [{"header": name} for name in table.columns]
        area = (HEAD, 0, HEAD + len(table.rows), len(table.columns) - 1)
        page.add_table(*area, {"columns": headers, "style": "Table Style Light 1"})
    page.freeze_panes(HEAD + 1, 0)
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
    if sum(min(WIDEST, 2 * len(name)) for name in table.columns) > WIDEST:
        page.set_landscape()


def _draw(book: Any, page: Any, table: Table) -> None:
    """A chart of every column that holds numbers, beside the table."""
    chart = book.add_chart({"type": "column"})
    last = HEAD + len(table.rows)
    for column in range(1, len(table.columns)):
        if all(not isinstance(row[column], str) for row in table.rows):
            chart.add_series(
                {
                    "name": [page.get_name(), HEAD, column],
                    "categories": [page.get_name(), HEAD + 1, 0, last, 0],
                    "values": [page.get_name(), HEAD + 1, column, last, column],
                }
            )
    chart.set_title({"name": table.name})
    page.insert_chart(HEAD, len(table.columns) + 1, chart)

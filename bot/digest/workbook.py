"""A digest as a workbook: one sheet a table; numbers are numbers, and a text is never a formula."""

from io import BytesIO

import xlsxwriter

from bot.digest.table import Sheet, Table
from bot.workbook.harmless import harmless

WIDEST = 60  # characters; a formula's sentence need not push everything else off the screen


def workbook(sheet: Sheet) -> bytes:
    """The bytes of an .xlsx file."""
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        bold = book.add_format({"bold": True})
        for table in sheet.tables:
            page = book.add_worksheet(table.name[:31])  # the format's longest name of a sheet
            _fill(page, sheet, table, bold)
    return buffer.getvalue()


def _fill(page: xlsxwriter.worksheet.Worksheet, sheet: Sheet, table: Table, bold: object) -> None:
    heading = f"{sheet.title} {sheet.notes[0]}"
    page.write_string(0, 0, heading, bold)
    for column, name in enumerate(table.columns):
        page.write_string(1, column, name, bold)
        cells = [name, *(str(row[column]) for row in table.rows)]
        page.set_column(column, column, min(WIDEST, 2 + 2 * max(map(len, cells))))
    for line, row in enumerate(table.rows, start=2):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                page.write_string(line, column, harmless(cell))
            else:
                page.write_number(line, column, cell)
    page.freeze_panes(2, 0)

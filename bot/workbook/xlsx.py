"""An .xlsx workbook as plain text: dates, numbers, formulas and merged cells as a person sees them."""

import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from bot.workbook.plain import BadFile, Reading, sheet_of
from bot.workbook.text import file_column, text
from handlers.directory import Problem, Sheet, form_named

COMPOUND = bytes.fromhex("d0cf11e0a1b11ae1")  # [MS-CFB]: an old .xls, or a container for an encrypted .xlsx
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")  # [MS-OFFCRYPTO] 2.3.4.4
MOST_ROWS = 100_000  # more is a sheet with something forgotten at its very end
# What takes a second look at a sheet: a formula, or cells that were merged. Whatever the prefix of their namespace.
SECOND_LOOK = re.compile(rb"<(?:\w+:)?(?:f|mergeCell)[\s/>]")
PIECE = 1024 * 1024  # bytes looked through at once
LONGEST_TAG = 64  # bytes of one piece looked at again with the next
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    ParseError,
    InvalidFileException,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    EOFError,
    NotImplementedError,
    RuntimeError,
)  # what openpyxl lets through for a damaged or disguised file


def read_workbook(path: Path) -> Reading:
    """Every worksheet; a formula counts with the result its program stored."""
    _check_kind(path)
    try:
        return _looked_over(path) if _needs_second_look(path) else _streamed(path)
    except BROKEN as error:
        raise BadFile(text("files", "damaged", path=path)) from error


def _needs_second_look(path: Path) -> bool:
    with zipfile.ZipFile(path) as parts:
        return any(
            SECOND_LOOK.search(piece)
            for part in parts.infolist()
            if part.filename.lower().endswith(".xml")
            for piece in _pieces(parts, part)
        )


def _pieces(parts: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    with parts.open(part) as file:
        end = b""
        while piece := file.read(PIECE):
            yield end + piece
            end = piece[-LONGEST_TAG:]


def _streamed(path: Path) -> Reading:
    """Row by row: a county's roster would fill the memory of a small machine cell by cell."""
    reading = Reading()
    with closing(_open(path, results=True, row_by_row=True)) as book:
        for sheet in book.worksheets:
            if form_named(sheet.title.strip()) is None:
                reading.sheets.append(Sheet(sheet.title, [], []))  # the import notes it
                continue
            sheet.reset_dimensions()  # a program may have written anything there
            rows = iter(sheet.iter_rows(values_only=True))
            cells = [[as_text(value) for value in row] for row in islice(rows, MOST_ROWS)]
            beyond = sum(1 for _ in rows)
            if beyond:
                reading.problems.append(_too_many(sheet.title, MOST_ROWS + beyond))
            else:
                reading.sheets.append(sheet_of(sheet.title, cells))
    return reading


def _looked_over(path: Path) -> Reading:
    """Twice, with every cell: where formulas are, and what is shown."""
    formulas = {
        sheet.title: _formulas(sheet)
        for sheet in _open(path, results=False).worksheets
        if form_named(sheet.title.strip()) is not None and sheet.max_row <= MOST_ROWS
    }
    shown = _open(path, results=True)  # the one after the other: a county's workbook is large
    reading = Reading()
    for sheet in shown.worksheets:
        if form_named(sheet.title.strip()) is None:
            reading.sheets.append(Sheet(sheet.title, [], []))
            continue
        if sheet.max_row > MOST_ROWS:
            reading.problems.append(_too_many(sheet.title, sheet.max_row))
            continue
        cells = [[as_text(value) for value in row] for row in sheet.iter_rows(values_only=True)]
        _fill_merged(sheet, cells)
        plain = sheet_of(sheet.title, cells)
        for row, column in formulas[sheet.title]:
            heading = plain.headings[column - 1]
            if heading and not cells[row - 1][column - 1]:
                reading.problems.append(Problem(plain.name, row, heading, text("sheets", "formula")))
        reading.sheets.append(plain)
    return reading


def _too_many(sheet: str, rows: int) -> Problem:
    sentence = text("sheets", "too_many", count=rows, most=MOST_ROWS)
    return Problem(sheet, rows, file_column(), sentence)


def as_text(value: Any) -> str:
    """A cell's value as a person sees it in a plain format: 138 not 138.0, 2026-11-22, 08:00."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}" if value.time() == time() else f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return str(value)


def _check_kind(path: Path) -> None:
    with path.open("rb") as file:
        head = file.read(len(COMPOUND))
        if head == COMPOUND:
            kind = "locked" if ENCRYPTED in file.read() else "old_workbook"
            raise BadFile(text("files", kind, path=path))
    if not head.startswith(b"PK"):
        raise BadFile(text("files", "not_workbook", path=path))


def _open(path: Path, *, results: bool, row_by_row: bool = False) -> Workbook:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of decoration it does not keep
        return openpyxl.load_workbook(path, data_only=results, read_only=row_by_row)


def _formulas(sheet: Worksheet) -> list[tuple[int, int]]:
    return [
        (row, column)
        for row, cells in enumerate(sheet.iter_rows(), start=1)
        for column, cell in enumerate(cells, start=1)
        if cell.data_type == "f"
    ]


def _fill_merged(sheet: Worksheet, cells: list[list[str]]) -> None:
    """A merged cell counts for every row it covers: so a person reads it. The heading is left alone."""
    for merged in sheet.merged_cells.ranges:
        if merged.min_row > 1:
            value = cells[merged.min_row - 1][merged.min_col - 1]
            for row in range(merged.min_row, merged.max_row + 1):
                for column in range(merged.min_col, merged.max_col + 1):
                    cells[row - 1][column - 1] = value

"""A folder with one .csv a sheet, named like the sheet; UTF-8, with or without the byte order mark."""

import csv
import io
from pathlib import Path

from bot.workbook.plain import LARGEST, BadFile, Reading, sheet_of
from bot.workbook.text import file_column, text
from handlers.directory import Problem, Sheet, form_named


def read_folder(path: Path) -> Reading:
    """Every .csv of the folder; files of another kind are left alone."""
    files = sorted(file for file in path.iterdir() if file.suffix.lower() == ".csv")
    if not files:
        raise BadFile(text("files", "no_csv", path=path))
    reading = Reading()
    for file in files:
        _read_file(file, reading)
    return reading


def _read_file(file: Path, reading: Reading) -> None:
    if file.stat().st_size > LARGEST:
        raise BadFile(text("files", "too_big", path=file, most=LARGEST // 1024 // 1024))
    name = file.stem.strip()
    if form_named(name) is None:
        reading.sheets.append(Sheet(name, [], []))  # the import notes it
        return
    raw = file.read_bytes()
    try:
        content = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        reading.problems.append(Problem(name, 1, file_column(), text("sheets", _encoding(raw))))
        return
    cells: list[list[str]] = []
    try:
        cells.extend(csv.reader(io.StringIO(content, newline=""), strict=True))
    except csv.Error:
        sentence = text("sheets", "broken_csv", row=len(cells) + 1)
        reading.problems.append(Problem(name, len(cells) + 1, file_column(), sentence))
        return
    reading.sheets.append(sheet_of(name, cells))


def _encoding(raw: bytes) -> str:
    try:
        raw.decode("gb18030")
    except UnicodeDecodeError:
        return "encoding"
    return "gbk"

"""A directory's file as sheets of plain text: one .xlsx, or a folder with one .csv a sheet."""

from pathlib import Path

from bot.workbook.folder import read_folder
from bot.workbook.plain import LARGEST, BadFile, Reading
from bot.workbook.text import text
from bot.workbook.xlsx import read_workbook


def read_directory(path: Path) -> Reading:
    """Reads the file or folder; BadFile says in one line why it cannot be."""
    try:
        if path.is_dir():
            return read_folder(path)
        if not path.exists():
            raise BadFile(text("files", "missing", path=path))
        if path.suffix.lower() == ".csv":
            raise BadFile(text("files", "single_csv", path=path))
        if path.stat().st_size > LARGEST:
            raise BadFile(text("files", "too_big", path=path, most=LARGEST // 1024 // 1024))
        return read_workbook(path)
    except OSError as error:
        raise BadFile(text("files", "unreadable", path=path)) from error

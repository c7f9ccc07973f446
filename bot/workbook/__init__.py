"""Workbooks: the directory's file as plain rows, and the empty one an operator fills in."""

from bot.workbook.plain import BadFile, Reading
from bot.workbook.reading import read_directory
from bot.workbook.template import write_template

__all__ = ["BadFile", "Reading", "read_directory", "write_template"]

"""The empty workbook: sheets, headings with their notes, drop-downs, and columns that keep 0301 as text."""

from pathlib import Path
from typing import Any

import xlsxwriter

from bot.workbook.text import text
from handlers.directory import Column, Form, forms

ROWS = 6000  # as far down as the drop-downs reach: 5,000 members and room
WIDTH = 16  # characters


def write_template(path: Path) -> None:
    """Writes the template; the file must not exist yet (the caller asks)."""
    with xlsxwriter.Workbook(path) as book:
        book.set_properties({"title": text("template", "title")})
        styles = {
            "heading": book.add_format({"bold": True, "bg_color": "#DDE8F0", "border": 1}),
            "required": book.add_format({"bold": True, "bg_color": "#F6D9B8", "border": 1}),
            "text": book.add_format({"num_format": "@"}),
        }
        for form in forms().values():
            _write_sheet(book.add_worksheet(form.name), form, styles)


def _write_sheet(sheet: Any, form: Form, styles: dict[str, Any]) -> None:
    sheet.freeze_panes(1, 0)
    for position, column in enumerate(form.columns):
        # A column of text, or the program would make 301 of 0301 and a number of a phone.
        sheet.set_column(position, position, WIDTH, styles["text"])
        sheet.write(0, position, column.heading, styles["required" if column.required else "heading"])
        note = (text("template", "required") if column.required else "") + column.note
        if note:
            sheet.write_comment(0, position, note, {"x_scale": 2})
        if source := _drop_down(column):
            sheet.data_validation(1, position, ROWS, position, source)


def _drop_down(column: Column) -> dict[str, Any] | None:
    # Where several may stand in a cell, or a code may be known already, the list is an offer, not a limit.
    offer = {"error_type": "information", "show_error": False, "ignore_blank": True, "validate": "list"}
    if column.choices and column.form == "choice":
        source: dict[str, Any] = {"validate": "list", "source": list(column.choices), "ignore_blank": True}
        if column.many:
            several = {"input_title": text("template", "choices_title")}
            several["input_message"] = text("template", "choices_text")
            return offer | several | {"source": list(column.choices)}
        return source
    if column.refers and not column.many:
        return offer | {"source": f"='{forms()[column.refers].name}'!$A$2:$A${ROWS}"}
    return None

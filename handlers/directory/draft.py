"""What a file proposes: its sheets read cell by cell, with everything that is wrong in a single row."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from handlers.directory.cell import BadCell, read
from handlers.directory.form import Column, Form, file_words, form_named, forms, note_text, problem_text
from handlers.directory.sheet import Problem, Row, Sheet

# In the wrong column a mobile or identity number would be quoted back.
PERSONAL = re.compile(r"(?<!\d)(?:1[3-9]\d{9}|\d{17}[\dXx])(?!\d)")


@dataclass(frozen=True)
class Record:
    """One row as typed values by field; a cell that could not be read is missing."""

    number: int
    values: dict[str, Any]

    def key(self, form: Form) -> tuple[Any, ...] | None:
        """Its key; None where a part of it could not be read."""
        if any(name not in self.values for name in form.key):
            return None
        return tuple(self.values[name] for name in form.key)


@dataclass
class Draft:
    """The sheets of a file by code; a sheet that is absent here leaves its rows as they are."""

    records: dict[str, list[Record]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    unread: bool = False  # a sheet could not be read at all: what others say of it cannot be judged

    def has(self, sheet: str) -> bool:
        return sheet in self.records

    def of(self, sheet: str) -> list[Record]:
        return self.records.get(sheet, [])

    def complain(self, sheet: str, row: int, field_name: str, code: str, /, **fields: Any) -> None:
        form = forms()[sheet]
        text = PERSONAL.sub("…", problem_text(code, **fields))
        self.problems.append(Problem(form.name, row, form.heading(field_name), text))

    def note(self, code: str, /, **fields: Any) -> None:
        self.notes.append(note_text(code, **fields))


def draft_of(sheets: Sequence[Sheet]) -> Draft:
    """Reads every sheet that is known; unknown ones and unknown columns are noted."""
    draft = Draft()
    seen: set[str] = set()
    file, column = file_words()
    for sheet in sheets:
        form = form_named(sheet.name)
        if form is None:
            draft.note("sheet_ignored", sheet=sheet.name)
        elif form.code in seen:
            draft.problems.append(Problem(form.name, 1, column, problem_text("sheet_twice")))
        else:
            _read_sheet(draft, form, sheet)
        if form:
            seen.add(form.code)
    if not seen:
        names = " ".join(form.name for form in forms().values())
        draft.problems.append(Problem(file, 1, column, problem_text("no_sheet", names=names)))
    return draft


def _read_sheet(draft: Draft, form: Form, sheet: Sheet) -> None:
    columns = _columns(draft, form, sheet)
    if columns is None:
        draft.unread = True
        return
    if not sheet.rows:
        # An untouched sheet of the template must not send everybody away.
        draft.note("sheet_empty", sheet=form.name)
        return
    draft.records[form.code] = [
        Record(row.number, dict(_read_row(draft, form, columns, row))) for row in sheet.rows
    ]
    _check_twice(draft, form)


def _columns(draft: Draft, form: Form, sheet: Sheet) -> list[tuple[Column, int]] | None:
    headings = list(sheet.headings)
    known = {column.heading for column in form.columns}
    unknown = [heading for heading in headings if heading and heading not in known]
    wrong = [
        Problem(form.name, 1, column.heading, problem_text(code))
        for column in form.columns
        for code, count in (("heading_missing", 0), ("heading_twice", 2))
        if min(headings.count(column.heading), 2) == count and not (column.optional and not count)
    ]
    draft.problems += wrong
    if unknown:
        draft.note("column_ignored", sheet=form.name, headings=" ".join(unknown))
    present = [column for column in form.columns if column.heading in headings]
    return None if wrong else [(column, headings.index(column.heading)) for column in present]


def _read_row(
    draft: Draft, form: Form, columns: list[tuple[Column, int]], row: Row
) -> Iterator[tuple[str, Any]]:
    for column, position in columns:
        raw = row.cells[position] if position < len(row.cells) else ""
        try:
            yield column.field, read(column, raw)
        except BadCell as bad:
            draft.complain(form.code, row.number, column.field, bad.code, **bad.fields)


def _check_twice(draft: Draft, form: Form) -> None:
    first: dict[tuple[Any, ...], int] = {}
    for record in draft.of(form.code):
        key = record.key(form)
        if key is None:
            continue
        # WeCom userids are the same in capitals and small letters.
        folded = tuple(str(part).casefold() for part in key)
        if folded in first:
            value = " ".join(map(str, key))
            draft.complain(form.code, record.number, form.key[-1], "twice", value=value, row=first[folded])
        first.setdefault(folded, record.number)
    numbers: dict[str, int] = {}
    for record in draft.of(form.code):
        if phone := record.values.get("phone"):
            if phone in numbers:
                draft.complain(form.code, record.number, "phone", "phone_twice", row=numbers[phone])
            numbers.setdefault(phone, record.number)

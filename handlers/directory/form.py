"""The sheets as `sheets.toml` declares them: headings, what a cell may hold, what is said when wrong."""

import dataclasses
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any


@dataclass(frozen=True)
class Column:
    """One column: `field` is its name in the tables, `form` how a cell of it is read. `optional`: may be left out."""

    field: str
    heading: str
    form: str
    note: str = ""
    required: bool = False
    many: bool = False
    landline: bool = False
    optional: bool = False
    refers: str | None = None
    default: Any = None
    choices: Mapping[str, str] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True)
class Form:
    """One sheet."""

    code: str
    name: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    def column(self, field_name: str) -> Column:
        return next(column for column in self.columns if column.field == field_name)

    def heading(self, field_name: str) -> str:
        return self.column(field_name).heading


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(resources.files("handlers.directory").joinpath("sheets.toml").read_text("utf-8"))


@cache
def forms() -> dict[str, Form]:
    """Every sheet by its code, in the order of the template."""
    return {
        sheet["code"]: Form(
            code=sheet["code"],
            name=sheet["name"],
            key=tuple(sheet["key"]),
            columns=tuple(Column(**column) for column in sheet["column"]),
        )
        for sheet in _data()["sheet"]
    }


def form_named(name: str) -> Form | None:
    """The sheet of that (Chinese) name."""
    return next((form for form in forms().values() if form.name == name), None)


def label(sheet: str, field_name: str, code: str) -> str:
    """The Chinese word for a stored code, as `cadre` of `roles` of `officer`."""
    choices = forms()[sheet].column(field_name).choices
    return next((word for word, value in choices.items() if value == code), code)


def problem_text(code: str, /, **fields: Any) -> str:
    text: str = _data()["problems"][code]
    return text.format(**fields)


def note_text(code: str, /, **fields: Any) -> str:
    text: str = _data()["notes"][code]
    return text.format(**fields)


def form_words() -> dict[str, str]:
    """How the forms of a lesson are called."""
    words: dict[str, str] = _data()["forms"]
    return words


def file_words() -> tuple[str, str]:
    """What stands for the sheet and for the column where the sheets themselves are wrong."""
    return _data()["file"], _data()["sheet_name"]


def leave_separator() -> str:
    """A regular expression for what may stand between the first and the last day."""
    text: str = _data()["leave_separator"]
    return text


def cell_errors() -> tuple[str, ...]:
    """What a spreadsheet program shows where a formula failed."""
    return tuple(_data()["cell_errors"])

"""The county's directory: from the sheets an operator fills in to places, offices, people and duties."""

from handlers.directory.form import Column, Form, form_named, forms, label
from handlers.directory.importing import Imported, OnLeft, import_directory, nobody_waits
from handlers.directory.sheet import BadDirectory, Problem, Row, Sheet

__all__ = [
    "BadDirectory",
    "Column",
    "Form",
    "Imported",
    "OnLeft",
    "Problem",
    "Row",
    "Sheet",
    "form_named",
    "forms",
    "import_directory",
    "label",
    "nobody_waits",
]

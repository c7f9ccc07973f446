"""The county's directory: from the sheets an operator fills in to places, offices, people and duties."""

from handlers.directory.form import Column, Form, form_named, forms, label
from handlers.directory.importing import (
    Imported,
    OnLeft,
    OnPeople,
    import_directory,
    nobody_is_meant,
    nobody_waits,
)
from handlers.directory.lessons import Files, Kept, no_files
from handlers.directory.sheet import BadDirectory, Problem, Row, Sheet

__all__ = [
    "BadDirectory",
    "Column",
    "Files",
    "Form",
    "Imported",
    "Kept",
    "OnLeft",
    "OnPeople",
    "Problem",
    "Row",
    "Sheet",
    "form_named",
    "forms",
    "import_directory",
    "label",
    "no_files",
    "nobody_is_meant",
    "nobody_waits",
]

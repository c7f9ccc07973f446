"""The import: all or nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers.directory.check import check
from handlers.directory.coverage import note_gaps
from handlers.directory.draft import Draft, draft_of
from handlers.directory.lessons import Files, no_files, take_in
from handlers.directory.sheet import BadDirectory, Problem, Sheet
from handlers.directory.standing import Standing
from handlers.directory.writing import write
from handlers.study.planning import members_changed
from models.base import Session
from models.directory import bump_version, directory_version
from models.key import Keyring
from models.officer import day_of

OnLeft = Callable[[Session, str, datetime], str | None]
OnPeople = Callable[[Session, datetime], None]


@dataclass(frozen=True)
class Imported:
    """What an import did. `changed` counts ended places, offices, duties and members too."""

    added: int
    changed: int
    left: list[str]
    notes: list[str]
    version: int


def nobody_waits(_session: Session, _account: str, _at: datetime) -> str | None:
    """The `on_left` of a county without open matters."""
    return None


def nobody_is_meant(_session: Session, _at: datetime) -> None:
    """The `on_people` of a county without matters."""


def import_directory(
    session: Session,
    keyring: Keyring,
    sheets: Sequence[Sheet],
    categories: frozenset[str],
    at: datetime,
    *,
    on_people: OnPeople,
    on_left: OnLeft = nobody_waits,
    problems: Sequence[Problem] = (),
    files: Files = no_files,
) -> Imported:
    """Brings the directory to what the sheets say; BadDirectory lists every fault.

    `categories` are all leaves and tops of the rule set; `problems` what the file's reader already found.
    `on_people` hears that the staff changed, after all rows are written and before anything is handed on.
    `on_left` hands the open matters of somebody who left to others; a text it returns is why it could not,
    and refuses the file. `files` keeps a file beside the workbook. The caller's
    transaction must undo a refused import.
    """
    draft = draft_of(sheets)
    draft.problems += problems
    draft.unread |= bool({problem.sheet for problem in problems} - {sheet.name for sheet in sheets})
    standing = Standing.of(session)
    if not draft.unread:
        check(draft, standing, categories)
    _refuse(draft)
    note_gaps(draft, standing, categories, day_of(at))
    changes = write(session, keyring, draft, standing, at)
    if changes.people:
        on_people(session, at)
    for account in changes.left:
        problem = on_left(session, account, at)
        if problem:
            draft.complain("officer", 1, "account", "left_matters", account=account, problem=problem)
    _refuse(draft)
    if draft.has("member") and (changes.added or changes.changed):
        members_changed(session, at)
    lessons = take_in(session, draft, at, files)
    _refuse(draft)
    changes.changed += lessons
    changed = changes.added or changes.changed or changes.left
    version = bump_version(session, at) if changed else directory_version(session)
    return Imported(changes.added, changes.changed, changes.left, draft.notes, version)


def _refuse(draft: Draft) -> None:
    if draft.problems:
        raise BadDirectory(sorted(draft.problems, key=lambda problem: (problem.sheet, problem.row)))

"""`lianxin load`: the county's directory, from a workbook or a folder of csv files."""

import sys
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from xlsxwriter.exceptions import FileCreateError

from bot.workbook.plain import BadFile
from bot.workbook.reading import read_directory
from bot.workbook.template import write_template
from bot.workbook.text import text
from handlers.directory import (
    BadDirectory,
    Files,
    Imported,
    OnLeft,
    OnPeople,
    import_directory,
    no_files,
)
from models.database import Database
from models.key import Keyring


def run(
    database: Database,
    keyring: Keyring,
    path: Path,
    categories: frozenset[str],
    *,
    at: datetime,
    on_left: OnLeft,
    on_people: OnPeople,
    files: Files = no_files,
) -> int:
    """Loads and prints what changed; 1 and the bad rows on stderr where the file was refused."""
    try:
        reading = read_directory(path)
        with database.transaction() as session:
            imported = import_directory(
                session,
                keyring,
                reading.sheets,
                categories,
                at,
                on_left=on_left,
                on_people=on_people,
                problems=reading.problems,
                files=files,
            )
    except BadFile as bad:
        return _refused([str(bad)])
    except BadDirectory as bad:
        return _refused([text("load", "refused", count=len(bad.problems)), *map(str, bad.problems)])
    print("\n".join(_told(imported)))
    return 0


def planned(count: int) -> None:
    """How far the making of study's rows has come, on one line of stderr."""
    sys.stderr.write(f"\r{text('load', 'planned', count=count)}")
    sys.stderr.flush()


def template(path: Path) -> int:
    """Writes the empty workbook; 1 where a file of that name exists."""
    if path.exists():
        return _refused([text("load", "exists", path=path)])
    try:
        write_template(path)
    except (OSError, FileCreateError):
        return _refused([text("files", "unwritable", path=path)])
    print(text("load", "template_written", path=path))
    return 0


def _told(imported: Imported) -> Iterable[str]:
    changed = imported.added or imported.changed or imported.left
    yield text(
        "load",
        "done" if changed else "same",
        added=imported.added,
        changed=imported.changed,
        left=len(imported.left),
        version=imported.version,
    )
    if imported.left:
        yield text("load", "left", accounts=" ".join(imported.left))
    for note in imported.notes:
        yield text("load", "note", note=note)


def _refused(lines: Iterable[str]) -> int:
    print("\n".join(lines), file=sys.stderr)
    return 1

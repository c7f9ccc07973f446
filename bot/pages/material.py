"""A lesson's own page, large and plain, and the files that belong to it. Nobody counts who reads them."""

import re
from pathlib import Path

from bot.pages.visit import NOT_FOUND, Answer, Sent, Shown, Visit
from bot.workbook.beside import FOLDER, TYPES
from handlers.study.material import address_of
from models.study.course import Course, Lesson

NAME = re.compile(r"[0-9a-f]{32}(\.[a-z0-9]{3,4})")


def lesson(visit: Visit) -> Answer:
    """What a notice leads to, and what is printed for those to whom it is brought."""
    number = visit.path["lesson"]
    found = visit.session.get(Lesson, int(number)) if len(number) < 10 else None
    if found is None:
        return NOT_FOUND
    return Shown(
        "lesson.html",
        {
            "lesson": found,
            "course": visit.session.get_one(Course, found.course).name,
            "audio": address_of(visit.county, found.audio),
            "picture": address_of(visit.county, found.picture),
            "own_picture": "://" not in found.picture,
            "printable": address_of(visit.county, found.printable),
        },
    )


def file(visit: Visit) -> Answer:
    """A recording, a picture, a page to print; by the hash of its content."""
    match = NAME.fullmatch(visit.path["name"])
    kept = Path(visit.data_dir) / FOLDER / visit.path["name"]
    if match is None or match[1] not in TYPES or not kept.is_file():
        return NOT_FOUND
    return Sent(kept.read_bytes(), TYPES[match[1]])

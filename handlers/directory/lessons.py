"""The sheet of study: from its rows to courses and lessons, or to who would be left out."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from handlers.directory.draft import Draft, Record
from handlers.directory.form import form_words, label
from handlers.study import planning
from handlers.study.audience import LISTENS, LeftOut, left_out
from models.base import Session
from models.office import Office
from models.officer import day_of
from models.place import Place, county
from models.study.course import EVERYBODY, Course, Form, Lesson, course_named, lesson_like, lessons_of

SHEET = "study"
NINE = time(9)
CONTENT = ("title", "day", "days_after_joining", "hour", "text", "link", "audio", "picture", "printable")
FILES = ("audio", "picture", "printable")


@dataclass(frozen=True)
class Kept:
    """A file beside the workbook, as the service keeps it. `is_short`: a recording of at most three minutes."""

    name: str
    is_short: bool = True


Files = Callable[[str], Kept | None]


def no_files(_name: str) -> Kept | None:
    """The `files` of an import that has none beside it."""
    return None


def take_in(session: Session, draft: Draft, at: datetime, files: Files) -> int:
    """Adds and changes lessons, takes out those no longer in the sheet; how many. Faults go to the draft."""
    changed = 0
    courses: dict[str, Course] = {}
    wanted: set[int] = set()
    for record in draft.of(SHEET):
        if not {"course", "lesson", "title", "kinds", "branch"} <= record.values.keys():
            continue  # said already
        course = courses.get(record.values["course"]) or _course(session, record, at)
        courses[course.name] = course
        lesson, is_changed = _lesson(session, draft, record, course, at, files)
        wanted.add(lesson.identity)
        changed += is_changed
    for course in courses.values():
        for lesson in lessons_of(session, course.id or 0):
            if lesson.id not in wanted and (lesson.day is None or lesson.day >= day_of(at)):
                planning.take_out(session, lesson, at)
                changed += 1
    return changed


def _course(session: Session, record: Record, at: datetime) -> Course:
    known = course_named(session, record.values["course"])
    if known is not None:
        return known
    top = county(session)
    course = Course(county=top.code if top else "-", name=record.values["course"], began_on=day_of(at))
    session.add(course)
    session.flush()
    return course


def _lesson(
    session: Session, draft: Draft, record: Record, course: Course, at: datetime, files: Files
) -> tuple[Lesson, bool]:
    """The lesson of a row, and whether it is new or another than before."""
    values = _values(draft, record, files)
    audience = f"{values['branch']} {values['place']} {'+'.join(sorted(values['kinds'])) or EVERYBODY}"
    known = lesson_like(session, course.id or 0, values["number"], audience)
    standing = known is not None and known.ended_at is None
    before = {name: getattr(known, name) for name in CONTENT} if known and standing else {}
    after = {name: values[name] for name in CONTENT}
    lesson = known or Lesson(course=course.id or 0, audience=audience, changed_at=at, **values)
    if known is not None and before != after:
        for name in (*CONTENT, "audio_is_short"):
            setattr(known, name, values[name])
        known.ended_at = None
    session.add(lesson)
    session.flush()
    if before != after:
        _check(session, draft, record, lesson, before.get("day"), at)
        if known is not None and (lesson.day is None or lesson.day >= day_of(at)):
            planning.change(session, lesson, at)
    return lesson, before != after


def _values(draft: Draft, record: Record, files: Files) -> dict[str, Any]:
    cells = record.values
    kinds = [] if EVERYBODY in cells["kinds"] else cells["kinds"]
    values: dict[str, Any] = {
        "number": cells["lesson"],
        "kinds": kinds,
        "branch": cells.get("branch") or EVERYBODY,
        "place": cells.get("place") or EVERYBODY,
        "title": cells["title"],
        "day": cells.get("day") or None,
        "days_after_joining": cells.get("days_after") if isinstance(cells.get("days_after"), int) else None,
        "hour": cells.get("hour") or NINE,
        "audio_is_short": True,
        **{name: cells.get(name) or "" for name in ("text", "link", *FILES)},
    }
    for name in FILES:
        if values[name] and "://" not in values[name]:
            kept = files(values[name])
            if kept is None:
                draft.complain(SHEET, record.number, name, "no_file", value=values[name])
                continue
            values[name] = kept.name
            if name == Form.AUDIO:
                values["audio_is_short"] = kept.is_short
    return values


def _check(
    session: Session, draft: Draft, record: Record, lesson: Lesson, day_before: date | None, at: datetime
) -> None:
    """Everything that is wrong with a row as a whole. A lesson that was planned in time may grow old."""
    row = record.number
    if lesson.day is None and lesson.days_after_joining is None and "day" in record.values:
        draft.complain(SHEET, row, "day", "no_day")
    if lesson.day is not None and lesson.day < day_of(at) and lesson.day != day_before:
        draft.complain(SHEET, row, "day", "past", value=lesson.day.isoformat())
    for name, unknown in (("branch", "unknown_office"), ("place", "unknown_place")):
        code = getattr(lesson, name)
        if code != EVERYBODY and not _is_of_today(session, name, code):
            draft.complain(SHEET, row, name, unknown, value=code)
    if not lesson.forms():
        draft.complain(SHEET, row, "text", "no_form")
        return
    for one in left_out(session, lesson):
        draft.complain(SHEET, row, _wanted_column(one), "left_out", **_named(lesson, one))


def _is_of_today(session: Session, name: str, code: str) -> bool:
    found = session.get(Office, code) if name == "branch" else session.get(Place, code)
    return found is not None and found.ended_at is None


def _wanted_column(one: LeftOut) -> str:
    return one.needs[0].value if one.needs[0] is not Form.PRINTABLE else Form.TEXT.value


def _named(lesson: Lesson, one: LeftOut) -> dict[str, Any]:
    words = form_words()
    short = words["short"] if lesson.audio and not lesson.audio_is_short else ""
    forms = words["or"].join(short * (form is Form.AUDIO) + words[form.value] for form in one.needs)
    kind = words[LISTENS] if one.kind == LISTENS else label("member", "kind", one.kind)
    more = " …" if one.members > len(one.codes) else ""
    return {"forms": forms, "kind": kind, "count": one.members, "members": " ".join(one.codes) + more}

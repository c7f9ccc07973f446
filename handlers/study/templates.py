"""Plans as people make them every year: what the next lesson of one would be called, and when it would be."""

import tomllib
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from models.base import Session
from models.study.course import course_named, lessons_of

FILE = Path(__file__).parent / "templates.toml"
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Suggestion:
    """The next lesson of a plan, to be filled with material."""

    course: str
    number: int
    title: str
    day: date
    hour: time


@cache
def templates() -> dict[str, dict[str, Any]]:
    """Every template by its code, in the order of the file."""
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def suggest(session: Session, code: str, today: date) -> Suggestion:
    """The first day of the template after the last lesson of its year's course, and not before today."""
    template = templates()[code]
    number, last = _stands_at(session, template, today.year)
    day = _next_day(template, max(today, last + DAY) if last else today)
    if day.year > today.year:  # another year is another course, and may have begun
        number, last = _stands_at(session, template, day.year)
        day = _next_day(template, max(day, last + DAY) if last else day)
    words = {"year": day.year, "month": day.month, "quarter": (day.month + 2) // 3, "number": number + 1}
    return Suggestion(
        course=template["course"].format(**words),
        number=number + 1,
        title=template["title"].format(**words),
        day=day,
        hour=time.fromisoformat(template["hour"]),
    )


def _stands_at(session: Session, template: dict[str, Any], year: int) -> tuple[int, date | None]:
    """The number and the day of the last lesson of a year's course; 0 and None before there is one."""
    course = course_named(session, template["course"].format(year=year))
    lessons = lessons_of(session, course.id or 0) if course else []
    number = max((lesson.number for lesson in lessons), default=0)
    return number, max((lesson.day for lesson in lessons if lesson.day), default=None)


def _next_day(template: dict[str, Any], day: date) -> date:
    while not _is_meant(template, day):
        day += DAY
    return day


def _is_meant(template: dict[str, Any], day: date) -> bool:
    if template["every"] == "week":
        return bool(day.isoweekday() == template["weekday"])
    in_turn = template["every"] == "month" or day.month % 3 == 0
    return bool(in_turn and day.day == template["day"])

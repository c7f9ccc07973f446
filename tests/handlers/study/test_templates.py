"""Plans as people make them every year: the next lesson of each, and a year of them as the regulation wants it."""

from datetime import date, time

import pytest

from handlers.study.templates import suggest, templates
from models.base import Session
from models.study.course import Course, Lesson, course_named
from tests.matters import Matters

FRIDAY = date(2026, 11, 27)
NEXT = {  # course, title, day, hour
    "theme_day": ("2026年主题党日", "12月主题党日", "2026-12-05", "09:00"),
    "branch_meeting": ("2026年支部党员大会", "第4季度支部党员大会", "2026-12-15", "19:30"),
    "committee": ("2026年支委会", "12月支委会", "2026-12-20", "19:30"),
    "group_meeting": ("2026年党小组会", "12月党小组会", "2026-12-10", "19:30"),
    "party_lesson": ("2026年党课", "第4季度党课", "2026-12-25", "19:30"),
    "night_school": ("2026年农民夜校", "农民夜校第1课", "2026-11-28", "19:30"),
}
# Regulation on the education of party members (2019), art. 16, and local practice (domain.md B.6): so many a year.
A_YEAR = {
    "theme_day": 12,
    "branch_meeting": 4,
    "committee": 12,
    "group_meeting": 12,
    "party_lesson": 4,
    "night_school": 52,
}


def test_every_template_has_its_next_lesson(matters: Matters):
    assert set(templates()) == set(NEXT) == set(A_YEAR)
    with matters.database.reading() as session:
        for code, (course, title, day, hour) in NEXT.items():
            found = suggest(session, code, FRIDAY)
            assert (found.course, found.title, f"{found.day}", f"{found.hour:%H:%M}", found.number) == (
                *(course, title, day, hour),
                1,
            )


@pytest.mark.parametrize("code", A_YEAR)
def test_a_year_of_a_template_has_as_many_as_the_rule_wants_and_the_next_year_begins_anew(
    matters: Matters, code: str
):
    planned: list[tuple[int, date, str]] = []
    with matters.database.transaction() as session:
        while (found := suggest(session, code, date(2027, 1, 1))).day.year == 2027:
            _take_up(session, matters, found.course, found.number, found.day)
            planned.append((found.number, found.day, found.title))
        assert (found.number, found.day.year) == (1, 2028)
        first = found.day
        _take_up(session, matters, found.course, 1, found.day)
        after = suggest(session, code, date(2027, 12, 31))
        assert (after.number, after.day > first) == (2, True), "and it was not planned already"
    assert len(planned) == A_YEAR[code]
    assert [number for number, _, _ in planned] == [*range(1, A_YEAR[code] + 1)]
    assert len({title for _, _, title in planned}) == len({day for _, day, _ in planned}) == A_YEAR[code]


def _take_up(session: Session, matters: Matters, name: str, number: int, day: date) -> None:
    course = course_named(session, name) or Course(county="YX", name=name, began_on=day)
    session.add(course)
    session.flush()
    session.add(
        Lesson(
            course=course.id or 0,
            number=number,
            day=day,
            title="-",
            hour=time(9),
            text="-",
            audience="* * *",
            changed_at=matters.at,
        )
    )
    session.flush()

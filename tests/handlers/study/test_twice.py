"""Nobody gets anything twice: whatever is edited, planned, swept, loaded anew, whichever way the clock goes."""

import random
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlmodel import col, func, select

from handlers.study.planning import change, members_changed, take_out
from models.letter import Letter
from models.member import Member
from models.study.attempt import Attempt
from models.study.course import Course, Lesson
from models.study.due import Due
from scheduler.study import plan, sweep
from tests.matters import Matters

DAY = date(2026, 12, 1)


@pytest.mark.parametrize("seed", range(2))
def test_nobody_gets_anything_twice(matters: Matters, seed: int):
    chance = random.Random(seed)
    _course(matters)
    acts = [_plan, _sweep, _move, _edit, _join, _end, _clock_back]
    for _ in range(25):
        chance.choice(acts)(matters, chance)
        matters.later(hours=chance.choice([1, 7, 30]))
    matters.at = datetime(2027, 1, 20, 4, tzinfo=UTC)
    _plan(matters, chance)
    _sweep(matters, chance)
    with matters.database.reading() as session:
        twice = (
            select(Due.member, Due.number).group_by(col(Due.member), col(Due.number)).having(func.count() > 1)
        )
        assert session.exec(twice).all() == []
        ways = (
            select(Attempt.due, Attempt.way)
            .group_by(col(Attempt.due), col(Attempt.way))
            .having(func.count() > 1)
        )
        assert session.exec(ways).all() == []
        keys = session.exec(select(Letter.key).where(Letter.to_kind == "member")).all()
        assert len(keys) == len(set(keys))


def _course(matters: Matters) -> None:
    with matters.database.transaction() as session:
        course = Course(county="YX", name="bench", began_on=DAY)
        session.add(course)
        session.flush()
        for number in (1, 2, 3):
            session.add(
                Lesson(
                    course=course.id or 0,
                    number=number,
                    audience="* * *",
                    title=f"lesson {number}",
                    day=DAY + timedelta(days=7 * number) if number < 3 else None,
                    days_after_joining=3 if number == 3 else None,
                    hour=time(9),
                    text="text",
                    audio="https://a.example/1",
                    changed_at=matters.at,
                )
            )


def _plan(matters: Matters, chance: random.Random) -> None:
    plan(matters.station, matters.at)


def _sweep(matters: Matters, chance: random.Random) -> None:
    sweep(matters.station, matters.at)


def _move(matters: Matters, chance: random.Random) -> None:
    with matters.database.transaction() as session:
        lesson = session.get_one(Lesson, chance.choice([1, 2]))
        lesson.day = (lesson.day or DAY) + timedelta(days=chance.choice([-1, 2]))
        change(session, lesson, matters.at)


def _edit(matters: Matters, chance: random.Random) -> None:
    with matters.database.transaction() as session:
        lesson = session.get_one(Lesson, chance.choice([1, 2, 3]))
        lesson.text += "!"
        change(session, lesson, matters.at)


def _join(matters: Matters, chance: random.Random) -> None:
    with matters.database.transaction() as session:
        code = f"N{chance.randrange(10**6):06}"
        zone = chance.choice(["Asia/Shanghai", "America/New_York"])
        session.add(
            Member(code=code, branch="YX0101D", kind="ordinary", zone=zone, ways=["wechat"], joined_on=DAY)
        )
        members_changed(session, matters.at)


def _end(matters: Matters, chance: random.Random) -> None:
    if chance.random() < 0.2:
        with matters.database.transaction() as session:
            take_out(session, session.get_one(Lesson, 2), matters.at)


def _clock_back(matters: Matters, chance: random.Random) -> None:
    matters.later(days=-chance.choice([1, 5]))

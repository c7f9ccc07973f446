"""The ledger of a branch: who got what, by which way, when, brought by whom. No column counts anybody."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from handlers.county import County
from models.base import Session
from models.member import Member, open_field
from models.officer import Officer
from models.study.attempt import attempts_of_all
from models.study.course import Course, Lesson
from models.study.due import Due, Standing, of_branch

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Line:
    """One lesson for one member. `when` and `by` are empty while it is being brought."""

    member: str
    name: str
    kind: str
    course: str
    lesson: int
    title: str
    day: date
    standing: str
    way: str
    when: datetime | None
    by: str


def ledger(session: Session, county: County, branch: str, first: date, last: date) -> list[Line]:
    """The lines of lessons meant for these days, by member. What is to come or under way looks the same."""
    rows = of_branch(session, branch, first, last)
    tried = attempts_of_all(session, [row.identity for row in rows])
    found = []
    for row in rows:
        member, lesson = session.get_one(Member, row.member), session.get_one(Lesson, row.lesson)
        by = next((one.by for one in reversed(tried.get(row.identity, [])) if one.by), None)
        ended = row.standing in (Standing.ARRIVED, Standing.DELIVERED)
        found.append(
            Line(
                member=member.code,
                name=open_field(county.keys, member, "name"),
                kind=member.kind,
                course=session.get_one(Course, row.course).name,
                lesson=row.number,
                title=lesson.title,
                day=row.day,
                standing=shown_as(row),
                way=row.way if ended and row.way else "",
                when=row.sent_at if ended else None,
                by=_name(session, by) if ended else "",
            )
        )
    return found


def shown_as(due: Due) -> str:
    """How a row is told: whatever is not over is `on_its_way`, so that a pause cannot be read from it."""
    return due.standing if not due.is_open else "on_its_way"


def last_of(day: date) -> date:
    """The last day of a month."""
    following = (day.replace(day=28) + 4 * DAY).replace(day=1)
    return following - DAY


def _name(session: Session, account: str | None) -> str:
    officer = session.get(Officer, account) if account else None
    return officer.name if officer else ""

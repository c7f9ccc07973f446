"""Due rows made in bulk: one statement a slice of members, whatever their number."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, CursorResult, and_, case, literal, or_
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, func, select

from models.base import Session, UtcDateTime, month_of
from models.member import Member
from models.office import Office
from models.place import below as places_below
from models.study.course import EVERYBODY, Course, Lesson
from models.study.due import Due, Standing
from models.study.subscription import Subscription
from models.villager import Villager

INSERTS: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


class Group(NamedTuple):
    """Members for whom a lesson falls due at the same instant."""

    zone: str
    kind: str
    joined_on: date | None


def audience(session: Session, lesson: Lesson) -> ColumnElement[bool]:
    """Whose lesson it is: kinds, branch and place, whoever has not left and did not decline."""
    wanted: list[ColumnElement[bool]] = [col(Member.left_at).is_(None), col(Member.stopped_at).is_(None)]
    if lesson.kinds:
        wanted.append(col(Member.kind).in_(lesson.kinds))
    if lesson.branch != EVERYBODY:
        wanted.append(col(Member.branch).in_(branches_below(session, lesson.branch)))
    if lesson.place != EVERYBODY:
        area = places_below(session, lesson.place)
        wanted.append(col(Member.branch).in_(select(Office.code).where(col(Office.place).in_(area))))
    if lesson.day is not None:  # whoever joined later gets what comes next
        wanted.append(or_(col(Member.joined_on).is_(None), col(Member.joined_on) <= lesson.day))
    return and_(*wanted)


def branches_below(session: Session, code: str) -> list[str]:
    """An office and all below it."""
    above: dict[str | None, list[str]] = {}
    for office, parent in session.exec(select(Office.code, Office.parent)):
        above.setdefault(parent, []).append(office)
    found, waiting = [code], [code]
    while waiting:
        fresh = [one for one in above.get(waiting.pop(), []) if one not in found]
        found += fresh
        waiting += fresh
    return found


def slice_end(session: Session, after: str, size: int) -> str | None:
    """The code up to which the next `size` members go; None where nobody is left."""
    rows = select(Member.code).where(Member.code > after).order_by(Member.code)
    end = session.exec(rows.offset(size - 1).limit(1)).first()
    if end is not None:
        return end
    return session.exec(rows.order_by(None).order_by(col(Member.code).desc()).limit(1)).first()


def with_all_near(session: Session, dues: Sequence[Due]) -> list[object]:
    """What a batch of rows will be asked for, read at once; as long as the list is held, no row asks again."""
    members = session.exec(select(Member).where(col(Member.code).in_({due.member for due in dues}))).all()
    lessons = session.exec(select(Lesson).where(col(Lesson.id).in_({due.lesson for due in dues}))).all()
    courses = session.exec(select(Course).where(col(Course.id).in_({due.course for due in dues}))).all()
    accounts = {member.villager for member in members if member.villager}
    villagers = session.exec(select(Villager).where(col(Villager.id).in_(accounts))).all()
    consents = session.exec(select(Subscription).where(col(Subscription.villager).in_(accounts))).all()
    return [*members, *lessons, *courses, *villagers, *consents]


def code_before(session: Session, code: str) -> str:
    """The code before a member's: where a slice of him alone begins."""
    rows = select(Member.code).where(Member.code < code).order_by(col(Member.code).desc())
    return session.exec(rows.limit(1)).first() or ""


def groups(session: Session, lesson: Lesson, span: tuple[str, str]) -> list[Group]:
    """The groups among the members of a slice."""
    rows = select(col(Member.zone), col(Member.kind), col(Member.joined_on)).where(
        audience(session, lesson), col(Member.code) > span[0], col(Member.code) <= span[1]
    )
    return [Group(*row) for row in session.exec(rows.distinct())]


def make_rows(
    session: Session,
    lesson: Lesson,
    span: tuple[str, str],
    whens: Mapping[Group, tuple[date, datetime]],
    county: str,
    at: datetime,
) -> int:
    """Makes the missing rows of a slice; how many. Whoever has one for this number of the course keeps it."""
    if not whens:
        return 0
    tests = [(_is_in(group), when) for group, when in whens.items()]
    row: dict[str, Any] = {
        "county": literal(county),
        "month": literal(month_of(at)),
        "member": col(Member.code),
        "lesson": literal(lesson.identity),
        "course": literal(lesson.course),
        "number": literal(lesson.number),
        "version": literal(lesson.version),
        "branch": col(Member.branch),
        "day": case(*((test, literal(day)) for test, (day, _) in tests)),
        "next_at": case(*((test, literal(when, UtcDateTime())) for test, (_, when) in tests)),
        "standing": literal(Standing.PLANNED.value),
        "tries": literal(0),
    }
    source = select(*row.values()).where(
        audience(session, lesson), col(Member.code) > span[0], col(Member.code) <= span[1]
    )
    statement = INSERTS[session.get_bind().dialect.name](Due).from_select(list(row), source)
    result: CursorResult[Any] = session.connection().execute(statement.on_conflict_do_nothing())
    return max(0, result.rowcount)


def _is_in(group: Group) -> ColumnElement[bool]:
    joined = col(Member.joined_on)
    same = joined.is_(None) if group.joined_on is None else joined == group.joined_on
    return and_(col(Member.zone) == group.zone, col(Member.kind) == group.kind, same)


def starts_on(lesson: Lesson, began_on: date, joined_on: date | None) -> date:
    """The day a lesson is meant for: its own, or counted from joining, never from before the course began."""
    if lesson.day is not None:
        return lesson.day
    return max(joined_on or began_on, began_on) + timedelta(days=lesson.days_after_joining or 0)


def audience_kinds(session: Session, lesson: Lesson) -> list[tuple[str, bool, int]]:
    """How many of each kind a lesson is for, and of them those who go by the ear."""
    kind, by_ear = col(Member.kind), col(Member.by_ear)
    rows = select(kind, by_ear, func.count()).where(audience(session, lesson)).group_by(kind, by_ear)
    return [(one, ear, count) for one, ear, count in session.exec(rows.order_by(kind, by_ear))]


def codes_of(session: Session, lesson: Lesson, kind: str, limit: int, *, by_ear: bool) -> tuple[str, ...]:
    """The first members of a kind that a lesson is for, by code."""
    rows = select(Member.code).where(
        audience(session, lesson), col(Member.kind) == kind, col(Member.by_ear) == by_ear
    )
    return tuple(session.exec(rows.order_by(Member.code).limit(limit)))


def is_for(session: Session, lesson: Lesson, member: str) -> bool:
    """Whether a member is among a lesson's audience."""
    rows = select(Member.code).where(audience(session, lesson), col(Member.code) == member)
    return session.exec(rows).first() is not None

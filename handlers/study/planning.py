"""From a plan to due rows: a slice of members at a time, so that nobody waits long for the writer."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from handlers.county import County
from models.base import Session
from models.member import Member
from models.officer import day_of
from models.study.course import Course, Lesson, live_lessons, plan_anew
from models.study.due import drop_planned, drop_planned_of
from models.study.planning import Group, code_before, groups, make_rows, slice_end, starts_on

SLICE = 1000  # members; also how many reminders leave in the same minute
SPREAD = 60  # minutes over which one hour's reminders are spread (wechat.md B: no big bursts)


def plan_slice(session: Session, county: County, lesson: Lesson, at: datetime) -> int:
    """Makes the rows of the next slice of members, and notes how far it came; how many were made."""
    after = lesson.planned_to or ""
    end = slice_end(session, after, SLICE)
    if lesson.planned_to is None or end is None or end <= after:
        lesson.planned_to = None
        session.add(lesson)
        return 0
    later = timedelta(minutes=lesson.slices % SPREAD)
    made = _make(session, county, lesson, (after, end), at, later)
    lesson.planned_to, lesson.slices = end, lesson.slices + 1
    session.add(lesson)
    return made


def plan_member(session: Session, county: County, member: Member, at: datetime) -> None:
    """A member lives elsewhere, or is of another kind: what is still to come for him is made anew."""
    session.flush()
    drop_planned_of(session, [member.code])
    span = (code_before(session, member.code), member.code)
    for lesson in live_lessons(session, day_of(at)):
        _make(session, county, lesson, span, at)


def _make(
    session: Session,
    county: County,
    lesson: Lesson,
    span: tuple[str, str],
    at: datetime,
    later: timedelta = timedelta(0),
) -> int:
    """The missing rows of a span of members; `later` than the hour, so that they do not all leave at once."""
    whens = {}
    for group in groups(session, lesson, span):
        day, when = when_for(session, county, lesson, group)
        whens[group] = (day, when + later)
    return make_rows(session, lesson, span, whens, county.code, at)


def when_for(session: Session, county: County, lesson: Lesson, group: Group) -> tuple[date, datetime]:
    """The day a lesson is meant for, and the instant it is begun."""
    course = session.get_one(Course, lesson.course)
    day = starts_on(lesson, course.began_on, group.joined_on)
    wanted = datetime.combine(day, lesson.hour, ZoneInfo(group.zone))
    fitting = county.study.fitting(wanted, group.zone, group.kind, county.working.is_workday)
    return day, fitting.astimezone(UTC)


def change(session: Session, lesson: Lesson, at: datetime) -> None:
    """The lesson is another now: what is still to come is made anew; what was begun stays as it was."""
    lesson.version += 1
    lesson.changed_at = at
    lesson.planned_to, lesson.slices = "", 0
    session.add(lesson)
    session.flush()
    drop_planned(session, lesson.identity)


def take_out(session: Session, lesson: Lesson, at: datetime) -> None:
    """The lesson is no longer brought to anybody new."""
    lesson.ended_at = at
    lesson.planned_to = None
    session.add(lesson)
    session.flush()
    drop_planned(session, lesson.identity)


def members_changed(session: Session, at: datetime) -> None:
    """Whoever joined gets the right next piece: every lesson that may still reach somebody is gone through."""
    plan_anew(session, live_lessons(session, day_of(at)))

"""The next way for a member: in his own order, each only when it can work, at last somebody at the door.

Old and ill members owe nothing: what is due to them is their contact person's task from the start (Regulation on
the education of party members, art. 23). A message the platform took has arrived, whether or not anybody answers;
only where it may well have been of no use - nobody answered who cannot read - a person goes.
"""

from datetime import datetime, timedelta

from handlers.county import County
from handlers.study import tasks
from handlers.study.audience import ELDERS, fits_member
from handlers.study.material import CHANNELS, Leaves, fields_for
from models.base import Session
from models.letter import post
from models.member import SPARED, Member, Way
from models.study.attempt import Attempt, End, attempts_of, begin, finish, running, unreachable_ways
from models.study.course import Lesson
from models.study.due import Due, Standing, close
from models.study.pause import paused_until
from models.wording import Wording

LETTERS = frozenset({Way.WECHAT, Way.SMS})
SLACK = timedelta(hours=1)  # a plan's own spread; later than that, hours are looked at anew
LONGER = timedelta(hours=6)  # a letter still on its way is looked after again
NOT_REACHABLE = Leaves(reason="unreachable")
LEFT_THE_HOUSE = frozenset({End.SENT, End.SILENT})


def attend(session: Session, county: County, due: Due, at: datetime) -> str:
    """Whatever is to be done about a row that is due; a word for the count of the sweep."""
    member, lesson = session.get_one(Member, due.member), session.get_one(Lesson, due.lesson)
    session.add(due)
    if member.left_at is not None or member.stopped_at is not None:
        close(due, Standing.DROPPED if member.left_at else Standing.DECLINED, at)
        return "ended"
    if due.standing == Standing.PLANNED and (lesson.ended_at or due.version != lesson.version):
        session.delete(due)  # the plan has moved on; the planner makes another where one is wanted
        return "overtaken"
    later = _later(session, county, due, member, lesson, at)
    if later is not None:
        due.next_at = later
        return "put_off"
    if due.standing == Standing.WITH_CONTACT:
        return tasks.look_after(session, county, due, member, at)
    attempt = running(session, due)
    if attempt is not None and attempt.end is None:
        due.next_at = at + LONGER
        return "put_off"
    if attempt is not None and attempt.end == End.SENT:
        finish(attempt, End.SILENT, at)
    return next_way(session, county, due, member, lesson, at)


def next_way(session: Session, county: County, due: Due, member: Member, lesson: Lesson, at: datetime) -> str:
    """Tries the next way that can work; where none is left, a person, or an honest end."""
    session.flush()
    tried = attempts_of(session, due.identity)
    known = unreachable_ways(session, member.code)
    for way in order_of(member):
        if any(attempt.way == way for attempt in tried):
            continue
        open_now = NOT_REACHABLE if way in known else opens(session, county, member, lesson, way, at)
        if open_now.reason:
            attempt = begin(session, due, way, at)
            finish(attempt, End.COULD_NOT, at, reason=open_now.reason)
            tried.append(attempt)
            continue
        if way not in LETTERS:
            return tasks.give(session, county, due, member, way, at)
        return _send(session, county, due, member, lesson, way, open_now, at)
    return _nothing_left(session, county, due, member, tried, at)


def order_of(member: Member) -> list[Way]:
    """The ways in the member's order; for the old and the ill those on which somebody comes or calls."""
    ways = [Way(way) for way in member.ways]
    if member.kind in ELDERS:
        ways = [way for way in ways if way not in LETTERS]
        return ways or [Way.VISIT]
    return ways or [Way.WECHAT]


def opens(session: Session, county: County, member: Member, lesson: Lesson, way: Way, at: datetime) -> Leaves:
    """Whether a way can work now: by which channels, or why not, as a code."""
    if way in LETTERS:
        if not fits_member(lesson, member):
            return Leaves(reason="no_form")
        return CHANNELS[way](session, county, member, lesson, at)
    if way is Way.PHONE and not member.phone:
        return Leaves(reason="no_number")
    if way is Way.POST and not member.location:
        return Leaves(reason="no_address")
    return Leaves()


def _send(
    session: Session,
    county: County,
    due: Due,
    member: Member,
    lesson: Lesson,
    way: Way,
    leaves: Leaves,
    at: datetime,
) -> str:
    begin(session, due, way, at)
    post(
        session,
        county.keys,
        occasion=f"study:{due.identity}:{due.tries}",
        to=("member", member.code),
        channels=leaves.channels,
        wording=Wording.STUDY_LESSON,
        fields=fields_for(session, county, member, lesson),
        county=county.code,
        at=at,
        too_late_after=at + county.study.patience,
    )
    due.standing, due.next_at = Standing.UNDER_WAY.value, at + county.study.patience + SLACK
    return way.value


def _nothing_left(
    session: Session, county: County, due: Due, member: Member, tried: list[Attempt], at: datetime
) -> str:
    ends = {attempt.end for attempt in tried}
    if ends & LEFT_THE_HOUSE and End.OTHERWISE not in ends and member.kind not in SPARED:
        close(due, Standing.DELIVERED, at)
        return "delivered"
    if not any(attempt.way == Way.VISIT for attempt in tried):
        return tasks.give(session, county, due, member, Way.VISIT, at)
    close(due, Standing.UNREACHED, at)
    return "unreached"


def _later(
    session: Session, county: County, due: Due, member: Member, lesson: Lesson, at: datetime
) -> datetime | None:
    """When it is rather done: not while the member is in danger, not at an hour that does not suit him."""
    rules, is_workday = county.study, county.working.is_workday
    until = paused_until(session, member.villager, at)
    if until is not None:
        return rules.resumed(until, lesson.hour, member.zone, member.kind, is_workday)
    if due.next_at is None or due.standing == Standing.WITH_CONTACT:
        return None
    if due.standing == Standing.PLANNED and at - due.next_at < SLACK:
        return None
    fitting = rules.fitting(at, member.zone, member.kind, is_workday)
    return fitting if fitting > at else None

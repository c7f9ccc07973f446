"""Service tasks: who brings it, until when, and how it went. What is late is the branch's, never the member's."""

from datetime import datetime, time, timedelta

from handlers.accusation import accuses
from handlers.county import County
from handlers.notices import TO_OFFICER, tell_operators
from models.base import Session
from models.errors import Refused
from models.letter import post
from models.member import Member, Way
from models.officer import Officer, day_of, is_here
from models.refusal import Refusal
from models.study.attempt import End, begin, finish, learn, running
from models.study.due import Due, Standing, close
from models.study.people import helper_for
from models.study.task import Task, TaskEnd, end_task, open_task, tasks_of_due
from models.wording import Wording

WINDOW = {Way.PHONE: 3, Way.VISIT: 7, Way.POST: 5}  # days
MISSES = 3
AGAIN = timedelta(days=7)  # a late task is told of again
MORNING = time(8)


def give(session: Session, county: County, due: Due, member: Member, way: Way, at: datetime) -> str:
    """The member's contact person, or whoever stands in, brings it within a window of days."""
    helper = helper_for(session, member, at)
    if helper is None:
        tell_operators(session, county, Wording.STUDY_NOBODY, at, occasion=f"study-nobody:{day_of(at)}")
        due.standing, due.next_at = Standing.WITH_CONTACT.value, at + timedelta(days=1)
        return "nobody"
    begin(session, due, way, at)
    today = day_of(at)
    task = open_task(session, due, helper.account, way, at, (today, today + timedelta(days=WINDOW[way])))
    due.standing = Standing.WITH_CONTACT.value
    due.next_at = _morning_after(county, task)
    tell(session, county, helper.account, at)
    return "task"


def tell(session: Session, county: County, account: str, at: datetime) -> None:
    """One push a day, however many tasks; names and places are read on asking."""
    post(
        session,
        county.keys,
        occasion=f"study-tasks:{day_of(at)}",
        to=("officer", account),
        channels=TO_OFFICER,
        wording=Wording.STUDY_TASKS,
        fields={},
        county=county.code,
        at=at,
        not_before=county.task_time(at),
    )


def look_after(session: Session, county: County, due: Due, member: Member, at: datetime) -> str:
    """The window is over: whoever has the task hears again; where he is gone, the next one has it."""
    task = next((one for one in tasks_of_due(session, due.identity) if one.end is None), None)
    if task is None:
        return give(session, county, due, member, Way.VISIT, at)
    if not is_here(session, session.get(Officer, task.account), at):
        hand_on(session, county, task, member, at)
    tell(session, county, task.account, at)
    due.next_at = at + AGAIN
    return "late"


def hand_on(session: Session, county: County, task: Task, member: Member, at: datetime) -> None:
    """Another brings it; its window stays as it was."""
    helper = helper_for(session, member, at, before=task.account)
    if helper is not None and helper.account != task.account:
        task.account = helper.account
        session.add(task)
        tell(session, county, helper.account, at)


def done(session: Session, county: County, task: Task, by: str, at: datetime, note: str = "") -> None:
    """It arrived. Refused where the task has ended."""
    due = _open(session, task)
    task.note = sealed_words(county, note)
    end_task(task, TaskEnd.DELIVERED, at, by)
    finish(running(session, due), End.ARRIVED, at, by=by)
    close(due, Standing.ARRIVED, at)
    due.sent_at, due.way = at, task.way
    session.add_all([task, due])


def sealed_words(county: County, said: str) -> bytes:
    """What somebody wrote down for another; an accusation is written down by nobody."""
    return b"" if not said or accuses(county.reader.route(said)) else county.keys.sealed_here(said)


def missed(session: Session, task: Task, by: str, at: datetime) -> int:
    """Nobody was there; after three times the next way. How often it was so."""
    due = _open(session, task)
    task.misses += 1
    session.add_all([task, due])
    if task.misses < MISSES:
        return task.misses
    end_task(task, TaskEnd.MISSED, at, by)
    finish(running(session, due), End.MISSED, at, by=by)
    if task.way == Way.PHONE:
        learn(session, task.member, Way.PHONE, "not_answered", at)
    due.standing, due.next_at = Standing.UNDER_WAY.value, at
    return task.misses


def _open(session: Session, task: Task) -> Due:
    due = session.get_one(Due, task.due)
    if task.end is not None or not due.is_open:
        raise Refused(Refusal.STUDY_TASK_ENDED, task=task.id)
    return due


def _morning_after(county: County, task: Task) -> datetime:
    return datetime.combine(task.last + timedelta(days=1), MORNING, county.zone)

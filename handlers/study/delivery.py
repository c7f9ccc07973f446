"""What the couriers say of a lesson's letter: it left, it did not, it must not leave now."""

from datetime import datetime

from handlers.county import County
from handlers.study.material import is_last
from models.base import Session
from models.key import lay_ready
from models.letter import Claimed
from models.member import Member, Way
from models.reach import reaches
from models.study import subscription
from models.study.attempt import Attempt, End, finish, learn, running
from models.study.course import Lesson
from models.study.due import Due, dues_by_id
from models.study.pause import paused_until
from models.study.planning import with_all_near
from models.study.survey import ask

# What a platform says that will be no different next time. A consent used up or a closed window is no such thing.
FOR_GOOD = frozenset({"address", "not following", "blocked by us"})
NOTICE = "notice"
REFUSED = "refused"  # 43101: whatever consent we thought we had is gone


def near(session: Session, letters: list[Claimed]) -> list[object]:
    """The rows that letters of lessons belong to, and all that will be asked of their members."""
    numbers = {int(letter.key.split(":")[1]) for letter in letters if letter.key.startswith("study:")}
    dues = dues_by_id(session, numbers) if numbers else []
    if not dues:
        return []
    held = [*dues, *with_all_near(session, dues)]
    accounts = [session.get_one(Member, due.member).villager for due in dues]
    people = reaches(session, [account for account in accounts if account is not None])
    lay_ready(session, [person.key_id for person in people])
    return held


def due_of(session: Session, letter: Claimed) -> Due | None:
    """The row a letter belongs to, as long as this letter is its running attempt."""
    occasion, number, attempt, *_ = letter.key.split(":")
    due = session.get(Due, int(number)) if occasion == "study" else None
    return due if due is not None and due.tries == int(attempt) else None


def may_leave(session: Session, county: County, letter: Claimed, at: datetime) -> bool:
    """Asked last, at the door. A letter that must wait is taken back as if it had never been made."""
    due = due_of(session, letter)
    member = session.get(Member, letter.to)
    if due is None or member is None or not due.is_open or member.stopped_at is not None:
        return False
    until = paused_until(session, member.villager, at)
    if until is None:
        return True
    attempt = running(session, due)
    if attempt is not None:
        session.delete(attempt)
    hour = session.get_one(Lesson, due.lesson).hour
    due.next_at = county.study.resumed(until, hour, member.zone, member.kind, county.working.is_workday)
    session.add(due)
    return False


def arrived(session: Session, county: County, letter: Claimed, at: datetime) -> None:
    """The platform took it. What is silent after some days goes the next way."""
    found = _running(session, letter)
    if found is None:
        return
    due, attempt = found
    finish(attempt, End.SENT, at)
    due.sent_at, due.way = at, attempt.way
    member = session.get_one(Member, due.member)
    if letter.channels[0] == NOTICE and member.villager and not county.study.lasting:
        subscription.use(session, member.villager, county.study.template, at)
    due.next_at = at + county.study.patience
    lesson = session.get_one(Lesson, due.lesson)
    if is_last(session, lesson):
        ask(session, due.member, due.course, at)
    session.add_all([due, attempt])


def failed(session: Session, county: County, letter: Claimed, at: datetime) -> None:
    """It did not arrive: the next way at once."""
    found = _running(session, letter)
    if found is None:
        return
    due, attempt = found
    finish(attempt, End.FAILED, at, reason=letter.reason)
    if letter.reason in FOR_GOOD:
        learn(session, due.member, Way(attempt.way), letter.reason, at)
    villager = session.get_one(Member, due.member).villager
    if letter.reason == REFUSED and villager is not None and county.study.template:
        subscription.note(session, villager, county.study.template, at, accepted=False)
    due.next_at = at
    session.add_all([due, attempt])


def _running(session: Session, letter: Claimed) -> tuple[Due, Attempt] | None:
    due = due_of(session, letter)
    attempt = running(session, due) if due is not None and due.is_open else None
    return (due, attempt) if due is not None and attempt is not None else None

"""What those who bring it need to see: whom, where, what, until when, and what was tried before."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from handlers.county import County
from handlers.study.changes import value_of
from models.base import Session
from models.member import Member, Way, open_field
from models.officer import day_of
from models.study.attempt import Attempt, attempts_of_all
from models.study.change import Change
from models.study.course import Lesson
from models.study.due import Due
from models.study.task import Task


@dataclass(frozen=True)
class Errand:
    """One task as the one who does it reads it. Names and numbers are for him alone."""

    task: int
    way: str
    member: str
    name: str
    kind: str
    where: str
    phone: str
    title: str
    lesson: int
    last: str
    late: bool
    tried: tuple[dict[str, str], ...]
    ended: bool

    def fields(self) -> dict[str, Any]:
        return asdict(self)


def errands(session: Session, county: County, found: Sequence[Task], at: datetime) -> list[Errand]:
    """Tasks with whom, where and what."""
    tried = attempts_of_all(session, [task.due for task in found])
    return [_errand(session, county, task, tried.get(task.due, []), at) for task in found]


def _errand(session: Session, county: County, task: Task, tried: Sequence[Attempt], at: datetime) -> Errand:
    member = session.get_one(Member, task.member)
    lesson = session.get_one(Lesson, session.get_one(Due, task.due).lesson)
    keys = county.keys
    return Errand(
        task=task.id or 0,
        way=task.way,
        member=member.code,
        name=open_field(keys, member, "name"),
        kind=member.kind,
        where=open_field(keys, member, "location"),
        phone=open_field(keys, member, "phone") if task.way == Way.PHONE else "",
        title=lesson.title,
        lesson=lesson.identity,
        last=task.last.isoformat(),
        late=task.end is None and task.last < day_of(at),
        tried=tuple(
            {"way": one.way, "reason": one.reason or one.end or "sent"}
            for one in tried
            if one.way != task.way
        ),
        ended=task.end is not None,
    )


def proposal(session: Session, county: County, change: Change) -> dict[str, Any]:
    """A proposal as the branch reads it."""
    member = session.get_one(Member, change.member)
    return {
        "change": change.id,
        "member": member.code,
        "name": open_field(county.keys, member, "name"),
        "what": change.kind,
        "value": value_of(county, change),
    }

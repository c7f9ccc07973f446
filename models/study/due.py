"""What is due to whom: one row a member and lesson of a course, so that nobody gets anything twice."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import delete, update
from sqlmodel import Field, UniqueConstraint, col, select

from models.base import Session, Table, UtcDateTime


class Standing(StrEnum):
    """How a lesson stands for a member. From `arrived` on they are ends."""

    PLANNED = "planned"  # its hour has not come
    UNDER_WAY = "under_way"  # sent, and nobody answered yet
    WITH_CONTACT = "with_contact"  # somebody calls, visits or posts it
    ARRIVED = "arrived"  # the member or the one who brought it says so
    DELIVERED = "delivered"  # a platform took it for the member; he owes no answer
    UNREACHED = "unreached"  # every way was tried
    DECLINED = "declined"  # the member wants none
    DROPPED = "dropped"  # the plan changed, or the member left


ENDS = frozenset(set(Standing) - {Standing.PLANNED, Standing.UNDER_WAY, Standing.WITH_CONTACT})


class Due(Table, table=True):
    """One lesson for one member. `next_at` is the only column the sweep reads; none: nothing is to be done."""

    __tablename__ = "study_due"
    __table_args__ = (UniqueConstraint("member", "course", "number", name="uq_study_due_member"),)

    id: int | None = Field(default=None, primary_key=True)
    county: str = Field(max_length=20)
    month: int
    member: str = Field(foreign_key="member.code", max_length=20)
    lesson: int = Field(foreign_key="lesson.id", index=True)
    course: int = Field(foreign_key="course.id")
    number: int
    version: int  # of the lesson it was made by
    branch: str = Field(index=True, max_length=20)
    day: date = Field(index=True)  # the day it is meant for
    next_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    standing: str = Field(default=Standing.PLANNED.value, max_length=12)  # a Standing
    tries: int = 0
    way: str | None = Field(default=None, max_length=8)  # by which it last left the house, or was brought
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    @property
    def identity(self) -> int:
        """The id of a row that is stored."""
        if self.id is None:
            message = "the row is not stored yet"
            raise ValueError(message)
        return self.id

    @property
    def is_open(self) -> bool:
        return self.standing not in ENDS


def close(due: Due, end: Standing, at: datetime) -> None:
    """It has ended; nothing more is due."""
    due.standing, due.ended_at, due.next_at = end.value, at, None


def due_ids(session: Session, at: datetime, limit: int) -> list[int]:
    """What is to be done now, the oldest first: one look at one index."""
    rows = select(Due.id).where(col(Due.next_at) <= at).order_by(col(Due.next_at)).limit(limit)
    return [identity for identity in session.exec(rows) if identity is not None]


def take(session: Session, ids: Sequence[int], at: datetime) -> list[Due]:
    """Those of `ids` that are still due, for this process alone until its transaction ends."""
    rows = select(Due).where(col(Due.id).in_(ids), col(Due.next_at) <= at).order_by(col(Due.next_at))
    return list(session.exec(rows.with_for_update(skip_locked=True)))


def dues_by_id(session: Session, ids: Collection[int]) -> list[Due]:
    """Some rows, read at once."""
    return list(session.exec(select(Due).where(col(Due.id).in_(ids))))


def of_member(session: Session, member: str, limit: int = 50) -> list[Due]:
    """A member's rows, the newest first."""
    rows = select(Due).where(Due.member == member).order_by(col(Due.day).desc(), col(Due.id).desc())
    return list(session.exec(rows.limit(limit)))


def of_branch(session: Session, branch: str, first: date, last: date) -> list[Due]:
    """A branch's rows of lessons meant for these days, by member and day; dropped ones are nobody's."""
    rows = select(Due).where(
        Due.branch == branch, col(Due.day).between(first, last), Due.standing != Standing.DROPPED.value
    )
    return list(session.exec(rows.order_by(col(Due.member), col(Due.day), col(Due.id))))


def last_sent(session: Session, member: str) -> Due | None:
    """The lesson that was last sent to a member, ended or not."""
    rows = select(Due).where(Due.member == member, col(Due.sent_at).is_not(None))
    return session.exec(rows.order_by(col(Due.sent_at).desc())).first()


def drop_planned(session: Session, lesson: int) -> None:
    """Takes back what was planned and not begun; what was begun stays as it is."""
    session.exec(delete(Due).where(col(Due.lesson) == lesson, col(Due.standing) == Standing.PLANNED.value))


def drop_planned_of(session: Session, members: Iterable[str]) -> None:
    """Takes back what was planned and not begun for some members, who are not what they were."""
    for member in members:
        session.exec(
            delete(Due).where(col(Due.member) == member, col(Due.standing) == Standing.PLANNED.value)
        )


def close_open_of(session: Session, member: str, end: Standing, at: datetime) -> None:
    """Ends everything that is open for a member."""
    open_ones = update(Due).where(
        col(Due.member) == member, col(Due.standing).not_in([one.value for one in ENDS])
    )
    session.exec(open_ones.values(standing=end.value, ended_at=at, next_at=None))

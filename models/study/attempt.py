"""Each way that was tried, with its honest end; and what was learned from it."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from sqlalchemy import update
from sqlmodel import Field, UniqueConstraint, col, select

from models.base import Session, Table, UtcDateTime, month_of
from models.study.due import Due


class End(StrEnum):
    """How an attempt ended; none while it is under way."""

    COULD_NOT = "could_not"  # nothing left the house: `reason` says why
    SENT = "sent"  # the platform took it; nobody answered yet
    ARRIVED = "arrived"
    SILENT = "silent"  # sent, and no answer in time
    OTHERWISE = "otherwise"  # the member asked for another way
    FAILED = "failed"  # the platform says that it did not arrive
    MISSED = "missed"  # called or visited, and nobody was there
    TAKEN_BACK = "taken_back"  # the plan changed, or the member declined


class Attempt(Table, table=True):
    """One try by one way."""

    __tablename__ = "study_attempt"
    __table_args__ = (UniqueConstraint("due", "number", name="uq_study_attempt_due"),)

    id: int | None = Field(default=None, primary_key=True)
    county: str = Field(max_length=20)
    month: int
    due: int = Field(foreign_key="study_due.id")
    number: int
    way: str = Field(max_length=8)  # a Way
    made_at: datetime = Field(sa_type=UtcDateTime)
    end: str | None = Field(default=None, max_length=12)  # an End
    reason: str = Field(default="", max_length=40)  # a code of ours or of a platform; nothing personal
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    by: str | None = Field(default=None, max_length=64)  # the officer who brought it


class Unreachable(Table, table=True):
    """A member cannot be reached this way, until something about it changes."""

    __tablename__ = "unreachable_way"

    member: str = Field(foreign_key="member.code", primary_key=True, max_length=20)
    way: str = Field(primary_key=True, max_length=8)
    reason: str = Field(max_length=40)
    since: datetime = Field(sa_type=UtcDateTime)


def begin(session: Session, due: Due, way: str, at: datetime) -> Attempt:
    """The next attempt of a row."""
    due.tries += 1
    attempt = Attempt(
        county=due.county, month=month_of(at), due=due.identity, number=due.tries, way=way, made_at=at
    )
    session.add(attempt)
    return attempt


def finish(
    attempt: Attempt | None, end: End, at: datetime, *, reason: str = "", by: str | None = None
) -> None:
    """An honest end; a later one takes the place of `sent` alone."""
    if attempt is None or attempt.end not in (None, End.SENT):
        return
    attempt.end, attempt.reason, attempt.ended_at, attempt.by = end.value, reason[:40], at, by


def attempts_of(session: Session, due: int) -> list[Attempt]:
    """What was tried, in order."""
    return list(session.exec(select(Attempt).where(Attempt.due == due).order_by(col(Attempt.number))))


def attempts_of_all(session: Session, dues: Iterable[int]) -> dict[int, list[Attempt]]:
    """What was tried for several rows, each in order."""
    rows = select(Attempt).where(col(Attempt.due).in_(list(dues))).order_by(col(Attempt.number))
    found: dict[int, list[Attempt]] = {}
    for attempt in session.exec(rows):
        found.setdefault(attempt.due, []).append(attempt)
    return found


def running(session: Session, due: Due) -> Attempt | None:
    """The attempt that is under way or waits for an answer."""
    rows = select(Attempt).where(Attempt.due == due.identity, Attempt.number == due.tries)
    return session.exec(rows).first()


def take_back(session: Session, member: str, at: datetime) -> None:
    """What is under way for a member is called off."""
    mine = select(Due.id).where(Due.member == member)
    session.exec(
        update(Attempt)
        .where(col(Attempt.due).in_(mine), col(Attempt.end).is_(None))
        .values(end=End.TAKEN_BACK.value, ended_at=at)
    )


def learn(session: Session, member: str, way: str, reason: str, at: datetime) -> None:
    """Notes that a member is not reachable this way."""
    session.merge(Unreachable(member=member, way=way, reason=reason[:40], since=at))


def unlearn(session: Session, member: str, *ways: str) -> None:
    """Something changed: these ways may be tried again."""
    for way in ways:
        known = session.get(Unreachable, (member, way))
        if known is not None:
            session.delete(known)


def unreachable_ways(session: Session, member: str) -> dict[str, str]:
    """The ways that are of no use for a member, and why."""
    rows = select(Unreachable).where(Unreachable.member == member)
    return {row.way: row.reason for row in session.exec(rows)}

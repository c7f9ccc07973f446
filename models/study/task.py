"""Service tasks: a call, a visit or a letter by post that a contact person owes a member. Lateness is the branch's."""

from collections.abc import Collection
from datetime import date, datetime
from enum import StrEnum

from sqlmodel import Field, col, func, select

from models.base import Session, Table, UtcDateTime, month_of
from models.officer import day_of
from models.study.due import Due


class TaskEnd(StrEnum):
    """How a task ended."""

    DELIVERED = "delivered"
    MISSED = "missed"  # three times nobody was there
    DROPPED = "dropped"  # no longer needed


class Task(Table, table=True):
    """One task. Its id is the number one ticks it off by, and is never used again."""

    __tablename__ = "study_task"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int | None = Field(default=None, primary_key=True)
    county: str = Field(max_length=20)
    month: int
    due: int = Field(foreign_key="study_due.id", index=True)
    member: str = Field(foreign_key="member.code", index=True, max_length=20)
    branch: str = Field(index=True, max_length=20)
    account: str = Field(index=True, max_length=64)  # whose task it is
    way: str = Field(max_length=8)  # phone, visit, post
    opened_at: datetime = Field(sa_type=UtcDateTime)
    first: date
    last: date  # after it the branch is late, never the member
    misses: int = 0
    end: str | None = Field(default=None, max_length=12)  # a TaskEnd
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_on: date | None = None  # the county's day
    by: str | None = Field(default=None, max_length=64)
    note: bytes = b""  # sealed: what the visitor wrote down


def open_task(
    session: Session, due: Due, account: str, way: str, at: datetime, window: tuple[date, date]
) -> Task:
    """A task for `account`, to be done within the window of days."""
    task = Task(
        county=due.county,
        month=month_of(at),
        due=due.identity,
        member=due.member,
        branch=due.branch,
        account=account,
        way=way,
        opened_at=at,
        first=window[0],
        last=window[1],
    )
    session.add(task)
    session.flush()
    return task


def end_task(task: Task, end: TaskEnd, at: datetime, by: str | None = None) -> None:
    task.end, task.ended_at, task.ended_on, task.by = end.value, at, day_of(at), by


def open_tasks_of(session: Session, account: str) -> list[Task]:
    """What somebody has to do, the most urgent first."""
    rows = select(Task).where(Task.account == account, col(Task.end).is_(None))
    return list(session.exec(rows.order_by(col(Task.last), col(Task.id))))


def open_tasks_in(session: Session, branches: Collection[str]) -> list[Task]:
    """What some branches have to do, the most urgent first."""
    rows = select(Task).where(col(Task.branch).in_(branches), col(Task.end).is_(None))
    return list(session.exec(rows.order_by(col(Task.last), col(Task.id))))


def tasks_of_due(session: Session, due: int) -> list[Task]:
    """The tasks that one lesson for one member led to."""
    return list(session.exec(select(Task).where(Task.due == due).order_by(col(Task.id))))


def drop_tasks_of(session: Session, member: str, at: datetime, due: int | None = None) -> None:
    """Nothing more is to be brought to a member; with `due`, of that lesson alone."""
    rows = select(Task).where(Task.member == member, col(Task.end).is_(None))
    for task in session.exec(rows if due is None else rows.where(Task.due == due)):
        end_task(task, TaskEnd.DROPPED, at)
        session.add(task)


def late_by_branch(session: Session, first: date, last: date) -> dict[str, int]:
    """How many tasks whose last day fell into the span were not done by then, by branch."""
    rows = (
        select(Task.branch, func.count())
        .where(
            col(Task.last).between(first, last),
            col(Task.end).is_(None) | (col(Task.ended_on) > col(Task.last)),
            func.coalesce(col(Task.end), "") != TaskEnd.DROPPED.value,
        )
        .group_by(Task.branch)
    )
    return dict(session.exec(rows).all())

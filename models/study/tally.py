"""Counting the service, never a member: what arrived by which way, what was wished for, what was late."""

from collections.abc import Sequence
from datetime import date

from sqlmodel import col, func, select

from models.base import Session
from models.member import Member
from models.study.attempt import Attempt, End, Unreachable
from models.study.due import Due, Standing
from models.study.task import Task, TaskEnd

REACHED = (Standing.ARRIVED.value, Standing.DELIVERED.value)
Counts = dict[str, dict[str, int]]  # branch: what: how many


def counts_between(session: Session, first: date, last: date) -> Counts:
    """The service of lessons meant for these days, by branch."""
    counts: Counts = {}
    _standings(session, first, last, counts)
    _ways(session, first, last, counts)
    _tasks(session, first, last, counts)
    return counts


def by_kind(session: Session, first: date, last: date) -> Counts:
    """The service of lessons meant for these days, by kind of member; not how much anybody read."""
    counts: Counts = {}
    known = select(Member.kind, func.count()).where(col(Member.left_at).is_(None)).group_by(Member.kind)
    for kind, count in session.exec(known):
        counts[kind] = dict.fromkeys(("meant", "contacted", "reached", "wished"), 0) | {"members": count}
    meant = select(Member.kind, Due.standing, func.count()).join(Member, col(Member.code) == Due.member)
    meant = meant.where(col(Due.day).between(first, last), Due.standing != Standing.DROPPED.value)
    for kind, standing, count in session.exec(
        meant.where(col(Member.left_at).is_(None)).group_by(Member.kind, Due.standing)
    ):
        _add(counts, kind, "meant", count)
        if standing in REACHED:
            _add(counts, kind, "reached", count)
    tried = select(Member.kind, func.count(func.distinct(Due.id))).join(Due, col(Due.member) == Member.code)
    tried = tried.join(Attempt, col(Attempt.due) == col(Due.id))
    tried = tried.where(col(Due.day).between(first, last), col(Member.left_at).is_(None))
    wished = tried.where(Attempt.end == End.OTHERWISE.value)
    for what, rows in (("contacted", tried), ("wished", wished)):
        for kind, count in session.exec(rows.group_by(Member.kind)):
            _add(counts, kind, what, count)
    return counts


def unreachable_by_branch(session: Session) -> dict[str, int]:
    """How many members of a branch have a way that is of no use now."""
    rows = (
        select(Member.branch, func.count(func.distinct(Member.code)))
        .join(Unreachable, col(Unreachable.member) == col(Member.code))
        .where(col(Member.left_at).is_(None))
        .group_by(Member.branch)
    )
    return dict(session.exec(rows).all())


def members_by_branch(session: Session, branches: Sequence[str] | None = None) -> dict[str, int]:
    """How many members each branch has."""
    rows = select(Member.branch, func.count()).where(col(Member.left_at).is_(None)).group_by(Member.branch)
    if branches is not None:
        rows = rows.where(col(Member.branch).in_(branches))
    return dict(session.exec(rows).all())


def _add(counts: Counts, branch: str, what: str, count: int) -> None:
    one = counts.setdefault(branch, {})
    one[what] = one.get(what, 0) + count


def _standings(session: Session, first: date, last: date, counts: Counts) -> None:
    rows = select(Due.branch, Due.standing, func.count()).where(col(Due.day).between(first, last))
    for branch, standing, count in session.exec(rows.group_by(Due.branch, Due.standing)):
        if standing != Standing.DROPPED:
            _add(counts, branch, "meant", count)
        if standing in REACHED:
            _add(counts, branch, "reached", count)
        elif standing == Standing.DECLINED:
            _add(counts, branch, "declined", count)


def _ways(session: Session, first: date, last: date, counts: Counts) -> None:
    rows = select(Due.branch, Due.way, func.count()).where(
        col(Due.day).between(first, last), col(Due.standing).in_(REACHED)
    )
    for branch, way, count in session.exec(rows.group_by(col(Due.branch), col(Due.way))):
        _add(counts, branch, f"by_{way}", count)
    wished = (
        select(Due.branch, func.count())
        .join(Attempt, col(Attempt.due) == col(Due.id))
        .where(col(Due.day).between(first, last), Attempt.end == End.OTHERWISE.value)
    )
    for branch, count in session.exec(wished.group_by(Due.branch)):
        _add(counts, branch, "wished", count)


def _tasks(session: Session, first: date, last: date, counts: Counts) -> None:
    rows = select(Task.branch, Task.end, col(Task.ended_on) > col(Task.last), func.count()).where(
        col(Task.last).between(first, last), func.coalesce(col(Task.end), "") != TaskEnd.DROPPED.value
    )
    rows = rows.group_by(col(Task.branch), col(Task.end), col(Task.ended_on) > col(Task.last))
    for branch, end, late, count in session.exec(rows):
        _add(counts, branch, "tasks", count)
        if late or end is None:
            _add(counts, branch, "tasks_late", count)

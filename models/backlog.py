"""How much stands where, and for how long: figures of all petitions at once, of nobody."""

from datetime import datetime, timedelta

from sqlalchemy import String, and_, cast, not_
from sqlmodel import col, func, select

from models.base import Session
from models.petition import OPEN, STANDS_STILL, Petition, State


def count_by_state(session: Session) -> dict[State, int]:
    """How many petitions stand where."""
    counted = session.exec(select(Petition.state, func.count()).group_by(col(Petition.state)))
    return {State(state): count for state, count in counted}


def count_overdue(session: Session, at: datetime) -> int:
    """How many open matters have passed their date, as `overdue` means it."""
    stopped = and_(
        col(Petition.state).in_(STANDS_STILL), cast(col(Petition.breached), String).not_like('%"finish"%')
    )
    late = select(func.count()).where(col(Petition.state).in_(OPEN), col(Petition.finish_due) < at)
    return session.exec(late.where(not_(stopped)).select_from(Petition)).one()


def count_breached(session: Session) -> int:
    """How many open matters have a clock that ran out."""
    late = select(func.count()).where(
        col(Petition.state).in_(OPEN), cast(col(Petition.breached), String) != "[]"
    )
    return session.exec(late.select_from(Petition)).one()


def oldest_unrouted(session: Session, at: datetime) -> timedelta:
    """For how long the matter that has waited longest has had no owner."""
    first = select(func.min(col(Petition.received_at))).where(Petition.state == State.RECEIVED)
    since: datetime | None = session.exec(first).one()
    return max(at - since, timedelta(0)) if since is not None else timedelta(0)

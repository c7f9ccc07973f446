"""Not while in danger: the one place where membership and petitions meet, and it keeps nothing."""

from datetime import datetime, timedelta

from sqlmodel import col, func, select

from models.base import Session
from models.petition import Petition

REST = timedelta(days=7)
DANGER = ("emergency", "protection")


def paused_until(session: Session, villager: int | None, at: datetime) -> datetime | None:
    """Until when nothing is sent to this account, after an emergency of its own; None: no pause.

    Nobody is told, nothing is written: an instant that a sweep computes, and forgets.
    """
    if villager is None:
        return None
    latest = select(func.max(Petition.received_at)).where(
        Petition.villager == villager,
        col(Petition.lane).in_(DANGER),
        col(Petition.received_at) > at - REST,
    )
    received_at: datetime | None = session.exec(latest).one()
    return received_at + REST if received_at is not None else None

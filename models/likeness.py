"""Matters that may be the same cause: of one kind, at one place, about the same time."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col, select

from models.base import Session
from models.petition import OPEN, Petition


def similar_to(session: Session, petition: Petition, since: datetime) -> list[Petition]:
    """Other villagers' open matters of the same leaf and place, the oldest first."""
    found = select(Petition).where(
        Petition.leaf == petition.leaf,
        Petition.place == petition.place,
        col(Petition.received_at) >= since,
        col(Petition.state).in_(OPEN),
        Petition.id != petition.id,
        col(Petition.joined_to).is_(None),
        Petition.lane == "petition",
    )
    return list(session.exec(found.order_by(col(Petition.received_at)).limit(20)))


def alike(
    session: Session, leaves: Sequence[str], place: str | None, since: datetime, limit: int
) -> list[Petition]:
    """Anybody's open matters of these leaves, and of this place where one is known, the newest first."""
    found = select(Petition).where(
        col(Petition.leaf).in_(leaves),
        col(Petition.received_at) >= since,
        col(Petition.state).in_(OPEN),
        Petition.lane == "petition",
    )
    if place is not None:
        found = found.where(Petition.place == place)
    return list(session.exec(found.order_by(col(Petition.received_at).desc()).limit(limit)))


def companions_of(session: Session, petition: Petition) -> list[Petition]:
    """The open co-petitions of a matter."""
    found = select(Petition).where(Petition.joined_to == petition.id, col(Petition.state).in_(OPEN))
    return list(session.exec(found.order_by(col(Petition.id))))

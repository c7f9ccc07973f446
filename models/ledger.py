"""The ledger: each petition's events, appended and hash-chained.

Events hold codes, accounts, instants and the salted hash of a text kept apart: never free text, never a
villager's identity. State, clocks and digests are functions of them.
"""

import hashlib
import json
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, Index
from sqlmodel import Field, col, select

from models.base import Session, Table, UtcDateTime, month_of

FIRST = "0" * 64
APPENDED = "appended"  # in Session.info: events of this transaction whose strokes are not written yet
_canonical = json.JSONEncoder(sort_keys=True, ensure_ascii=False).encode


class PetitionEvent(Table, table=True):
    """One thing that happened to one petition."""

    __tablename__ = "petition_event"
    __table_args__ = (
        Index("uq_petition_event_petition", "petition", "position", unique=True),
        Index("ix_petition_event_at_kind", "at", "kind"),
    )

    id: int | None = Field(default=None, primary_key=True)  # the order over all petitions, for checkpoints
    petition: int = Field(foreign_key="petition.id")
    position: int
    county: str = Field(max_length=20)
    month: int
    at: datetime = Field(sa_type=UtcDateTime)
    kind: str = Field(max_length=24)
    data: dict[str, Any] = Field(sa_type=JSON)
    previous_hash: str = Field(max_length=64)
    hash: str = Field(max_length=64)


def event_hash(
    petition: int, position: int, at: datetime, kind: str, data: dict[str, Any], previous: str
) -> str:
    """SHA-256 over everything an event says and its predecessor's hash. The instant counts, not its zone."""
    said = [petition, position, at.astimezone(UTC).isoformat(), kind, data, previous]
    return hashlib.sha256(_canonical(said).encode()).hexdigest()


def append(
    session: Session,
    petition: int,
    villager: int,
    county: str,
    head: tuple[int, str],
    at: datetime,
    kind: str,
    data: dict[str, Any],
) -> PetitionEvent:
    """Adds the next event after `head` (position, hash)."""
    position = head[0] + 1
    event = PetitionEvent(
        petition=petition,
        position=position,
        county=county,
        month=month_of(at),
        at=at,
        kind=kind,
        data=data,
        previous_hash=head[1],
        hash=event_hash(petition, position, at, kind, data, head[1]),
    )
    session.add(event)
    session.info.setdefault(APPENDED, []).append((villager, event))
    return event


def events_of(session: Session, petition: int) -> list[PetitionEvent]:
    """A petition's history, oldest first."""
    found = select(PetitionEvent).where(PetitionEvent.petition == petition)
    return list(session.exec(found.order_by(PetitionEvent.position)))  # type: ignore[arg-type]


def of_kinds(session: Session, petition: int, kinds: Collection[str]) -> list[PetitionEvent]:
    """Those events of a petition that are of one of those kinds, oldest first."""
    found = select(PetitionEvent).where(
        PetitionEvent.petition == petition, col(PetitionEvent.kind).in_(kinds)
    )
    return list(session.exec(found.order_by(col(PetitionEvent.position))))


def said_of(session: Session, petitions: Collection[int]) -> list[tuple[int, Mapping[str, Any]]]:
    """What every event of these petitions says, with its petition."""
    found = select(PetitionEvent.petition, PetitionEvent.data).where(
        col(PetitionEvent.petition).in_(petitions)
    )
    return [(row[0], row[1]) for row in session.exec(found)]


def latest_of(session: Session, petition: int, besides: Collection[str]) -> PetitionEvent | None:
    """A petition's last event of any kind but those."""
    found = select(PetitionEvent).where(
        PetitionEvent.petition == petition, col(PetitionEvent.kind).not_in(besides)
    )
    return session.exec(found.order_by(col(PetitionEvent.position).desc()).limit(1)).first()


def latest_of_kinds(
    session: Session, petitions: Collection[int], kinds: Collection[str]
) -> dict[int, PetitionEvent]:
    """Of each petition the last event of one of those kinds."""
    found = select(PetitionEvent).where(
        col(PetitionEvent.petition).in_(petitions), col(PetitionEvent.kind).in_(kinds)
    )
    return {event.petition: event for event in session.exec(found.order_by(col(PetitionEvent.position)))}


def last_events(session: Session, petition: int, before: int | None, limit: int) -> list[PetitionEvent]:
    """The last events before a position, oldest first."""
    found = select(PetitionEvent).where(PetitionEvent.petition == petition)
    if before is not None:
        found = found.where(col(PetitionEvent.position) < before)
    rows = session.exec(found.order_by(col(PetitionEvent.position).desc()).limit(limit)).all()
    return list(reversed(rows))

"""A village's liaison room: where it is, when it is open, and who is on duty on which day."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import JSON
from sqlmodel import Field, UniqueConstraint, col, select

from models.base import Session, Table, UtcDateTime
from models.officer import Officer


class Room(Table, table=True):
    """One room."""

    __tablename__ = "room"

    place: str = Field(primary_key=True, max_length=20)
    address: str = Field(default="", max_length=200)
    phone: str = Field(default="", max_length=20)
    hours: str = Field(default="", max_length=200)  # as one says them
    heads: int | None = None  # how many have to be on duty; none: one
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Roster(Table, table=True):
    """Who is on duty at a place on a day."""

    __tablename__ = "roster"
    __table_args__ = (UniqueConstraint("place", "day", name="uq_roster_place"),)

    id: int | None = Field(default=None, primary_key=True)
    place: str = Field(max_length=20)
    day: date = Field(index=True)
    people: list[str] = Field(default_factory=list, sa_type=JSON)  # accounts
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


def room_at(session: Session, place: str) -> Room | None:
    room = session.get(Room, place)
    return room if room is not None and room.ended_at is None else None


def on_duty(session: Session, place: str, day: date) -> list[Officer]:
    """Who is on duty at a place that day, in the roster's order; nobody: none was written."""
    rows = select(Roster).where(Roster.place == place, Roster.day == day, col(Roster.ended_at).is_(None))
    roster = session.exec(rows).first()
    found = [session.get(Officer, account) for account in roster.people] if roster else []
    return [officer for officer in found if officer is not None and officer.left_at is None]


def rosters(session: Session, first: date, last: date) -> Sequence[Roster]:
    """Every roster of these days, both included, by place and day."""
    rows = select(Roster).where(Roster.day >= first, Roster.day <= last, col(Roster.ended_at).is_(None))
    return session.exec(rows.order_by(Roster.place, col(Roster.day))).all()

"""Places of the county, from the county down to the group, and the way up from each."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON
from sqlmodel import Field, col, select

from models.base import Session, Table, UtcDateTime
from models.office import Office


class Level(StrEnum):
    COUNTY = "county"
    TOWNSHIP = "township"
    VILLAGE = "village"
    GROUP = "group"


LOCAL = frozenset({Level.VILLAGE, Level.GROUP})  # where the people a villager may complain about sit


class Place(Table, table=True):
    """A place. One that vanished from the directory keeps its row, for the matters that name it."""

    __tablename__ = "place"

    code: str = Field(primary_key=True, max_length=20)
    name: str = Field(max_length=80)
    aliases: list[str] = Field(default_factory=list, sa_type=JSON)
    parent: str | None = Field(default=None, index=True, max_length=20)
    level: str = Field(max_length=10)  # a Level
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


def places(session: Session) -> Sequence[Place]:
    """Every place of today, by code."""
    return session.exec(select(Place).where(col(Place.ended_at).is_(None)).order_by(Place.code)).all()


def names_of(session: Session, table: type[Place] | type[Office]) -> dict[str, str]:
    """What every place or office is called, by code; those that have ended too."""
    return dict(session.exec(select(table.code, table.name)).all())


def villages(session: Session) -> list[Place]:
    """Every village of today, by code."""
    return [place for place in places(session) if place.level == Level.VILLAGE]


def county(session: Session) -> Place | None:
    """The county itself."""
    rows = select(Place).where(Place.level == Level.COUNTY, col(Place.ended_at).is_(None))
    return session.exec(rows.order_by(Place.code)).first()


def place_chain(session: Session, code: str | None) -> list[Place]:
    """The place and all above it, nearest first; without a known place, the county alone."""
    chain: list[Place] = []
    place = session.get(Place, code) if code else None
    while place is not None and place not in chain:
        chain.append(place)
        place = session.get(Place, place.parent) if place.parent else None
    if chain:
        return chain
    top = county(session)
    return [top] if top else []


def below(session: Session, code: str | None) -> frozenset[str]:
    """The place and everything in it, also what ended; without a place, nothing."""
    children: dict[str | None, list[str]] = {}
    for child, parent in session.exec(select(Place.code, Place.parent)):
        children.setdefault(parent, []).append(child)
    found: set[str] = set()
    waiting = [code] if code else []
    while waiting:
        place = waiting.pop()
        if place not in found:
            found.add(place)
            waiting.extend(children.get(place, []))
    return frozenset(found)

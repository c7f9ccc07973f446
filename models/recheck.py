"""Matters somebody looks at once more: a tenth of what a month closed, and some of a quarter in each village.

Who is drawn follows from the seed and the numbers alone, and the seed from the ledger's checkpoint: nobody chooses,
and anybody can draw again.
"""

import hashlib
from collections.abc import Collection, Iterable
from datetime import datetime
from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, col, func, select

from models.base import Session, Table, UtcDateTime
from models.petition import Petition, State


class Kind(StrEnum):
    """Which draw."""

    TENTH = "tenth"  # of a month's, by another township
    VISIT = "visit"  # of a quarter's, some in each village


class Outcome(StrEnum):
    """What was found. The last two open the matter again."""

    TRUE = "true"
    REBOUND = "rebound"
    UNSOLVED = "unsolved"


class RecheckDraw(Table, table=True):
    """One draw of one period: a month as 202611, a quarter as 20264."""

    __tablename__ = "recheck_draw"
    __table_args__ = (UniqueConstraint("county", "kind", "period"),)

    id: int | None = Field(default=None, primary_key=True)
    county: str = Field(max_length=20)
    kind: str = Field(max_length=8)  # a Kind
    period: int
    seed: str = Field(max_length=64)
    checkpoint: str = Field(max_length=64)  # the hash the seed was made of
    population: int  # how many were drawn from
    made_at: datetime = Field(sa_type=UtcDateTime)


class Recheck(Table, table=True):
    """One matter that was drawn."""

    __tablename__ = "recheck"
    __table_args__ = (UniqueConstraint("draw", "petition"),)

    id: int | None = Field(default=None, primary_key=True)
    draw: int = Field(foreign_key="recheck_draw.id", index=True)
    petition: int = Field(foreign_key="petition.id", index=True)
    county: str = Field(max_length=20)
    month: int
    township: str | None = Field(default=None, max_length=20)  # whose desk looks; none: the county's
    outcome: str | None = Field(default=None, max_length=10)  # an Outcome
    account: str | None = Field(default=None, max_length=64)
    at: datetime | None = Field(default=None, sa_type=UtcDateTime)


def seed_of(kind: Kind, period: int, checkpoint: str) -> str:
    """SHA-256 of kind, period and checkpoint, as hex; the page prints all three."""
    return hashlib.sha256(f"{kind.value}:{period}:{checkpoint}".encode()).hexdigest()


def rank(seed: str, number: str) -> str:
    """Where a number stands in the draw: SHA-256 of seed and number; the lowest are drawn."""
    return hashlib.sha256(f"{seed}:{number}".encode()).hexdigest()


def confirmed_between(session: Session, since: datetime, until: datetime) -> list[Petition]:
    """What its villager said is solved, closed in that time and still closed."""
    found = select(Petition).where(
        Petition.state == State.CONFIRMED,
        col(Petition.closed_at) >= since,
        col(Petition.closed_at) < until,
        col(Petition.forgotten_at).is_(None),
    )
    return list(session.exec(found.order_by(col(Petition.id))))


def draw_of(session: Session, county: str, kind: Kind, period: int) -> RecheckDraw | None:
    found = select(RecheckDraw).where(
        RecheckDraw.county == county, RecheckDraw.kind == kind.value, RecheckDraw.period == period
    )
    return session.exec(found).first()


def draws(session: Session, limit: int) -> list[RecheckDraw]:
    """The last ones, the latest first."""
    return list(session.exec(select(RecheckDraw).order_by(col(RecheckDraw.id).desc()).limit(limit)))


def outcomes(session: Session, draw: int) -> dict[str, int]:
    """What was found of one draw, and how often; "" counts what nobody has looked at yet."""
    found = select(Recheck.outcome, func.count()).where(Recheck.draw == draw).group_by(col(Recheck.outcome))
    return {outcome or "": count for outcome, count in session.exec(found)}


def unchecked(
    session: Session, draw: int, townships: Collection[str] | None, after: int, limit: int
) -> list[tuple[Recheck, Petition]]:
    """What one draw took and nobody has looked at yet, by number of arrival from the one after `after` on.

    `townships`: whose desks; None: everybody's.
    """
    rows = select(Recheck, Petition).join(Petition, col(Petition.id) == Recheck.petition)
    rows = rows.where(Recheck.draw == draw, col(Recheck.outcome).is_(None), col(Recheck.id) > after)
    if townships is not None:
        rows = rows.where(col(Recheck.township).in_(townships))
    return [(row[0], row[1]) for row in session.exec(rows.order_by(col(Recheck.id)).limit(limit))]


def sampled(session: Session, since: datetime, until: datetime) -> int:
    """How many matters were drawn in that time."""
    found = select(func.count()).select_from(Recheck).join(RecheckDraw, col(RecheckDraw.id) == Recheck.draw)
    return session.exec(found.where(RecheckDraw.made_at >= since, RecheckDraw.made_at < until)).one()


def keep(session: Session, draw: RecheckDraw, rows: Iterable[Recheck]) -> None:
    """Writes a draw down, with what it took."""
    session.add(draw)
    session.flush()
    for row in rows:
        row.draw = draw.id or 0
        session.add(row)

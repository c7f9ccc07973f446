"""Who opened what: a row whenever the staff read a villager's words or learnt who it is.

Each row stands for one event of the petition's chain, so that the daily checkpoint covers it: a row that was
removed, changed or put in afterwards does not fit the ledger (`amiss`).
"""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, col, or_, select

from models.base import Session, Table, UtcDateTime, month_of
from models.ledger import PetitionEvent


class Seen(StrEnum):
    """What was opened."""

    TEXT = "text"
    IDENTITY = "identity"


# The event that stands behind each.
KINDS = {"view": Seen.TEXT, "reveal": Seen.IDENTITY, "export": Seen.IDENTITY}


class View(Table, table=True):
    """One opening."""

    __tablename__ = "view"

    id: int | None = Field(default=None, primary_key=True)
    county: str = Field(max_length=20)
    month: int
    at: datetime = Field(sa_type=UtcDateTime)
    account: str = Field(index=True, max_length=64)
    petition: int = Field(foreign_key="petition.id", index=True)
    what: str = Field(max_length=10)  # a Seen
    reason: int | None = Field(default=None, foreign_key="text.id")  # why; an identity always has one
    event: int = Field(foreign_key="petition_event.id", unique=True)


def note_view(
    session: Session, event: PetitionEvent, what: Seen, account: str, reason: int | None = None
) -> View:
    """Writes down what `event` says was opened."""
    session.flush()  # the event has its id now
    view = View(
        county=event.county,
        month=month_of(event.at),
        at=event.at,
        account=account,
        petition=event.petition,
        what=what.value,
        reason=reason,
        event=event.id or 0,
    )
    session.add(view)
    session.flush()
    return view


def views_of(session: Session, petitions: Collection[int]) -> list[View]:
    """Everything that was opened of these matters, oldest first."""
    rows = select(View).where(col(View.petition).in_(petitions))
    return list(session.exec(rows.order_by(col(View.id))))


def amiss(session: Session) -> tuple[int, str] | None:
    """The first matter whose views are not those of its chain, and how; None where all fit."""
    told = col(PetitionEvent.kind).in_(KINDS)
    gone = (
        select(PetitionEvent.petition)
        .join(View, col(View.event) == PetitionEvent.id, isouter=True)
        .where(told, col(View.id).is_(None))
    )
    petition = session.exec(gone.order_by(col(PetitionEvent.id)).limit(1)).first()
    if petition is not None:
        return petition, "a view was removed"
    rows = select(View, PetitionEvent).join(PetitionEvent, col(View.event) == PetitionEvent.id, isouter=True)
    other = rows.where(
        or_(
            col(PetitionEvent.id).is_(None),
            ~told,
            col(PetitionEvent.petition) != View.petition,
            col(PetitionEvent.at) != View.at,
        )
    )
    odd = session.exec(other.order_by(col(View.id)).limit(1)).first()
    if odd is not None:
        return odd[0].petition, "a view does not fit its event"
    for view, event in session.exec(rows.order_by(col(View.id))).yield_per(500):
        if event.data.get("account") != view.account or KINDS.get(event.kind) != view.what:
            return view.petition, "a view was changed"
    return None

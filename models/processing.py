"""The log of what was done with personal data: what kind, when, on which legal ground; never the data.

Kept at least three years (PIPL art. 56; Network Data Security Regulation art. 12).
"""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, col, select

from models.base import Session, Table, UtcDateTime, month_of


class Ground(StrEnum):
    """Why it was lawful."""

    DUTY = "duty"  # PIPL art. 13(3): a statutory duty
    CONSENT = "consent"  # art. 13(1)
    REQUEST = "request"  # art. 44-47: the person asked for it
    EXPIRY = "expiry"  # art. 19 and 47(1): the time is over
    PLATFORM = "platform"  # the account was left; its operator must delete what it holds
    SECURITY = "security"  # art. 51: safe keeping


class Processing(Table, table=True):
    """One thing done. `count`: how many matters, texts or keys it touched, where that says anything."""

    __tablename__ = "processing_log"

    id: int | None = Field(default=None, primary_key=True)
    county: str = Field(max_length=20)
    month: int
    at: datetime = Field(sa_type=UtcDateTime, index=True)
    kind: str = Field(max_length=24)
    ground: str = Field(max_length=12)  # a Ground
    by: str | None = Field(default=None, max_length=64)  # the account of the staff, where a person did it
    petition: int | None = Field(default=None, foreign_key="petition.id")
    count: int = 1


def latest(session: Session, kind: str) -> datetime | None:
    """When that was last done."""
    rows = select(Processing.at).where(Processing.kind == kind).order_by(col(Processing.id).desc())
    return session.exec(rows.limit(1)).first()


def log(
    session: Session,
    county: str,
    kind: str,
    ground: Ground,
    at: datetime,
    *,
    by: str | None = None,
    petition: int | None = None,
    count: int = 1,
) -> None:
    """Adds a line."""
    session.add(
        Processing(
            county=county,
            month=month_of(at),
            at=at,
            kind=kind,
            ground=ground.value,
            by=by,
            petition=petition,
            count=count,
        )
    )
    session.flush()

"""What stands on the public board in general words: written by one person of the staff, approved by another."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Field, col, select

from models.base import Session, Table, UtcDateTime


class Posting(Table, table=True):
    """One line about what was done, or a notice. Public from the moment somebody else approved it."""

    __tablename__ = "posting"

    id: int | None = Field(default=None, primary_key=True)
    county: str = Field(max_length=20)
    place: str = Field(index=True, max_length=20)
    text: str = Field(max_length=200)
    by: str = Field(max_length=64)
    made_at: datetime = Field(sa_type=UtcDateTime)
    approved_by: str | None = Field(default=None, max_length=64)
    approved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # taken down


def posted_at(session: Session, places: Sequence[str], most: int) -> Sequence[Posting]:
    """What the board of these places shows, the newest first."""
    rows = select(Posting).where(
        col(Posting.place).in_(places),
        col(Posting.approved_at).is_not(None),
        col(Posting.ended_at).is_(None),
    )
    return session.exec(rows.order_by(col(Posting.approved_at).desc()).limit(most)).all()


def standing(session: Session, most: int) -> Sequence[Posting]:
    """What waits for approval or is public, the newest first."""
    rows = select(Posting).where(col(Posting.ended_at).is_(None))
    return session.exec(rows.order_by(col(Posting.id).desc()).limit(most)).all()

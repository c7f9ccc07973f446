"""What a member said about himself: a proposal that his branch confirms, and nothing before it does."""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, col, select

from models.base import Session, Table, UtcDateTime


class ChangeKind(StrEnum):
    """What changed."""

    MOVED = "moved"  # lives elsewhere
    PHONE = "phone"  # another number
    EYES = "eyes"  # cannot read any more
    EARS = "ears"  # cannot hear any more


class Change(Table, table=True):
    """One proposal. The member's words and the new value are sealed."""

    __tablename__ = "member_change"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int | None = Field(default=None, primary_key=True)
    member: str = Field(foreign_key="member.code", index=True, max_length=20)
    branch: str = Field(index=True, max_length=20)
    kind: str = Field(max_length=8)  # a ChangeKind
    said: bytes = b""  # sealed
    value: bytes = b""  # sealed: the new number or place; empty where the member did not say it
    zone: str = Field(default="", max_length=40)  # of the new place, where it is known
    made_at: datetime = Field(sa_type=UtcDateTime)
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    decided_by: str | None = Field(default=None, max_length=64)
    granted: bool | None = None


def waiting_changes(session: Session, branches: Collection[str]) -> list[Change]:
    """What waits for the yes or no of these branches, the oldest first."""
    rows = select(Change).where(col(Change.branch).in_(branches), col(Change.decided_at).is_(None))
    return list(session.exec(rows.order_by(col(Change.id))))


def waiting_of(session: Session, member: str, kind: str) -> Change | None:
    """The same proposal of the same member, if it waits already."""
    rows = select(Change).where(
        Change.member == member, Change.kind == kind, col(Change.decided_at).is_(None)
    )
    return session.exec(rows).first()

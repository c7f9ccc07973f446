"""Stored consent to subscription notices: the platform lets one leave for each yes (wechat.md B)."""

from datetime import datetime

from sqlmodel import Field

from models.base import Session, Table, UtcDateTime


class Subscription(Table, table=True):
    """How many notices of one template may still go to one account."""

    __tablename__ = "subscription"

    villager: int = Field(foreign_key="villager.id", primary_key=True)
    template: str = Field(primary_key=True, max_length=64)
    left: int = 0
    changed_at: datetime = Field(sa_type=UtcDateTime)


def note(session: Session, villager: int, template: str, at: datetime, *, accepted: bool) -> None:
    """A yes is one notice more, a no takes back what was left."""
    row = session.get(Subscription, (villager, template)) or Subscription(
        villager=villager, template=template, changed_at=at
    )
    row.left = row.left + 1 if accepted else 0
    row.changed_at = at
    session.add(row)
    session.flush()


def notices_left(session: Session, villager: int, template: str) -> int:
    """How many may still go."""
    row = session.get(Subscription, (villager, template))
    return row.left if row else 0


def use(session: Session, villager: int, template: str, at: datetime) -> None:
    """One has left the house."""
    row = session.get(Subscription, (villager, template))
    if row is not None and row.left > 0:
        row.left -= 1
        row.changed_at = at
        session.add(row)

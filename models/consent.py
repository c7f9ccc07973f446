"""What a person agreed to or took back, and when: shown to him whenever he asks what is held about him."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, col, select

from models.base import Session, Table, UtcDateTime


class Purpose(StrEnum):
    """What is agreed to, apart from the handling of a matter itself, which needs no consent (PIPL art. 13(3))."""

    REMINDERS = "reminders"  # letters nobody asked for
    IDENTITY = "identity"  # the people who work on a matter may ask who it is
    PROFILE = "profile"  # name, telephone number and village are kept for the next time
    SENSITIVE = "sensitive"  # health, children, money: PIPL art. 28-31, for one matter


class Consent(Table, table=True):
    """One yes or one no. The latest row of a purpose holds."""

    __tablename__ = "consent"

    id: int | None = Field(default=None, primary_key=True)
    villager: int = Field(foreign_key="villager.id", index=True)
    petition: int | None = Field(default=None, foreign_key="petition.id", index=True)
    purpose: str = Field(max_length=16)  # a Purpose
    given: bool
    at: datetime = Field(sa_type=UtcDateTime)


def record(
    session: Session,
    villager: int,
    purpose: Purpose,
    at: datetime,
    *,
    given: bool,
    petition: int | None = None,
) -> None:
    """Writes down a yes or a no; the same again is written again, with its own hour."""
    session.add(Consent(villager=villager, petition=petition, purpose=purpose.value, given=given, at=at))
    session.flush()


def latest(session: Session, petition: int, purpose: Purpose) -> bool | None:
    """The last word on one matter; None: none was said."""
    rows = select(Consent.given).where(Consent.petition == petition, Consent.purpose == purpose.value)
    return session.exec(rows.order_by(col(Consent.id).desc()).limit(1)).first()


def consents_of(session: Session, villager: int) -> list[Consent]:
    """Everything a person agreed to or took back, oldest first."""
    rows = select(Consent).where(Consent.villager == villager)
    return list(session.exec(rows.order_by(col(Consent.id))))

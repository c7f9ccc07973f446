"""What an office itself says to its figures, and what a person decided about it. Figures decide nothing."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum

from sqlmodel import Field, UniqueConstraint, col, select

from models.base import Session, Table, UtcDateTime, month_of
from models.errors import Unreadable
from models.key import Keyring, seal, unseal

SEALED_AS = "appraisal"


class Decision(StrEnum):
    """What a named person decided on a proposal to talk with an office's leader."""

    TALK = "talk"
    REMIND = "remind"
    NONE = "none"


class Appraisal(Table, table=True):
    """One office in one period: its own score and words, and a person's decision."""

    __tablename__ = "appraisal"
    __table_args__ = (UniqueConstraint("period", "last", "office", name="uq_appraisal_period"),)

    id: int | None = Field(default=None, primary_key=True)
    county: str = Field(max_length=20)
    month: int
    period: str = Field(max_length=8)  # month, quarter
    last: date
    office: str = Field(max_length=20)
    self_score: int | None = None  # of 100
    statement: bytes = b""  # sealed
    said_by: str | None = Field(default=None, max_length=64)
    said_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    decision: str | None = Field(default=None, max_length=8)
    decided_by: str | None = Field(default=None, max_length=64)
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


def of_period(session: Session, period: str, last: date) -> dict[str, Appraisal]:
    """By office."""
    found: Sequence[Appraisal] = session.exec(
        select(Appraisal).where(Appraisal.period == period, col(Appraisal.last) == last)
    ).all()
    return {one.office: one for one in found}


def kept(session: Session, county: str, period: str, last: date, office: str, at: datetime) -> Appraisal:
    """The row of an office in a period, made where there is none yet."""
    found = of_period(session, period, last).get(office)
    if found is None:
        found = Appraisal(county=county, month=month_of(at), period=period, last=last, office=office)
        session.add(found)
    return found


def say(row: Appraisal, keys: Keyring, words: str) -> None:
    row.statement = seal(keys.directory_key, words, SEALED_AS) if words else b""


def said(row: Appraisal, keys: Keyring) -> str:
    if not row.statement:
        return ""
    try:
        return unseal(keys.directory_key, row.statement, SEALED_AS)
    except Unreadable:
        return ""

"""What an office itself says to its figures, and what a person decided about it. Figures decide nothing."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy.exc import IntegrityError
from sqlmodel import Field, UniqueConstraint, col, select

from models.base import Session, Table, UtcDateTime, month_of
from models.errors import Refused, Unreadable
from models.key import Keyring, seal, unseal
from models.refusal import Refusal

SEALED_AS = "appraisal"


class Decision(StrEnum):
    """What a named person decided on a proposal to talk with an office's leader."""

    TALK = "talk"
    REMIND = "remind"
    NONE = "none"


class Ruling(StrEnum):
    """What a named person decided on an office's appeal against a month's warning."""

    LIFTED = "lifted"
    KEPT = "kept"


class Appraisal(Table, table=True):
    """One office in one period: its own score and words, and a person's decision on a quarter or an appeal."""

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
    decision: str | None = Field(default=None, max_length=8)  # of a quarter a Decision, of a month a Ruling
    answer: bytes | None = None  # why it was decided so; sealed
    decided_by: str | None = Field(default=None, max_length=64)
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


def of_period(session: Session, period: str, last: date) -> dict[str, Appraisal]:
    """By office."""
    found: Sequence[Appraisal] = session.exec(
        select(Appraisal).where(Appraisal.period == period, col(Appraisal.last) == last)
    ).all()
    return {one.office: one for one in found}


def lifted(session: Session, period: str, last: date) -> frozenset[str]:
    """The offices whose warning of that period was taken back."""
    rows = of_period(session, period, last).values()
    return frozenset(one.office for one in rows if one.decision == Ruling.LIFTED)


def undecided(session: Session, county: str, period: str, last: date, office: str, at: datetime) -> Appraisal:
    """The row of an office in a period, made where there is none yet; nobody else changes it before this ends.

    Refused: a person decided already.
    """
    row = Appraisal(county=county, month=month_of(at), period=period, last=last, office=office)
    found = _held(session, row)
    if found is None:
        try:
            with session.begin_nested():
                session.add(row)
        except IntegrityError:  # somebody else made it at this instant
            found = _held(session, row)
    row = found or row
    if row.decided_by is not None:
        raise Refused(Refusal.DECIDED_ALREADY)
    return row


def _held(session: Session, like: Appraisal) -> Appraisal | None:
    found = select(Appraisal).where(
        Appraisal.period == like.period, col(Appraisal.last) == like.last, Appraisal.office == like.office
    )
    return session.exec(found.with_for_update()).first()


def say(row: Appraisal, keys: Keyring, words: str, by: str, at: datetime) -> None:
    """What the office says to it, and who said so."""
    row.statement = seal(keys.directory_key, words, SEALED_AS) if words else b""
    row.said_by, row.said_at = by, at


def decide(row: Appraisal, decision: Decision | Ruling, by: str, at: datetime) -> None:
    """Signed by a named person."""
    row.decision, row.decided_by, row.decided_at = decision.value, by, at


def give_reason(row: Appraisal, keys: Keyring, words: str) -> None:
    row.answer = seal(keys.directory_key, words, SEALED_AS) if words else None


def said(row: Appraisal, keys: Keyring) -> str:
    return _opened(row.statement, keys)


def reason(row: Appraisal, keys: Keyring) -> str:
    """Why it was decided so."""
    return _opened(row.answer, keys)


def _opened(sealed: bytes | None, keys: Keyring) -> str:
    if not sealed:
        return ""
    try:
        return unseal(keys.directory_key, sealed, SEALED_AS)
    except Unreadable:
        return ""

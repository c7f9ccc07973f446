"""What the village spokesman has written for questions that many ask, and how often it was told."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import JSON, case
from sqlmodel import Field, col, func, select

from models.base import Session, Table, UtcDateTime, month_of


class Advice(Table, table=True):
    """One answer: the wordings of its question, its source, and the last day it holds."""

    __tablename__ = "advice"

    code: str = Field(primary_key=True, max_length=20)
    questions: list[str] = Field(default_factory=list, sa_type=JSON)
    text: str = Field(max_length=300)
    source: str = Field(max_length=200)
    valid_until: date = Field(index=True)
    office: str = Field(index=True, max_length=20)  # which answers for it
    place: str | None = Field(default=None, max_length=20)  # where it holds, with all below; none: the county
    written_by: str | None = Field(
        default=None, max_length=64
    )  # on the pages; none: it came with the directory
    written_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Told(Table, table=True):
    """One time it was told: where, never to whom. `insisted`: a person was wanted all the same."""

    __tablename__ = "advice_told"

    id: int | None = Field(default=None, primary_key=True)
    county: str = Field(max_length=20)
    month: int = Field(index=True)
    at: datetime = Field(sa_type=UtcDateTime)
    advice: str = Field(index=True, max_length=20)
    place: str | None = Field(default=None, max_length=20)
    insisted: bool = False


def advices(session: Session) -> Sequence[Advice]:
    """Everything that stands, by code; what is out of date among it."""
    return session.exec(select(Advice).where(col(Advice.ended_at).is_(None)).order_by(Advice.code)).all()


def running_out(session: Session, by: date) -> Sequence[Advice]:
    """What holds no longer than `by`, and what is out of date already, by office."""
    rows = select(Advice).where(col(Advice.ended_at).is_(None), Advice.valid_until <= by)
    return session.exec(rows.order_by(Advice.office, col(Advice.valid_until), Advice.code)).all()


def tell(session: Session, county: str, advice: str, place: str | None, at: datetime) -> Told:
    """Counts that it was told."""
    told = Told(county=county, month=month_of(at), at=at, advice=advice, place=place)
    session.add(told)
    session.flush()
    return told


def times_told(session: Session) -> dict[str, tuple[int, int]]:
    """Of each answer how often it was told, and after how many of those a person was wanted."""
    rows = select(Told.advice, func.count(), func.sum(case((col(Told.insisted), 1), else_=0))).group_by(
        Told.advice
    )
    return {advice: (count, int(insisted or 0)) for advice, count, insisted in session.exec(rows)}


def told_between(session: Session, places: Sequence[str], since: datetime, until: datetime) -> Sequence[Told]:
    """Each time an answer was told to somebody of these places."""
    rows = select(Told).where(col(Told.place).in_(places), col(Told.at) >= since, col(Told.at) <= until)
    return session.exec(rows.order_by(col(Told.id))).all()

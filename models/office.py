"""Offices (units) of the county: where each lies, and which stands above it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import JSON
from sqlmodel import Field, col, select

from models.base import Session, Table, UtcDateTime


class Office(Table, table=True):
    """An office: a bureau, a township government, a village committee, a party branch."""

    __tablename__ = "office"

    code: str = Field(primary_key=True, max_length=20)
    name: str = Field(max_length=80)
    aliases: list[str] = Field(default_factory=list, sa_type=JSON)
    parent: str | None = Field(default=None, index=True, max_length=20)
    place: str = Field(index=True, max_length=20)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


def offices(session: Session) -> Sequence[Office]:
    """Every office of today, by code."""
    return session.exec(select(Office).where(col(Office.ended_at).is_(None)).order_by(Office.code)).all()


def office_chain(session: Session, code: str | None) -> list[Office]:
    """The office and all above it, nearest first."""
    chain: list[Office] = []
    office = session.get(Office, code) if code else None
    while office is not None and office not in chain:
        chain.append(office)
        office = session.get(Office, office.parent) if office.parent else None
    return chain

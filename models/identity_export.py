"""Lists of who brought which matter, for use outside: asked for with a reason, agreed to by another, taken once."""

from datetime import datetime

from sqlalchemy import JSON
from sqlmodel import Field, col, select

from models.base import Session, Table, UtcDateTime, month_of


class IdentityExport(Table, table=True):
    """One list. It holds numbers and accounts; who it is about is looked up when it is taken."""

    __tablename__ = "identity_export"

    id: int | None = Field(default=None, primary_key=True)
    county: str = Field(max_length=20)
    month: int
    numbers: list[str] = Field(sa_type=JSON)
    reason: bytes  # sealed
    asked_by: str = Field(max_length=64)  # accounts of people, not of the console
    asked_at: datetime = Field(sa_type=UtcDateTime)
    agreed_by: str | None = Field(default=None, max_length=64)
    agreed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    taken_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


def ask(
    session: Session, county: str, numbers: list[str], reason: bytes, by: str, at: datetime
) -> IdentityExport:
    export = IdentityExport(
        county=county, month=month_of(at), numbers=numbers, reason=reason, asked_by=by, asked_at=at
    )
    session.add(export)
    session.flush()
    return export


def open_exports(session: Session, since: datetime) -> list[IdentityExport]:
    """Asked for since then and not taken yet, oldest first."""
    rows = select(IdentityExport).where(col(IdentityExport.taken_at).is_(None))
    return list(
        session.exec(rows.where(col(IdentityExport.asked_at) >= since).order_by(col(IdentityExport.id)))
    )

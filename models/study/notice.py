"""What is published about the service: a month's figures of an office, and a quarter's list that a person signs."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CursorResult
from sqlmodel import Field, UniqueConstraint, col, select

from models.base import Session, Table, UtcDateTime
from models.study.planning import INSERTS


class ServiceNotice(Table, table=True):
    """One month of one branch or committee, as it was counted then."""

    __tablename__ = "service_notice"
    __table_args__ = (UniqueConstraint("month", "office", name="uq_service_notice_month"),)

    id: int | None = Field(default=None, primary_key=True)
    month: int  # 202611
    office: str = Field(max_length=20)
    content: dict[str, Any] = Field(sa_type=JSON)
    made_at: datetime = Field(sa_type=UtcDateTime)


class LateProposal(Table, table=True):
    """The branches whose tasks were late in a quarter: a proposal, of no effect until a person signs it."""

    __tablename__ = "late_proposal"

    quarter: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})  # 20264
    content: dict[str, int] = Field(sa_type=JSON)  # branch: late tasks
    made_at: datetime = Field(sa_type=UtcDateTime)
    signed_by: str | None = Field(default=None, max_length=64)
    signed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


def has_notices(session: Session, month: int) -> bool:
    """Whether a month was published."""
    return session.exec(select(ServiceNotice.id).where(ServiceNotice.month == month)).first() is not None


def begin_month(session: Session, month: int, county: str, content: dict[str, Any], at: datetime) -> bool:
    """Files the county's own notice; False where another process did so at the same moment."""
    insert = INSERTS[session.get_bind().dialect.name](ServiceNotice).values(
        month=month, office=county, content=content, made_at=at
    )
    result: CursorResult[Any] = session.connection().execute(insert.on_conflict_do_nothing())
    return result.rowcount > 0


def notice_of(session: Session, month: int, office: str) -> ServiceNotice | None:
    rows = select(ServiceNotice).where(ServiceNotice.month == month, ServiceNotice.office == office)
    return session.exec(rows).first()


def months(session: Session, office: str) -> list[int]:
    """The months an office has a notice for, the newest first."""
    rows = select(ServiceNotice.month).where(ServiceNotice.office == office)
    return list(session.exec(rows.order_by(col(ServiceNotice.month).desc())))


def proposals(session: Session) -> list[LateProposal]:
    """Every quarter's, the newest first."""
    return list(session.exec(select(LateProposal).order_by(col(LateProposal.quarter).desc())))


def notices_of(session: Session, month: int) -> list[ServiceNotice]:
    """A month's notices, by the code of the office."""
    rows = select(ServiceNotice).where(ServiceNotice.month == month)
    return list(session.exec(rows.order_by(col(ServiceNotice.office))))

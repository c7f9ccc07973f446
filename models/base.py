"""What every table shares: names for constraints, instants in UTC, the session."""

from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import sqlmodel
from sqlalchemy import DateTime, Dialect, MetaData
from sqlalchemy.types import TypeDecorator
from sqlmodel import SQLModel

Session = sqlmodel.Session
WALL_CLOCK = "wall_clock"  # in Session.info: the wall clock when the transaction began, where anybody asked
REHEARSAL = timedelta(minutes=10)  # further from the wall clock, and nobody lived through it

# Alembic can only alter a constraint that has a name, and both databases must give it the same one.
SQLModel.metadata.naming_convention = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
).naming_convention


class Table(SQLModel):
    """The root of every table of this project."""


Row = TypeVar("Row", bound=Table)


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: refuses a naive time going in, gives an aware UTC time coming out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            message = f"a naive time cannot be stored: {value.isoformat()}"
            raise ValueError(message)
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        instant: datetime = value
        return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)


def month_of(at: datetime) -> int:
    """The month a growing table is partitioned by, as 202611 (UTC)."""
    utc = at.astimezone(UTC)
    return utc.year * 100 + utc.month


def is_rehearsal(session: Session, at: datetime) -> bool:
    """Whether `at` is not the hour on the wall: a rehearsal, a test, a simulator whose clock was moved."""
    wall_clock: datetime | None = session.info.get(WALL_CLOCK)
    return wall_clock is not None and abs(at - wall_clock) > REHEARSAL

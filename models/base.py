"""What every table shares: names for constraints, instants in UTC, the session."""

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import DateTime, Dialect, MetaData
from sqlalchemy.types import TypeDecorator
from sqlmodel import SQLModel

from models.session import Session as Session  # noqa: PLC0414 - every other file takes it from here

WALL_CLOCK = "wall_clock"  # in Session.info: the wall clock when the transaction began, where anybody asked
TRACE = "trace"  # in Session.info: by which the log tells the message this is done for
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
    """The root of every table of this project.

    A row is made and changed without a detour: SQLModel's own way asks pydantic about each field of each row,
    which costs more than writing the row, and validates nothing in a table. So no start builds what would validate.
    """

    model_config = {"defer_build": True}

    def __init__(self, **values: Any) -> None:
        usual, made = _defaults(type(self))
        row = self.__dict__
        row.update(usual)
        for name, make in made:
            if name not in values:
                row[name] = make()
        row.update(values)

    def __getattr__(self, name: str) -> Any:
        """What is not there is not there: no table has pydantic's private attributes, for which it would look."""
        raise AttributeError(f"{type(self).__name__} has no {name}")

    def __setattr__(self, name: str, value: Any) -> None:
        state = self.__dict__.get("_sa_instance_state")
        if state is not None and state.key is None:  # not written yet: nobody asks what changed about it
            self.__dict__[name] = value
        else:
            object.__setattr__(self, name, value)


@cache
def _defaults(table: type[Table]) -> tuple[dict[str, Any], list[tuple[str, Any]]]:
    """What a new row holds where nothing else is given: values, and fields whose value is made anew each time."""
    fields = table.model_fields.items()
    usual = {
        name: field.default for name, field in fields if not field.is_required() and not field.default_factory
    }
    return usual, [(name, field.default_factory) for name, field in fields if field.default_factory]


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

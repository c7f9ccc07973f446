"""Which daily jobs rang, and for which day: the scheduler itself remembers nothing."""

from datetime import date

from sqlmodel import Field

from models.base import Session, Table


class Bell(Table, table=True):
    """The last day one job was done for."""

    __tablename__ = "bell"

    name: str = Field(primary_key=True, max_length=24)
    day: date


def has_rung(session: Session, name: str, day: date) -> bool:
    """Whether it was done for that day or a later one."""
    bell = session.get(Bell, name)
    return bell is not None and bell.day >= day


def rang(session: Session, name: str, day: date) -> None:
    """It is done for that day."""
    bell = session.get(Bell, name) or Bell(name=name, day=day)
    bell.day = max(bell.day, day)
    session.add(bell)

"""The people who answer: their roles, who stands above and beside them, when they are away."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import JSON
from sqlmodel import Field, col, select

from models.base import Session, Table, UtcDateTime
from models.key import Keyring, seal, unseal

COUNTY_ZONE = ZoneInfo("Asia/Shanghai")  # a day of leave is a day of China's one legal time


class Role(StrEnum):
    CADRE = "cadre"
    DISPATCHER = "dispatcher"
    SUPERVISOR = "supervisor"
    DISCIPLINE = "discipline"
    OPERATOR = "operator"


class Officer(Table, table=True):
    """One person of the staff, by WeCom userid. Whoever left keeps the row and `left_at`."""

    __tablename__ = "officer"

    account: str = Field(primary_key=True, max_length=64)  # WeCom: a userid has at most 64 bytes
    name: str = Field(index=True, max_length=64)
    phone: bytes = b""  # sealed
    phone_hash: str | None = Field(default=None, index=True, max_length=64)
    office: str = Field(index=True, max_length=20)
    post: str = Field(default="", max_length=200)
    roles: list[str] = Field(default_factory=list, sa_type=JSON)
    superior: str | None = Field(default=None, index=True, max_length=64)
    stand_in: str | None = Field(default=None, max_length=64)
    leaves: list[str] = Field(default_factory=list, sa_type=JSON)  # "MM-DD..MM-DD", every year
    avoid: list[str] = Field(default_factory=list, sa_type=JSON)  # accounts or names, as written
    left_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Leave(Table, table=True):
    """What an officer himself said about being away (or back). The latest row covering a day decides it."""

    __tablename__ = "officer_leave"

    id: int | None = Field(default=None, primary_key=True)
    account: str = Field(index=True, max_length=64)
    first: date
    last: date
    away: bool = True
    made_at: datetime = Field(sa_type=UtcDateTime)


def seal_phone(keyring: Keyring, account: str, phone: str) -> tuple[bytes, str | None]:
    """An officer's number as it is stored: sealed, and its keyed hash."""
    if not phone:
        return b"", None
    return seal(keyring.directory_key, phone, f"officer:{account}"), keyring.lookup("phone", phone)


def phone_of(keyring: Keyring, officer: Officer) -> str:
    """The number in clear; "" where none is on file. Never to be logged."""
    if not officer.phone:
        return ""
    return unseal(keyring.directory_key, officer.phone, f"officer:{officer.account}")


def officer_by_phone(session: Session, keyring: Keyring, phone: str) -> Officer | None:
    rows = select(Officer).where(Officer.phone_hash == keyring.lookup("phone", phone))
    return session.exec(rows.where(col(Officer.left_at).is_(None))).first()


def officers(session: Session) -> Sequence[Officer]:
    """Everybody who has not left, by account."""
    rows = select(Officer).where(col(Officer.left_at).is_(None))
    return session.exec(rows.order_by(Officer.account)).all()


def officers_named(session: Session, name: str) -> Sequence[Officer]:
    """Everybody of that name who has not left; two people may share one."""
    rows = select(Officer).where(Officer.name == name, col(Officer.left_at).is_(None))
    return session.exec(rows.order_by(Officer.account)).all()


def officers_with(session: Session, role: Role) -> list[Officer]:
    """Everybody with that role who has not left, by account."""
    return [officer for officer in officers(session) if role in officer.roles]


def leaders(session: Session, office: str) -> list[Officer]:
    """Whoever stands above others of an office and below nobody of it; where none does, nobody."""
    there = [one for one in officers(session) if one.office == office]
    accounts = {one.account for one in there}
    above = {one.superior for one in there}
    return [one for one in there if one.account in above and one.superior not in accounts]


def day_of(at: datetime) -> date:
    """The county's day at that instant."""
    return at.astimezone(COUNTY_ZONE).date()


def is_away(session: Session, officer: Officer, at: datetime) -> bool:
    """Whether he is on leave that day: his own last word on it, else what the directory says."""
    day = day_of(at)
    rows = select(Leave).where(Leave.account == officer.account, Leave.first <= day, Leave.last >= day)
    word = session.exec(rows.order_by(col(Leave.id).desc())).first()
    if word is not None:
        return word.away
    return any(_covers(leave, day) for leave in officer.leaves)


def is_here(session: Session, officer: Officer | None, at: datetime) -> bool:
    """Whether somebody can be given a matter now: he exists, has not left, is not on leave."""
    return officer is not None and officer.left_at is None and not is_away(session, officer, at)


def take_leave(session: Session, account: str, first: date, last: date, at: datetime) -> Leave:
    """Away from `first` to `last`, both included."""
    leave = Leave(account=account, first=first, last=last, away=True, made_at=at)
    session.add(leave)
    session.flush()
    return leave


def end_leave(session: Session, officer: Officer, at: datetime) -> bool:
    """Back from today on, whatever was said before; False where he was not away."""
    if not is_away(session, officer, at):
        return False
    day = day_of(at)
    rows = select(Leave).where(Leave.account == officer.account, Leave.last >= day)
    ends = [
        *(leave.last for leave in session.exec(rows)),
        *(_end_after(leave, day) for leave in officer.leaves if _covers(leave, day)),
    ]
    session.add(Leave(account=officer.account, first=day, last=max(ends), away=False, made_at=at))
    session.flush()
    return True


def _covers(leave: str, day: date) -> bool:
    first, last = leave.split("..")
    today = f"{day:%m-%d}"
    # 12-28..01-05 runs over the new year
    return first <= today <= last if first <= last else today >= first or today <= last


def _end_after(leave: str, day: date) -> date:
    month, number = map(int, leave.split("..")[1].split("-"))
    year = day.year if (month, number) >= (day.month, day.day) else day.year + 1
    return date(year, month, min(number, 28)) if (month, number) == (2, 29) else date(year, month, number)

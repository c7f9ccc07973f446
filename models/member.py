"""Party members: the people study material is brought to, each in the way that suits them."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON
from sqlmodel import Field, col, select

from models.base import Session, Table, UtcDateTime
from models.key import Keyring, seal, unseal


class Kind(StrEnum):
    ORDINARY = "ordinary"
    AWAY = "away"
    AGED = "aged"
    ILL = "ill"
    UNLETTERED = "unlettered"
    AFFILIATED = "affiliated"


class Way(StrEnum):
    WECHAT = "wechat"
    SMS = "sms"
    PHONE = "phone"
    VISIT = "visit"
    POST = "post"


# Regulation on the education of party members (2019), art. 23: nothing is demanded of them.
# What is to be brought to them is the task of their contact person.
SPARED = frozenset({Kind.AGED, Kind.ILL, Kind.UNLETTERED})


class Member(Table, table=True):
    """One party member. Name, number and whereabouts are sealed; whoever left keeps code and branch only."""

    __tablename__ = "member"

    code: str = Field(primary_key=True, max_length=20)
    name: bytes = b""  # sealed
    phone: bytes = b""  # sealed
    phone_hash: str | None = Field(default=None, index=True, max_length=64)
    branch: str = Field(index=True, max_length=20)
    kind: str = Field(max_length=12)  # a Kind
    contact: str | None = Field(default=None, index=True, max_length=64)
    location: bytes = b""  # sealed
    zone: str = Field(max_length=40)
    ways: list[str] = Field(default_factory=list, sa_type=JSON)  # of Way, the preferred first
    left_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    joined_on: date | None = None  # the day this branch's list first named him; none: before there was one
    villager: int | None = Field(
        default=None, foreign_key="villager.id", unique=True
    )  # his account, by a code
    by_ear: bool = False  # cannot read any more: what he gets must be heard or seen
    stopped_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # wants no material


def seal_of(keyring: Keyring, code: str, field: str, plain: str) -> bytes:
    """What is stored for `plain`; nothing for nothing."""
    return seal(keyring.directory_key, plain, f"member:{code}:{field}") if plain else b""


def open_field(keyring: Keyring, member: Member, field: str) -> str:
    """`name`, `phone` or `location` in clear. Never to be logged."""
    sealed: bytes = getattr(member, field)
    return unseal(keyring.directory_key, sealed, f"member:{member.code}:{field}") if sealed else ""


def member_by_phone(session: Session, keyring: Keyring, phone: str) -> Member | None:
    """The member whose number this is, for binding an account to a person."""
    rows = select(Member).where(Member.phone_hash == keyring.lookup("phone", phone))
    return session.exec(rows.where(col(Member.left_at).is_(None))).first()

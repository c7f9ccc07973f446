"""Which WeChat account is which member's: by a one-time code of the branch, never by name or telephone alone."""

from collections.abc import Collection, Hashable
from datetime import datetime, timedelta

from sqlalchemy import bindparam
from sqlmodel import Field, col, func, select

from models.base import Session, Table, UtcDateTime
from models.member import Member

LASTS = timedelta(days=7)
TRIES_A_DAY = 5  # a code has eight digits; whoever guesses gets nowhere


class BindingCode(Table, table=True):
    """A code as its keyed hash: used once, or run out."""

    __tablename__ = "binding_code"

    hash: str = Field(primary_key=True, max_length=64)
    member: str = Field(foreign_key="member.code", index=True, max_length=20)
    by: str = Field(max_length=64)
    made_at: datetime = Field(sa_type=UtcDateTime)
    until: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class BindingTry(Table, table=True):
    """A code that was none, from one account."""

    __tablename__ = "binding_try"

    id: int | None = Field(default=None, primary_key=True)
    villager: int = Field(foreign_key="villager.id", index=True)
    at: datetime = Field(sa_type=UtcDateTime)


def give_code(session: Session, hashed: str, member: str, by: str, at: datetime) -> BindingCode:
    """A new code; those given before to the same member are over."""
    for old in session.exec(
        select(BindingCode).where(BindingCode.member == member, col(BindingCode.ended_at).is_(None))
    ):
        old.ended_at = at
        session.add(old)
    code = BindingCode(hash=hashed, member=member, by=by, made_at=at, until=at + LASTS)
    session.add(code)
    session.flush()
    return code


def code_of(session: Session, hashed: str, at: datetime) -> BindingCode | None:
    """The code behind a hash, while it may be used."""
    code = session.get(BindingCode, hashed)
    return code if code is not None and code.ended_at is None and code.until > at else None


def tries_since(session: Session, villager: int, since: datetime) -> int:
    """How many wrong codes an account sent."""
    rows = select(func.count()).select_from(BindingTry)
    return session.exec(rows.where(BindingTry.villager == villager, col(BindingTry.at) >= since)).one()


def release(session: Session, villager: int) -> None:
    """The account is nobody's any more."""
    for member in session.exec(select(Member).where(Member.villager == villager)):
        member.villager = None
        session.add(member)
    session.flush()
    session.let_go(("member of", villager))


def bind(session: Session, member: Member, villager: int) -> None:
    """The account is this member's."""
    member.villager = villager
    session.add(member)
    session.flush()
    session.let_go(("member of", villager))


def member_of(session: Session, villager: int) -> Member | None:
    """The member an account belongs to."""
    return session.once(
        ("member of", villager), lambda: session.exec(_OF_ACCOUNT, params={"villager": villager}).first()
    )


def look_ahead(session: Session, villagers: Collection[int]) -> None:
    """Whose these accounts are, asked for all of them at once."""
    rows = session.exec(_OF_ACCOUNTS, params={"villagers": list(villagers)})
    found: dict[Hashable, Member] = {member.villager: member for member in rows}
    session.hold_each("member of", villagers, found)


_OF_ACCOUNTS = select(Member).where(
    col(Member.villager).in_(bindparam("villagers", expanding=True)), col(Member.left_at).is_(None)
)
# Whatever changes a binding flushes, so what else is pending need not be written first.
_OF_ACCOUNT = (
    select(Member)
    .where(Member.villager == bindparam("villager"), col(Member.left_at).is_(None))
    .execution_options(autoflush=False)
)

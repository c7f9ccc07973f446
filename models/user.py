"""Accounts of the console: who may log in, in which role, and which person of the staff it is."""

from datetime import datetime

from sqlmodel import Field, col, select

from models.base import Session, Table, UtcDateTime
from models.officer import Officer, Role


class User(Table, table=True):
    """One account. Without a person it may read, but takes no part in an act that needs two people."""

    __tablename__ = "console_user"

    name: str = Field(primary_key=True, max_length=64)
    role: str = Field(max_length=12)  # a Role
    person: str | None = Field(default=None, foreign_key="officer.account", index=True, max_length=64)
    password_hash: str = Field(max_length=255)  # argon2id, with its parameters
    made_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


def user_named(session: Session, name: str) -> User | None:
    """The account of that name that may log in: not ended, and its person has not left."""
    user = session.get(User, name)
    if user is None or user.ended_at is not None:
        return None
    officer = session.get(Officer, user.person) if user.person else None
    if user.person and (officer is None or officer.left_at is not None):
        return None
    return user


def users(session: Session) -> list[User]:
    """Every account that has not ended, by name."""
    return list(session.exec(select(User).where(col(User.ended_at).is_(None)).order_by(User.name)))


def role_of(user: User) -> Role:
    return Role(user.role)

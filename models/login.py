"""Logins to the console: each a random id of which only the hash is kept; and the brake on guessing.

Idle after 30 minutes, over after 12 hours, gone at log-out. Ids are new at each login, so that one planted
before it is worth nothing.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import Field, col, select

from models.base import Session, Table, UtcDateTime

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
REMEMBERED = timedelta(days=2)  # whose it was, so that what he typed into an old page is his again
SEEN_EVERY = timedelta(minutes=1)  # how exactly the last look is noted: not every look is a write
SECRET_BYTES = 32
FREE_TRIES = {"account": 5, "address": 20}  # an office behind one address mistypes more often than a person
FIRST_WAIT = timedelta(seconds=30)  # doubles with each further failure
LONGEST_WAIT = timedelta(minutes=15)  # longer, and a stranger could keep somebody out all day
FORGIVEN_AFTER = timedelta(hours=24)


class Login(Table, table=True):
    """One login of one account in one browser."""

    __tablename__ = "console_login"

    hash: str = Field(primary_key=True, max_length=64)  # SHA-256 of the secret in the cookie
    user: str = Field(foreign_key="console_user.name", index=True, max_length=64)
    made_at: datetime = Field(sa_type=UtcDateTime)
    seen_at: datetime = Field(sa_type=UtcDateTime)


class Brake(Table, table=True):
    """Failed logins of one account or one address, known by keyed hash alone."""

    __tablename__ = "login_brake"

    key: str = Field(primary_key=True, max_length=64)
    failures: int = 0
    latest_at: datetime = Field(sa_type=UtcDateTime)
    until: datetime | None = Field(default=None, sa_type=UtcDateTime)


def fresh_secret() -> str:
    """256 random bits for a cookie."""
    return secrets.token_urlsafe(SECRET_BYTES)


def open_login(session: Session, user: str, secret: str, at: datetime) -> Login:
    """A new login under `secret`; those over for days are swept away."""
    session.exec(delete(Login).where(col(Login.made_at) < at - REMEMBERED))
    login = Login(hash=_hash(secret), user=user, made_at=at, seen_at=at)
    session.add(login)
    session.flush()
    return login


def login_of(session: Session, secret: str, at: datetime) -> Login | None:
    """The login a cookie belongs to, while it lasts."""
    login = session.get(Login, _hash(secret))
    if login is None or at - login.made_at >= LONGEST or at - login.seen_at >= IDLE:
        return None
    return login


def last_user(session: Session, secret: str) -> str | None:
    """Whose login it is or was, also where it is over; None once it was closed or swept away."""
    login = session.get(Login, _hash(secret))
    return login.user if login else None


def is_to_be_noted(login: Login, at: datetime) -> bool:
    """Whether the last look noted is old enough to note another."""
    return at - login.seen_at >= SEEN_EVERY


def note_look(session: Session, secret: str, at: datetime) -> None:
    """The account is still at its screen."""
    login = login_of(session, secret, at)
    if login is not None:
        login.seen_at = max(login.seen_at, at)
        session.add(login)


def close_login(session: Session, secret: str) -> None:
    """Logged out: the cookie opens nothing any more."""
    session.exec(delete(Login).where(col(Login.hash) == _hash(secret)))


def close_logins_of(session: Session, user: str) -> None:
    """Ends every login of an account, as when its password changes."""
    session.exec(delete(Login).where(col(Login.user) == user))


def barred_until(session: Session, keys: list[str], at: datetime) -> datetime | None:
    """Until when none of these (account, address) may try again; None: now."""
    rows = session.exec(select(Brake).where(col(Brake.key).in_(keys)))
    until = max((row.until for row in rows if row.until is not None), default=None)
    return until if until is not None and until > at else None


def note_failure(session: Session, key: str, kind: str, at: datetime) -> None:
    """One more failure; past the free ones each doubles the wait."""
    brake = session.get(Brake, key) or Brake(key=key, latest_at=at)
    brake.failures = 1 if at - brake.latest_at >= FORGIVEN_AFTER else brake.failures + 1
    brake.latest_at = at
    over = brake.failures - FREE_TRIES[kind]
    brake.until = at + min(FIRST_WAIT * 2 ** min(over, 10), LONGEST_WAIT) if over >= 0 else None
    session.add(brake)


def forgive(session: Session, key: str) -> None:
    """A right password: this account's failures are forgotten (the address's are not)."""
    session.exec(delete(Brake).where(col(Brake.key) == key))


def forget_old_brakes(session: Session, at: datetime) -> None:
    """Failures long ago are nobody's business any more."""
    session.exec(delete(Brake).where(col(Brake.latest_at) < at - FORGIVEN_AFTER))


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()

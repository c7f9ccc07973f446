"""The outbox: letters posted with the act that made them, claimed by couriers, ended honestly."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Dialect, Index, String, text
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, col, func, select

from models.base import TRACE, Session, Table, UtcDateTime, month_of
from models.errors import Unreadable
from models.key import Keyring, seal, unseal
from models.wording import Wording

LEASE = timedelta(minutes=5)  # a claim this old belongs to a courier that died


class LetterState(StrEnum):
    """Pending and claimed letters are on their way; the others have ended."""

    PENDING = "pending"
    CLAIMED = "claimed"
    SENT = "sent"
    FAILED = "failed"
    SKIPPED = "skipped"
    TOO_LATE = "too_late"


UNSENT = frozenset({LetterState.FAILED, LetterState.SKIPPED, LetterState.TOO_LATE})  # ends without arriving


# As the index has it, to the letter: each database uses it for nothing that it does not recognise.
ENDED_UNSENT = text("state IN ('failed', 'skipped', 'too_late')")


class LetterStateText(TypeDecorator[LetterState]):
    """The state as its own word."""

    impl = String(10)
    cache_ok = True

    def process_bind_param(self, value: LetterState | None, dialect: Dialect) -> str | None:
        return None if value is None else LetterState(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> LetterState | None:
        return None if value is None else LetterState(value)


class Letter(Table, table=True):
    """One thing to be told to one recipient. Which words: `wording` and the sealed fields."""

    __tablename__ = "letter"
    __table_args__ = (
        Index("ix_letter_state_next_at", "state", "next_at"),
        # What ended without arriving, in the order it is looked through.
        Index("ix_letter_unsent", "id", sqlite_where=ENDED_UNSENT, postgresql_where=ENDED_UNSENT),
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(
        unique=True, max_length=160
    )  # event or occasion + recipient + wording: nothing goes twice
    county: str = Field(max_length=20)
    month: int
    petition: int | None = Field(default=None, foreign_key="petition.id", index=True)
    to_kind: str = Field(max_length=10)  # villager, officer, robot, member
    to: str = Field(max_length=64)  # a row id or an account; never an address
    channels: list[str] = Field(sa_type=JSON)  # ways still to try, the current one first
    wording: str = Field(max_length=64)
    key_id: int | None = Field(default=None, foreign_key="key.id")
    fields: bytes = b""  # sealed JSON
    made_at: datetime = Field(sa_type=UtcDateTime)
    not_before: datetime = Field(sa_type=UtcDateTime)
    too_late_after: datetime | None = Field(default=None, sa_type=UtcDateTime)
    state: LetterState = Field(default=LetterState.PENDING, sa_type=LetterStateText)
    reason: str = Field(default="", max_length=120)
    tries: int = 0
    next_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    trace: str = Field(default="", max_length=8)  # of the message that led to it


@dataclass(slots=True)
class Claimed:
    """What a courier asks of a letter in his hands, and how it fared: no row, for hundreds go a second."""

    id: int
    key: str
    petition: int | None
    to_kind: str
    to: str
    channels: list[str]
    wording: str
    key_id: int | None
    fields: bytes
    made_at: datetime
    too_late_after: datetime | None
    tries: int
    next_at: datetime
    trace: str
    state: LetterState = LetterState.CLAIMED
    reason: str = ""
    ended_at: datetime | None = None


def post(
    session: Session,
    keys: Keyring,
    *,
    occasion: str,
    to: tuple[str, str],
    channels: Sequence[str],
    wording: Wording,
    fields: dict[str, Any],
    county: str,
    at: datetime,
    petition: int | None = None,
    key_id: int | None = None,
    not_before: datetime | None = None,
    too_late_after: datetime | None = None,
) -> Letter | None:
    """Puts a letter into the outbox; None where this occasion was already told to this recipient."""
    key = f"{occasion}:{to[0]}:{to[1]}:{wording.value}"
    if session.exec(select(Letter.id).where(Letter.key == key)).first() is not None:
        return None
    secret = keys.directory_key if key_id is None else keys.secret(session, key_id)
    letter = Letter(
        key=key,
        county=county,
        month=month_of(at),
        petition=petition,
        to_kind=to[0],
        to=to[1],
        channels=list(channels),
        wording=wording.value,
        key_id=key_id,
        fields=seal(secret, json.dumps(fields, ensure_ascii=False), "letter"),
        made_at=at,
        not_before=not_before or at,
        too_late_after=too_late_after,
        next_at=not_before or at,
        trace=session.info.get(TRACE, ""),
    )
    session.add(letter)
    return letter


def fields_of(session: Session, keys: Keyring, letter: Letter | Claimed) -> dict[str, Any] | None:
    """What the wording needs; None where it was forgotten."""
    try:
        secret = keys.directory_key if letter.key_id is None else keys.secret(session, letter.key_id)
        fields: dict[str, Any] = json.loads(unseal(secret, letter.fields, "letter"))
    except Unreadable:
        return None
    return fields


def end(letter: Letter | Claimed, state: LetterState, at: datetime, reason: str = "") -> None:
    """Sent, failed, skipped or too late: an honest end with its reason."""
    letter.state, letter.ended_at, letter.reason = state, at, reason[:120]


def put_off(letter: Letter | Claimed, until: datetime, reason: str) -> None:
    """Not now; tried again at `until`."""
    letter.state, letter.next_at, letter.reason = LetterState.PENDING, until, reason[:120]


def count_unsent(session: Session) -> dict[LetterState, int]:
    """How many letters stand where that were not sent."""
    fewer = frozenset(LetterState) - {LetterState.SENT}
    rows = select(Letter.state, func.count()).where(col(Letter.state).in_(fewer)).group_by(col(Letter.state))
    return {LetterState(state): count for state, count in session.exec(rows)}


def count_letters(session: Session) -> dict[LetterState, int]:
    """How many letters stand where. Nearly all were sent: those are what is left of all, which is counted faster."""
    counted = count_unsent(session)
    every = session.exec(select(func.count()).select_from(Letter)).one()
    sent = every - sum(counted.values())
    return counted | ({LetterState.SENT: sent} if sent else {})


def latest_about(session: Session, petition: int, limit: int) -> list[Letter]:
    """The last letters about a matter, the latest first."""
    found = select(Letter).where(Letter.petition == petition)
    return list(session.exec(found.order_by(col(Letter.id).desc()).limit(limit)))


def ended_unsent(session: Session, before: int | None, limit: int) -> list[Letter]:
    """Letters that ended without arriving, the latest first."""
    found = select(Letter).where(ENDED_UNSENT)
    if before is not None:
        found = found.where(col(Letter.id) < before)
    return list(session.exec(found.order_by(col(Letter.id).desc()).limit(limit)))


def oldest_unsent(session: Session, at: datetime) -> timedelta:
    """For how long the letter that has waited longest could have left already; one put off or held back counts not."""
    first = select(func.min(col(Letter.next_at))).where(
        col(Letter.state).in_([LetterState.PENDING, LetterState.CLAIMED]), col(Letter.next_at) <= at
    )
    due: datetime | None = session.exec(first).one()
    return at - due if due is not None else timedelta(0)


def never_arrived(session: Session, petition: int, wordings: Sequence[Wording], since: datetime) -> bool:
    """Whether all letters of these wordings about a matter, posted since then, ended unsent."""
    found = select(Letter.state).where(
        Letter.petition == petition,
        Letter.to_kind == "villager",
        col(Letter.wording).in_([wording.value for wording in wordings]),
        col(Letter.made_at) >= since,
    )
    states = set(session.exec(found))
    return bool(states) and states <= UNSENT

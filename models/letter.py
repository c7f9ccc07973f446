"""The outbox: letters posted with the act that made them, claimed by couriers, ended honestly."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy
from sqlalchemy import JSON, Dialect, Index, Select, String, and_, bindparam, or_, text, union_all, update
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, col, func, select

from models.base import TRACE, Session, Table, UtcDateTime, month_of
from models.errors import Unreadable
from models.key import Keyring, lay_ready, seal, unseal
from models.officer import Officer
from models.petition import Petition
from models.villager import Villager
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


def fields_of(session: Session, keys: Keyring, letter: Letter) -> dict[str, Any] | None:
    """What the wording needs; None where it was forgotten."""
    try:
        secret = keys.directory_key if letter.key_id is None else keys.secret(session, letter.key_id)
        fields: dict[str, Any] = json.loads(unseal(secret, letter.fields, "letter"))
    except Unreadable:
        return None
    return fields


def claim(session: Session, at: datetime, limit: int) -> list[Letter]:
    """Takes letters that may leave now for this courier alone, in the order they were posted; a dead courier's come
    back after LEASE.
    """
    ids = session.connection().execute(_READY, {"at": at, "most": limit}).scalars().all()
    if not ids:
        return []
    taken = (
        update(Letter)
        .where(col(Letter.id).in_(ids))
        .values(state=LetterState.CLAIMED, next_at=at + LEASE, tries=Letter.tries + 1)
        .returning(Letter)
    )
    claimed = session.scalars(taken, execution_options={"synchronize_session": False})
    letters = sorted(claimed, key=lambda letter: letter.id or 0)
    _lay_ready(session, letters)
    return letters


def _first_due(state: LetterState) -> Select[Any]:
    """The most overdue in one state: its index lists them in that order, however many wait."""
    found = sqlalchemy.select(col(Letter.id)).where(
        col(Letter.state) == state, col(Letter.next_at) <= bindparam("at")
    )
    ordered = found.order_by(col(Letter.next_at)).limit(bindparam("most"))
    alone = ordered.with_for_update(skip_locked=True)  # PostgreSQL; SQLite's writer is alone already
    return sqlalchemy.select(alone.subquery().c.id)


_READY = union_all(_first_due(LetterState.PENDING), _first_due(LetterState.CLAIMED)).limit(bindparam("most"))


def _lay_ready(session: Session, letters: Sequence[Letter]) -> None:
    """Whatever must be looked at to carry them, in a statement a table instead of several a letter."""
    villagers = [letter for letter in letters if letter.to_kind == "villager"]
    others = [letter for letter in letters if letter.to_kind != "villager"]
    people = session.fetch(Villager, (int(letter.to) for letter in villagers))
    lay_ready(session, [*(letter.key_id for letter in letters), *(person.key_id for person in people)])
    session.fetch(Petition, (letter.petition for letter in others))
    session.fetch(Officer, (letter.to for letter in others))


def settle(session: Session, letters: Iterable[Letter]) -> None:
    """Writes how claimed letters ended, or until when they wait: one statement for all that fared alike.

    They were claimed in an earlier transaction and are not read again: until their lease is over nobody else
    ends them.
    """
    alike: dict[tuple[Any, ...], list[Letter]] = {}
    for letter in letters:
        fate = (letter.state, letter.reason, letter.next_at, letter.ended_at, *letter.channels)
        alike.setdefault(fate, []).append(letter)
    for some in alike.values():
        one = some[0]
        written = update(Letter).where(col(Letter.id).in_([letter.id for letter in some]))
        session.connection().execute(
            written.values(
                state=one.state,
                reason=one.reason,
                next_at=one.next_at,
                ended_at=one.ended_at,
                channels=one.channels,
            )
        )


def end(letter: Letter, state: LetterState, at: datetime, reason: str = "") -> None:
    """Sent, failed, skipped or too late: an honest end with its reason."""
    letter.state, letter.ended_at, letter.reason = state, at, reason[:120]


def put_off(letter: Letter, until: datetime, reason: str) -> None:
    """Not now; tried again at `until`."""
    letter.state, letter.next_at, letter.reason = LetterState.PENDING, until, reason[:120]


def ahead_of_each(
    session: Session, letters: Sequence[Letter], at: datetime, span: timedelta
) -> dict[int, int]:
    """How many letters to the same recipient left within `span`, or leave now before it: of each letter in hand, by its
    id. What left since then was claimed since then, so that the index of what is due finds it.
    """
    lately = and_(
        col(Letter.state) == LetterState.SENT,
        col(Letter.next_at) > at - span,
        col(Letter.ended_at) > at - span,
    )
    elsewhere = and_(
        col(Letter.state) == LetterState.CLAIMED, col(Letter.id).not_in([letter.id for letter in letters])
    )
    rows = (
        select(Letter.to_kind, Letter.to, func.count())
        .where(or_(lately, elsewhere), col(Letter.to).in_({letter.to for letter in letters}))
        .group_by(col(Letter.to_kind), col(Letter.to))
    )
    ahead = Counter({(kind, to): many for kind, to, many in session.exec(rows)}) if letters else Counter()
    found = {}
    for letter in letters:
        found[letter.id or 0] = ahead[letter.to_kind, letter.to]
        ahead[letter.to_kind, letter.to] += 1
    return found


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

"""Letters in a courier's hands: claimed together, and written down together as they ended.

Hundreds go a second, so that what a courier asks of a letter is read by bare statements and is no row to SQLAlchemy.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import MISSING, fields
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy
from sqlalchemy import Select, and_, bindparam, or_, union_all, update
from sqlmodel import col, func, select

from models.among import among
from models.base import Session
from models.key import lay_ready
from models.letter import LEASE, Claimed, Letter, LetterState
from models.officer import Officer
from models.petition import Petition
from models.reach import reaches


def claim(session: Session, at: datetime, limit: int) -> list[Claimed]:
    """Takes letters that may leave now for this courier alone, in the order they were posted; a dead courier's come
    back after LEASE.
    """
    connection = session.connection()
    ids = connection.execute(_READY, {"at": at, "most": limit}).scalars().all()
    if not ids:
        return []
    rows = connection.execute(_TAKEN, {"ids": ids, "lease_ends": at + LEASE})
    letters = sorted((Claimed(*row) for row in rows), key=lambda letter: letter.id)
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
_LETTER = Letter.__table__  # type: ignore[attr-defined]
_TAKEN = (
    update(_LETTER)
    .where(among(_LETTER.c.id, "ids"))
    .values(state=LetterState.CLAIMED, next_at=bindparam("lease_ends"), tries=_LETTER.c.tries + 1)
    .returning(*(_LETTER.c[field.name] for field in fields(Claimed) if field.default is MISSING))
)


def _lay_ready(session: Session, letters: Sequence[Claimed]) -> None:
    """Whatever must be looked at to carry them, in a statement a table instead of several a letter."""
    others = [letter for letter in letters if letter.to_kind != "villager"]
    people = reaches(session, (int(letter.to) for letter in letters if letter.to_kind == "villager"))
    lay_ready(session, [*(letter.key_id for letter in letters), *(person.key_id for person in people)])
    session.fetch(Petition, (letter.petition for letter in others))
    session.fetch(Officer, (letter.to for letter in others))


def settle(session: Session, letters: Iterable[Claimed]) -> None:
    """Writes how claimed letters ended, or until when they wait: one statement for all that fared alike.

    They were claimed in an earlier transaction and are not read again: until their lease is over nobody else
    ends them.
    """
    alike: dict[tuple[Any, ...], list[Claimed]] = {}
    for letter in letters:
        fate = (letter.state, letter.reason, letter.next_at, letter.ended_at, *letter.channels)
        alike.setdefault(fate, []).append(letter)
    for some in alike.values():
        one = some[0]
        how = {
            "as_state": one.state,
            "as_reason": one.reason,
            "as_next_at": one.next_at,
            "as_ended_at": one.ended_at,
            "as_channels": one.channels,
        }
        session.connection().execute(_SETTLED, {"ids": [letter.id for letter in some], **how})


_SETTLED = (
    update(_LETTER)
    .where(among(_LETTER.c.id, "ids"))
    .values(
        {name: bindparam(f"as_{name}") for name in ("state", "reason", "next_at", "ended_at", "channels")}
    )
)


def ahead_of_each(
    session: Session, letters: Sequence[Claimed], at: datetime, span: timedelta
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
        found[letter.id] = ahead[letter.to_kind, letter.to]
        ahead[letter.to_kind, letter.to] += 1
    return found

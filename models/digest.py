"""Digests as they were sent: the record from which card, page and workbook are made, pinned by a checkpoint."""

import hashlib
import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, UniqueConstraint, col, select
from sqlmodel.sql.expression import SelectOfScalar

from models import checkpoint
from models.base import Session, Table, UtcDateTime, is_rehearsal, month_of


class Digest(Table, table=True):
    """One digest, as supervisors were sent it. `content` is what `lianxin digest --format json` prints."""

    __tablename__ = "digest"
    __table_args__ = (UniqueConstraint("period", "last", "rehearsed", name="uq_digest_period"),)

    id: int | None = Field(default=None, primary_key=True)
    county: str = Field(max_length=20)
    month: int
    period: str = Field(max_length=8)  # day, week, month, quarter
    first: date
    last: date
    rehearsed: bool = False  # made at another hour than the wall clock's; the real day still gets its own
    made_at: datetime = Field(sa_type=UtcDateTime)
    checkpoint: str = Field(max_length=64)  # the ledger it was counted from
    content: dict[str, Any] = Field(sa_type=JSON)
    hash: str = Field(max_length=64)  # of the content; a checkpoint holds it too


def content_hash(content: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def stored(session: Session, period: str, last: date, at: datetime) -> Digest | None:
    """The digest of a period that ended on `last`, if it was sent. A rehearsed one counts in rehearsals only."""
    return session.exec(_counting(session, period, at).where(Digest.last == last)).first()


def latest(session: Session, period: str, until: date, most: int, at: datetime) -> list[Digest]:
    """The last ones of a kind up to a day, the oldest first."""
    found = _counting(session, period, at).where(col(Digest.last) <= until)
    return list(reversed(session.exec(found.order_by(col(Digest.last).desc()).limit(most)).all()))


def latest_before(session: Session, period: str, day: date, at: datetime) -> Digest | None:
    """The last one sent whose period ended before `day`."""
    found = _counting(session, period, at).where(col(Digest.last) < day)
    return session.exec(found.order_by(col(Digest.last).desc()).limit(1)).first()


def newest_made_at(session: Session, at: datetime) -> datetime | None:
    """When the newest digest was made; rehearsed ones count in rehearsals only."""
    found = select(Digest.made_at)
    if not is_rehearsal(session, at):
        found = found.where(col(Digest.rehearsed).is_(False))
    return session.exec(found.order_by(col(Digest.made_at).desc()).limit(1)).first()


def _counting(session: Session, period: str, at: datetime) -> SelectOfScalar[Digest]:
    found = select(Digest).where(Digest.period == period)
    return found if is_rehearsal(session, at) else found.where(col(Digest.rehearsed).is_(False))


def store(session: Session, county: str, content: dict[str, Any], at: datetime) -> Digest | None:
    """Keeps a digest and pins it; None where one for this period is there already."""
    checkpoint.close_the_ledger(session)  # two schedulers: the second sees what the first stored
    period, first, last = content["period"], *map(date.fromisoformat, (content["from"], content["to"]))
    if stored(session, period, last, at) is not None:
        return None
    digest = Digest(
        county=county,
        month=month_of(at),
        period=period,
        first=first,
        last=last,
        rehearsed=is_rehearsal(session, at),
        made_at=at,
        checkpoint=content["checkpoint"],
        content=content,
        hash=content_hash(content),
    )
    session.add(digest)
    session.flush()
    checkpoint.take(session, county, at, digest.hash)
    return digest


def every(session: Session) -> Iterator[Digest]:
    """All of them, in the order they were made."""
    yield from session.exec(select(Digest).order_by(col(Digest.id)))

"""Checkpoints: one running hash over all petitions' events, in the order they were written, pinned once a day.

From checkpoint to checkpoint the hash takes in each event's id and hash; a checkpoint closes the segment with
its own record, and with the hash of a digest where it pins one. A removed event or petition, a rewritten chain,
an edited or removed digest changes every hash after it. Any value the running hash ever had can be printed and
looked for later (`lianxin verify --checkpoint`): whoever rewrote everything cannot make it come up again.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy import text
from sqlmodel import Field, col, select

from models.base import Session, Table, UtcDateTime, month_of
from models.ledger import FIRST, PetitionEvent

BATCH = 5000  # events read at once


class Checkpoint(Table, table=True):
    """The ledger up to one event, in one hash."""

    __tablename__ = "checkpoint"

    position: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    county: str = Field(max_length=20)
    month: int
    at: datetime = Field(sa_type=UtcDateTime)
    up_to: int  # id of the last event it covers
    count: int  # events it covers, from the first on
    digest: str = Field(default="", max_length=64)  # hash of the digest it pins
    previous: str = Field(max_length=64)
    hash: str = Field(max_length=64)


class Running(NamedTuple):
    """The running hash after some event."""

    hash: str
    up_to: int
    events: int


def step(running: Running, event: int, event_hash: str) -> Running:
    """The running hash after one more event."""
    taken = hashlib.sha256(f"{running.hash}\n{event}\n{event_hash}".encode()).hexdigest()
    return Running(taken, event, running.events + 1)


def closed(running: Running, position: int, at: datetime, digest: str) -> str:
    """A checkpoint's hash: the segment before it, and everything its own row says."""
    said = [running.hash, position, at.astimezone(UTC).isoformat(), running.up_to, running.events, digest]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def latest(session: Session) -> Checkpoint | None:
    return session.exec(select(Checkpoint).order_by(col(Checkpoint.position).desc()).limit(1)).first()


def running_from(checkpoint: Checkpoint | None) -> Running:
    return (
        Running(checkpoint.hash, checkpoint.up_to, checkpoint.count) if checkpoint else Running(FIRST, 0, 0)
    )


def events_after(session: Session, event: int, up_to: int | None = None) -> Iterator[tuple[int, str]]:
    """Id and hash of every event after one (up to another), in order."""
    while True:
        found = select(PetitionEvent.id, PetitionEvent.hash).where(col(PetitionEvent.id) > event)
        if up_to is not None:
            found = found.where(col(PetitionEvent.id) <= up_to)
        rows = session.exec(found.order_by(col(PetitionEvent.id)).limit(BATCH)).all()
        for identity, event_hash in rows:
            event = identity or 0
            yield event, event_hash
        if len(rows) < BATCH:
            return


def run(running: Running, events: Iterable[tuple[int, str]]) -> Running:
    """The running hash after all of `events`."""
    for event, event_hash in events:
        running = step(running, event, event_hash)
    return running


def now(session: Session) -> Running:
    """The running hash after the last event. Reads only what came after the latest checkpoint."""
    close_the_ledger(session)
    before = running_from(latest(session))
    return run(before, events_after(session, before.up_to))


def so_far(session: Session) -> str:
    """The latest pinned hash; before the first, the running one. Closes nothing, so that a page holds nobody up."""
    pinned = latest(session)
    return pinned.hash if pinned else run(running_from(None), events_after(session, 0)).hash


def take(session: Session, county: str, at: datetime, digest: str = "") -> Checkpoint:
    """Pins the ledger as it stands, and a digest with it."""
    close_the_ledger(session)
    before = latest(session)
    reached = run(running_from(before), events_after(session, before.up_to if before else 0))
    position = before.position + 1 if before else 1
    checkpoint = Checkpoint(
        position=position,
        county=county,
        month=month_of(at),
        at=at,
        up_to=reached.up_to,
        count=reached.events,
        digest=digest,
        previous=before.hash if before else FIRST,
        hash=closed(reached, position, at, digest),
    )
    session.add(checkpoint)
    session.flush()
    return checkpoint


def close_the_ledger(session: Session) -> None:
    """Until the transaction ends nobody writes an event, so that none with a lower id can come in later.

    On PostgreSQL an id is taken when the row is written and seen when its transaction ends; on SQLite the one
    writer is alone already.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(text("LOCK TABLE checkpoint IN EXCLUSIVE MODE"))
        session.connection().execute(text("LOCK TABLE petition_event IN SHARE MODE"))

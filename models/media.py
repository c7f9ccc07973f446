"""Recordings and pictures: fetched once, kept sealed in files of a random name, let go with their matter."""

import secrets
from datetime import datetime, timedelta
from enum import StrEnum

from sqlmodel import Field, col, or_, select

from models.base import Session, Table, UtcDateTime
from models.key import Key

LIVES = timedelta(days=3)  # on the platform (wechat.md A)
LEASE = timedelta(minutes=5)  # a claim this old belongs to a process that died


class Stage(StrEnum):
    """Where a file stands. `failed` and `erased` are ends without a file."""

    WAITING = "waiting"
    KEPT = "kept"
    FAILED = "failed"
    ERASED = "erased"


class Media(Table, table=True):
    """One file of one message. `name` is all a folder shows of it; what lies there is sealed under `key_id`."""

    __tablename__ = "media"

    id: int | None = Field(default=None, primary_key=True)
    message: str = Field(unique=True, max_length=64)  # the message's key
    petition: int | None = Field(default=None, foreign_key="petition.id", index=True)
    key_id: int = Field(foreign_key="key.id", index=True)
    kind: str = Field(max_length=12)  # voice, image, video
    stage: str = Field(default=Stage.WAITING.value, max_length=8)
    reason: str = Field(default="", max_length=60)  # why there is no file
    name: str = Field(default="", max_length=64)
    media_type: str = Field(default="", max_length=40)  # by its content
    size: int = 0  # bytes
    confidence: float | None = None  # of what was recognised, 0 to 1
    made_at: datetime = Field(sa_type=UtcDateTime)
    next_at: datetime | None = Field(default=None, index=True, sa_type=UtcDateTime)
    tries: int = 0


def expect(
    session: Session, message: str, petition: int | None, key_id: int, kind: str, at: datetime
) -> None:
    """A file to be fetched at once."""
    session.add(Media(message=message, petition=petition, key_id=key_id, kind=kind, made_at=at, next_at=at))


def claim(session: Session, at: datetime, limit: int) -> list[Media]:
    """Takes files that are to be fetched or listened to now; those of a dead process come back."""
    rows = (
        select(Media)
        .where(col(Media.next_at) <= at, col(Media.stage).in_([Stage.WAITING, Stage.KEPT]))
        .order_by(col(Media.next_at))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    found = list(session.exec(rows))
    for one in found:
        one.next_at, one.tries = at + LEASE, one.tries + 1
        session.add(one)
    return found


def keep(media: Media, media_type: str, size: int) -> str:
    """It is here; the name of its file."""
    media.stage, media.media_type, media.size = Stage.KEPT.value, media_type, size
    media.name = secrets.token_urlsafe(24)
    return media.name


def miss(media: Media, reason: str) -> None:
    """There will be no file."""
    media.stage, media.reason, media.next_at = Stage.FAILED.value, reason[:60], None


def erase(session: Session, petition: int, kind: str | None = None) -> None:
    """The files of a matter (of one kind) go; the job that keeps the folder takes them away."""
    for one in session.exec(select(Media).where(Media.petition == petition)):
        if kind not in (None, one.kind):
            continue
        let_go(one)
        session.add(one)


def let_go(media: Media) -> None:
    """The job that keeps the folder takes its file away."""
    media.stage, media.next_at = Stage.ERASED.value, None


def loose(session: Session, before: datetime) -> list[Media]:
    """Files of no matter that came before: what cadres spoke into their diaries."""
    rows = select(Media).where(
        col(Media.petition).is_(None), Media.made_at < before, Media.stage != Stage.ERASED
    )
    return list(session.exec(rows.order_by(col(Media.id))))


def of_matter(session: Session, petition: int) -> list[Media]:
    """What a matter has, oldest first."""
    rows = select(Media).where(Media.petition == petition, Media.stage != Stage.ERASED)
    return list(session.exec(rows.order_by(col(Media.id))))


def of_message(session: Session, message: str) -> Media | None:
    return session.exec(select(Media).where(Media.message == message)).first()


def outlived(session: Session, limit: int) -> list[Media]:
    """Files whose matter was let go: erased, or nothing can open them any more."""
    rows = (
        select(Media)
        .join(Key, col(Key.id) == col(Media.key_id))
        .where(col(Media.name) != "", or_(Media.stage == Stage.ERASED, Key.wrapped == b""))
        .limit(limit)
    )
    return list(session.exec(rows))

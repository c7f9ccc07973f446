"""Recordings and pictures: fetched before the platform lets them go, kept, listened to, taken away in the end."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from handlers.diary import lost
from handlers.hearing import heard
from models.key import seal_bytes
from models.media import LIVES, Media, Stage, claim, keep, miss, outlived
from models.message import seen
from scheduler.station import Station

BATCH = 20
LONGEST_BACK_OFF = timedelta(hours=1)
MOST_HEARD = 3  # tries to have a recording recognised; then a person's ears are enough
FOLDER = "media"


@dataclass(frozen=True)
class File:
    """A file, by what it contains."""

    content: bytes
    media_type: str


@dataclass(frozen=True)
class Missed:
    """It could not be had. `seconds`: until it may be tried again; 0: never."""

    reason: str
    seconds: float = 0.0


@dataclass(frozen=True)
class Heard:
    """What was recognised, and how sure that is, 0 to 1."""

    words: str
    confidence: float


class Ears(Protocol):
    """The platform's files, and whatever recognises speech; bot has both."""

    least: float

    async def fetch(self, handle: str, channel: str) -> File | Missed:
        """By the platform's handle; `channel` is the platform."""
        ...

    async def hear(self, file: File) -> Heard | None:
        """None: there is nothing that could, or it did not work."""


async def attend(station: Station, ears: Ears, folder: Path, at: datetime) -> int:
    """What waits: fetched, sealed, listened to; how many files were looked after."""
    count = 0
    while not station.is_stopping():
        taken = await asyncio.to_thread(_take, station, at)
        for one in taken:
            await _attend(station, ears, folder, one, at)
        count += len(taken)
        if len(taken) < BATCH:
            await asyncio.to_thread(_clear, station, folder, at)
            break
    return count


@dataclass(frozen=True)
class Taken:
    """A file that is to be fetched or listened to; no handle: that was let go."""

    media: Media
    channel: str
    handle: str


def _take(station: Station, at: datetime) -> list[Taken]:
    with station.database.transaction() as session:
        keys = station.county(session, at).keys
        taken = []
        for media in claim(session, at, BATCH):
            message = seen(session, media.message)
            handle = keys.opened(session, media.key_id, message.media) if message and message.media else ""
            taken.append(Taken(media, message.channel if message else "", handle))
        session.flush()
        session.expunge_all()
        return taken


async def _attend(station: Station, ears: Ears, folder: Path, taken: Taken, at: datetime) -> None:
    media = taken.media
    if not taken.handle:
        await asyncio.to_thread(_write_off, station, media, Missed("let go"), at)
        return
    is_there = at - media.made_at < LIVES
    found = await ears.fetch(taken.handle, taken.channel) if is_there else Missed("three days over")
    if isinstance(found, File) and not _fits(media, found):
        found = Missed("not what it says")
    if isinstance(found, Missed):
        await asyncio.to_thread(_write_off, station, media, found, at)
        return
    if media.stage == Stage.WAITING:
        await asyncio.to_thread(_keep, station, folder, media, found, at)
    if media.kind == "voice":
        await asyncio.to_thread(_note, station, media, await ears.hear(found), ears.least, at)


def _fits(media: Media, file: File) -> bool:
    family = {"voice": "audio", "image": "image", "video": "video"}[media.kind]
    return file.media_type.startswith(f"{family}/") and len(file.content) > 0


def _write_off(station: Station, media: Media, missed: Missed, at: datetime) -> None:
    with station.database.transaction() as session:
        row = session.get_one(Media, media.id)
        if missed.seconds and at - row.made_at < LIVES:
            back_off = timedelta(seconds=max(missed.seconds, 2.0 ** min(row.tries, 11)))
            row.next_at = at + min(back_off, LONGEST_BACK_OFF)
        else:
            miss(row, missed.reason)
            lost(session, station.county(session, at), row, at)
        session.add(row)


def _keep(station: Station, folder: Path, media: Media, file: File, at: datetime) -> None:
    """The file is on disk before the row says so; one too many is nobody's, and holds nothing that can be read."""
    with station.database.transaction() as session:
        row = session.get_one(Media, media.id)
        secret = station.county(session, at).keys.secret(session, row.key_id)
        name = keep(row, file.media_type, len(file.content))
        row.next_at = row.next_at if row.kind == "voice" else None
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / name
        path.touch(mode=0o600)
        path.write_bytes(seal_bytes(secret, file.content, FOLDER))
        session.add(row)
    media.stage = Stage.KEPT.value


def _note(station: Station, media: Media, said: Heard | None, least: float, at: datetime) -> None:
    with station.database.transaction() as session:
        row = session.get_one(Media, media.id)
        if said is not None:
            row.next_at = None
            heard(session, station.county(session, at), row, said.words, said.confidence, least, at)
        elif row.tries >= MOST_HEARD:
            row.next_at = None
        session.add(row)


def _clear(station: Station, folder: Path, at: datetime) -> None:
    """Files whose matter was let go are taken away."""
    while True:
        with station.database.transaction() as session:
            gone = outlived(session, BATCH)
            for media in gone:
                (folder / media.name).unlink(missing_ok=True)
                media.stage, media.name, media.next_at = Stage.ERASED.value, "", None
                session.add(media)
        if len(gone) < BATCH:
            return

"""Letters that may leave now: claimed in one transaction, carried side by side, settled in one transaction."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

from models.base import Session
from models.letter import Letter, LetterState, by_ids, claim, end, put_off
from scheduler.station import Station

BATCH = 200
LONGEST_BACK_OFF = 1800.0  # seconds
GIVEN_UP_AFTER = timedelta(days=3)


@dataclass(frozen=True)
class Delivery:
    """How one attempt ended."""

    kind: Literal["sent", "later", "next_channel", "never"]
    reason: str = ""
    seconds: float = 0.0


@dataclass(frozen=True)
class Parcel:
    """A letter made ready: by which channel, to which address, in which words."""

    letter: int
    channel: str
    address: str
    text: str
    tries: int
    beside: str = ""  # what goes with the words: where a notice leads, whom a robot names


SKIPPED = ("forgotten", "must not know", "called off")  # never sent, and rightly so


class Courier(Protocol):
    """What carries letters; bot has the one for the platforms."""

    def read_ahead(self, session: Session, letters: list[Letter]) -> list[object]:
        """What a batch will be asked for, read at once; as long as the list is held, no letter asks again."""

    def prepare(self, session: Session, letter: Letter, at: datetime) -> Parcel | Delivery:
        """Words and address, or how it ends without being sent."""

    async def carry(self, parcel: Parcel) -> Delivery:
        """One attempt."""

    def delivered(self, session: Session, letter: Letter, at: datetime) -> None:
        """What follows from an arrival."""

    def failed(self, session: Session, letter: Letter, at: datetime) -> None:
        """What follows where it never will arrive."""


async def deliver(
    station: Station, courier: Courier, clock: Callable[[], datetime], concurrency: int
) -> dict[str, int]:
    """Delivers everything due; how many ended in which way."""
    done: Counter[str] = Counter()
    gate = asyncio.Semaphore(concurrency)

    async def carried(parcel: Parcel) -> Delivery:
        async with gate:
            return await courier.carry(parcel)

    async def claimed() -> list[Parcel] | None:
        return await asyncio.to_thread(_claim, station, courier, clock(), done)

    ready = await claimed()
    while ready is not None:
        # The next ones are made ready while these are on their way.
        under_way = asyncio.gather(*(carried(parcel) for parcel in ready))
        deliveries, following = await asyncio.gather(under_way, claimed())
        pairs = list(zip(ready, deliveries, strict=True))
        await asyncio.to_thread(_settle, station, courier, pairs, clock(), done)
        ready = following if following is not None else await claimed()  # some may be tried another way
    return dict(done)


def _claim(station: Station, courier: Courier, at: datetime, done: Counter[str]) -> list[Parcel] | None:
    parcels: list[Parcel] = []
    with station.database.transaction() as session:
        letters = claim(session, at, BATCH)
        if not letters:
            return None
        _held = courier.read_ahead(session, letters)
        for letter in letters:
            if letter.too_late_after is not None and letter.too_late_after <= at:
                end(letter, LetterState.TOO_LATE, at, "overtaken")
                courier.failed(session, letter, at)
                done["too_late"] += 1
                continue
            prepared = courier.prepare(session, letter, at)
            if isinstance(prepared, Parcel):
                parcels.append(prepared)
            else:
                _end(session, courier, letter, prepared, at, done)
            session.add(letter)
    return parcels


def _settle(
    station: Station,
    courier: Courier,
    carried: list[tuple[Parcel, Delivery]],
    at: datetime,
    done: Counter[str],
) -> None:
    with station.database.transaction() as session:
        letters = by_ids(session, (parcel.letter for parcel, _ in carried))
        _held = courier.read_ahead(session, letters)
        ended = {parcel.letter: delivery for parcel, delivery in carried}
        for letter in letters:
            _end(session, courier, letter, ended[letter.id or 0], at, done)


def _end(
    session: Session, courier: Courier, letter: Letter, delivery: Delivery, at: datetime, done: Counter[str]
) -> None:
    """An honest end, or another attempt."""
    if delivery.kind == "sent":
        end(letter, LetterState.SENT, at)
        courier.delivered(session, letter, at)
        done["sent"] += 1
    elif delivery.kind == "later" and at - letter.made_at < GIVEN_UP_AFTER:
        # A platform that is down for an hour costs an hour, not the letter.
        back_off = min(LONGEST_BACK_OFF, 2.0 ** min(letter.tries, 11))
        put_off(letter, at + timedelta(seconds=max(delivery.seconds, back_off)), delivery.reason)
        done["put_off"] += 1
    elif delivery.kind == "next_channel" and len(letter.channels) > 1:
        letter.channels = letter.channels[1:]
        put_off(letter, at, delivery.reason)
        done["next_channel"] += 1
    elif delivery.kind == "never" and delivery.reason in SKIPPED:
        end(letter, LetterState.SKIPPED, at, delivery.reason)
        courier.failed(session, letter, at)
        done["skipped"] += 1
    else:
        end(letter, LetterState.FAILED, at, delivery.reason)
        courier.failed(session, letter, at)
        done["failed"] += 1

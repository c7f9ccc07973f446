"""Letters that may leave now: claimed together, carried side by side, settled together."""

import asyncio
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

import structlog

from models.base import Session
from models.claim import claim, settle
from models.letter import UNSENT, Claimed, LetterState, end, put_off
from scheduler.station import Station

BATCH = 200  # letters claimed together
AT_HAND = 2 * BATCH  # made ready before more is claimed: carriers go on while the next are made ready
TOGETHER = BATCH  # carried letters that are worth a transaction
PATIENCE = 0.2  # seconds that what was carried waits for more of it
LONGEST_BACK_OFF = 1800.0  # seconds
GIVEN_UP_AFTER = timedelta(days=3)

log = structlog.get_logger(__name__)


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


# Never sent, and rightly so.
NEVER = {
    "overtaken": LetterState.TOO_LATE,
    **dict.fromkeys(("forgotten", "must not know", "called off"), LetterState.SKIPPED),
}
OVERTAKEN = Delivery("never", "overtaken")


class Courier(Protocol):
    """What carries letters; bot has the one for the platforms."""

    def read_ahead(self, session: Session, letters: list[Claimed]) -> list[object]:
        """What a batch will be asked for, read at once; as long as the list is held, no letter asks again."""

    def prepare(self, session: Session, letter: Claimed, at: datetime) -> Parcel | Delivery:
        """Words and address, or how it ends without being sent."""

    async def carry(self, parcel: Parcel) -> Delivery:
        """One attempt."""

    def delivered(self, session: Session, letter: Claimed, at: datetime) -> None:
        """What follows from an arrival."""

    def failed(self, session: Session, letter: Claimed, at: datetime) -> None:
        """What follows where it never will arrive."""


async def deliver(
    station: Station,
    courier: Courier,
    clock: Callable[[], datetime],
    concurrency: int,
) -> dict[str, int]:
    """Delivers everything due; how many ended in which way.

    Once the station is stopping no further letter leaves: what was claimed goes back into the outbox.
    """
    return dict(await _Round(station, courier, clock, concurrency).run())


class _Round:
    """From the first letter due to the last: some are carried while one transaction settles others and claims more."""

    def __init__(
        self,
        station: Station,
        courier: Courier,
        clock: Callable[[], datetime],
        concurrency: int,
    ) -> None:
        self._station = station
        self._courier = courier
        self._clock = clock
        self._done: Counter[str] = Counter()
        self._ready: asyncio.Queue[Parcel | None] = asyncio.Queue()
        self._under_way = 0  # made ready, and not carried yet
        self._letters: dict[
            int, Claimed
        ] = {}  # under way: as they were claimed, for nobody else may change them
        self._carried: list[tuple[Parcel, Delivery]] = []
        self._enough = asyncio.Event()  # was carried to be worth a transaction
        self._concurrency = concurrency

    async def run(self) -> Counter[str]:
        async with asyncio.TaskGroup() as group:
            carriers = [group.create_task(self._carry()) for _ in range(self._concurrency)]
            try:
                await self._keep_books()
            finally:
                for _ in carriers:
                    self._ready.put_nowait(None)
        return self._done

    async def _keep_books(self) -> None:
        """Settles what was carried and claims what there is room for, until nothing is left."""
        more = True  # may be claimed
        while more or self._under_way or self._carried:
            may_leave = not self._station.is_stopping()
            more = more and may_leave
            room = BATCH if may_leave and self._under_way < AT_HAND else 0
            if not (more and room):
                await self._wait()
            carried, self._carried = self._carried, []
            claimed = await asyncio.to_thread(self._book, carried, room, self._clock())
            more = claimed is not None if room else more
            for parcel in claimed or []:
                self._under_way += 1
                self._ready.put_nowait(parcel)

    async def _wait(self) -> None:
        """Until enough was carried for a transaction, or the first of it waited long enough."""
        self._enough.clear()
        if self._under_way and len(self._carried) < TOGETHER:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._enough.wait(), PATIENCE)

    async def _carry(self) -> None:
        while (parcel := await self._ready.get()) is not None:
            try:
                delivery = Delivery("later", "stopping")
                if not self._station.is_stopping():
                    delivery = await self._courier.carry(parcel)
            except Exception as error:  # noqa: BLE001 - one letter must not stop the others
                log.error("letter not carried", letter=parcel.letter, error=type(error).__name__)  # noqa: TRY400 - no text
                delivery = Delivery("later", type(error).__name__)
            self._under_way -= 1
            self._carried.append((parcel, delivery))
            if not self._under_way or len(self._carried) >= TOGETHER:
                self._enough.set()

    def _book(self, carried: list[tuple[Parcel, Delivery]], room: int, at: datetime) -> list[Parcel] | None:
        """One transaction for both. None: nothing may leave now, or nothing was asked for."""
        done: Counter[str] = Counter()
        with self._station.database.transaction() as session:
            self._settle(session, carried, at, done)
            parcels = self._claim(session, room, at, done) if room else None
        self._done += done  # only what was committed
        return parcels

    def _settle(
        self, session: Session, carried: list[tuple[Parcel, Delivery]], at: datetime, done: Counter[str]
    ) -> None:
        ended = [(self._letters.pop(parcel.letter), delivery) for parcel, delivery in carried]
        ended.sort(key=lambda one: one[0].id)
        hows = [(letter, _end(letter, delivery, at)) for letter, delivery in ended]
        _held = self._courier.read_ahead(session, [letter for letter, _ in hows])
        self._write(session, hows, at, done)

    def _write(
        self,
        session: Session,
        hows: list[tuple[Claimed, LetterState | str]],
        at: datetime,
        done: Counter[str],
    ) -> None:
        """All are written down before anything follows from any."""
        settle(session, (letter for letter, _ in hows))
        for letter, how in hows:
            done[how] += 1
            log.info(
                "letter settled", letter=letter.id, trace=letter.trace, how=str(how), reason=letter.reason
            )
            if how == LetterState.SENT:
                self._courier.delivered(session, letter, at)
            elif how in UNSENT:
                self._courier.failed(session, letter, at)

    def _claim(self, session: Session, room: int, at: datetime, done: Counter[str]) -> list[Parcel] | None:
        letters = claim(session, at, room)
        if not letters:
            return None
        parcels, hows = [], []
        _held = self._courier.read_ahead(session, letters)
        for letter in letters:
            if letter.too_late_after is not None and letter.too_late_after <= at:
                prepared: Parcel | Delivery = OVERTAKEN
            else:
                prepared = self._courier.prepare(session, letter, at)
            if isinstance(prepared, Parcel):
                self._letters[prepared.letter] = letter
                parcels.append(prepared)
            else:
                hows.append((letter, _end(letter, prepared, at)))
        self._write(session, hows, at, done)
        return parcels


def _end(letter: Claimed, delivery: Delivery, at: datetime) -> LetterState | str:
    """An honest end, or another attempt: which."""
    if delivery.kind == "later" and at - letter.made_at < GIVEN_UP_AFTER:
        # A platform that is down for an hour costs an hour, not the letter.
        back_off = min(LONGEST_BACK_OFF, 2.0 ** min(letter.tries, 11))
        put_off(letter, at + timedelta(seconds=max(delivery.seconds, back_off)), delivery.reason)
        return "put_off"
    if delivery.kind == "next_channel" and len(letter.channels) > 1:
        letter.channels = letter.channels[1:]
        put_off(letter, at, delivery.reason)
        return "next_channel"
    state = LetterState.SENT if delivery.kind == "sent" else NEVER.get(delivery.reason, LetterState.FAILED)
    end(letter, state, at, delivery.reason)
    return state

"""The backlog: what was promised and lies on disk, decided in the order it was promised, where promising leaves time.

The writer is given a handful at a time. So a storm's memory is bounded however long it lasts, and whoever comes while
something waits is promised behind it.
"""

import asyncio
from collections.abc import Callable
from functools import partial

import structlog

from bot.promises import Promises
from bot.receipts import Promised, Receipts, Some
from bot.ticket import Ticket
from bot.writer import Writer
from models.database import DATABASE_ERRORS
from models.errors import Unserved
from models.key import Keyring

TOGETHER = 64  # of what waits, given to the writer at a time
BREATH = 0.05  # seconds between two looks whether promising leaves time

HOPELESS = (Unserved, *DATABASE_ERRORS)  # for all that waits, not for one message

Begin = Callable[[Ticket], "asyncio.Future[str]"]

log = structlog.get_logger(__name__)


class Backlog:
    """Worked off by one task, which ends when nothing is left. `begin` gives a message to the writer."""

    def __init__(
        self,
        receipts: Receipts,
        promises: Promises,
        writer: Writer,
        keys: Callable[[], Keyring],
        begin: Begin,
    ) -> None:
        self._receipts = receipts
        self._promises = promises
        self._writer = writer
        self._keys = keys
        self._begin = begin
        self._begun: set[str] = set()  # what the writer has, by name
        self._stored = 0  # so often something was put there
        self._going: asyncio.Task[int] | None = None

    def put(self) -> None:
        """One more is on disk."""
        self._stored += 1
        if not self._is_going or self._writer.is_far_behind:
            self._writer.more_waits = True  # whoever comes from here on comes after it
        self.work_off()

    def work_off(self) -> "asyncio.Task[int]":
        """Begins, unless it is under way; how many were decided."""
        if self._going is None or not self._is_going:
            self._going = asyncio.ensure_future(self._work_off())
        return self._going

    @property
    def _is_going(self) -> bool:
        return self._going is not None and not self._going.done()

    async def bring(self, ticket: Ticket) -> "asyncio.Future[str]":
        """Decided before all that waits, and with it, before, what the same person has there."""
        earlier = await asyncio.to_thread(self._receipts.of, self._keys(), ticket.mail)
        for one in earlier:
            if one.name == ticket.name or one.at > ticket.at:
                break
            self._decide(one)
        return self._begin(ticket)

    async def stop(self) -> None:
        """What is left is found by the next start."""
        if self._going is not None:
            self._going.cancel()
            await asyncio.wait([self._going])

    async def _work_off(self) -> int:
        decided = place = 0
        try:
            await asyncio.to_thread(self._receipts.count)
            while True:
                while self._promises.is_pressed:  # noqa: ASYNC110 - it is so, or not, by the clock
                    await asyncio.sleep(BREATH)
                stored, before = self._stored, place
                some = await asyncio.to_thread(self._receipts.after, self._keys(), place, TOGETHER)
                place = self._looked_at(some)
                begun = [one for promised in some.promised if (one := self._decide(promised)) is not None]
                # Where no more waits, here or there, whoever comes from here on comes after these and need not wait
                # on disk himself.
                self._writer.more_waits = some.is_more or self._writer.waiting > TOGETHER
                if begun:
                    await asyncio.wait(begun)
                elif place == before:  # as long as it takes to tell
                    await asyncio.sleep(BREATH)
                decided += len(begun)
                if any(isinstance(one.exception(), HOPELESS) for one in begun):
                    return decided  # what comes after them must not overtake them
                if not some.is_more and stored == self._stored:
                    return decided
        except Exception as error:  # noqa: BLE001 - no words of a villager's; the next minute tries again
            log.error("promise not kept yet", error=type(error).__name__)  # noqa: TRY400 - as above
            return decided
        finally:
            self._writer.more_waits = False

    def _looked_at(self, some: Some) -> int:
        """Up to which place: what is being told just now, and left to the disk in a moment, is looked at again."""
        for one in some.promised:
            ticket = self._promises.open(one.name)
            if ticket is not None and not ticket.is_queued:
                return one.place - 1
        return some.last

    def _decide(self, promised: Promised) -> "asyncio.Future[str] | None":
        """None: the writer has it."""
        name = promised.name
        if name in self._begun or self._promises.open(name) is not None:
            return None
        self._begun.add(name)
        decided = self._begin(Ticket(promised.mail, promised.at, name=name))
        decided.add_done_callback(partial(self._end, name))
        return decided

    def _end(self, name: str, decided: "asyncio.Future[str]") -> None:
        self._begun.discard(name)
        if decided.cancelled():
            return
        error = decided.exception()
        if error is None:
            self._receipts.drop(name)
        elif not isinstance(error, Unserved):  # the others still have theirs; this one is tried again
            log.error("promise not kept yet", error=type(error).__name__)

"""One writer: takes what has arrived, decides all of it in one transaction, commits once, then answers all.

A message is acknowledged only after its commit. One bad message harms none of its neighbours: where one breaks,
the transaction is gone through again, each message with a savepoint of its own. Order of arrival is kept, and
with it the order of each person's messages.
"""

import math
import queue
import threading
import time
from asyncio import AbstractEventLoop, Future, get_running_loop
from collections import defaultdict
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from prometheus_client import Gauge, Histogram
from sqlalchemy.exc import DBAPIError

from bot.baton import Baton
from models.base import Session
from models.database import DATABASE_ERRORS, Database, is_lost
from models.errors import TooMuch, Unserved

MOST, IN_STORM, AT_A_STOP = 64, 32, 8  # messages in one transaction
STORM = 256  # so many waiting are one
SIZES = (1, 2, 4, 8, 16, 32, MOST)
LAST_BATCH = 1.5  # seconds for what is being decided when told to close
HANDED_OVER = 1.0  # seconds the writer waits for its answers to be taken at most
ROUNDS = 8  # of the loop, in which those who were answered may ask again
MOST_WAITING = 4096  # messages, 3 KB each; a new one past them is refused: nothing grows without bound

PAUSES = (0.0, 0.1, 0.2, 0.4, 0.8, 1.0)  # seconds between tries while a database restarts

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Work:
    act: Callable[[Session], Any]
    asks: Any  # what the act will look for, for `read_ahead`; None: nothing
    loop: AbstractEventLoop
    arrived: "Future[Any]"


_Done = tuple[_Work, Any, BaseException | None]


class Writer:
    """A thread that owns the writing; `run` awaits one act's commit.

    `read_ahead`, where there is one, is given at the start of a batch what all its acts ask for.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self.read_ahead: Callable[[Session, list[Any]], None] | None = None
        self._waiting: queue.SimpleQueue[_Work | None] = queue.SimpleQueue()
        self._sizes = Histogram(
            "lianxin_commit_messages", "Messages in one transaction.", buckets=SIZES, registry=None
        )
        queued = Gauge("lianxin_intake_waiting", "Messages the writer has not come to.", registry=None)
        queued.set_function(self._waiting.qsize)
        self.figures = (self._sizes, queued)
        self.baton = Baton()  # of all who compute: the loop, the writer, a round of receipts
        self.more_waits = False  # on disk, for the writer to be given
        self._leaves_at: float | None = None  # on the monotonic clock, once it is told to close
        self._thread = threading.Thread(target=self._write, name="writer", daemon=True)
        self._thread.start()

    async def run(self, act: Callable[[Session], T]) -> T:
        """The act's result, once it is on disk. Whatever the act raises is raised here, and undone."""
        return await self.begin(act)

    def begin(self, act: Callable[[Session], T], asks: Any = None, *, promised: bool = False) -> "Future[T]":
        """The same, to be awaited or not; it is done either way. TooMuch: so much waits that it is not begun.

        `promised`: it is begun all the same.
        """
        if not promised and self.is_full:
            raise TooMuch("the writer is far behind")
        loop = get_running_loop()
        arrived: Future[T] = loop.create_future()
        self._waiting.put(_Work(act, asks, loop, arrived))
        return arrived

    @property
    def waiting(self) -> int:
        """Messages it has not come to."""
        return self._waiting.qsize()

    @property
    def is_far_behind(self) -> bool:
        """Whether whoever comes now would hardly be decided in time."""
        return self.more_waits or self.waiting > STORM

    @property
    def is_full(self) -> bool:
        return self.waiting >= MOST_WAITING

    def close(self, within: float = math.inf) -> None:
        """Finishes what waits, then ends. After `within` seconds it leaves the rest, which is told Unserved: what
        was promised of it is on disk, and the platform sends the other again.
        """
        self._leaves_at = time.monotonic() + within
        self._waiting.put(None)
        # No longer, for a locked database lasts longer than whoever stops us waits.
        self._thread.join(within + LAST_BATCH if within < math.inf else None)

    def _write(self) -> None:
        going = True
        while going:
            batch: list[_Work] = []
            work = self._waiting.get()
            most = self._most
            while work is not None:
                batch.append(work)
                if len(batch) >= most:
                    break
                try:
                    work = self._waiting.get_nowait()
                except queue.Empty:
                    break
            going = work is not None
            if batch:
                self._sizes.observe(len(batch))
                self._commit(batch)

    @property
    def _most(self) -> int:
        """Messages of the next batch."""
        if self._leaves_at is not None and not self._leaves:
            return AT_A_STOP
        return IN_STORM if self.is_far_behind and not self._leaves else MOST

    def _commit(self, batch: list[_Work]) -> None:
        try:
            done = _left(batch) if self._leaves else self._done(batch)
        except BaseException as error:  # noqa: BLE001 - nothing of the batch is on disk: all are told
            done = [(work, None, error) for work in batch]
        by_loop: defaultdict[AbstractEventLoop, list[_Done]] = defaultdict(list)
        for one in done:
            by_loop[one[0].loop].append(one)
        for loop, some in by_loop.items():  # handed over together: each hand-over wakes the other thread
            taken = threading.Event()
            with suppress(RuntimeError):  # that loop was closed; what was decided is on disk all the same
                loop.call_soon_threadsafe(self._settle, loop, some, taken)
                # Whoever answers comes first: two threads that both compute hinder each other so much that in a
                # storm nobody would be answered in time.
                taken.wait(HANDED_OVER)

    def _settle(self, loop: AbstractEventLoop, done: list[_Done], taken: threading.Event) -> None:
        for work, result, error in done:
            if work.arrived.cancelled():
                continue
            if error is not None:
                work.arrived.set_exception(error)
            else:
                work.arrived.set_result(result)
        self._go_round(loop, len(done), min(ROUNDS, len(done) - 1), taken)

    def _go_round(self, loop: AbstractEventLoop, many: int, rounds: int, taken: threading.Event) -> None:
        """Until as many wait as were answered, or the loop has gone round: whoever comes in now costs no
        transaction of his own, and the loop reads and writes without the writer beside it.
        """
        if rounds <= 0 or self._waiting.qsize() >= many:
            taken.set()
        else:
            loop.call_soon(self._go_round, loop, many, rounds - 1, taken)

    @property
    def _leaves(self) -> bool:
        return self._leaves_at is not None and time.monotonic() > self._leaves_at

    def _done(self, batch: list[_Work]) -> list[_Done]:
        """A database that went away is asked again for as long as those who wait can wait.

        Where a commit arrived and only its answer was lost, the messages are known when they come again.
        """
        for pause in PAUSES:
            try:
                return self._decided(batch)
            except DBAPIError as error:
                if self._database.is_sqlite or not is_lost(error):
                    raise
                time.sleep(pause)
        return self._decided(batch)

    def _decided(self, batch: list[_Work]) -> list[_Done]:
        """All in one go; where one of them breaks, all over again with a savepoint each."""
        self._database.set_aside_more()
        try:
            with self._database.transaction(hurried=True) as session:
                self._look_ahead(session, batch)
                return [(work, self._acted(work.act, session), None) for work in batch]
        except DATABASE_ERRORS:
            raise
        except Exception as error:  # it will break again, and then alone
            if isinstance(error, DBAPIError) and is_lost(error):
                raise
            with self._database.transaction() as session:
                self._look_ahead(session, batch)
                return [(work, *_tried(session, partial(self._acted, work.act))) for work in batch]

    def _look_ahead(self, session: Session, batch: list[_Work]) -> None:
        asked = [work.asks for work in batch if work.asks is not None]
        if asked and self.read_ahead is not None:
            with self._step():
                self.read_ahead(session, asked)

    def _acted(self, act: Callable[[Session], T], session: Session) -> T:
        with self._step():
            return act(session)

    def _step(self) -> AbstractContextManager[None]:
        """In a storm one at a time; else the loop is seldom busy and need not wait for the end of a step."""
        return self.baton.held() if self.is_far_behind else nullcontext()


def _left(batch: list[_Work]) -> list[_Done]:
    return [(work, None, Unserved("stopped before it was decided")) for work in batch]


def _tried(session: Session, act: Callable[[Session], T]) -> tuple[T | None, BaseException | None]:
    try:
        with session.begin_nested():
            return act(session), None
    except Exception as error:  # handed to the one who waits for it
        if isinstance(error, DBAPIError) and is_lost(error):
            raise
        session.expire_all()
        return None, error

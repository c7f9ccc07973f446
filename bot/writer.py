"""One writer: takes what has arrived, decides all of it in one transaction, commits once, then answers all.

A message is acknowledged only after its commit. One bad message harms none of its neighbours: where one breaks,
the transaction is gone through again, each message with a savepoint of its own. Order of arrival is kept, and
with it the order of each person's messages.
"""

import queue
import threading
from asyncio import Future, get_running_loop
from collections.abc import Callable
from concurrent.futures import Future as Promise
from dataclasses import dataclass
from typing import Any, TypeVar

from models.base import Session
from models.database import DATABASE_ERRORS, Database
from models.errors import TooMuch

MOST = 128  # messages in one transaction
MOST_WAITING = (
    2000  # messages; who comes then is told to send again, while that still fits into the platform's time
)

T = TypeVar("T")


@dataclass(frozen=True)
class _Work:
    act: Callable[[Session], Any]
    promise: Promise[Any]


_Done = tuple[_Work, Any, BaseException | None]


class Writer:
    """A thread that owns the writing; `run` awaits one act's commit."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: queue.SimpleQueue[_Work | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._write, name="writer", daemon=True)
        self._thread.start()

    async def run(self, act: Callable[[Session], T]) -> T:
        """The act's result, once it is on disk. Whatever the act raises is raised here, and undone."""
        return await self.begin(act)

    def begin(self, act: Callable[[Session], T]) -> "Future[T]":
        """The same, to be awaited or not; it is done either way. TooMuch: so much waits that it is not begun."""
        if self._waiting.qsize() >= MOST_WAITING:
            raise TooMuch("the writer is far behind")
        promise: Promise[T] = Promise()
        loop = get_running_loop()
        arrived: Future[T] = loop.create_future()

        def hand_over(done: Promise[T]) -> None:
            loop.call_soon_threadsafe(_settle, arrived, done)

        promise.add_done_callback(hand_over)
        self._waiting.put(_Work(act, promise))
        return arrived

    def close(self) -> None:
        """Finishes what waits, then ends."""
        self._waiting.put(None)
        self._thread.join()

    def _write(self) -> None:
        going = True
        while going:
            batch: list[_Work] = []
            work = self._waiting.get()
            while work is not None:
                batch.append(work)
                if len(batch) >= MOST:
                    break
                try:
                    work = self._waiting.get_nowait()
                except queue.Empty:
                    break
            going = work is not None
            if batch:
                self._commit(batch)

    def _commit(self, batch: list[_Work]) -> None:
        try:
            done = self._done(batch)
        except BaseException as error:  # noqa: BLE001 - nothing of the batch is on disk: all are told
            for work in batch:
                work.promise.set_exception(error)
            return
        for work, result, fault in done:
            if fault is not None:
                work.promise.set_exception(fault)
            else:
                work.promise.set_result(result)

    def _done(self, batch: list[_Work]) -> list[_Done]:
        """All in one go; where one of them breaks, all over again with a savepoint each."""
        self._database.set_aside_more()
        try:
            with self._database.transaction(hurried=True) as session:
                return [(work, work.act(session), None) for work in batch]
        except DATABASE_ERRORS:
            raise
        except Exception:  # noqa: BLE001 - it will break again, and then alone
            with self._database.transaction() as session:
                return [(work, *_tried(session, work.act)) for work in batch]


def _tried(session: Session, act: Callable[[Session], T]) -> tuple[T | None, BaseException | None]:
    try:
        with session.begin_nested():
            return act(session), None
    except Exception as error:  # noqa: BLE001 - handed to the one who waits for it
        session.expire_all()
        return None, error


def _settle(arrived: "Future[T]", done: "Promise[T]") -> None:
    if arrived.cancelled():
        return
    error = done.exception()
    if error is not None:
        arrived.set_exception(error)
    else:
        arrived.set_result(done.result())

"""Who computes: of the threads that answer, decide and promise one at a time, each as long as one step of its work.

They share one interpreter. Left to itself it takes the thread that answers away from its work at every read and
write of a connection, and gives it back only after another's turn: in a storm that thread then falls behind what
arrives, and answers leave too late.
"""

import asyncio
import selectors
import threading
import time
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

ANSWERING = 0.05  # seconds the loop waits for the baton at most: whoever holds it may wait for a database
LONGEST = 0.15  # seconds the loop keeps it while it has something to do
DECIDING = 0.25  # seconds another thread waits

T = TypeVar("T")


class Baton:
    """Held by one thread at a time; whoever has waited longest has it next.

    It orders work and guards nothing: who does not get it in time goes on without.
    """

    def __init__(self) -> None:
        self._next = threading.Lock()  # held by who is first in line, so that no holder has it twice running
        self._held = threading.Lock()

    def take(self, within: float) -> bool:
        """Whether it is ours; False: not after so many seconds."""
        until = time.monotonic() + within
        if not self._next.acquire(timeout=within):
            return False
        try:
            return self._held.acquire(timeout=max(0.0, until - time.monotonic()))
        finally:
            self._next.release()

    def drop(self) -> None:
        self._held.release()

    @contextmanager
    def held(self) -> Iterator[None]:
        """For one step of a thread that is not the loop's."""
        is_ours = self.take(DECIDING)
        try:
            yield
        finally:
            if is_ours:
                self.drop()


class _Selector(selectors.DefaultSelector):
    """Holds the baton except where the loop waits for connections: so it never gives way amid an answer."""

    def __init__(self, baton: Baton) -> None:
        super().__init__()
        self._baton = baton
        self._is_ours = False
        self._until = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout == 0 and self._is_ours and time.monotonic() < self._until:
            return super().select(timeout)
        self._let_go()
        try:
            return super().select(timeout)
        finally:
            self._is_ours = self._baton.take(ANSWERING)
            self._until = time.monotonic() + LONGEST

    def close(self) -> None:
        self._let_go()
        super().close()

    def _let_go(self) -> None:
        if self._is_ours:
            self._is_ours = False
            self._baton.drop()


def run(baton: Baton, main: Coroutine[Any, Any, T]) -> T:
    """`asyncio.run`, whose loop computes only with the baton."""
    with asyncio.Runner(loop_factory=lambda: asyncio.SelectorEventLoop(_Selector(baton))) as runner:
        return runner.run(main)

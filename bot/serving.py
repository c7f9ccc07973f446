"""Serving until told to stop, and stopping in order."""

import asyncio
import fcntl
import gc
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from aiohttp import web

from models.errors import Unserved

# Seconds until the thread that decides lets the one that answers in. At Python's own 0.005 a storm of requests
# waits that long at every step of each, and none is answered in time.
TURN = 0.0002
# Python's own figures but for the last: all that waits is looked through for rubbish a tenth as often. In a storm, when
# ten thousand wait, each time takes a quarter of a second in which nobody is answered.
RUBBISH = (700, 10, 100)
BACKLOG = 1024  # connections not taken yet; one too many is tried again only after a second
LAST_ANSWERS = 3.0  # seconds for the requests under way when told to stop; a receipt takes two


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """As long as this lasts no other process does so with this data folder; Unserved: one does."""
    with (folder / "serving").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            message = (
                f"{folder}: another process serves it; on SQLite one does. Stop that one, or put a PostgreSQL "
                "in [database] url"
            )
            raise Unserved(message) from error
        yield


async def told_to_stop() -> None:
    """Waits for SIGTERM or SIGINT; what is under way is then finished in order."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stopped.set)
    await stopped.wait()


async def _listen(runner: web.AppRunner, host: str, port: int) -> None:
    try:
        await web.TCPSite(runner, host, port, backlog=BACKLOG).start()
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        message = f"{host}:{port}: {reason}; choose another port"
        raise Unserved(message) from error


async def serve(app: web.Application, host: str, port: int, started: Callable[[], Awaitable[None]]) -> None:
    """Serves; `started` is awaited once the port listens."""
    sys.setswitchinterval(TURN)
    # No access log: callback addresses carry openids and signatures.
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=LAST_ANSWERS)
    await runner.setup()
    try:
        await _listen(runner, host, port)
        await started()
        gc.collect()
        gc.set_threshold(*RUBBISH)
        gc.freeze()  # rules, tables and libraries stay: nobody need look through them for rubbish ever again
        await told_to_stop()
    finally:
        await runner.cleanup()

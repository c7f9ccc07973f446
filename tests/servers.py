"""The service in processes of its own, to be killed: one, or several with one database and one data folder."""

import asyncio
import logging
import multiprocessing
import random
from multiprocessing.connection import Connection

import structlog

from bot import intake, writer
from bot.application import application, prepare
from bot.serving import serve
from bot.settings import Settings
from handlers.reader import Reader
from models import database
from scheduler.clock import Clock
from tests.hindrances import WAITS
from tests.world import free_port

FORK = multiprocessing.get_context("fork")  # a child has all libraries and rules: only the service starts
PATIENCES = (0.02, 0.2, 3.0)  # of the service: many receipts, some, none
STORMS = (0, 4, writer.STORM)  # so many waiting are one: the rest waits on disk always, often, never
APART = 0.3  # seconds between one kill and the next, at most

_Drawn = tuple[float, int, float]


class Servers:
    """Each start draws how patient they are, from where on they see a storm, and how long they wait for a database."""

    def __init__(
        self, settings: Settings, clock: Clock, reader: Reader, chance: random.Random, many: int
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._reader = reader
        self._chance = chance
        self._ports = [settings.service.port, *(free_port() for _ in range(1, many))]
        self._running: list[multiprocessing.context.ForkProcess] = []

    def start(self) -> None:
        for port in self._ports:
            self._running.append(self._started(port))

    @property
    def any_port(self) -> int:
        return self._chance.choice(self._ports)

    @property
    def are_there(self) -> bool:
        return any(server.is_alive() for server in self._running)

    async def kill(self) -> None:
        """One after the other: meanwhile the others have all of it."""
        for server in self._running:
            server.kill()
            await asyncio.to_thread(server.join, 30)
            if len(self._running) > 1:
                await asyncio.sleep(self._chance.uniform(0, APART))
        self._running.clear()

    def stop(self) -> None:
        """In order."""
        for server in self._running:
            server.terminate()
        for server in self._running:
            server.join(30)
            assert server.exitcode == 0, server.exitcode

    def _started(self, port: int) -> multiprocessing.context.ForkProcess:
        given = self._settings.model_dump()
        given["service"] |= {"port": port}
        settings = Settings.model_validate(given)
        drawn = (self._chance.choice(PATIENCES), self._chance.choice(STORMS), self._chance.choice(WAITS))
        ours, theirs = FORK.Pipe(duplex=False)
        server = FORK.Process(
            target=_serve, args=(settings, self._clock, self._reader, drawn, theirs), daemon=True
        )
        server.start()
        theirs.close()
        ours.recv()  # EOFError: it did not start
        ours.close()
        return server


def _serve(settings: Settings, clock: Clock, reader: Reader, drawn: _Drawn, ready: Connection) -> None:
    intake.PATIENCE, writer.STORM, database.BUSY_SECONDS = drawn
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    logging.disable()  # a platform that is upset rests, and says so often
    service = prepare(settings, clock, reader)

    async def started() -> None:
        ready.send(True)

    asyncio.run(serve(application(service), "127.0.0.1", settings.service.port, started))

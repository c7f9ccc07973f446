"""`make torture`: a service killed at random moments under load, again and again; then everything is counted.

What a villager was answered must be there exactly once, under the number that was told, whatever happened between.
Meanwhile clocks run out and letters leave, to platforms that are slow, refuse or lie, and are away between two kills;
others hold the database or cut its connections, and some messages come again at once.
"""

import argparse
import asyncio
import gc
import random
import sqlite3
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing, nullcontext
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import xmltodict
from aiohttp import web
from sqlmodel import select

from benchmarks.callback import sealed
from bot.application import connect, disconnect, prepare
from bot.demo import simulator_for
from bot.settings import Settings
from bot.wire.envelope import Envelope
from handlers.reader import Reader
from models.database import Database
from models.letter import LetterState, count_letters, oldest_unsent
from models.message import Message
from models.petition import Petition
from scheduler.clock import Clock, wall_clock
from scheduler.outbox import BATCH
from tests.hindrances import SENDS, hinder, upset
from tests.ledgers import difference_in
from tests.postgresql import fresh_postgresql
from tests.servers import Servers
from tests.world import MONDAY_MORNING, Template, free_port, make_template, number_in

HURRY = 10  # its clock runs so much faster: bursts end, letters leave and leases run out between two kills
AT_ONCE = 24
ANSWERS = (1, 120)  # so many, at least and at most, before a kill
LONGEST = 5.0  # seconds, where they do not come
PAUSE = 0.01
AGAIN = 0.2  # of those who were answered send the same once more at once
NUMBER = "编号 "
LATER = timedelta(hours=1)  # whatever a dead courier held has come back


@dataclass
class Torture:
    """One run: the messages sent, what was answered to each, and the platforms that the letters reach."""

    settings: Settings
    reader: Reader
    chance: random.Random
    processes: int = 1
    answers: dict[int, str] = field(default_factory=dict)
    sent: int = 0
    kills: int = 0
    copies: int = 0
    letters: Counter[LetterState] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        wechat = self.settings.wechat
        assert wechat is not None
        self._token = wechat.token
        self._envelope = Envelope(wechat.token, [wechat.encoding_aes_key], wechat.app_id)
        self._unanswered: list[int] = []
        self._clock = hurried()
        self._settled_at = self._clock()
        self._simulator = simulator_for(self.settings, self._clock)
        self._servers = Servers(self.settings, self._clock, self.reader, self.chance, self.processes)
        self._platform = urlsplit(wechat.api_base_url).port

    def run(self, kills: int, copies: int = 100) -> list[str]:
        """Kills so often, then sends so many copies of what was answered; what is wrong afterwards."""
        gc.collect()
        gc.freeze()  # no child needs to look through all that for rubbish
        while self.kills < kills:
            self._servers.start()
            asyncio.run(self._load(self.chance.randint(*ANSWERS)))
            self.kills += self.processes
            if self.kills % 10 < self.processes:
                print(f"{self.kills} kills, {len(self.answers)} answers", flush=True)  # noqa: T201 - a long run
        self._servers.start()
        asyncio.run(self._finish(copies))
        self._servers.stop()
        asyncio.run(self._settle())
        return self._faults()

    @asynccontextmanager
    async def _platforms(self) -> AsyncIterator[None]:
        """They answer for as long as the service is under load; some things go wrong."""
        runner = web.AppRunner(self._simulator.platform_app(), access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", self._platform, reuse_address=True).start()
        yield
        await runner.cleanup()

    async def _load(self, answers: int) -> None:
        until = len(self.answers) + answers
        upset(self._simulator, self.chance)
        async with self._platforms(), aiohttp.ClientSession() as http:
            asking = [asyncio.ensure_future(self._ask_on(http)) for _ in range(AT_ONCE)]
            hindered = asyncio.ensure_future(asyncio.to_thread(self._hinder))
            for _ in range(int(LONGEST / PAUSE)):
                if len(self.answers) >= until:
                    break
                await asyncio.sleep(PAUSE)
            await self._servers.kill()
            await asyncio.gather(hindered, *asking)

    def _hinder(self) -> None:
        hinder(self.settings.database_url, self.settings.folder, random.Random(self.chance.random()))

    async def _ask_on(self, http: aiohttp.ClientSession) -> None:
        """One message after the other, the unanswered ones again first, until the service is gone."""
        while True:
            index = self._unanswered.pop() if self._unanswered else self.sent
            self.sent += index == self.sent
            try:
                said = await self._ask(http, index)
                if NUMBER not in said:  # not taken, and he was told so
                    self._unanswered.append(index)
                    continue
                self.answers[index] = said
                if self.chance.random() < AGAIN:
                    self._compare(index, await self._ask(http, index))
            except (aiohttp.ClientError, ConnectionError):
                if index not in self.answers:
                    self._unanswered.append(index)
                if not self._servers.are_there:
                    return
                await asyncio.sleep(PAUSE)

    def _compare(self, index: int, said: str) -> None:
        assert said == self.answers[index] or NUMBER not in said, (
            f"message {index}: {self.answers[index]}, then {said}"
        )

    async def _finish(self, copies: int) -> None:
        """Whatever had no answer is sent until it has; many of the others once more, in any order: the same answer."""
        async with self._platforms(), aiohttp.ClientSession() as http:
            for index in self._unanswered:
                self.answers[index] = await self._ask(http, index)
                assert NUMBER in self.answers[index], self.answers[index]
            again = iter(self.chance.choices(sorted(self.answers), k=copies))

            async def repeat() -> None:
                for index in again:
                    self._compare(index, await self._ask(http, index))
                    self.copies += 1

            await asyncio.gather(*(repeat() for _ in range(AT_ONCE)))

    async def _settle(self) -> None:
        """The platforms are well again, and all that the killed ones left is done."""
        self._simulator.faults.lift()
        service = prepare(self.settings, self._clock, self.reader)
        async with self._platforms():
            await connect(service)
            self._settled_at = self._clock() + LATER
            await service.tick(self._settled_at)
            await disconnect(service)

    async def _ask(self, http: aiohttp.ClientSession, index: int) -> str:
        query, body = sealed(self._token, self._envelope, index, f"t{self.chance.getrandbits(40)}")
        url = f"http://127.0.0.1:{self._servers.any_port}/wechat"
        headers = {"Content-Type": "text/xml"}
        async with http.post(url, params=query, data=body, headers=headers) as answer:
            assert answer.status == 200, answer.status
            told = xmltodict.parse(await answer.text())["xml"]
        opened = self._envelope.open(
            told["Encrypt"], told["MsgSignature"], str(told["TimeStamp"]), told["Nonce"]
        )
        said = xmltodict.parse(opened.text)["xml"]
        self._simulator.villager(said["ToUserName"]).window.open("message", self._clock())
        return str(said["Content"])

    def _faults(self) -> list[str]:
        there = Database(self.settings.database_url)
        with there.reading() as session:
            numbers = Counter(number or "" for number in session.exec(select(Petition.number)))
            people = Counter(session.exec(select(Petition.villager)))
            messages = len(session.exec(select(Message.id)).all())
            self.letters = Counter(count_letters(session))
            due = oldest_unsent(session, self._settled_at)  # what a limit put off since waits rightly
        difference = difference_in(there, self.settings.service.data_key)
        there.close()
        promised = Counter(number_in(said) for said in self.answers.values())
        with closing(
            sqlite3.connect(self.settings.path(self.settings.service.data_dir) / "receipts.sqlite")
        ) as kept:
            waiting = kept.execute("SELECT name FROM receipt").fetchall()
        again = self._accepted() - self.letters[LetterState.SENT]
        checks = {
            f"{sum((promised - numbers).values())} numbers that were told are not there": promised <= numbers,
            f"{sum((numbers - promised).values())} petitions nobody was told of": numbers <= promised,
            "a person has two petitions for one message": set(people.values()) == {1},
            f"{messages} messages kept of {self.sent}": messages == self.sent,
            f"verify: {difference}": difference is None,
            f"letters without an end: {self.letters}": not due and not self.letters[LetterState.CLAIMED],
            f"{-again} letters said to be sent that no platform took": again >= 0,
            f"{again} letters sent once more after {self.kills} kills": again
            <= (self.kills + self.processes) * BATCH,
            f"{len(waiting)} receipts left over": not waiting,
        }
        return [fault for fault, is_well in checks.items() if not is_well]

    def _accepted(self) -> int:
        """How many letters the platforms took, repeats included."""
        paths = SENDS.values()
        return sum(call.errcode == 0 for call in self._simulator.calls if call.path in paths)


def settings_for(template: Template, folder: Path, database_url: str) -> Settings:
    """The template's county at a free port of its own, and its platforms at another."""
    given = template.settings.model_dump() | {"folder": folder}
    given["service"] |= {"port": free_port(), "data_dir": folder}
    given["database"]["url"] = database_url
    address = f"http://127.0.0.1:{free_port()}"
    given["wechat"]["api_base_url"], given["wecom"]["api_base_url"] = f"{address}/wechat", f"{address}/wecom"
    return Settings.model_validate(given)


def hurried() -> Clock:
    """A Monday at work, and from here on too fast."""
    begun = wall_clock()
    return lambda: MONDAY_MORNING + (wall_clock() - begun) * HURRY


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--kills", type=int, default=40)
    words.add_argument("--copies", type=int, default=10_000)
    words.add_argument("--seed", type=int, default=int(time.time()))  # noqa: TID251 - any seed will do
    words.add_argument("--postgresql", action="store_true", help="on the server that the tests use")
    words.add_argument("--processes", type=int, default=1, help="more than one: on PostgreSQL alone")
    given = words.parse_args()
    name = "PostgreSQL" if given.postgresql else "SQLite"
    print(f"{name}, seed {given.seed}", flush=True)  # noqa: T201
    with (
        tempfile.TemporaryDirectory() as folder,
        fresh_postgresql() if given.postgresql else nullcontext("sqlite:///lianxin.db") as url,
    ):
        template = make_template(Path(folder), url)
        settings = settings_for(template, Path(folder), url)
        torture = Torture(settings, template.reader, random.Random(given.seed), given.processes)
        faults = torture.run(given.kills, given.copies)
    letters = ", ".join(f"{many} {state}" for state, many in sorted(torture.letters.items()))
    counted = f"{torture.kills} kills, {torture.sent} messages, {torture.copies} copies, letters: {letters}"
    print(f"{name}, seed {given.seed}: {counted}; {faults or 'all well'}")  # noqa: T201
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())

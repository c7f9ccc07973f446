"""`make torture`: a service killed at random moments under load, again and again; then everything is counted.

What a villager was answered must be there exactly once, under the number that was told, whatever happened between.
"""

import argparse
import asyncio
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import xmltodict
from sqlmodel import select

from benchmarks.callback import sealed
from bot import intake
from bot.application import application, prepare
from bot.serving import serve
from bot.settings import Settings
from bot.wire.envelope import Envelope
from models.database import Database
from models.letter import Letter
from models.message import Message
from models.petition import Petition
from tests.ledgers import difference_in
from tests.postgresql import fresh_postgresql
from tests.world import Template, free_port, make_template, number_in

ROOT = Path(__file__).resolve().parents[1]
AT_ONCE = 24
ANSWERS = (1, 120)  # so many, at least and at most, before a kill
LONGEST = 10.0  # seconds, where they do not come
PAUSE = 0.01
PATIENCES = (0.02, 0.2, 3.0)  # of the service: many receipts, some, none


@dataclass
class Torture:
    """One run: the messages sent, and what was answered to each."""

    settings: Settings
    chance: random.Random
    answers: dict[int, str] = field(default_factory=dict)
    sent: int = 0
    kills: int = 0

    def __post_init__(self) -> None:
        wechat = self.settings.wechat
        assert wechat is not None
        self._token = wechat.token
        self._envelope = Envelope(wechat.token, [wechat.encoding_aes_key], wechat.app_id)
        self._unanswered: list[int] = []
        self._file = self.settings.path("torture.json")
        self._file.write_text(self.settings.model_dump_json(), "utf-8")

    def run(self, kills: int) -> list[str]:
        """Kills so often; what is wrong afterwards."""
        for _ in range(kills):
            server = self._started()
            asyncio.run(self._load(server, self.chance.randint(*ANSWERS)))
            self.kills += 1
        server = self._started()
        asyncio.run(self._finish())
        server.send_signal(signal.SIGTERM)
        _reap(server)
        return self._faults()

    def _started(self) -> subprocess.Popen[bytes]:
        patience = str(self.chance.choice(PATIENCES))
        command = [
            sys.executable,
            "-W",
            "ignore",
            "-m",
            "tests.torture",
            "--serve",
            str(self._file),
            patience,
        ]
        server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)  # noqa: S603 - ourselves
        assert server.stdout is not None
        assert b"ready" in server.stdout.readline(), "it did not start"
        return server

    async def _load(self, server: subprocess.Popen[bytes], answers: int) -> None:
        until = len(self.answers) + answers
        async with aiohttp.ClientSession() as http:
            asking = [asyncio.ensure_future(self._ask_on(http)) for _ in range(AT_ONCE)]
            for _ in range(int(LONGEST / PAUSE)):
                if len(self.answers) >= until:
                    break
                await asyncio.sleep(PAUSE)
            server.kill()
            _reap(server)
            await asyncio.gather(*asking)

    async def _ask_on(self, http: aiohttp.ClientSession) -> None:
        """One message after the other, the unanswered ones again first, until the service is gone."""
        while True:
            index = self._unanswered.pop() if self._unanswered else self.sent
            self.sent += index == self.sent
            try:
                self.answers[index] = await self._ask(http, index)
            except (aiohttp.ClientError, ConnectionError):
                self._unanswered.append(index)
                return

    async def _finish(self) -> None:
        """Whatever had no answer is sent until it has; some of the others once more, for the same answer."""
        async with aiohttp.ClientSession() as http:
            for index in self._unanswered:
                self.answers[index] = await self._ask(http, index)
            for index in self.chance.sample(sorted(self.answers), min(100, len(self.answers))):
                assert await self._ask(http, index) == self.answers[index], f"message {index}: another answer"

    async def _ask(self, http: aiohttp.ClientSession, index: int) -> str:
        query, body = sealed(self._token, self._envelope, index, f"t{self.chance.getrandbits(40)}")
        url = f"http://127.0.0.1:{self.settings.service.port}/wechat"
        headers = {"Content-Type": "text/xml"}
        async with http.post(url, params=query, data=body, headers=headers) as answer:
            assert answer.status == 200, answer.status
            told = xmltodict.parse(await answer.text())["xml"]
        opened = self._envelope.open(
            told["Encrypt"], told["MsgSignature"], str(told["TimeStamp"]), told["Nonce"]
        )
        return str(xmltodict.parse(opened.text)["xml"]["Content"])

    def _faults(self) -> list[str]:
        database = Database(self.settings.database_url)
        with database.reading() as session:
            numbers = Counter(number or "" for number in session.exec(select(Petition.number)))
            people = Counter(session.exec(select(Petition.villager)))
            messages = len(session.exec(select(Message.id)).all())
            states = Counter(session.exec(select(Letter.state)))
        difference = difference_in(database, self.settings.service.data_key)
        database.close()
        promised = Counter(number_in(said) for said in self.answers.values())
        waiting = list(self.settings.path(self.settings.service.data_dir).glob("receipts/*"))
        checks = {
            f"{sum((promised - numbers).values())} numbers that were told are not there": promised <= numbers,
            f"{sum((numbers - promised).values())} petitions nobody was told of": numbers <= promised,
            "a person has two petitions for one message": set(people.values()) == {1},
            f"{messages} messages kept of {self.sent}": messages == self.sent,
            f"verify: {difference}": difference is None,
            f"letters without an end: {states}": set(states) <= {"pending", "claimed", "sent", "skipped"},
            f"receipts left over: {[file.name for file in waiting]}": not waiting,
        }
        return [fault for fault, is_well in checks.items() if not is_well]


def _reap(server: subprocess.Popen[bytes]) -> None:
    server.wait(30)
    assert server.stdout is not None
    server.stdout.close()


def settings_for(template: Template, folder: Path, database_url: str) -> Settings:
    """The template's county at a free port of its own."""
    given = template.settings.model_dump() | {"folder": folder}
    given["service"] |= {"port": free_port(), "data_dir": folder}
    given["database"]["url"] = database_url
    return Settings.model_validate(given)


def _serve(file: str, patience: str) -> None:
    intake.PATIENCE = float(patience)
    settings = Settings.model_validate_json(Path(file).read_text("utf-8"))
    service = prepare(settings)

    async def ready() -> None:
        print("ready", flush=True)  # noqa: T201 - to the one who started it

    app = application(service, with_scheduler=False)
    asyncio.run(serve(app, "127.0.0.1", settings.service.port, ready))


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--kills", type=int, default=40)
    words.add_argument("--seed", type=int, default=int(time.time()))  # noqa: TID251 - any seed will do
    words.add_argument("--postgresql", action="store_true", help="on the server that the tests use")
    words.add_argument("--serve", nargs=2)
    given = words.parse_args()
    if given.serve:
        _serve(*given.serve)
        return 0
    with (
        tempfile.TemporaryDirectory() as folder,
        fresh_postgresql() if given.postgresql else nullcontext("sqlite:///lianxin.db") as url,
    ):
        template = make_template(Path(folder), url)
        torture = Torture(settings_for(template, Path(folder), url), random.Random(given.seed))
        faults = torture.run(given.kills)
    name = "PostgreSQL" if given.postgresql else "SQLite"
    counted = f"{torture.kills} kills, {torture.sent} messages"
    print(f"{name}, seed {given.seed}: {counted}, {faults or 'all well'}")  # noqa: T201
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())

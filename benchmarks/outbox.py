"""The outbox at its limit: a platform that answers after 20 ms, 50 letters under way, everything on disk.

The goal is a share of the lower of two: what fifty at once could do in that time if nothing else cost anything
(Little's law), and what an aiohttp client that stores nothing reaches in the same run on the same machine.
"""

import asyncio
import gc
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager, redirect_stderr, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median

import aiohttp
import pytest
from aiohttp import web

from benchmarks.figure import note
from benchmarks.server import ROOT
from bot.application import Service, connect, prepare
from bot.demo import demo_settings, load_sample
from bot.logs import configure_logs
from bot.serving import TURN, serve
from bot.settings import Settings
from handlers.turn import Mail
from models.letter import post
from models.petition import create
from models.villager import meet
from models.wording import Wording
from scheduler.outbox import deliver
from tests.postgresql import fresh_postgresql
from tests.world import MONDAY_MORNING, TestClock, free_port

LETTERS = int(os.environ.get("LIANXIN_BENCH_LETTERS", "2000"))
CONCURRENCY, LATENCY = 50, 0.02
TURNS = 3
TEXT = {"touser": "o", "msgtype": "text", "text": {"content": "." * 60}}


def _platform(port: int) -> None:
    """Answers as the official account does, always after the same time."""

    async def token(_: web.Request) -> web.Response:
        return web.json_response({"access_token": "t", "expires_in": 7200})

    async def send(request: web.Request) -> web.Response:
        await request.read()
        await asyncio.sleep(LATENCY)
        return web.json_response({"errcode": 0, "errmsg": "ok"})

    app = web.Application()
    app.router.add_post("/cgi-bin/stable_token", token)
    app.router.add_post("/cgi-bin/message/custom/send", send)

    async def ready() -> None:
        print("ready", flush=True)

    asyncio.run(serve(app, "127.0.0.1", port, ready))


@contextmanager
def platform() -> Iterator[str]:
    """Its address, while it runs."""
    port = free_port()
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.outbox", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait(20)


def fill(service: Service, letters: int, first: int, at: datetime) -> None:
    """Progress letters, each of a matter and a person of its own."""
    with service.database.transaction() as session:
        county = service.knowledge.county(session, at)
        for index in range(first, first + letters):
            mail = Mail("wechat", f"o{index:027}", str(index), "text")
            person = meet(session, county.keys, mail.channel, mail.sender, at)
            person.window_until, person.window_left = at + timedelta(hours=48), 5
            petition = create(session, county.keys, county.code, person.id or 0, at)
            post(
                session,
                county.keys,
                occasion=str(index),
                to=("villager", str(person.id)),
                channels=("wechat",),
                wording=Wording.LETTER_AFTER_RECEIPT,
                fields={"text": "." * 60},
                county=county.code,
                at=at,
                petition=petition.id,
                key_id=petition.key_id,
            )


async def _lean(url: str) -> None:
    """A client that only posts and reads the answer."""
    left = iter(range(LETTERS))
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=CONCURRENCY)) as http:

        async def carry() -> None:
            for _ in left:
                async with http.post(f"{url}/cgi-bin/message/custom/send", json=TEXT) as answer:
                    assert (await answer.json())["errcode"] == 0

        await asyncio.gather(*(carry() for _ in range(CONCURRENCY)))


async def _ours(service: Service) -> None:
    done = await deliver(service.station, service.courier, service.clock, CONCURRENCY)
    assert done == {"sent": LETTERS}, done


@dataclass
class Turns:
    """Letters a second, and seconds of a processor a letter, turn by turn."""

    rates: list[float] = field(default_factory=list)
    work: list[float] = field(default_factory=list)

    async def take(self, turn: Awaitable[None]) -> None:
        begun, worked = time.perf_counter(), time.process_time()
        await turn
        self.rates.append(LETTERS / (time.perf_counter() - begun))
        self.work.append((time.process_time() - worked) / LETTERS)


async def _measured(service: Service, url: str) -> tuple[Turns, Turns]:
    """Turn by turn: the lean client, and ours."""
    await connect(service)
    assert service.http is not None
    lean, ours = Turns(), Turns()
    sys.setswitchinterval(TURN)  # this and the next as `serve` does
    gc.collect()
    gc.freeze()
    for turn in range(TURNS):
        fill(service, LETTERS, turn * LETTERS, MONDAY_MORNING)
        await lean.take(_lean(url))
        await ours.take(_ours(service))
    await service.http.close()
    return lean, ours


def _run(name: str, database_url: str, url: str) -> None:
    with tempfile.TemporaryDirectory() as made, (Path(made) / "log").open("w") as log:
        given = demo_settings(Path(made), free_port(), database_url=database_url).model_dump()
        given["wechat"]["api_base_url"] = url
        settings = Settings.model_validate(given)
        service = prepare(settings, TestClock().now)
        load_sample(service)
        with redirect_stderr(log):  # each letter leaves its line there, as it does where the service runs
            configure_logs()
            lean, ours = asyncio.run(_measured(service, url))
        service.writer.close()
        service.database.close()
    limit = CONCURRENCY / LATENCY
    lower = min(limit, median(lean.rates))
    reference = "concurrency / latency" if limit < median(lean.rates) else "a lean client"
    rate = median(ours.rates)
    note(f"outbox on {name}, by rate", rate / lower, reference, 0.9)
    print(
        f"{name:<11} {rate:>6.0f}/s   lean client {median(lean.rates):>6.0f}/s   concurrency / latency {limit:.0f}/s"
        f"   {rate / lower:.0%} of the lower"
        f"   {min(ours.work) * 1e6:.0f} us of CPU a letter, of the lean client {min(lean.work) * 1e6:.0f}"
    )


def main() -> int:
    print(f"{LETTERS} letters a turn, medians of {TURNS} turns; load {os.getloadavg()[0]:.1f}")
    with platform() as url:
        _run("SQLite", "sqlite:///lianxin.db", url)
        with suppress(pytest.skip.Exception), fresh_postgresql() as database_url:
            _run("PostgreSQL", database_url, url)
    return 0


if __name__ == "__main__":
    if len(sys.argv) > 1:
        _platform(int(sys.argv[1]))
    else:
        raise SystemExit(main())

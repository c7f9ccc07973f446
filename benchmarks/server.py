"""Servers to be measured, each a process of its own, and the load that measures them."""

import asyncio
import itertools
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from threading import Thread
from typing import Any
from unittest.mock import patch
from urllib.parse import urlencode

from aiohttp import web
from sqlalchemy import event

from benchmarks import peer
from benchmarks.callback import sealed
from benchmarks.processor import worked
from bot.application import application, prepare
from bot.baton import run
from bot.demo import demo_settings, load_sample
from bot.intake import Intake
from bot.logs import configure_logs
from bot.serving import serve
from bot.settings import Settings
from bot.wire.envelope import Envelope
from bot.wire.message import Incoming
from models.database import Database
from tests.world import free_port

CONNECTIONS = 48
SECONDS = 2.0
ROOT = Path(__file__).resolve().parents[1]


class Connection(asyncio.Protocol):
    """One connection that asks again as soon as it is answered. As lean as Python allows."""

    def __init__(
        self, requests: Iterator[bytes], until: float, taken: list[float], pause: float = 0.0
    ) -> None:
        self._pause = pause  # seconds from one question to the next, where it waits for its turn
        self._requests, self._until, self._taken = requests, until, taken
        self._answer = b""
        self._begun = 0.0
        self.done = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: Any = transport
        self._ask()

    def data_received(self, data: bytes) -> None:
        self._answer += data
        head, end, body = self._answer.partition(b"\r\n\r\n")
        if not end or len(body) < int(head.lower().partition(b"content-length:")[2].split(None, 1)[0]):
            return
        assert head.startswith(b"HTTP/1.1 200"), head
        self._answer = b""
        self._taken.append(time.perf_counter() - self._begun)
        rest = self._begun + self._pause - time.perf_counter()
        if rest > 0:
            asyncio.get_running_loop().call_later(rest, self._ask)
        else:
            self._ask()

    def _ask(self) -> None:
        self._begun = time.perf_counter()
        request = next(self._requests, None) if self._begun < self._until else None
        if request is None:
            self.done.set_result(None)
            self._transport.close()
            return
        self._transport.write(request)


def requests(settings: Settings, first: int, many: int, again: str = "") -> list[bytes]:
    """So many messages, each as the bytes of its request."""
    wechat = settings.wechat
    assert wechat is not None
    envelope = Envelope(wechat.token, [wechat.encoding_aes_key], wechat.app_id)
    made = []
    for index in range(first, first + many):
        query, body = sealed(wechat.token, envelope, index, again and f"{again}{index}")
        head = (
            f"POST /wechat?{urlencode(query)} HTTP/1.1\r\nHost: localhost\r\n"
            f"Content-Type: text/xml\r\nContent-Length: {len(body.encode())}\r\n\r\n"
        )
        made.append((head + body).encode())
    return made


async def _load(
    ports: list[int], asked: Iterator[bytes], seconds: float, rate: float = 0.0
) -> tuple[float, list[float]]:
    """Answers a second, and how long each took. The connections are shared out among the ports.

    `rate`: so many questions a second and no more; 0: as many as there are answers.
    """
    pause = CONNECTIONS / rate if rate else 0.0
    taken: list[float] = []
    begun = time.perf_counter()
    loop = asyncio.get_running_loop()
    pairs = [
        await _connected(loop, asked, begun + seconds, taken, pause, port)
        for _, port in zip(range(CONNECTIONS), itertools.cycle(ports), strict=False)
    ]
    await asyncio.gather(*(connection.done for _, connection in pairs))
    return len(taken) / (time.perf_counter() - begun), sorted(taken)


async def _connected(
    loop: asyncio.AbstractEventLoop,
    asked: Iterator[bytes],
    until: float,
    taken: list[float],
    pause: float,
    port: int,
) -> tuple[asyncio.Transport, Connection]:
    if pause:  # their questions are spread over the time between two of one
        await asyncio.sleep(pause / CONNECTIONS)
    return await loop.create_connection(lambda: Connection(asked, until, taken, pause), "127.0.0.1", port)


@dataclass(frozen=True)
class Load:
    """What a server did: answers a second, how long each took, its own processor time for one, the client's share."""

    rate: float
    taken: list[float]
    work: float
    client: float

    @property
    def p99(self) -> float:
        """Milliseconds."""
        return self.taken[int(len(self.taken) * 0.99)] * 1000

    def told(self, name: str, bare: "Load") -> str:
        return (
            f"{name:<34}{self.rate:>8.0f}/s {self.rate / bare.rate:>7.1%} of bare"
            f"   p50 {median(self.taken) * 1000:>5.0f} ms   p99 {self.p99:>5.0f} ms"
            f"   {self.work * 1e6:>6.0f} us of CPU, {bare.work / self.work:>6.1%} of bare"
        )


class Server:
    """A server in a process of its own, ready when it listens."""

    def __init__(self, *words: str) -> None:
        self.port = free_port()
        command = [
            sys.executable,
            "-W",
            "ignore",
            "-m",
            "benchmarks.server",
            words[0],
            str(self.port),
            *words[1:],
        ]
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - as long as the server
        self._process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=self._log)
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == b"ready\n"
        Thread(target=self._process.stdout.read, daemon=True).start()  # a full pipe would hold up its log

    @property
    def worked(self) -> float:
        """Seconds of processor it took so far: what another program on these cores cannot take from it."""
        return worked(self._process.pid)

    @property
    def memory(self) -> float:
        """Megabytes it holds."""
        status = Path(f"/proc/{self._process.pid}/status").read_text("ascii")
        return int(status.partition("VmRSS:")[2].split()[0]) / 1024

    def load(self, asked: Iterator[bytes], seconds: float = SECONDS, rate: float = 0.0) -> "Load":
        """What it answers in so many seconds; `rate`: of so many questions a second."""
        return load_all([self], asked, seconds, rate)

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(120)  # a storm leaves much to be finished


def load_all(servers: list[Server], asked: Iterator[bytes], seconds: float, rate: float = 0.0) -> Load:
    """What some servers answer together in so many seconds."""
    began, client = sum(server.worked for server in servers), sum(os.times()[:2])
    reached, taken = asyncio.run(_load([server.port for server in servers], asked, seconds, rate))
    work = sum(server.worked for server in servers) - began
    return Load(reached, taken, work / len(taken), (sum(os.times()[:2]) - client) / seconds)


def _bare(port: int) -> None:
    async def success(request: web.Request) -> web.Response:
        await request.read()
        return web.Response(text="success")

    app = web.Application()
    app.router.add_post("/wechat", success)
    asyncio.run(serve(app, "127.0.0.1", port, _ready))


def _settings(file: str) -> Settings:
    return Settings.model_validate_json(Path(file).read_text("utf-8"))


def _ours(port: int, settings_file: str, synchronous: str, fsync: str = "0") -> None:
    configure_logs()
    service = prepare(_settings(settings_file))
    if synchronous != "FULL":
        _soften(service.database, synchronous)
    if float(fsync):  # seconds that each commit takes longer: the disk of a county
        event.listen(service.database.engine, "commit", lambda _: time.sleep(float(fsync)))
    run(service.writer.baton, serve(application(service, with_scheduler=False), "127.0.0.1", port, _ready))


def _wire(port: int, settings_file: str) -> None:
    """Ours with an answer that is there at once: HTTP, guard, opening, reading and sealing, and nothing kept."""
    configure_logs()
    service = prepare(_settings(settings_file))
    with patch.object(Intake, "answer", _at_once):
        run(
            service.writer.baton, serve(application(service, with_scheduler=False), "127.0.0.1", port, _ready)
        )


async def _at_once(_: Intake, incoming: Incoming) -> str:
    return f"{incoming.text} " * 4  # about as long as a receipt


def _soften(database: Database, synchronous: str) -> None:
    event.listen(database.engine, "connect", lambda one, _: one.execute(f"PRAGMA synchronous={synchronous}"))
    database.engine.dispose()


async def _ready() -> None:
    print("ready", flush=True)


def county(
    folder: Path, database_url: str = "sqlite:///lianxin.db", platform: str = ""
) -> tuple[Settings, str]:
    """The sample county, and the file of its settings. `platform`: where the official account's API is."""
    given = demo_settings(folder, free_port(), database_url=database_url).model_dump()
    given["wechat"]["api_base_url"] = platform or given["wechat"]["api_base_url"]
    settings = Settings.model_validate(given)
    service = prepare(settings)
    load_sample(service)
    service.writer.close()
    service.database.close()
    file = folder / "settings.json"
    file.write_text(settings.model_dump_json(), "utf-8")
    return settings, str(file)


def main() -> None:
    """What `Server` starts: `bare PORT`, `peer|wire PORT SETTINGS`, or `ours PORT SETTINGS SYNCHRONOUS [FSYNC]`."""
    kind, port, *further = sys.argv[1:]
    if kind == "bare":
        _bare(int(port))
    elif kind == "peer":
        peer.serve(int(port), _settings(*further))
    elif kind == "wire":
        _wire(int(port), *further)
    else:
        _ours(int(port), *further)


def cycle(made: list[bytes]) -> Iterator[bytes]:
    """These requests over and over."""
    return (made[index % len(made)] for index in itertools.count())


if __name__ == "__main__":
    main()

"""One server process under load: 48 connections, encrypted messages, everything on disk before each answer.

Every figure is a ratio to bare aiohttp answering `success`, measured in the same run, before and after. The client
is a process of its own on the same cores: what it takes is told, and lessens all figures alike.
"""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlencode

from aiohttp import web
from sqlalchemy import event

from benchmarks.callback import sealed
from bot.application import application, prepare
from bot.demo import demo_settings, load_sample
from bot.serving import serve
from bot.settings import Settings
from bot.wire.envelope import Envelope
from models.database import Database
from tests.world import free_port

CONNECTIONS = 48
SECONDS = 2.5
ROOT = Path(__file__).resolve().parents[1]


class Connection(asyncio.Protocol):
    """One connection that asks again as soon as it is answered. As lean as Python allows."""

    def __init__(self, requests: Iterator[bytes], until: float, taken: list[float]) -> None:
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


async def _load(port: int, asked: Iterator[bytes], seconds: float) -> tuple[float, list[float]]:
    """Answers a second, and how long each took."""
    taken: list[float] = []
    begun = time.perf_counter()
    loop = asyncio.get_running_loop()
    pairs = [
        await loop.create_connection(lambda: Connection(asked, begun + seconds, taken), "127.0.0.1", port)
        for _ in range(CONNECTIONS)
    ]
    await asyncio.gather(*(connection.done for _, connection in pairs))
    return len(taken) / (time.perf_counter() - begun), sorted(taken)


def load(port: int, asked: Iterator[bytes], seconds: float = SECONDS) -> tuple[float, list[float]]:
    return asyncio.run(_load(port, asked, seconds))


class Server:
    """A server in a process of its own, ready when it listens."""

    def __init__(self, *words: str) -> None:
        self.port = free_port()
        self._begun = time.perf_counter()
        command = [
            sys.executable,
            "-W",
            "ignore",
            "-m",
            "benchmarks.load",
            words[0],
            str(self.port),
            *words[1:],
        ]
        self._process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == b"ready\n"
        self.ready_after = time.perf_counter() - self._begun

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(20)


def _bare(port: int) -> None:
    async def success(request: web.Request) -> web.Response:
        await request.read()
        return web.Response(text="success")

    app = web.Application()
    app.router.add_post("/wechat", success)
    asyncio.run(serve(app, "127.0.0.1", port, _ready))


def _ours(port: int, settings_file: str, synchronous: str) -> None:
    settings = Settings.model_validate_json(Path(settings_file).read_text("utf-8"))
    service = prepare(settings)
    if synchronous != "FULL":
        _soften(service.database, synchronous)
    asyncio.run(serve(application(service, with_scheduler=False), "127.0.0.1", port, _ready))


def _soften(database: Database, synchronous: str) -> None:
    event.listen(database.engine, "connect", lambda one, _: one.execute(f"PRAGMA synchronous={synchronous}"))
    database.engine.dispose()


async def _ready() -> None:
    print("ready", flush=True)


def _county(folder: Path) -> tuple[Settings, str]:
    settings = demo_settings(folder, free_port())
    service = prepare(settings)
    load_sample(service)
    service.writer.close()
    service.database.close()
    file = folder / "settings.json"
    file.write_text(settings.model_dump_json(), "utf-8")
    return settings, str(file)


def _print(name: str, found: tuple[float, list[float]], bare: float) -> None:
    rate, taken = found
    p99 = taken[int(len(taken) * 0.99)] * 1000
    print(
        f"{name:<34}{rate:>8.0f}/s {rate / bare:>7.1%} of bare"
        f"   p50 {median(taken) * 1000:>5.0f} ms   p99 {p99:>5.0f} ms"
    )


def main() -> int:
    if sys.argv[1:2] == ["bare"]:
        _bare(int(sys.argv[2]))
        return 0
    if sys.argv[1:2] == ["ours"]:
        _ours(int(sys.argv[2]), *sys.argv[3:])
        return 0
    with tempfile.TemporaryDirectory() as made:
        settings, file = _county(Path(made))
        many = 6000
        fresh = [iter(requests(settings, start * many, many)) for start in range(2)]
        before = _measured_bare(settings)
        server = Server("ours", file, "FULL")
        began = os.times()
        full = load(server.port, fresh[0])
        ours_client = os.times().user + os.times().system - began.user - began.system
        repeated = load(server.port, _cycle(requests(settings, 0, min(500, len(full[1])), again="r")), 1.5)
        server.stop()
        after = _measured_bare(settings)
        normal_server = Server("ours", file, "NORMAL")
        normal = load(normal_server.port, fresh[1])
        normal_server.stop()
    bare = (before[0] + after[0]) / 2
    print(
        f"{os.cpu_count()} cores, {CONNECTIONS} connections; the client took {ours_client / SECONDS:.0%} of one core"
    )
    _print("bare aiohttp, `success`", before, bare)
    _print("a new matter, synchronous=FULL", full, bare)
    _print("a repeated message", repeated, bare)
    _print("a new matter, synchronous=NORMAL", normal, bare)
    _print("bare aiohttp once more", after, bare)
    print(f"repeated against new {repeated[0] / full[0]:.2f}   FULL against NORMAL {full[0] / normal[0]:.2f}")
    print(f"ready after start {server.ready_after:.1f} s")
    return 0


def _measured_bare(settings: Settings) -> tuple[float, list[float]]:
    server = Server("bare")
    try:
        return load(server.port, _cycle(requests(settings, 0, 100)), 1.2)
    finally:
        server.stop()


def _cycle(made: list[bytes]) -> Iterator[bytes]:
    return (made[index % len(made)] for index in count())


if __name__ == "__main__":
    raise SystemExit(main())

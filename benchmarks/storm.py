"""A storm: twice as many messages as the service can decide, for as long as `LIANXIN_BENCH_STORM` says (30 s).

The goal speaks of ten minutes. Whatever is answered is answered in time, and memory stays below 400 MB. Connections are
kept, as by the proxy in front and as by the load that tells what can be decided; with `LIANXIN_BENCH_STORM_OWN` each
message comes over one of its own.
"""

import asyncio
import os
import tempfile
import time
from collections import Counter
from itertools import islice
from pathlib import Path

from benchmarks.figure import note
from benchmarks.server import Server, county, requests
from bot.settings import Settings
from bot.wire.document import read_document
from bot.wire.envelope import Envelope
from bot.wording import Chinese
from models.refusal import Refusal
from models.wording import Wording

SECONDS = float(os.environ.get("LIANXIN_BENCH_STORM", "30"))
OWN = bool(os.environ.get("LIANXIN_BENCH_STORM_OWN"))
STEP = 0.05  # seconds between two handfuls of messages
LONGEST = 5.0  # seconds; then the platform has hung up
MOST_MEMORY = 400  # MB
SHOWN = 10  # points of the curve

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Storm:
    """The messages sent so far, and what became of them."""

    def __init__(self, server: Server, made: list[bytes]) -> None:
        self._server = server
        self._left = iter(made)
        self.ended: Counter[str] = Counter()
        self.slowest = 0.0
        self.answers: list[bytes] = []
        self.curve: list[float] = []  # MB, once a second
        self._idle: list[Connection] = []

    async def blow(self, rate: float) -> None:
        """So many a second, whether or not those before were answered."""
        begun = time.perf_counter()
        sent = 0
        async with asyncio.TaskGroup() as group:
            while (passed := time.perf_counter() - begun) < SECONDS:
                for request in islice(self._left, max(0, int(passed * rate) - sent)):
                    group.create_task(self._ask(request))
                    sent += 1
                if passed >= len(self.curve):
                    self.curve.append(self._server.memory)
                await asyncio.sleep(STEP)

    async def _ask(self, request: bytes) -> None:
        begun = time.perf_counter()
        try:
            async with asyncio.timeout(LONGEST):
                reader, writer = await self._connection()
                writer.write(request)
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().partition(b"content-length:")[2].split(None, 1)[0])
                self.answers.append(await reader.readexactly(length))
            if OWN:
                writer.close()
            else:
                self._idle.append((reader, writer))
            self.ended[head[9:12].decode()] += 1
        except (TimeoutError, OSError, asyncio.IncompleteReadError) as error:
            self.ended[type(error).__name__] += 1
        self.slowest = max(self.slowest, time.perf_counter() - begun)

    async def _connection(self) -> Connection:
        return (
            self._idle.pop() if self._idle else await asyncio.open_connection("127.0.0.1", self._server.port)
        )


def main() -> int:
    with tempfile.TemporaryDirectory() as made:
        settings, file = county(Path(made))
        server = Server("ours", file, "FULL")
        capacity = server.load(iter(requests(settings, 0, 4000)), 3).rate
        storm = Storm(server, requests(settings, 10**6, int(capacity * 2 * SECONDS) + 1))
        asyncio.run(storm.blow(capacity * 2))
        _tell(storm, capacity)
        _tell_what_was_said(storm, settings)
        server.stop()
    return 0


def _tell(storm: Storm, capacity: float) -> None:
    told = ", ".join(f"{many} {how}" for how, many in storm.ended.most_common())
    note("storm of twice the rate, slowest answer", storm.slowest / LONGEST, "5 s", 1, most=True)
    note("storm of twice the rate, memory", max(storm.curve) / MOST_MEMORY, "400 MB", 1, most=True)
    every = max(1, len(storm.curve) // SHOWN)
    print(f"{capacity:.0f}/s decided one after the other; {capacity * 2:.0f}/s sent for {SECONDS:.0f} s")
    print(f"answers: {told}; the slowest after {storm.slowest:.1f} s (goal: below 5)")
    curve = " ".join(f"{one:.0f}" for one in storm.curve[::every])
    print(f"memory: {curve} MB, at most {max(storm.curve):.0f} (goal 400)")


def _tell_what_was_said(storm: Storm, settings: Settings) -> None:
    wechat, chinese = settings.wechat, Chinese.load(settings.zone)
    assert wechat is not None
    envelope = Envelope(wechat.token, [wechat.encoding_aes_key], wechat.app_id)
    not_kept = {
        chinese.say(Refusal.TRY_AGAIN, {}): "asked to come again",
        chinese.say(Wording.RECEIVED_LATE, {}): "late",
    }
    said: Counter[str] = Counter()
    for answer in storm.answers:
        sealed = read_document(answer.decode())
        opened = envelope.open(
            *(sealed.needed(name) for name in ("Encrypt", "MsgSignature", "TimeStamp", "Nonce"))
        )
        said[not_kept.get(read_document(opened.text).needed("Content"), "decided or promised")] += 1
    print(", ".join(f"{many} {how}" for how, many in said.most_common()))


if __name__ == "__main__":
    raise SystemExit(main())

"""`lianxin serve`, from its command to the first yes of /readyz, beside what Python and the given libraries take alone.

Warm: all byte code is there, as after an installation, whatever the environment says about writing it.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from typing import NamedTuple

from benchmarks.figure import note
from benchmarks.processor import warm, worked
from benchmarks.server import ROOT, county
from bot.settings import Settings

TIMES = 5
PYTHON = (sys.executable, "-W", "ignore")
REFERENCES = {
    "python alone": "pass",
    "aiohttp, sqlmodel, wechatpy, jieba imported": "import aiohttp.web, sqlmodel, wechatpy, jieba",
}
READY = "ready after start"
GOAL = 2.0  # seconds


class Taken(NamedTuple):
    """Seconds by the wall, and of a processor."""

    wall: float
    work: float


def configured(folder: Path) -> tuple[Path, int]:
    """The file an operator would have written for the sample county, and the port in it."""
    settings, _ = county(folder)
    file = folder / "config.toml"
    file.write_text("\n".join(_lines(settings)), "utf-8")
    return file, settings.service.port


def _lines(settings: Settings) -> list[str]:
    told = settings.model_dump(
        mode="json", include={"service", "database", "wechat", "wecom"}, exclude_defaults=True
    )
    return [
        line
        for name, section in told.items()
        for line in (f"[{name}]", *(f"{key} = {json.dumps(value)}" for key, value in section.items()))
    ]


def served(file: Path, port: int, environment: Mapping[str, str]) -> Taken:
    """Starts the service and stops it once it is ready."""
    began = time.perf_counter()
    command = [*PYTHON, "-m", "bot", "serve", "--config", str(file)]
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline().startswith(b"http://")
        asked = HTTPConnection("127.0.0.1", port, timeout=60)
        asked.request("GET", "/readyz")
        assert asked.getresponse().status == 200
        return Taken(time.perf_counter() - began, worked(process.pid))
    finally:
        process.terminate()
        process.communicate(timeout=60)


def run(code: str, environment: Mapping[str, str]) -> Taken:
    """A process of Python that does just this."""
    began, before = time.perf_counter(), os.times()
    subprocess.run([*PYTHON, "-c", code], cwd=ROOT, env=environment, check=True)
    after = os.times()
    work = after.children_user + after.children_system - before.children_user - before.children_system
    return Taken(time.perf_counter() - began, work)


def main() -> int:
    """The service's own line is the last."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        environment = warm(folder / "compiled")
        file, port = configured(folder)
        served(file, port, environment)  # leaves the byte code
        found: dict[str, list[Taken]] = {name: [] for name in (*REFERENCES, READY)}
        for _ in range(TIMES):
            for name, code in REFERENCES.items():
                found[name].append(run(code, environment))
            found[READY].append(served(file, port, environment))
    for name, taken in found.items():
        walls, works = zip(*taken, strict=True)
        print(
            f"{name:<46}by the wall {median(walls):>5.2f} s, least {min(walls):>5.2f}"
            f"   of a processor {median(works):>5.2f} s, least {min(works):>5.2f}"
        )
    note(READY, median(one.wall for one in found[READY]) / GOAL, f"{GOAL:g} s", 1, most=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

"""`/readyz` tells the truth."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import PIPE, Popen, run
from typing import Any

import aiohttp
import pytest
from sqlalchemy import event

from bot import health
from models.database import Database, Hindrance
from tests.postgresql import fresh_postgresql
from tests.world import World


async def ready(world: World) -> tuple[int, list[str]]:
    address = f"http://127.0.0.1:{world.settings.service.port}/readyz"
    async with aiohttp.ClientSession() as http, http.get(address) as response:
        return response.status, (await response.json())["missing"]


async def test_it_names_what_is_missing(small_world: World, monkeypatch: pytest.MonkeyPatch):
    def broken(_: Database) -> bool:
        raise OSError

    assert await ready(small_world) == (200, [])
    with monkeypatch.context() as full:
        full.setattr(health, "LEAST_FREE", 2**62)
        assert await ready(small_world) == (503, ["disk"])
    with monkeypatch.context() as old:
        old.setattr(health, "is_current", lambda _: False)
        assert await ready(small_world) == (503, ["schema"])
    with monkeypatch.context() as away:
        away.setattr(health, "is_current", broken)
        assert await ready(small_world) == (503, ["database"])
    assert await ready(small_world) == (200, [])


LOCKS = """import sqlite3, sys
held = sqlite3.connect(sys.argv[1], isolation_level=None)
held.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.readline()
"""


def file_of(world: World) -> Path:
    return Path(str(world.service.database.url.database))


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """By another process."""
    command = [sys.executable, "-c", LOCKS, str(file)]
    with Popen(command, stdin=PIPE, stdout=PIPE) as other:  # noqa: S603 - our own words
        assert other.stdout is not None
        assert other.stdin is not None
        assert other.stdout.readline() == b"held\n"
        yield
        other.stdin.close()


@contextmanager
def closed_to_writers(file: Path) -> Iterator[None]:
    """Also to root."""
    root = os.geteuid() == 0
    close, reopen = (["chattr", "+i"], ["chattr", "-i"]) if root else (["chmod", "0400"], ["chmod", "0600"])
    if run([*close, file], check=False, capture_output=True).returncode:  # noqa: S603 - our own words
        pytest.skip("nothing here can be closed to root: no chattr")
    try:
        yield
    finally:
        run([*reopen, file], check=True)  # noqa: S603 - as above


async def test_a_database_locked_by_another_process_is_said_until_it_lets_go(small_world: World):
    with locked(file_of(small_world)):
        assert await ready(small_world) == (503, ["database locked"])
    assert await ready(small_world) == (200, [])


async def test_a_database_nobody_can_write_to_is_said_while_it_can_still_be_read(small_world: World):
    with closed_to_writers(file_of(small_world)):
        assert await ready(small_world) == (503, ["database read-only"])
    assert await ready(small_world) == (200, [])


def test_a_postgresql_server_that_only_reads_is_said():
    with fresh_postgresql() as url:
        database = Database(url)
        assert database.hindrance() is None
        database.engine.dispose()
        event.listen(database.engine, "connect", _only_reads)
        assert database.hindrance() is Hindrance.READ_ONLY
        database.close()


def _only_reads(connection: Any, _: Any) -> None:
    connection.cursor().execute("SET default_transaction_read_only = on")
    connection.commit()

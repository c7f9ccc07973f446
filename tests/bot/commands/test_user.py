"""`lianxin user`: accounts of the console, and the answers an operator gets who mistypes."""

import argparse
import io
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.commands.user import run
from bot.pages.passwords import fits
from bot.settings import load
from models.database import Database
from models.key import decode_data_key
from models.user import User
from tests.world import World

GOOD = "tall-water-mill"


@pytest.fixture
def config(tmp_path: Path) -> str:
    path = tmp_path / "config.toml"
    assert main(["init", "--config", str(path)]) == 0
    return str(path)


def user(monkeypatch, config: str, *words: str, password: str = GOOD) -> int:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))
    try:
        return main(["user", *words, "--config", config])
    except SystemExit as usage:
        return int(str(usage.code))


def stored(config: str, name: str) -> User:
    database = Database(load(Path(config)).database_url)
    with database.reading() as session:
        found = session.get_one(User, name)
    database.close()
    return found


def test_an_account_is_made_changed_and_ended(config: str, monkeypatch):
    assert user(monkeypatch, config, "add", "boss", "--role", "督导") == 0
    made = stored(config, "boss")
    assert (made.role, made.person) == ("supervisor", None)
    assert made.password_hash.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert fits(made.password_hash, GOOD)
    assert user(monkeypatch, config, "password", "boss", password="another-long-one") == 0
    assert not fits(stored(config, "boss").password_hash, GOOD)
    assert user(monkeypatch, config, "end", "boss") == 0
    assert stored(config, "boss").ended_at is not None
    assert user(monkeypatch, config, "add", "boss", "--role", "督导") == 1, "a name means one person for ever"


REFUSED = [
    (("add", "a"), GOOD, 2, "--role"),
    (("add", "a", "--role", "村长"), GOOD, 2, "督导"),
    (("add", "a", "--role", "督导"), "short", 2, "10"),
    (("add", "a", "--role", "督导"), "x" * 2000, 2, "1024"),
    (("add", " ", "--role", "督导"), GOOD, 2, "NAME"),
    (("add", "a" * 65, "--role", "督导"), GOOD, 2, "NAME"),
    (("add", "a", "--role", "督导", "--person", "nobody"), GOOD, 1, "nobody"),
    (("password", "nobody"), GOOD, 1, "nobody"),
    (("end", "nobody"), GOOD, 1, "nobody"),
    ((), GOOD, 2, "act"),
]


@pytest.mark.parametrize(("words", "password", "code", "said"), REFUSED, ids=lambda value: str(value)[:40])
def test_whatever_cannot_be_is_one_clear_line(
    config: str, monkeypatch, capsys, words: tuple[str, ...], password: str, code: int, said: str
):
    capsys.readouterr()
    assert user(monkeypatch, config, *words, password=password) == code
    line = capsys.readouterr().err
    assert said in line
    assert line.count("\n") == 1
    assert password not in line


async def test_whose_account_it_is_hears_that_somebody_opened_it(small_world: World, monkeypatch):
    """Who can open accounts could else be the second person too."""
    service, key = small_world.service, decode_data_key(small_world.settings.service.data_key)
    for act, told in (("add", "开通了"), ("password", "改了密码"), ("end", "停用了")):
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{GOOD}\n"))
        given = argparse.Namespace(act=act, name="boss", role="督导", person="lubaichuan")
        assert run(service.database, key, given, small_world.clock.now()) == 0
        await small_world.tick(seconds=2)
        said = small_world.cadre("lubaichuan").chat.texts()[-1]
        assert "boss（督导）" in said
        assert told in said

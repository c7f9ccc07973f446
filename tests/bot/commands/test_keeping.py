"""Copies and keys: a copy of a running service can be taken back, and the key at rest can be changed."""

import base64
import io
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.application import prepare
from bot.commands.keeping import backup, restore, rotate_key
from bot.settings import Settings
from models.errors import BadKey
from tests.stories.test_petition import told
from tests.world import Template, TestClock, World, copied, start

NEW = base64.b64encode(b"n" * 32).decode()


def changed(settings: Settings, folder: Path, **service: object) -> Settings:
    given = settings.model_dump() | {"folder": folder}
    given["service"] |= {"data_dir": folder} | service
    return Settings.model_validate(given)


async def test_a_copy_of_a_running_service_brings_everything_back(
    small_world: World, template: Template, tmp_path: Path, capsys
):
    number = await told(small_world)
    copy, fresh = tmp_path / "copy.db", tmp_path / "fresh"
    fresh.mkdir()
    at = small_world.clock.now()
    assert backup(small_world.settings, copy, at) == 0
    assert copy.stat().st_mode & 0o777 == 0o600
    assert backup(small_world.settings, copy, at) == 1, "never over a file"

    elsewhere = changed(small_world.settings, fresh)
    assert restore(elsewhere, copy, at) == 0
    assert restore(elsewhere, copy, at) == 1, "never over data"
    assert "holds data" in capsys.readouterr().err
    again = await start(
        replace(template, settings=elsewhere, folder=tmp_path / "none"), fresh, small_world.clock
    )
    try:
        small_world.simulator.serve_at(f"http://127.0.0.1:{again.settings.service.port}")
        assert again.petition(number).owner == "mengxi"
        [seen] = await small_world.cadre("mengxi").says(f"看 {number}")
        assert "停水三天" in seen
    finally:
        await again.close()


@pytest.mark.parametrize("what", ["nothing", "no copy", "damaged", "another key"])
def test_only_a_sound_copy_of_ones_own_is_taken_back(template: Template, tmp_path: Path, what: str, capsys):
    copy, fresh = tmp_path / "copy.db", tmp_path / "fresh"
    fresh.mkdir()
    settings, at = copied(template, tmp_path), TestClock().now()
    if what == "no copy":
        copy.write_text("停水")
    elif what != "nothing":
        assert backup(settings, copy, at) == 0
    if what == "damaged":
        whole = bytearray(copy.read_bytes())
        whole[4096 * 3 : 4096 * 6] = b"\xff" * 4096 * 3
        copy.write_bytes(whole)
    if what == "another key":
        with pytest.raises(BadKey, match="data_key"):
            restore(changed(settings, fresh, data_key=NEW), copy, at)
    else:
        assert restore(changed(settings, fresh), copy, at) == 1
        assert capsys.readouterr().err.count("\n") == 1


async def test_after_a_change_of_key_everything_is_readable_with_the_new_one_alone(
    small_world: World, template: Template, tmp_path: Path, monkeypatch, capsys
):
    number = await told(small_world)
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{NEW}\n"))
    assert rotate_key(small_world.settings, tmp_path / "no", small_world.clock.now(), write=False) == 0
    assert NEW not in capsys.readouterr().out, "who gave it knows it"

    with pytest.raises(BadKey):
        prepare(small_world.settings, reader=template.reader)
    fresh = changed(small_world.settings, tmp_path, data_key=NEW)
    again = await start(
        replace(template, settings=fresh, folder=tmp_path / "none"), tmp_path, small_world.clock
    )
    try:
        small_world.simulator.serve_at(f"http://127.0.0.1:{again.settings.service.port}")
        [seen] = await small_world.cadre("mengxi").says(f"看 {number}")
        assert "停水三天" in seen
    finally:
        await again.close()


def test_the_new_key_is_written_into_the_configuration_only_when_told(tmp_path: Path, monkeypatch, capsys):
    config = tmp_path / "config.toml"
    assert main(["init", "--config", str(config)]) == 0
    before = config.read_text("utf-8")
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert main(["rotate-key", "--config", str(config), "--write"]) == 0
    after = config.read_text("utf-8")
    assert [a == b for a, b in zip(before.splitlines(), after.splitlines(), strict=True)].count(False) == 1
    assert config.stat().st_mode & 0o777 == 0o600
    assert not list(tmp_path.glob("*.new"))

    monkeypatch.setattr("sys.stdin", io.StringIO(f"{NEW}\n"))
    assert main(["rotate-key", "--config", str(config)]) == 0
    assert config.read_text("utf-8") == after
    monkeypatch.setattr("sys.stdin", io.StringIO("too short\n"))
    assert main(["rotate-key", "--config", str(config)]) == 2
    shutil.copy(config, tmp_path / "kept.toml")
    assert main(["rotate-key", "--config", str(tmp_path / "kept.toml")]) == 2, "the old key opens nothing"

import re
import tomllib
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from bot.commands import initialise
from bot.settings import BadConfiguration, Settings, load
from handlers.clocks import DEFAULT_TIERS
from tests.conventions.sources import TOP

EXAMPLE = TOP / "config.example.toml"
SWITCHED_OFF = re.compile(r"(?m)^#(?=\S)")


def test_the_example_loads_as_it_stands() -> None:
    settings = load(EXAMPLE, {})
    assert settings.wechat is None
    assert settings.wecom is None
    assert not settings.simulated


def test_the_example_loads_with_everything_switched_on(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(SWITCHED_OFF.sub("", EXAMPLE.read_text("utf-8")), encoding="utf-8")
    settings = load(file, {})
    assert settings.wechat is not None
    assert settings.relays


def test_the_example_names_every_key_and_no_other() -> None:
    table = tomllib.loads(SWITCHED_OFF.sub("", EXAMPLE.read_text("utf-8")))
    assert set(_keys_written(table)) == set(_keys_known(Settings)) - {"folder"}
    assert table["clocks"]["tiers"].keys() == DEFAULT_TIERS.keys()


def test_what_the_example_shows_is_the_default() -> None:
    shown = load(EXAMPLE, {}).model_dump(exclude={"folder"})
    shown["clocks"]["tiers"] = {
        tier: text for tier, text in shown["clocks"]["tiers"].items() if text != DEFAULT_TIERS[tier]
    }
    usual = Settings.model_validate({"service": {"data_key": shown["service"]["data_key"]}})
    assert shown == usual.model_dump(exclude={"folder"})


def test_init_gives_each_county_secrets_of_its_own(tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("one.toml", "other.toml")]
    for file in files:
        assert initialise.run(file) == 0
        assert file.stat().st_mode & 0o777 == 0o600
    example, one, other = (file.read_text("utf-8").splitlines() for file in (EXAMPLE, *files))
    changed = [lines[0] for lines in zip(example, one, other, strict=True) if len(set(lines)) == len(lines)]
    assert len(changed) == len(initialise.FRESH)
    assert load(files[0], {}).path("var").stat().st_mode & 0o777 == 0o700


def test_init_never_overwrites(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "config.toml"
    file.write_text("mine", encoding="utf-8")
    assert initialise.run(file) == 1
    assert file.read_text("utf-8") == "mine"
    assert "is there already" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("was", "becomes", "line"),
    [
        ("port = 8080", 'port = "many"', "service.port: "),
        ("port = 8080", "porto = 8080", "service.porto: unknown key"),
        ('timezone = "Asia/Shanghai"', 'timezone = "Asia/Shanghia"', "service.timezone: no such time zone"),
        ('T3 = "5 workdays"', 'T9 = "5 workdays"', "clocks.tiers: unknown tier T9"),
        ("data_key = ", "#data_key = ", "service.data_key: missing"),
        ("[routing]", "[routing", "not readable as TOML"),
    ],
)
def test_a_slip_is_one_line_that_says_where(tmp_path: Path, was: str, becomes: str, line: str) -> None:
    file = tmp_path / "config.toml"
    text = EXAMPLE.read_text("utf-8")
    assert was in text
    file.write_text(text.replace(was, becomes), encoding="utf-8")
    with pytest.raises(BadConfiguration) as error:
        load(file, {})
    assert line in str(error.value)
    assert "\n" not in str(error.value)


def _keys_written(table: dict[str, Any], name: str = "") -> list[str]:
    keys = []
    for key, value in table.items():
        inner = value[0] if isinstance(value, list) and value and isinstance(value[0], dict) else value
        keys.append(f"{name}{key}")
        if isinstance(inner, dict) and key not in ("templates", "tiers"):
            keys += _keys_written(inner, f"{name}{key}.")
    return keys


def _keys_known(section: type[BaseModel], name: str = "") -> list[str]:
    keys = []
    for key, known in section.model_fields.items():
        keys.append(f"{name}{key}")
        for one in (known.annotation, *get_args(known.annotation)):
            if isinstance(one, type) and issubclass(one, BaseModel):
                keys += _keys_known(one, f"{name}{key}.")
    return keys

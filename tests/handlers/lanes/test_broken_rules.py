"""Rules of lanes that cannot work are refused with file, line and reason."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from handlers.lanes import Lanes
from handlers.topic import RuleSetError
from handlers.topic.ruleset import SHIPPED

TOLD: dict[str, Any] = tomllib.loads(Path(__file__).with_name("broken.toml").read_text("utf-8"))
SETTINGS = (SHIPPED / "lanes" / "settings.toml").read_text("utf-8")


def refused(folder: Path, settings: str, rules: str) -> RuleSetError:
    lanes = folder / "lanes"
    lanes.mkdir()
    (lanes / "settings.toml").write_text(settings, "utf-8")
    (lanes / "rules.toml").write_text(rules, "utf-8")
    with pytest.raises(RuleSetError) as caught:
        Lanes.load(folder)
    return caught.value


@pytest.mark.parametrize("case", TOLD["case"], ids=lambda case: case["name"])
def test_what_is_wrong_with_a_rule_is_said_with_file_and_line(case: dict[str, Any], tmp_path: Path):
    error = refused(tmp_path, SETTINGS, case["text"])
    assert (error.file, error.line) == (case.get("in", "rules.toml"), case["line"])
    assert case["reason"] in error.reason


@pytest.mark.parametrize("case", TOLD["setting"], ids=lambda case: case["name"])
def test_what_is_wrong_with_the_settings_is_said(case: dict[str, Any], tmp_path: Path):
    assert SETTINGS.count(case["old"]) == 1
    error = refused(tmp_path, SETTINGS.replace(case["old"], case["new"]), "")
    assert error.file == "settings.toml"
    assert case["reason"] in error.reason

"""Words, phrases and what takes them back, as `handlers/words/README.md` says."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from handlers.topic import Categories, Normaliser
from handlers.topic.listed import Listed
from handlers.topic.listing import load_listed
from handlers.topic.ruleset import SHIPPED

HERE = Path(__file__).parent
CASES: list[dict[str, Any]] = tomllib.loads((HERE / "listed.toml").read_text("utf-8"))["case"]
NORMALISER = Normaliser.load(SHIPPED)


@pytest.fixture(scope="module")
def listed() -> Listed:
    small = HERE / "small"
    return load_listed(small / "topics", Categories.load(small / "categories.toml"), NORMALISER)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_what_counts_in_a_message(case: dict[str, Any], listed: Listed):
    text = NORMALISER.read(case["text"]).text
    found = listed.find(text)
    assert sorted(f"{one.leaf} {text[one.start : one.end]}" for one in found) == sorted(case["counts"])


def test_a_phrase_weighs_what_it_says_however_many_pieces_it_has(listed: Listed):
    text = next(case["text"] for case in CASES if case["name"] == "a phrase")
    assert sum(one.weight for one in listed.find(text)) == 2.0

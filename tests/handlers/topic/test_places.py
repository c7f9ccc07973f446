"""Where it is: names and aliases of the directory, our village, and names that are words besides."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from handlers.topic import Understanding
from handlers.topic.places import BLANK

TOLD: dict[str, Any] = tomllib.loads(Path(__file__).with_name("places.toml").read_text("utf-8"))
NAMES = [row["name"] for row in TOLD["place"]]


@pytest.mark.parametrize("case", TOLD["case"], ids=lambda case: case["name"])
def test_where_a_message_is_about(case: dict[str, Any], understanding: Understanding):
    route = understanding.route(case["text"], case.get("home"))
    assert route.place == case.get("place")
    assert sorted(route.place_choices) == case.get("choices", [])
    assert route.own_place == case.get("own", False)


@pytest.mark.parametrize("name", dict.fromkeys(NAMES))
def test_a_place_weighs_nothing_whatever_it_is_called(name: str, understanding: Understanding):
    """A village called after a reservoir does not turn a power cut into a flood."""
    matter = TOLD["case"][-1]["text"]
    read = understanding.rules.gazetteer.read(name + matter)
    assert read.masked == BLANK * len(name) + matter
    here, there = understanding.route(name + matter), understanding.route(NAMES[0] + matter)
    assert [one.category for one in here.candidates] == [one.category for one in there.candidates]
    assert all(word.at[0] >= len(name) for word in here.words), (
        "no word of the place's name is told as a reason"
    )

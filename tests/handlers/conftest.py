"""The shipped rule set with a small county's places: it takes two seconds to read, and is frozen then."""

import tomllib
from pathlib import Path

import pytest

from handlers.topic import PlaceName, Understanding

PLACES = Path(__file__).parent / "topic" / "places.toml"


@pytest.fixture(scope="session")
def understanding() -> Understanding:
    rows = tomllib.loads(PLACES.read_text("utf-8"))["place"]
    return Understanding.load(places=[PlaceName(**row | {"aliases": tuple(row["aliases"])}) for row in rows])

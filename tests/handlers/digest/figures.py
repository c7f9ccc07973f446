"""A digest as the tests of this folder look at it."""

from datetime import date
from typing import Any

from handlers.digest.compose import basis, compose
from handlers.digest.period import Kind, Period
from models import checkpoint
from tests.matters import Matters
from tests.world import MONDAY_MORNING

MONDAY = MONDAY_MORNING.date()


def made(matters: Matters, kind: str = "month", on: date = MONDAY) -> dict[str, Any]:
    with matters.reading() as (session, county):
        period = Period.of(Kind(kind), on)
        found = basis(session, county, period, matters.at)
        return compose(session, county, period, found, matters.at, checkpoint.now(session).hash)


def rate(content: dict[str, Any], name: str) -> tuple[float, float, float | None]:
    [found] = [one for one in content["rates"] if one["id"] == name]
    return found["numerator"], found["denominator"], found["value"]

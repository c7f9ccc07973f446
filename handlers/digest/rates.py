"""The rates of a digest, read from data: which figures over which, and the formula printed with each."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from models.errors import BadTable
from models.figure import FIGURES

FILE = Path(__file__).parent / "rates.toml"
MOSTLY = "mostly"


@dataclass(frozen=True)
class Rate:
    """One rate: a weighted sum of figures over a sum of figures."""

    id: str
    name: str
    numerator: Mapping[str, float | str]
    denominator: tuple[str, ...]
    formula: str


@dataclass(frozen=True)
class Rates:
    """All of them, in the order they are printed, and the names of the odd groups."""

    version: str
    fewest: int
    rates: tuple[Rate, ...]
    groups: Mapping[str, str]

    def of(self, figures: Mapping[str, int], mostly: float) -> list[dict[str, Any]]:
        """Each rate with its numerator, denominator and formula; no value where too few matters are behind it."""
        return [self._one(rate, figures, mostly) for rate in self.rates]

    def _one(self, rate: Rate, figures: Mapping[str, int], mostly: float) -> dict[str, Any]:
        weights = {
            name: mostly if weight == MOSTLY else float(weight) for name, weight in rate.numerator.items()
        }
        numerator = round(sum(weight * figures.get(name, 0) for name, weight in weights.items()), 4)
        denominator = sum(figures.get(name, 0) for name in rate.denominator)
        return {
            "id": rate.id,
            "name": rate.name,
            "numerator": int(numerator) if numerator.is_integer() else numerator,
            "denominator": denominator,
            "value": round(numerator / denominator, 4) if denominator >= self.fewest else None,
            "formula": rate.formula.format(mostly=f"{mostly:g}"),
        }


@cache
def rates() -> Rates:
    """The shipped definitions. BadTable: one names a figure nobody counts."""
    data = tomllib.loads(FILE.read_text(encoding="utf-8"))
    found = tuple(
        Rate(one["id"], one["name"], one["numerator"], tuple(one["denominator"]), one["formula"])
        for one in data["rate"]
    )
    known = FIGURES.keys()
    for rate in found:
        unknown = {*rate.numerator, *rate.denominator} - known
        if unknown:
            message = f"rates.toml: {rate.id}: nobody counts {', '.join(sorted(unknown))}"
            raise BadTable(message)
    return Rates(data["version"], data["fewest"], found, data["groups"])

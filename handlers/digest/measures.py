"""The measures of a digest, read from data: what is counted over what, the formula printed with each, who sees it."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from models.errors import BadTable
from models.figure import FIGURES
from models.officer import Role

FILE = Path(__file__).parent / "measures.toml"
MOSTLY = "mostly"


@dataclass(frozen=True)
class Measure:
    """One rate: a weighted sum of figures over a sum of figures."""

    id: str
    name: str
    counted: str
    window: str
    numerator: Mapping[str, float | str]
    denominator: tuple[str, ...]
    formula: str
    seen_by: frozenset[Role]
    fewest: int
    unit: str = "percent"  # or ratio: two numbers of different things

    def of(self, figures: Mapping[str, int], mostly: float) -> dict[str, Any]:
        """Numerator, denominator, value and formula; no value where too few matters are behind it."""
        numerator = round(
            sum(self._weight(name, mostly) * figures.get(name, 0) for name in self.numerator), 4
        )
        denominator = sum(figures.get(name, 0) for name in self.denominator)
        return {
            "id": self.id,
            "name": self.name,
            "numerator": int(numerator) if numerator.is_integer() else numerator,
            "denominator": denominator,
            "value": round(numerator / denominator, 4) if denominator >= self.fewest else None,
            "formula": self.formula.format(mostly=f"{mostly:g}"),
            "unit": self.unit,
        }

    def _weight(self, name: str, mostly: float) -> float:
        weight = self.numerator[name]
        return mostly if weight == MOSTLY else float(weight)

    def events(self) -> list[str]:
        """The events its figures are counted from, by the ledger's own words."""
        parts = (FIGURES[name] for name in (*self.numerator, *self.denominator))
        return sorted({event.value for figure in parts for event in figure.events})


@dataclass(frozen=True)
class Measures:
    """All of them, in the order they are printed, the rules made of them, and the names of the odd groups."""

    version: str
    fewest: int
    all: tuple[Measure, ...]
    warning: Mapping[str, float]
    grading: Mapping[str, Any]
    groups: Mapping[str, str]

    def of(self, figures: Mapping[str, int], mostly: float) -> list[dict[str, Any]]:
        return [measure.of(figures, mostly) for measure in self.all]

    def one(self, identity: str) -> Measure:
        return next(measure for measure in self.all if measure.id == identity)

    @property
    def ids(self) -> frozenset[str]:
        return frozenset(measure.id for measure in self.all)

    def seen_by(self, role: Role) -> frozenset[str]:
        """The ids of those somebody of a role may see."""
        return frozenset(measure.id for measure in self.all if role in measure.seen_by)


@cache
def measures() -> Measures:
    """The shipped definitions. BadTable: one names a figure nobody counts, or a role nobody has."""
    data = tomllib.loads(FILE.read_text(encoding="utf-8"))
    found = tuple(_measure(one, data["fewest"]) for one in data["measure"])
    for measure in found:
        unknown = {*measure.numerator, *measure.denominator} - FIGURES.keys()
        if unknown:
            message = f"measures.toml: {measure.id}: nobody counts {', '.join(sorted(unknown))}"
            raise BadTable(message)
    return Measures(data["version"], data["fewest"], found, data["warning"], data["grading"], data["groups"])


def _measure(said: dict[str, Any], fewest: int) -> Measure:
    strangers = set(said["seen_by"]) - set(Role)
    if strangers:
        message = f"measures.toml: {said['id']}: no role {', '.join(sorted(strangers))}"
        raise BadTable(message)
    return Measure(
        said["id"],
        said["name"],
        said["counted"],
        said["window"],
        said["numerator"],
        tuple(said["denominator"]),
        said["formula"],
        frozenset(Role(name) for name in said["seen_by"]),
        said.get("fewest", fewest),
        said.get("unit", "percent"),
    )

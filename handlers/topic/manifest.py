"""Who made a rule set, why, and when it is sure enough to decide."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from handlers.topic.data import Entry, table_of


@dataclass(frozen=True, slots=True)
class Manifest:
    """`floor`: the least score of a decision. `margin`: the least lead, 0 to 1. `scale`: the lead in points of score
    that is called 0.46; leads are told as tanh(lead / 2 scale), so that 0 is a draw and 1 beyond doubt.
    """

    version: str
    owner: str
    reason: str
    made_on: str
    floor: float
    margin: float
    scale: float

    @classmethod
    def load(cls, file: Path) -> Self:
        entry = table_of(file)
        entry.only("version", "owner", "reason", "made_on", "decide")
        decide = entry.value.get("decide", {})
        if not isinstance(decide, dict):
            raise entry.refuse("[decide] must be a table")
        rule = Entry(file, 0, decide)
        rule.only("floor", "margin", "scale")
        margin = rule.number("margin", 0.3)
        if margin > 1:
            raise entry.refuse("margin must lie between 0 and 1")
        return cls(
            entry.text("version"),
            entry.text("owner"),
            entry.text("reason"),
            str(entry.value.get("made_on", "")),
            rule.number("floor", 1.0),
            margin,
            rule.number("scale", 1.0, least=1e-6),
        )

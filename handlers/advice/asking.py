"""Whether somebody only wants to know something, and what of his own village he asks."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent.parent / "words" / "asking.toml"
PRESENCE, HELD = "presence", "held"
LOCAL = ("household", HELD, PRESENCE, "roster", "hours", "responsible")  # the narrower first


@dataclass(frozen=True)
class Asking:
    """`asking.toml`."""

    aside: frozenset[str]
    asks: re.Pattern[str]
    worries: re.Pattern[str]
    longest: int
    troubles: re.Pattern[str]
    local: tuple[tuple[str, re.Pattern[str]], ...]
    longest_local: int
    days: tuple[tuple[int, re.Pattern[str]], ...]

    def tells_of_trouble(self, plain: str) -> bool:
        return self.troubles.search(plain) is not None

    def only_asks(self, plain: str) -> bool:
        """A question that an answer on paper can meet; never one that tells of a trouble."""
        if len(plain) > self.longest or self.tells_of_trouble(plain):
            return False
        return self.asks.search(plain) is not None

    def worries_too(self, plain: str) -> bool:
        """A form that more often tells of a trouble: only a question nearly in the answer's own words is meant."""
        return self.worries.search(plain) is not None

    def of_the_village(self, plain: str) -> str | None:
        """Which of LOCAL is asked, in few words and without a trouble."""
        if len(plain) > self.longest_local:
            return None
        asked = next((name for name, form in self.local if form.search(plain)), None)
        # "On which day does he come" sounds like a wait for something to be mended.
        return None if asked != PRESENCE and self.troubles.search(plain) else asked

    def day(self, plain: str) -> int:
        """How many days from today are meant."""
        return next((days for days, word in self.days if word.search(plain)), 0)


@cache
def asking() -> Asking:
    data: dict[str, Any] = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return Asking(
        frozenset(data["aside"]),
        _either(data["asks"]),
        _either(data["worries"]),
        data["longest"],
        _either(data["troubles"]),
        tuple((name, _either(data["local"][name])) for name in LOCAL),
        data["local"]["longest"],
        ((1, _either(data["days"]["tomorrow"])), (2, _either(data["days"]["after_tomorrow"]))),
    )


def _either(forms: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{form})" for form in forms))

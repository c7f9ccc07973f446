"""What members say to a lesson, read from data."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

from handlers.commands import tidy
from models.study.change import ChangeKind

FILE = Path(__file__).parent / "words.toml"
AROUND = " 。.，,！!~～、:\uff1a"
CODE_DIGITS = 8


class Changed(NamedTuple):
    """What a member says changed about him: the new place or number where he says it, and the place's zone."""

    kind: ChangeKind
    value: str = ""
    zone: str = ""
    home: bool = False  # he is back where he belongs


@dataclass(frozen=True)
class Words:
    """The words, ready to be looked up."""

    answers: dict[str, str]
    again: frozenset[str]
    binding: tuple[str, ...]
    changes: tuple[tuple[ChangeKind, re.Pattern[str]], ...]
    outright: re.Pattern[str]
    longest: int
    home: tuple[str, ...]
    zones: dict[str, str]
    survey: re.Pattern[str]

    def answer(self, text: str) -> str | None:
        """`arrived`, `busy` or `otherwise`; None for anything else."""
        return self.answers.get(tidy(text).strip(AROUND))

    def wants_again(self, text: str) -> bool:
        return tidy(text).strip(AROUND) in self.again

    def code(self, text: str) -> str | None:
        """The digits after a word for binding; "" where there are none or not as many as a code has."""
        plain = tidy(text)
        word = next((word for word in self.binding if plain.startswith(word)), None)
        if word is None:
            return None
        digits = re.sub(r"[\s:\uff1a-]", "", plain[len(word) :])
        return digits if digits.isdigit() and len(digits) == CODE_DIGITS else ""

    def changed(self, text: str) -> Changed | None:
        """What changed, in a short text that says nothing else."""
        plain = tidy(text).strip(AROUND)
        if len(plain) > self.longest:
            return None
        for kind, pattern in self.changes:
            match = pattern.search(plain)
            if match is not None:
                return self._change(kind, match, plain)
        return None

    def is_outright(self, text: str) -> bool:
        """Whether it says that eyes or ears are no good any more, and nothing else."""
        return self.outright.match(tidy(text).strip(AROUND)) is not None

    def _change(self, kind: ChangeKind, match: re.Match[str], plain: str) -> Changed:
        if kind is ChangeKind.PHONE:
            number = re.search(r"(?<!\d)1[3-9]\d{9}(?!\d)", plain.replace(" ", ""))
            return Changed(kind, number[0] if number else "")
        if kind is not ChangeKind.MOVED:
            return Changed(kind)
        where = match["where"]
        zone = next((zone for place, zone in self.zones.items() if place in where), "")
        return Changed(kind, where, zone, home=where in self.home)

    def rated(self, text: str) -> tuple[tuple[int, int, int], str] | None:
        """Three answers from 1 to 5, and the word after them."""
        match = self.survey.match(tidy(text))
        return ((int(match[1]), int(match[2]), int(match[3])), match[4].strip()) if match else None


@cache
def words() -> Words:
    data = tomllib.loads(FILE.read_text(encoding="utf-8"))
    changes = data["changes"]
    return Words(
        answers={word: meaning for meaning, forms in data["answers"].items() for word in forms},
        again=frozenset(data["stop"]["again"]),
        binding=tuple(sorted(data["binding"]["before"], key=len, reverse=True)),
        changes=tuple((kind, re.compile(form)) for kind in ChangeKind for form in changes[kind.value]),
        outright=re.compile(changes["outright"]),
        longest=changes["longest"],
        home=tuple(changes["home"]),
        zones=data["zones"],
        survey=re.compile(data["survey"]["digits"]),
    )

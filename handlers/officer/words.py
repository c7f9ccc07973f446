"""The staff's commands, read from data: a word, perhaps a number, perhaps words after it."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from handlers.commands import tidy
from models.officer import Officer

FILE = Path(__file__).parent.parent / "words" / "commands.toml"
AROUND = " :,\uff1a\uff0c"  # what people type between a command and its number
GROUPS = ("cadre", "dispatcher", "supervisor")


@dataclass(frozen=True)
class Words:
    """Every command word, longest first, with the command it means."""

    commands: tuple[tuple[re.Pattern[str], str], ...]
    shown: dict[str, str]
    call_back: tuple[tuple[re.Pattern[str], str], ...]
    outcomes: tuple[tuple[str, str], ...]  # of a call-back, with the word shown for each
    reviewed: tuple[tuple[re.Pattern[str], str], ...]
    reviews: tuple[tuple[str, str], ...]  # of a review, likewise
    no_command: tuple[str, ...]  # how sentences begin that are none, though a command's word does too
    nothing: str  # characters that alone say nothing
    days: re.Pattern[str]  # a number of days, perhaps their unit, and what follows

    def command(self, text: str) -> tuple[str | None, str]:
        """The command a text begins with, and the rest of it; a sentence that only begins alike is none."""
        text = tidy(text)
        if text.startswith(self.no_command):
            return None, text
        return _first(self.commands, text)

    def says_something(self, text: str) -> bool:
        """Whether there is a word in it that a villager could read."""
        return bool(text.strip(self.nothing))

    def heard(self, text: str) -> tuple[str | None, str]:
        """What a call-back heard, and the rest."""
        return _first(self.call_back, tidy(text))

    def decided(self, text: str) -> tuple[str | None, str]:
        """What a review decided, and the rest."""
        return _first(self.reviewed, tidy(text))


def is_first_secretary(officer: Officer) -> bool:
    """By the words of his post."""
    return any(word in officer.post for word in _data()["book"]["first_secretary"])


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


@cache
def words() -> Words:
    data = _data()
    commands = {word: command for group in GROUPS for command, forms in data[group].items() for word in forms}
    heard = {word: meaning for meaning, forms in data["call_back"].items() for word in forms}
    decided = {word: meaning for meaning, forms in data["review"].items() for word in forms}
    return Words(
        commands=_longest_first(commands),
        shown={command: forms[0] for group in GROUPS for command, forms in data[group].items()},
        call_back=_longest_first(heard),
        outcomes=tuple((meaning, forms[0]) for meaning, forms in data["call_back"].items()),
        reviewed=_longest_first(decided),
        reviews=tuple((meaning, forms[0]) for meaning, forms in data["review"].items()),
        no_command=tuple(data["no_command"]["begins"]),
        nothing=data["no_command"]["nothing"],
        days=re.compile(rf"(\d{{1,3}})\s*(?:{'|'.join(data['days']['units'])})?\s*(\S.*)", re.DOTALL),
    )


def _longest_first(words_: dict[str, str]) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Blanks within a word are free."""
    longest = sorted(words_.items(), key=lambda pair: -len(pair[0]))
    return tuple((re.compile(" ?".join(map(re.escape, word))), meaning) for word, meaning in longest)


def _first(known: tuple[tuple[re.Pattern[str], str], ...], text: str) -> tuple[str | None, str]:
    for word, meaning in known:
        match = word.match(text)
        if match:
            return meaning, text[match.end() :].strip(AROUND)
    return None, text

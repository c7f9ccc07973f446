"""Causes, found in the staff's words: why a matter may be declined, and what holds one up."""

import tomllib
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent.parent / "words" / "causes.toml"


@cache
def _held() -> tuple[tuple[str, tuple[str, ...]], ...]:
    rows = tomllib.loads(FILE.read_text(encoding="utf-8"))["held"]
    return tuple((row["code"], tuple(row["words"])) for row in rows)


def held_up(words: str) -> dict[str, str]:
    """What an event says of words that tell why it takes so long: a code, or nothing where they name none."""
    found = next((code for code, forms in _held() if any(form in words for form in forms)), None)
    return {"held": found} if found else {}


@cache
def _causes() -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    rows = tomllib.loads(FILE.read_text(encoding="utf-8"))["cause"]
    return tuple((row["code"], row["shown"], tuple(row["words"])) for row in rows)


def cause_of(reason: str) -> str | None:
    """The code of the legal cause that a reason names."""
    return next((code for code, _, words in _causes() if any(word in reason for word in words)), None)


def shown_causes() -> list[str]:
    """As a refusal lists them."""
    return [shown for _, shown, _ in _causes()]

"""Legal causes: why a matter may be declined. Without one it may not."""

import tomllib
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent.parent / "words" / "causes.toml"


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

"""The parts of a message that may tell a matter of their own."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from handlers.topic.data import table_of
from handlers.topic.places import BLANK

SHORTEST = 3  # characters of a part that says anything
MOST = 12  # parts that are looked at


@dataclass(frozen=True, slots=True)
class Further:
    """The words of `further.toml`."""

    says_more: re.Pattern[str]
    ends: re.Pattern[str]

    @classmethod
    def load(cls, file: Path) -> Self:
        """Raises `RuleSetError`."""
        entry = table_of(file)
        entry.only("says_more", "begins")
        more, begins = (entry.texts(key) for key in ("says_more", "begins"))
        if not more or not begins or "" in (*more, *begins):
            raise entry.refuse("says_more and begins must each list words")
        return cls(
            re.compile("|".join(map(re.escape, more))),
            re.compile(rf"[。;!?,、\s{BLANK}]+|(?={'|'.join(map(re.escape, begins))})"),
        )

    def parts(self, text: str) -> Iterator[str]:
        """None where nothing says that there is more."""
        if self.says_more.search(text):
            parts = [part for part in self.ends.split(text) if part and len(part) >= SHORTEST]
            yield from parts[:MOST] if len(parts) > 1 else ()

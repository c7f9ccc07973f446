"""The parts of a message that may tell a matter of their own."""

import re
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

    def parts(self, text: str) -> list[tuple[int, int]]:
        """Where each begins and ends; none where nothing says that there is more."""
        if not self.says_more.search(text):
            return []
        parts: list[tuple[int, int]] = []
        start = 0
        for end in self.ends.finditer(text):
            if end.start() - start >= SHORTEST:
                parts.append((start, end.start()))
                if len(parts) == MOST:
                    return parts
            start = end.end()
        if len(text) - start >= SHORTEST:
            parts.append((start, len(text)))
        return parts if len(parts) > 1 else []

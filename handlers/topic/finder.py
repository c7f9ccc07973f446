"""Finds many listed strings in one text, in one pass."""

from collections.abc import Iterable
from itertools import compress, count
from operator import add
from typing import Generic, TypeVar

Found = TypeVar("Found")


class Finder(Generic[Found]):
    """Strings by their first two characters; those of one character by themselves.

    Joining neighbours and looking them up runs in C, so a text without any listed string costs next to nothing.
    """

    __slots__ = ("_pairs", "_singles")

    def __init__(self, entries: Iterable[tuple[str, Found]]) -> None:
        pairs: dict[str, list[tuple[str, Found]]] = {}
        singles: dict[str, Found] = {}
        for string, found in entries:
            if len(string) > 1:
                pairs.setdefault(string[:2], []).append((string, found))
            else:
                singles[string] = found
        for listed in pairs.values():
            listed.sort(key=lambda entry: -len(entry[0]))
        self._pairs = pairs
        self._singles = singles

    def find(self, text: str) -> list[tuple[int, int, Found]]:
        """Every place where a listed string stands: start, end, what was listed with it. Longest first at one start."""
        found: list[tuple[int, int, Found]] = []
        if self._singles:
            singles = list(map(self._singles.get, text))
            found += [(at, at + 1, single) for at, single in enumerate(singles) if single is not None]
        heads = list(map(self._pairs.get, map(add, text, text[1:])))
        for at in compress(count(), heads):
            for string, what in heads[at] or ():
                if text.startswith(string, at):
                    found.append((at, at + len(string), what))
        return found

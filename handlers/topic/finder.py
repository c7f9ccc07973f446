"""Finds many listed strings in one text, in one pass."""

from collections.abc import Iterable, Sequence
from itertools import compress, count
from operator import add
from typing import Any, Generic, TypeVar

Found = TypeVar("Found")
_NO_HEAD: tuple[tuple[str, ...], list[Any]] = ((), [])


def pairs_of(text: str) -> list[str]:
    """Every two neighbours. All who look a text up share them: making them costs more than looking them up."""
    letters = list(text)
    return list(map(add, letters, letters[1:]))


class Finder(Generic[Found]):
    """Strings by their first two characters; those of one character by themselves.

    Joining neighbours and looking them up runs in C, so a text without any listed string costs next to nothing.
    """

    __slots__ = ("_pairs", "_singles")

    def __init__(self, entries: Iterable[tuple[str, Found]]) -> None:
        pairs: dict[str, list[tuple[str, int, Found]]] = {}
        singles: dict[str, Found] = {}
        for string, found in entries:
            if len(string) > 1:
                pairs.setdefault(string[:2], []).append((string, len(string), found))
            else:
                singles[string] = found
        for listed in pairs.values():
            listed.sort(key=lambda entry: -entry[1])
        # Most longer ones are not there: they are asked for together.
        self._pairs = {
            pair: (tuple([string for string, length, _ in listed if length > 2]), listed)
            for pair, listed in pairs.items()
        }
        self._singles = singles

    def find(self, text: str, pairs: Sequence[str]) -> list[tuple[int, int, Found]]:
        """Every place where a listed string stands: start, end, what was listed with it. Longest first at one start."""
        found: list[tuple[int, int, Found]] = []
        if self._singles:
            listed = map(self._singles.__contains__, text)
            found += [(at, at + 1, self._singles[text[at]]) for at in compress(count(), listed)]
        if self._pairs.keys().isdisjoint(pairs):
            return found
        heads = list(map(self._pairs.get, pairs))
        for at in compress(count(), heads):
            longer, every = heads[at] or _NO_HEAD
            some = every if longer and text.startswith(longer, at) else every[len(longer) :]
            for string, length, what in some:
                if length == 2 or text.startswith(string, at):
                    found.append((at, at + length, what))
        return found

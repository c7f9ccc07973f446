"""Learnt weights: every word, every piece of one or two characters and every class of words of the lanes speaks for or
against each category and each lane.

A message's score is the sum of what stands in it, divided by a measure of how much that is, so that each word's share
can be shown. To add for all at once, a row is one whole number with a field of 32 bits for each category and lane
(`emergency`, `emergency/fire`), and one more for the measure.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import accumulate, chain, repeat
from math import sqrt
from operator import add
from pathlib import Path
from struct import error as struct_error
from struct import pack, unpack
from typing import NamedTuple, Self

from handlers.topic.data import lines_of
from handlers.topic.errors import RuleSetError
from handlers.topic.features import TIMES
from handlers.topic.finder import pairs_of

UNIT = 1 / 32 / 256  # one whole number of a row times one of TIMES, as a score
MEASURE_UNIT = 1 / 32 / 16
STEADY = 40.0  # added to the measure: of little text, little is known
LONGEST_SCORED = 4_000  # characters; more could run over a field of 32 bits, and says nothing new
LONGEST_PLAIN = 120  # entries; in so few, hardly one stands twice
KINDS = ("w", "p", "c")
GAINS = (0, *accumulate(TIMES))  # what an entry that stands so often counts for
_HALF = 1 << 31
_BITS = 32


class Sum(NamedTuple):
    """`fields` in the order of the table's categories and lanes; each is worth `scale` in this text.
    `known`: whether any entry was found.
    """

    fields: Sequence[float]
    known: bool
    scale: float

    def best(self, within: range, count: int) -> list[int]:
        """The positions of the highest fields, the highest first."""
        fields = self.fields
        # Few come near the highest: sorting all would take longer than looking for those.
        least = max(fields[within.start : within.stop]) // 3
        near = [at for at in within if fields[at] > least]
        return sorted(near if len(near) >= count else within, key=fields.__getitem__, reverse=True)[:count]

    def beside(self, other: "Sum") -> "Sum":
        """The mean of two readings; a reading of nothing known changes nothing."""
        if not other.known:
            return self
        share = other.scale / self.scale
        fields = [(own + share * more) / 2 for own, more in zip(self.fields, other.fields, strict=True)]
        return self._replace(fields=fields)

    def scores(self, within: range) -> list[float]:
        scale = self.scale
        return [field * scale for field in self.fields[within.start : within.stop]]


class Table:
    """Frozen after loading."""

    def __init__(
        self,
        categories: Sequence[str],
        lanes: Sequence[str],
        tables: dict[str, dict[str, int]],
        said: Sequence[dict[str, int]],
    ) -> None:
        """`tables` has the rows of words (`w`), pieces (`p`) and classes (`c`); `said`, for each category, what a word
        (after a `w`) or piece says for it: the same once more, to tell why.
        """
        self._said = tuple(said)
        self.categories = tuple(categories)
        self.lanes = tuple(lanes)
        self.of_categories = range(len(self.categories))
        self.of_lanes = range(len(self.categories), len(self.categories) + len(self.lanes))
        self.size = sum(map(len, tables.values()))
        self._words, self._pieces, self._classes = (tables[kind] for kind in KINDS)
        width = len(self.categories) + len(self.lanes) + 1
        self._format = f"<{width}i"
        self._bytes = width * 4
        self._bias = _bias(width)

    @classmethod
    def load(cls, file: Path, known: Iterable[str]) -> Self:
        """First line: the categories, apart by tabs; second: `lanes`, and those, if any. Then a line for each entry:
        `w` for a word, `p` for a piece or `c` for a class of words, the entry, its measure, and its weights, each as
        the position among categories and lanes, a colon and a whole number.
        """
        rows = lines_of(file)
        number, heading = next(rows, (0, ""))
        categories = heading.split("\t")
        if not heading or set(categories) - set(known) or len(set(categories)) < len(categories):
            raise RuleSetError(
                file, number, "the first line must list categories of categories.toml, each once"
            )
        number, heading = next(rows, (0, ""))
        title, *lanes = heading.split("\t")
        if title != "lanes":
            raise RuleSetError(
                file, number, "the second line must list the lanes, if any, after the word lanes"
            )
        width = len(categories) + len(lanes)
        form, bias, nothing = f"<{width + 1}I", _bias(width + 1), [_HALF] * (width + 1)
        tables: dict[str, dict[str, int]] = {kind: {} for kind in KINDS}
        said: list[dict[str, int]] = [{} for _ in range(width)]
        for number, line in rows:
            row = nothing.copy()
            try:
                kind, entry, measure, weights = line.split("\t")
                row[width] += int(measure)
                name = entry if kind == "p" else kind + entry
                for told in weights.split(" "):
                    position, _, value = told.partition(":")
                    at, weight = int(position), int(value)
                    row[at] += weight
                    said[at][name] = weight
                packed = int.from_bytes(pack(form, *row), "little") - bias
                table = tables[kind]
            except (ValueError, KeyError, IndexError, struct_error) as error:
                raise RuleSetError(
                    file, number, "expected w, p or c, an entry, its measure and its weights"
                ) from error
            if measure.startswith("-") or weights.startswith("-") or " -" in weights:
                raise RuleSetError(file, number, "neither a measure nor a position may be less than 0")
            if entry in table:
                raise RuleSetError(file, number, f"{entry} is listed twice")
            table[entry] = packed
        return cls(categories, lanes, tables, said[: len(categories)])

    def weights(
        self,
        text: str,
        tokens: Iterable[str],
        position: int,
        scale: float,
        pairs: Sequence[str] | None = None,
    ) -> list[tuple[int, int, float]]:
        """What each word of two characters or more says for the category at that position, the pieces that begin in it
        included: start, end, weight.
        """
        weights: list[tuple[int, int, float]] = []
        said, at = self._said[position].get, 0
        both = chain(map(said, pairs_of(text) if pairs is None else pairs, repeat(0)), (0,))
        so_far = list(accumulate(map(add, map(said, text, repeat(0)), both), initial=0))
        for token in tokens:
            start, at = at, at + len(token)
            if at - start > 1:
                weight = said(f"w{token}", 0) + so_far[at] - so_far[start]
                if weight:
                    weights.append((start, at, weight * scale))
        return weights

    def score(
        self, text: str, tokens: list[str], classes: Iterable[str] = (), pairs: Sequence[str] | None = None
    ) -> Sum:
        """`tokens` are those of `text`: joined they are the text, which must not be longer than `LONGEST_SCORED`.
        `classes` are the names of what the lanes found in it, `pairs` its pairs.
        """
        pieces = [*text, *(pairs_of(text) if pairs is None else pairs)]
        words = [token for token in tokens if len(token) > 1]
        plain = len(pieces) < LONGEST_PLAIN
        rows = _plain if plain else _repeated
        unit = TIMES[0] if plain else 1
        packed = sum(
            chain(rows(self._pieces, pieces), rows(self._words, words), rows(self._classes, list(classes))),
            self._bias,
        )
        # A field above its bias by any number has just the bits of that number, but for the first.
        fields = unpack(self._format, (packed ^ self._bias).to_bytes(self._bytes, "little"))
        scale = unit * UNIT / sqrt(fields[-1] * unit * MEASURE_UNIT + STEADY)
        return Sum(fields, packed != self._bias, scale)


def _plain(table: dict[str, int], entries: Iterable[str]) -> Iterable[int]:
    return filter(None, map(table.get, entries))


def _repeated(table: dict[str, int], entries: Iterable[str]) -> Iterable[int]:
    """In long texts entries come again: each time counts for less."""
    counted = Counter(entries).items()
    return [table[entry] * GAINS[min(times, len(TIMES))] for entry, times in counted if entry in table]


def _bias(width: int) -> int:
    """Half of every field, so that fields below nothing can be told apart."""
    return sum(_HALF << (_BITS * field) for field in range(width))

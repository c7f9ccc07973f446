"""Learnt weights: every word, every piece of one or two characters and every class of words of the lanes speaks for or
against each category and each lane.

A message's score is the sum of what stands in it, divided by a measure of how much that is, so that each word's share
can be shown. To add for all at once, a row is one whole number with a field of 32 bits for each category and lane
(`emergency`, `emergency/fire`), and one more for the measure.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import accumulate, chain
from math import sqrt
from pathlib import Path
from struct import unpack
from typing import NamedTuple, Self

from handlers.topic.data import lines_of
from handlers.topic.errors import RuleSetError
from handlers.topic.features import TIMES
from handlers.topic.finder import pairs_of
from handlers.topic.rows import BITS, BYTES, HALF, KINDS, Rows, bias_of, rows_of

UNIT = 1 / 32 / 256  # one whole number of a row times one of TIMES, as a score
MEASURE_UNIT = 1 / 32 / 16
STEADY = 40.0  # added to the measure: of little text, little is known
LONGEST_SCORED = 4_000  # characters; more could run over a field of 32 bits, and says nothing new
LONGEST_PLAIN = 120  # entries; in so few, hardly one stands twice
GAINS = (0, *accumulate(TIMES))  # what an entry that stands so often counts for
_FIELD = (1 << BITS) - 1


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


class Table:
    """Frozen after loading."""

    def __init__(self, categories: Sequence[str], lanes: Sequence[str], rows: Rows) -> None:
        """`rows` has those of words (`w`), pieces (`p`) and classes (`c`)."""
        self.categories = tuple(categories)
        self.lanes = tuple(lanes)
        self.of_categories = range(len(self.categories))
        self.categories_at = slice(len(self.categories))
        self.lanes_at = slice(len(self.categories), len(self.categories) + len(self.lanes))
        self.size = sum(map(len, rows.values()))
        self._words, self._pieces, self._classes = (rows[kind] for kind in KINDS)
        width = len(self.categories) + len(self.lanes) + 1
        self._format = f"<{width}i"
        self._bytes = width * BYTES
        self._bias = bias_of(width)

    @classmethod
    def load(cls, file: Path, known: Iterable[str]) -> Self:
        """First line: the categories, apart by tabs; second: `lanes`, and those, if any. Then a line for each entry:
        `w` for a word, `p` for a piece or `c` for a class of words, the entry, its measure, and its weights, each as
        the position among categories and lanes, a colon and a whole number.
        """
        lines = lines_of(file)
        number, heading = next(lines, (0, ""))
        categories = heading.split("\t")
        if not heading or set(categories) - set(known) or len(set(categories)) < len(categories):
            raise RuleSetError(
                file, number, "the first line must list categories of categories.toml, each once"
            )
        number, heading = next(lines, (0, ""))
        title, *lanes = heading.split("\t")
        if title != "lanes":
            raise RuleSetError(
                file, number, "the second line must list the lanes, if any, after the word lanes"
            )
        return cls(categories, lanes, rows_of(file, list(lines), len(categories) + len(lanes)))

    def weights(
        self, tokens: Iterable[str], position: int, scale: float, pairs: Sequence[str]
    ) -> list[tuple[int, int, float]]:
        """What each word of two characters or more says for the category at that position, the pieces that begin in it
        included: start, end, weight. `pairs` are those of the text that begins with these tokens.
        """
        piece, word, shift, bias = self._pieces.get, self._words.get, position * BITS, self._bias
        weights: list[tuple[int, int, float]] = []
        at = 0
        for token in tokens:
            start, at = at, at + len(token)
            if at - start > 1:
                rows = (word(token), *map(piece, token), *map(piece, pairs[start:at]))
                weight = (sum(filter(None, rows), bias) >> shift & _FIELD) - HALF
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
            chain(rows(self._pieces, pieces), rows(self._words, words), rows(self._classes, classes)),
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
    alike: dict[int, list[int]] = {}
    for entry, times in Counter(filter(table.__contains__, entries)).items():
        alike.setdefault(times, []).append(table[entry])
    return [sum(rows) * GAINS[min(times, len(TIMES))] for times, rows in alike.items()]

"""Learnt weights: every word, and every piece of one or two characters, speaks for or against each category.

A message's score for a category is the sum of what stands in it, divided by a measure of how much that is, so that
each word's share can be shown. To add for all categories at once, a row is one whole number with a field of 32 bits
for each category, and one more for the measure.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import repeat
from math import sqrt
from operator import add
from pathlib import Path
from struct import error as struct_error
from struct import pack, unpack
from typing import NamedTuple, Self

from handlers.topic.data import lines_of
from handlers.topic.errors import RuleSetError
from handlers.topic.features import TIMES

UNIT = 1 / 32 / 256  # one whole number of a row times one of TIMES, as a score
MEASURE_UNIT = 1 / 32 / 16
STEADY = 40.0  # added to the measure: of little text, little is known
LONGEST_SCORED = 4_000  # characters; more could run over a field of 32 bits, and says nothing new
LONGEST_PLAIN = 120  # entries; in so few, hardly one stands twice
_HALF = 1 << 31
_BITS = 32


class Sum(NamedTuple):
    """`scores` in the order of the table's categories. `known`: whether any entry was found."""

    scores: list[float]
    known: bool
    text: str
    tokens: list[str]
    word_rows: list[int]  # those of the tokens of two characters or more
    piece_rows: list[int]  # those of single characters, then those of pairs
    word_scale: float
    piece_scale: float

    def weights(self, position: int) -> Iterator[tuple[int, int, float]]:
        """What each word says for the category at that position, the pieces that begin in it included: start, end,
        weight. Without words, what each run of pieces says that all speak for it.
        """
        shift, below, length = _BITS * position, _bias(position), len(self.text)
        if not self.tokens:
            yield from self._runs(shift, below)
            return
        at = 0
        word_row, rows = iter(self.word_rows), self.piece_rows
        for token in self.tokens:
            start, at = at, at + len(token)
            if at - start > 1:
                own = next(word_row)
                under = sum(rows[start:at]) + sum(rows[length + start : length + at])
                weight = _signed((own + below) >> shift) * self.word_scale
                yield start, at, weight + _signed((under + below) >> shift) * self.piece_scale

    def _runs(self, shift: int, below: int) -> Iterator[tuple[int, int, float]]:
        start = end = weight = 0
        for at, row in enumerate(self.piece_rows[len(self.text) :]):
            gain = _signed((row + below) >> shift) if row else 0
            if gain > 0:
                if at >= end and weight:
                    yield start, end, weight * self.piece_scale
                    weight = 0
                if not weight:
                    start = at
                weight, end = weight + gain, at + 2
        if weight:
            yield start, end, weight * self.piece_scale


class Table:
    """Frozen after loading."""

    def __init__(self, categories: Sequence[str], words: dict[str, int], pieces: dict[str, int]) -> None:
        self.categories = tuple(categories)
        self.size = len(words) + len(pieces)
        self._words = words
        self._pieces = pieces
        self._format = f"<{len(self.categories) + 1}I"
        self._bytes = (len(self.categories) + 1) * 4
        self._bias = _bias(len(self.categories) + 1)

        self.has_words = bool(words)

    @classmethod
    def load(cls, file: Path, known: Iterable[str]) -> Self:
        """First line: the categories, apart by tabs. Then a line for each entry: `w` for a word or `p` for a piece,
        the entry, its measure, and its weights, each as the category's position, a colon and a whole number.
        """
        lines = lines_of(file)
        number, heading = next(lines, (0, ""))
        categories = heading.split("\t")
        if not heading or set(categories) - set(known) or len(set(categories)) < len(categories):
            raise RuleSetError(
                file, number, "the first line must list categories of categories.toml, each once"
            )
        width = len(categories)
        form, bias, nothing = f"<{width + 1}I", _bias(width + 1), [_HALF] * (width + 1)
        tables: dict[str, dict[str, int]] = {"w": {}, "p": {}}
        for number, line in lines:
            row = nothing.copy()
            try:
                kind, entry, measure, weights = line.split("\t")
                row[width] += int(measure)
                for weight in weights.split(" "):
                    position, _, value = weight.partition(":")
                    row[int(position)] += int(value)
                packed = int.from_bytes(pack(form, *row), "little") - bias
                table = tables[kind]
            except (ValueError, KeyError, IndexError, struct_error) as error:
                raise RuleSetError(
                    file, number, "expected w or p, an entry, its measure and its weights"
                ) from error
            if entry in table:
                raise RuleSetError(file, number, f"{entry} is listed twice")
            table[entry] = packed
        return cls(categories, tables["w"], tables["p"])

    def score(self, text: str, tokens: list[str]) -> Sum:
        """`tokens` are those of `text`: joined they are the text, which must not be longer than `LONGEST_SCORED`.
        A table without words needs none.
        """
        piece_rows, piece_unit = _rows(self._pieces, [*text, *map(add, text, text[1:])])
        word_rows, word_unit = _rows(self._words, [token for token in tokens if len(token) > 1])
        word_scores, word_scale = self._scaled(sum(word_rows), word_unit)
        piece_scores, piece_scale = self._scaled(sum(piece_rows), piece_unit)
        scores = list(map(add, word_scores, piece_scores))
        known = any(piece_rows) or any(word_rows)
        return Sum(scores, known, text, tokens, word_rows, piece_rows, word_scale, piece_scale)

    def _scaled(self, packed: int, unit: int) -> tuple[list[float], float]:
        """The scores of a sum, and what one whole number of its rows is worth. `unit`: how many TIMES[0]s it counts."""
        *fields, measure = unpack(self._format, (packed + self._bias).to_bytes(self._bytes, "little"))
        scale = unit * UNIT / sqrt((measure - _HALF) * unit * MEASURE_UNIT + STEADY)
        return [(field - _HALF) * scale for field in fields], scale


def _rows(table: dict[str, int], entries: list[str]) -> tuple[list[int], int]:
    """The row of each entry (0: unknown), and what all rows are to be multiplied with."""
    rows = list(map(table.get, entries, repeat(0)))
    if len(entries) < LONGEST_PLAIN:
        return rows, TIMES[0]
    times: dict[str, int] = {}
    for at, row in enumerate(rows):
        if row:
            entry = entries[at]
            time = times.get(entry, 0)
            times[entry] = time + 1
            rows[at] = row * TIMES[time] if time < len(TIMES) else 0
    return rows, 1


def _bias(width: int) -> int:
    """Half of every field, so that fields below nothing can be told apart."""
    return sum(_HALF << (_BITS * field) for field in range(width))


def _signed(packed: int) -> int:
    """The lowest field."""
    return ((packed + _HALF) & (2 * _HALF - 1)) - _HALF

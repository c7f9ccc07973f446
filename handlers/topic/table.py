"""Learnt weights: every word, every piece of one or two characters and every class of words of the lanes speaks for or
against each category and each lane.

A message's score is the sum of what stands in it, divided by a measure of how much that is, so that each word's share
can be shown. To add for all at once, a row is one whole number with a field of 32 bits for each category and lane
(`emergency`, `emergency/fire`), and one more for the measure.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, repeat
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
KINDS = ("w", "p", "c")
GAINS = (0, *accumulate(TIMES))  # what an entry that stands so often counts for
_HALF = 1 << 31
_BITS = 32


class Sum(NamedTuple):
    """`scores` in the order of the table's categories, `lanes` of its lanes. `known`: whether any entry was found.
    `scale`: what one whole number of a row is worth in this text.
    """

    scores: list[float]
    lanes: list[float]
    known: bool
    scale: float


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
        self.size = sum(map(len, tables.values()))
        self._words, self._pieces, self._classes = (tables[kind] for kind in KINDS)
        self._own = len(self.categories)
        width = len(self.categories) + len(self.lanes) + 1
        self._format = f"<{width}I"
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
        self, text: str, tokens: Iterable[str], position: int, scale: float
    ) -> Iterator[tuple[int, int, float]]:
        """What each word of two characters or more says for the category at that position, the pieces that begin in it
        included: start, end, weight.
        """
        said, at = self._said[position].get, 0
        for token in tokens:
            start, at = at, at + len(token)
            if at - start > 1:
                pairs = [text[place : place + 2] for place in range(start, at)]
                weight = said(f"w{token}", 0) + sum(map(said, (*token, *pairs), repeat(0)))
                if weight:
                    yield start, at, weight * scale

    def score(self, text: str, tokens: list[str], classes: Iterable[str] = ()) -> Sum:
        """`tokens` are those of `text`: joined they are the text, which must not be longer than `LONGEST_SCORED`.
        `classes` are the names of what the lanes found in it.
        """
        pieces = [*text, *map(add, text, text[1:])]
        words = [token for token in tokens if len(token) > 1]
        plain = len(pieces) < LONGEST_PLAIN
        add_up = _plain if plain else _repeated
        unit = TIMES[0] if plain else 1
        packed = (
            add_up(self._pieces, pieces) + add_up(self._words, words) + add_up(self._classes, list(classes))
        )
        *fields, measure = unpack(self._format, (packed + self._bias).to_bytes(self._bytes, "little"))
        scale = unit * UNIT / sqrt((measure - _HALF) * unit * MEASURE_UNIT + STEADY)
        scores = [(field - _HALF) * scale for field in fields]
        return Sum(scores[: self._own], scores[self._own :], packed != 0, scale)


def _plain(table: dict[str, int], entries: Iterable[str]) -> int:
    return sum(map(table.get, entries, repeat(0)))


def _repeated(table: dict[str, int], entries: Iterable[str]) -> int:
    """In long texts entries come again: each time counts for less."""
    counted = Counter(entries).items()
    return sum([table[entry] * GAINS[min(times, len(TIMES))] for entry, times in counted if entry in table])


def _bias(width: int) -> int:
    """Half of every field, so that fields below nothing can be told apart."""
    return sum(_HALF << (_BITS * field) for field in range(width))

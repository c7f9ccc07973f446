"""Learnt weights: every word, every piece of one or two characters and every class of words of the lanes speaks for or
against each category and each lane.

A message's score is the sum of what stands in it, divided by a measure of how much that is, so that each word's share
can be shown. To add for all at once, a row is one whole number with a field of 32 bits for each category and lane
(`emergency`, `emergency/fire`), and one more for the measure. To add half as often, the row of two characters holds
that of the first of them as well.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import accumulate, repeat
from math import sqrt
from operator import itemgetter
from pathlib import Path
from struct import unpack
from typing import NamedTuple, Self

from handlers.topic.data import lines_of
from handlers.topic.errors import RuleSetError
from handlers.topic.features import TIMES
from handlers.topic.finder import Finder
from handlers.topic.rows import BITS, BYTES, HALF, KINDS, Rows, bias_of, rows_of

UNIT = 1 / 32 / 256  # one whole number of a row times one of TIMES, as a score
MEASURE_UNIT = 1 / 32 / 16
STEADY = 40.0  # added to the measure: of little text, little is known
LONGEST_SCORED = 4_000  # characters; more could run over a field of 32 bits, and says nothing new
LONGEST_PLAIN = 120  # entries; in so few, hardly one stands twice
# what an entry that stands so often counts for
GAINS = (0, *accumulate(TIMES), *repeat(sum(TIMES), LONGEST_SCORED - len(TIMES)))
MATTER = "petition"
OF_TOP = 2  # what the weight of a top counts for in each of its leaves
_FIELD = (1 << BITS) - 1
_first = itemgetter(0)


class Sum(NamedTuple):
    """`fields` in the order of the table's categories and lanes; each is worth `scale` in this text.
    `known`: whether any entry was found. `begun`: the rows of a short text, one for each of its characters.
    """

    fields: Sequence[float]
    known: bool
    scale: float
    begun: Sequence[int] = ()

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
        self.positions = {category: at for at, category in enumerate(self.categories)}
        self.size = sum(map(len, rows.values()))
        self._words, pieces, self._classes = (rows[kind] for kind in KINDS)
        self._characters = {piece: row for piece, row in pieces.items() if len(piece) == 1}
        first = self._characters.get
        self._pairs = {piece: row + first(piece[0], 0) for piece, row in pieces.items() if len(piece) > 1}
        self._finder = Finder((word, None) for word in self._words if len(word) > 1)
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
        shared = _shared(categories, lanes)
        return cls(categories, lanes, rows_of(file, list(lines), len(categories) + len(lanes), shared))

    def words_in(self, text: str, pairs: Sequence[str]) -> list[int]:
        """Where words of the table begin in a text; whether they are words there, only a cut can tell."""
        return [start for start, _, _ in self._finder.find(text, pairs)]

    def weights(
        self, tokens: Iterable[str], category: str, told: Sum, text: str, pairs: Sequence[str]
    ) -> list[tuple[int, int, float]]:
        """What each word of two characters or more says for the category, the pieces that begin in it included:
        start, end, weight. `told` is the score of the text that begins with these tokens, `pairs` its pairs.
        """
        words = list(tokens)
        length = sum(map(len, words))
        begun = told.begun or self._begun(text[:length], pairs[:length])
        shift, bias, known = self.positions[category] * BITS, self._bias, self._words
        weights: list[tuple[int, int, float]] = []
        end = 0
        for word in words:
            start, letters = end, len(word)
            end += letters
            if letters > 1:
                said = begun[start] + begun[start + 1] + bias
                if letters > 2:
                    said = sum(begun[start + 2 : end], said)
                if word in known:
                    said += known[word]
                weight = (said >> shift & _FIELD) - HALF
                if weight:
                    weights.append((start, end, weight * told.scale))
        return weights

    def score(
        self, text: str, pairs: Sequence[str], words: Iterable[str], classes: Iterable[str] = ()
    ) -> Sum:
        """`text` must not be longer than `LONGEST_SCORED`. `pairs` and `words` are its own, at least those words that
        the table has; `classes` are the names of what the lanes found in it.
        """
        plain = len(text) + len(pairs) < LONGEST_PLAIN
        unit = TIMES[0] if plain else 1
        begun: list[int] = []
        if plain:
            begun = self._begun(text, pairs)
            packed = sum(begun, self._bias)
            packed = sum(filter(None, map(self._words.get, words)), packed)
            packed = sum(filter(None, map(self._classes.get, classes)), packed)
        else:
            packed = self._bias + self._repeated(text, pairs, words, classes)
        # A field above its bias by any number has just the bits of that number, but for the first.
        fields = unpack(self._format, (packed ^ self._bias).to_bytes(self._bytes, "little"))
        scale = unit * UNIT / sqrt(fields[-1] * unit * MEASURE_UNIT + STEADY)
        return Sum(fields, packed != self._bias, scale, begun)

    def _begun(self, text: str, pairs: Iterable[str]) -> list[int]:
        """What each character says: the pair it begins, or it alone."""
        alone = map(self._characters.get, text, repeat(0))
        begun = [*map(self._pairs.get, pairs, alone)]  # takes of `alone` as many as there are pairs
        begun += map(self._characters.get, text[len(begun) :], repeat(0))
        return begun

    def _repeated(self, text: str, pairs: Iterable[str], words: Iterable[str], classes: Iterable[str]) -> int:
        """In long texts entries come again: each time counts for less."""
        known = filter(self._characters.__contains__, text)
        counts = {letter: GAINS[times] for letter, times in Counter(known).items()}
        begun = Counter(filter(self._pairs.__contains__, pairs))
        once = [pair for pair, times in begun.items() if times == 1]
        alike = {TIMES[0]: list(map(self._pairs.__getitem__, once))}
        held = {letter: times * TIMES[0] for letter, times in Counter(map(_first, once)).items()}
        for pair, times in begun.items():
            if times > 1:
                alike.setdefault(gain := GAINS[times], []).append(self._pairs[pair])
                held[pair[0]] = held.get(pair[0], 0) + gain
        for letter, count in counts.items():
            if rest := count - held.get(letter, 0):  # what the rows of pairs do not hold of it
                alike.setdefault(rest, []).append(self._characters[letter])
        for table, entries in ((self._words, words), (self._classes, classes)):
            for entry, times in Counter(filter(table.__contains__, entries)).items():
                alike.setdefault(GAINS[times], []).append(table[entry])
        return sum(sum(rows) * gain for gain, rows in alike.items())


def _shared(categories: Sequence[str], lanes: Sequence[str]) -> dict[int, int]:
    """What speaks for a top as a matter (`petition/03`) speaks for each of its leaves: tops are learnt from many more
    sentences.
    """
    shared: dict[int, int] = {}
    for at, name in enumerate(lanes, len(categories)):
        lane, _, top = name.partition("/")
        leaves = [leaf for leaf, code in enumerate(categories) if code[:2] == top]
        if lane == MATTER and leaves:
            shared[at] = OF_TOP * sum(1 << BITS * leaf for leaf in leaves)
    return shared

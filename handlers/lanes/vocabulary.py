"""All words of all concepts in one table, found in one pass over a text."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import compress, count
from operator import or_

from handlers.topic.finder import pairs_of

Spans = list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Concept:
    """A class of words that mean the same to a rule.

    `unless` are longer words that hold one of `words` by chance: inside them it is not found (a composed
    class keeps a longer word that another of its parts lists for itself). `not_after` are words
    (negations, fears, conditions) that take its meaning away when they end at most `NEAR` characters before it.
    """

    name: str
    words: tuple[str, ...]
    unless: tuple[str, ...] = ()
    not_after: tuple[str, ...] = ()


NEAR = 1  # characters between "not" and the word it takes back; with somebody named in between it is beyond


# A listed word where it stands: start, end, the concepts it belongs to, those from which it shields its shorter words.
# Concepts are bits, so that many are asked for at once.
Hit = tuple[int, int, int, int]


_Row = tuple[str, int, int, int]  # a word, its length, and the same two
# Of all words that begin with a pair: what the pair itself means, then the longer ones, which mostly are not there and
# are asked for together.
_Head = tuple[tuple[int, int] | None, tuple[str, ...], tuple[_Row, ...]]
_NO_HEAD: _Head = (None, (), ())


class Vocabulary:
    """Word → concepts. Immutable once built; a look-up costs one dictionary access a character."""

    def __init__(self, concepts: Iterable[Concept]) -> None:
        every = tuple(concepts)
        self.names = tuple(concept.name for concept in every)
        self.bits = {name: 1 << at for at, name in enumerate(self.names)}
        meaning: dict[str, int] = {}
        shields: dict[str, int] = {}
        for concept, bit in zip(every, self.bits.values(), strict=True):
            for word in concept.words:
                meaning[word] = meaning.get(word, 0) | bit
            for word in concept.unless:
                shields[word] = shields.get(word, 0) | bit
        self.written = self.mask(name for name in self.names if name.startswith("@") and "|" not in name)
        self._not_after = {
            self.bits[concept.name]: concept.not_after for concept in every if concept.not_after
        }
        self._conditional = reduce(or_, self._not_after, 0)
        self._single = {word: names for word, names in meaning.items() if len(word) == 1}
        self._shielded = reduce(or_, shields.values(), 0)
        heads: dict[str, list[_Row]] = {}
        for word in sorted({*meaning, *shields} - self._single.keys()):
            row = (word, len(word), meaning.get(word, 0), shields.get(word, 0))
            heads.setdefault(word[:2], []).append(row)
        self._heads = {pair: _head(rows) for pair, rows in heads.items()}

    def mask(self, names: Iterable[str]) -> int:
        """These concepts as bits."""
        return reduce(or_, map(self.bits.__getitem__, names), 0)

    def named(self, mask: int) -> list[str]:
        """The concepts of these bits, in the order of their bits."""
        named: list[str] = []
        while mask:
            lowest = mask & -mask
            named.append(self.names[lowest.bit_length() - 1])
            mask ^= lowest
        return named

    def hits(self, text: str, pairs: Sequence[str] | None = None) -> list[Hit]:
        """Every listed word where it stands. `pairs` are those of the text."""
        # Looking every letter and every pair up runs in C; most lead to nothing.
        singles = list(map(self._single.get, text))
        hits: list[Hit] = [(at, at + 1, singles[at] or 0, 0) for at in compress(count(), singles)]
        heads = list(map(self._heads.get, pairs_of(text) if pairs is None else pairs))
        for at in compress(count(), heads):
            own, longer, rows = heads[at] or _NO_HEAD
            if own:
                hits += ((at, at + 2, *own),)
            if longer and text.startswith(longer, at):
                for word, length, names, shields in rows:
                    if text.startswith(word, at):
                        hits += ((at, at + length, names, shields),)
        return hits

    def standing(self, text: str, hits: Sequence[Hit]) -> int:
        """The concepts that stand in the text: of each some word that nothing shields or takes back."""
        said = shielding = 0
        for _, _, names, shields in hits:
            said |= names
            shielding |= shields
        doubtful = (self._conditional | shielding) & said
        if not doubtful:
            return said
        covers = _covers(hits, doubtful) if shielding & doubtful else {}
        for start, end, names, _ in hits:
            proven = names & doubtful
            if not proven:
                continue
            for first, last, shields in covers.get(start, ()):
                if end <= last and (first, last) != (start, end):
                    proven &= ~shields
            if proven & self._conditional:
                proven ^= self._taken_back(text, start, proven & self._conditional)
            doubtful ^= proven
            if not doubtful:
                break
        return said ^ doubtful

    def spans(self, name: str, text: str, hits: Sequence[Hit]) -> Spans:
        """Where a concept stands: not within a word that shields from it, nor after one that takes it back."""
        bit = self.bits[name]
        spans = [(start, end) for start, end, names, _ in hits if names & bit]
        if spans and bit & self._shielded:
            covers = [(start, end) for start, end, _, shields in hits if shields & bit]
            spans = [span for span in spans if not _covered(span, covers)]
        if spans and bit & self._conditional:
            spans = [span for span in spans if not self._taken_back(text, span[0], bit)]
        return spans

    def _taken_back(self, text: str, at: int, mask: int) -> int:
        """Which of these concepts a word right before takes back."""
        taken = 0
        while mask:
            bit = mask & -mask
            mask ^= bit
            words = self._not_after[bit]
            for end in range(max(at - NEAR, 0), at + 1):
                if text.endswith(words, 0, end):
                    taken |= bit
                    break
        return taken


def _head(rows: Sequence[_Row]) -> _Head:
    own = next(((names, shields) for _, length, names, shields in rows if length == 2), None)
    longer = tuple(row for row in rows if row[1] > 2)
    return own, tuple(word for word, *_ in longer), longer


def _covers(hits: Iterable[Hit], mask: int) -> dict[int, list[tuple[int, int, int]]]:
    """By each position: the words over it that shield from some of these concepts, and from which."""
    covers: dict[int, list[tuple[int, int, int]]] = {}
    for start, end, _, shields in hits:
        if shields & mask:
            for at in range(start, end):
                covers.setdefault(at, []).append((start, end, shields))
    return covers


def _covered(span: tuple[int, int], covers: Spans) -> bool:
    return any(start <= span[0] and span[1] <= end and span != (start, end) for start, end in covers)

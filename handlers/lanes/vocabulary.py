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
        self._not_after = {concept.name: concept.not_after for concept in every if concept.not_after}
        self._conditional = self.mask(self._not_after)
        self._single = {word: names for word, names in meaning.items() if len(word) == 1}
        self._heads: dict[str, list[tuple[str, int, int, int]]] = {}
        for word in sorted({*meaning, *shields} - self._single.keys()):
            row = (word, len(word), meaning.get(word, 0), shields.get(word, 0))
            self._heads.setdefault(word[:2], []).append(row)

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
            for word, length, names, shields in heads[at] or ():
                if length == 2 or text.startswith(word, at):
                    hits += ((at, at + length, names, shields),)
        return hits

    def doubtful(self, said: int, hits: Iterable[Hit]) -> int:
        """Which of the concepts of which a word is said may not stand in the text all the same."""
        doubtful = self._conditional
        for _, _, _, shields in hits:
            if shields:
                doubtful |= shields
        return doubtful & said

    def spans(self, mask: int, text: str, hits: Sequence[Hit]) -> dict[str, Spans]:
        """Where each of them stands: not within a word that shields from it, nor after one that takes it back."""
        spans: dict[str, Spans] = {name: [] for name in self.named(mask)}
        shielded: dict[str, Spans] = {}
        for start, end, names, shields in hits:
            if names & mask:
                for name in self.named(names & mask):
                    spans[name].append((start, end))
            if shields & mask:
                for name in self.named(shields & mask):
                    shielded.setdefault(name, []).append((start, end))
        for name, covers in shielded.items():
            spans[name] = [span for span in spans[name] if not _covered(span, covers)]
        for name in self._not_after.keys() & spans.keys():
            words = self._not_after[name]
            spans[name] = [span for span in spans[name] if not _taken_back(text, span[0], words)]
        return spans


def _covered(span: tuple[int, int], covers: Spans) -> bool:
    return any(start <= span[0] and span[1] <= end and span != (start, end) for start, end in covers)


def _taken_back(text: str, at: int, words: tuple[str, ...]) -> bool:
    return any(text.endswith(words, 0, end) for end in range(max(at - NEAR, 0), at + 1))

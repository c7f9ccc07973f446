"""All words of all concepts in one table, found in one pass over a text."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import compress, count

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
Hit = tuple[int, int, tuple[str, ...], tuple[str, ...]]


class Vocabulary:
    """Word → concepts. Immutable once built; a look-up costs one dictionary access a character."""

    def __init__(self, concepts: Iterable[Concept]) -> None:
        meaning: dict[str, tuple[str, ...]] = {}
        shields: dict[str, tuple[str, ...]] = {}
        self._not_after: dict[str, tuple[str, ...]] = {}
        for concept in concepts:
            for word in concept.words:
                meaning[word] = (*meaning.get(word, ()), concept.name)
            for word in concept.unless:
                shields[word] = (*shields.get(word, ()), concept.name)
            if concept.not_after:
                self._not_after[concept.name] = concept.not_after
        self._heads: dict[str, tuple[tuple[str, int, tuple[str, ...], tuple[str, ...]], ...]] = {}
        self._single = {word: names for word, names in meaning.items() if len(word) == 1}
        for word in sorted({*meaning, *shields} - self._single.keys()):
            row = (word, len(word), meaning.get(word, ()), shields.get(word, ()))
            self._heads[word[:2]] = (*self._heads.get(word[:2], ()), row)

    def hits(self, text: str, pairs: Sequence[str] | None = None) -> list[Hit]:
        """Every listed word where it stands. `pairs` are those of the text."""
        # Looking every letter and every pair up runs in C; most lead to nothing.
        singles = list(map(self._single.get, text))
        hits: list[Hit] = [(at, at + 1, singles[at] or (), ()) for at in compress(count(), singles)]
        heads = list(map(self._heads.get, pairs_of(text) if pairs is None else pairs))
        for at in compress(count(), heads):
            for word, length, names, shields in heads[at] or ():
                if length == 2 or text.startswith(word, at):
                    hits += ((at, at + length, names, shields),)
        return hits

    def doubtful(self, names: Collection[str], hits: Iterable[Hit]) -> set[str]:
        """Which of these concepts may not stand in the text although a word of theirs does."""
        doubtful = {name for name in self._not_after if name in names}
        for _, _, _, shields in hits:
            if shields:
                doubtful.update(shields)
        return doubtful

    def spans(self, name: str, text: str, hits: Sequence[Hit]) -> Spans:
        """Where a concept stands: not within a word that shields from it, nor after one that takes it back."""
        spans = [(start, end) for start, end, names, _ in hits if name in names]
        for start, end, _, shields in hits:
            if name in shields:
                spans = [span for span in spans if span[0] < start or span[1] > end or span == (start, end)]
        if spans and name in self._not_after:
            words = self._not_after[name]
            spans = [span for span in spans if not _taken_back(text, span[0], words)]
        return spans


def _taken_back(text: str, at: int, words: tuple[str, ...]) -> bool:
    return any(text.endswith(words, 0, end) for end in range(max(at - NEAR, 0), at + 1))

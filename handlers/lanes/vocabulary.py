"""All words of all concepts in one table, found in one pass over a text."""

from collections.abc import Iterable, Mapping, Sequence
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

    def find(self, text: str, pairs: Sequence[str] | None = None) -> Mapping[str, Spans]:
        """Where each concept stands; concepts that do not stand anywhere are absent. `pairs` are those of the text."""
        found, shielded = self._read(text, pairs_of(text) if pairs is None else pairs)
        doubtful = [name for name in self._not_after if name in found]
        if not shielded and not doubtful:
            return found
        for start, end, name in shielded:
            if name in found:
                found[name] = [
                    span for span in found[name] if span[0] < start or span[1] > end or span == (start, end)
                ]
        for name in doubtful:
            found[name] = [
                span for span in found[name] if not self._taken_back(text, span[0], self._not_after[name])
            ]
        return {name: spans for name, spans in found.items() if spans}

    def _read(self, text: str, pairs: Sequence[str]) -> tuple[dict[str, Spans], list[tuple[int, int, str]]]:
        """Every concept's words as they stand, and the longer words that shield from one."""
        found: dict[str, Spans] = {}
        shielded: list[tuple[int, int, str]] = []
        add_span = found.setdefault
        # Looking every letter and every pair up runs in C; most lead to nothing.
        for at in compress(count(), map(self._single.__contains__, text)):
            span = (at, at + 1)
            for name in self._single[text[at]]:
                add_span(name, []).append(span)
        heads = list(map(self._heads.get, pairs))
        for at in compress(count(), heads):
            for word, length, names, shields in heads[at] or ():
                if length == 2 or text.startswith(word, at):
                    span = (at, at + length)
                    for name in names:
                        add_span(name, []).append(span)
                    shielded += [(*span, name) for name in shields]
        return found, shielded

    @staticmethod
    def _taken_back(text: str, at: int, words: tuple[str, ...]) -> bool:
        return any(text.endswith(words, 0, end) for end in range(max(at - NEAR, 0), at + 1))

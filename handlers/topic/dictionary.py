"""The words of jieba's dictionary with the logarithms of their shares, and what words begin with, so that a search
knows when to stop. Its own file is read; its cache never.
"""

from collections.abc import Iterator, Mapping
from math import log
from operator import itemgetter

import jieba

SLICE = 400_000  # characters of the file taken in together

Weights = dict[str, float | None]  # the logarithm of a word's share; None: no word, but some word begins so

_first = itemgetter(0)
_first_two = itemgetter(slice(2))
_all_but_last = itemgetter(slice(None, -1))


class Dictionary:
    """Single characters, pairs and what is longer are kept apart: each is found sooner among fewer."""

    def __init__(self) -> None:
        """Reads the shipped dictionary."""
        counts: tuple[dict[str, int], ...] = ({}, {}, {})
        self.total = 0  # of all counts; of a word that stands there twice both, as jieba has it
        with jieba.Tokenizer().get_dict_file() as file:
            text = file.read().decode("utf-8")
        for columns in _sliced(text):  # word, count, part of speech
            told = list(map(int, columns[1::3]))
            self.total += sum(told)
            for word, count in zip(columns[0::3], told, strict=True):
                counts[length if (length := len(word)) < 3 else 0][word] = count
        whole = log(self.total)
        self.unknown = -whole  # the weight of a character that no word covers
        logarithms = {count: log(count) - whole for part in counts for count in set(part.values()) if count}
        longer, ones, twos = (
            dict(zip(part, map(logarithms.get, part.values()), strict=True)) for part in counts
        )
        self.longer: Weights = _begun(longer)
        self.twos: Weights = dict.fromkeys(map(_first_two, longer)) | twos
        self.ones: Weights = dict.fromkeys(map(_first, self.twos)) | ones

    def weight_of(self, word: str) -> float | None:
        """None for what is no word."""
        return self._part_of(word).get(word)

    def add(self, words: Mapping[str, float]) -> None:
        """Each with its weight."""
        for word, weight in words.items():
            self._part_of(word)[word] = weight
            for end in range(1, len(word)):
                self._part_of(word[:end]).setdefault(word[:end])

    def _part_of(self, word: str) -> Weights:
        return self.longer if len(word) > 2 else self.twos if len(word) == 2 else self.ones


def _begun(words: Weights) -> Weights:
    """With what they begin with, down to three characters."""
    begun = [word for word in words if len(word) > 3]
    while begun := [
        word for word in dict.fromkeys(map(_all_but_last, begun)) if len(word) > 2 and word not in words
    ]:
        words.update(dict.fromkeys(begun))
    return words


def _sliced(text: str) -> Iterator[list[str]]:
    """The parts of some thousand lines at a time: those of all at once would be most of what a start needs to hold."""
    start = 0
    while start < len(text):
        end = text.find("\n", start + SLICE) + 1 or len(text)
        yield text[start:end].split()
        start = end

"""The words of jieba's dictionary with the logarithms of their shares, and what words begin with, so that a search
knows when to stop. Its own file is read; its cache never.
"""

from collections.abc import Iterable, Iterator, Mapping
from math import inf, log
from operator import itemgetter

from handlers.topic.jieba_files import DICTIONARY

SLICE = 400_000  # characters of the file taken in together

BEGUN = -inf  # the weight of what is no word, but begins one
Weights = dict[str, float]  # the logarithm of a word's share, or BEGUN

_first = itemgetter(0)


class Dictionary:
    """Single characters, pairs and what is longer are kept apart: each is found sooner among fewer."""

    def __init__(self) -> None:
        """Reads the shipped dictionary."""
        self.longer: Weights = {}
        self.twos: Weights = {}
        self.ones: Weights = {}
        text = DICTIONARY.read_text("utf-8")
        read = [(columns[0::3], list(map(int, columns[1::3]))) for columns in _sliced(text)]
        # Of all counts; of a word that stands there twice both, as jieba has it.
        self.total = sum(sum(counts) for _, counts in read)
        whole = log(self.total)
        self.unknown = -whole  # the weight of a character that no word covers
        different = set[int]().union(*(counts for _, counts in read))
        logarithm = {count: log(count) - whole if count else BEGUN for count in different}.__getitem__
        for words, counts in read:
            self._take(zip(words, map(logarithm, counts), strict=True))
        for character in map(_first, self.twos):
            if character not in self.ones:
                self.ones[character] = BEGUN

    def _take(self, words: Iterable[tuple[str, float]]) -> None:
        """With what they begin with, down to two characters."""
        longer, twos, ones = self.longer, self.twos, self.ones
        for word, weight in words:
            length = len(word)
            if length == 2:
                twos[word] = weight
            elif length == 1:
                ones[word] = weight
            else:
                longer[word] = weight
                begun, length = word[:-1], length - 1
                while length > 2 and begun not in longer:
                    longer[begun] = BEGUN
                    begun, length = begun[:-1], length - 1
                if length == 2 and begun not in twos:
                    twos[begun] = BEGUN

    def weight_of(self, word: str) -> float | None:
        """None for what is no word."""
        weight = self._part_of(word).get(word, BEGUN)
        return None if weight == BEGUN else weight

    def add(self, words: Mapping[str, float]) -> None:
        """Each with its weight."""
        for word, weight in words.items():
            self._part_of(word)[word] = weight
            for end in range(1, len(word)):
                self._part_of(word[:end]).setdefault(word[:end], BEGUN)

    def _part_of(self, word: str) -> Weights:
        return self.longer if len(word) > 2 else self.twos if len(word) == 2 else self.ones


def _sliced(text: str) -> Iterator[list[str]]:
    """The parts of some thousand lines at a time: those of all at once would be most of what a start needs to hold."""
    start = 0
    while start < len(text):
        end = text.find("\n", start + SLICE) + 1 or len(text)
        yield text[start:end].split()
        start = end

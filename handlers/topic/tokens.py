"""Cuts a text into words: jieba's dictionary and its reading of unknown words, in an instance of our own.

The global tokenizer and its cache file are never used: whoever can write that cache owns the words that are found. The
cut is that of `jieba.Tokenizer.lcut`, token for token (a test holds it), with the logarithms taken once while loading.
`rjieba` and `jieba-next` are faster, but some of their tokens differ, and learnt weights hold for the same tokens only.
"""

import re
import sys
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from itertools import chain, repeat
from math import exp, inf, log
from operator import add

from handlers.topic.dictionary import BEGUN, Dictionary
from handlers.topic.finder import pairs_of
from handlers.topic.jieba_files import EMITTED, NEVER, STARTS, STEPS

_LAST = "\u9fd5"  # of the characters that a block may hold
_BLOCK = re.compile(r"[\u4E00-\u9FD5a-zA-Z0-9+#&\._%\-]+")
_BLANK = re.compile(r"(\r\n|\s)")
_HAN = re.compile(r"([\u4E00-\u9FD5]+)")
_LATIN = re.compile(r"([a-zA-Z0-9]+(?:\.\d+)?%?)")
_STARTS = tuple(map(STARTS.__getitem__, "BMES"))
_STEPS = tuple(STEPS[state][then] for state, then in ("BM", "BE", "MM", "ME", "EB", "ES", "SB", "SS"))
_LETTERS = frozenset().union(*EMITTED.values())
_NEVER_SEEN = (NEVER,) * 4
_EMISSIONS = zip(*(map(EMITTED[state].get, _LETTERS, repeat(NEVER)) for state in "BMES"), strict=True)
_EMIT = dict(zip(_LETTERS, _EMISSIONS, strict=True))
_B, _M, _E, _S = range(4)  # a character begins a word, goes on, ends it or stands alone


class Tokens:
    """Frozen after loading."""

    def __init__(self, words: Iterable[str] = ()) -> None:
        """`words` are added, each with just the frequency that keeps it whole."""
        self._dictionary = Dictionary()
        self._unknown = self._dictionary.unknown
        self._twos, self._longer = self._dictionary.twos, self._dictionary.longer
        words = tuple(filter(None, words))
        self._ones = self._characters(words)
        total, known = self._dictionary.total, self._dictionary.weight_of
        earned = {word: log(int(self._earned(word) * total) + 1) + self._unknown for word in words}
        added = {word: weight for word, weight in earned.items() if weight > (known(word) or -inf)}
        self._foreign = frozenset(word for word in added if known(word) is None)
        self._dictionary.add(added)
        self._ones = self._characters(words)

    def _characters(self, words: Sequence[str]) -> Sequence[float]:
        """The weight of each that can stand in a block or a word, at its number: found sooner than in a dictionary. One
        that is no word weighs what nobody knows weighs.
        """
        weights = array("d", [self._unknown]) * (1 + max(map(ord, chain(_LAST, *words))))
        for character, weight in self._dictionary.ones.items():
            if weight != BEGUN and ord(character) < len(weights):
                weights[ord(character)] = weight
        return weights

    def knows(self, word: str) -> bool:
        """Whether the shipped dictionary has the word."""
        return self._dictionary.weight_of(word) is not None and word not in self._foreign

    def rarity(self, word: str) -> float:
        """How seldom people use the word: the negative logarithm of its share, about 3 to 18."""
        return -(self._dictionary.weight_of(word) or self._unknown)

    def cut(self, text: str) -> list[str]:
        """Words in order; joined they are the text."""
        return self.of(text).first()

    def of(self, text: str, pairs: Sequence[str] | None = None) -> "Cut":
        """The same, where only some of the words are asked for. `pairs` are those of the text."""
        return Cut(text, pairs_of(text) if pairs is None else pairs, self._words)

    def _words(self, block: str, pairs: Sequence[str]) -> list[str]:
        """Runs of single characters may be words of no dictionary."""
        tokens: list[str] = []
        ends, length = self._ends(block, pairs), len(block)
        at = first = 0  # of a run
        while at < length:
            end = ends[at]
            if end > at + 1:
                if first < at:
                    self._unjoined(block[first:at], tokens)
                tokens.append(block[at:end])
                first = end
            at = end
        if first < length:
            self._unjoined(block[first:], tokens)
        return tokens

    def _earned(self, word: str) -> float:
        """The share that the pieces of a word have together, as jieba's `suggest_freq` counts it."""
        pieces = self._pieces(word)
        if len(pieces) == 1:
            return 0.0
        return exp(
            sum(
                weight if (weight := self._dictionary.weight_of(piece)) is not None else self._unknown
                for piece in pieces
            )
        )

    def _pieces(self, block: str) -> list[str]:
        """What the dictionary makes of it; runs of single characters are not joined."""
        ends = self._ends(block, pairs_of(block))
        pieces: list[str] = []
        at = 0
        while at < len(block):
            pieces.append(block[at : ends[at]])
            at = ends[at]
        return pieces

    def _ends(self, block: str, pairs: Sequence[str]) -> list[int]:
        """The likeliest way through the dictionary: where the piece ends that begins at each character, if one does. A
        character that no word covers stands alone.
        """
        longer, length = self._longer.get, len(block)
        ones = map(self._ones.__getitem__, map(ord, reversed(block)))
        twos = map(self._twos.get, reversed(pairs))
        best = [0.0] * (length + 1)
        ends = list(range(1, length + 1))
        start = length - 1
        top = best[start] = next(ones, 0.0)
        for two, alone in zip(twos, ones, strict=True):
            start -= 1
            top += alone
            weight, end = two, start + 2
            while weight:  # no share is a whole one: a weight is less than 0
                score = weight + best[end]
                if score >= top:
                    top, ends[start] = score, end
                if end == length:
                    break
                end += 1
                weight = longer(block[start:end])
            best[start] = top
        return ends

    def _unjoined(self, run: str, tokens: list[str]) -> None:
        if len(run) == 1 or self._dictionary.weight_of(run) is not None:
            tokens += run
            return
        if _HAN.fullmatch(run):
            _likeliest(run, tokens)
            return
        for position, block in enumerate(_HAN.split(run)):
            if position % 2:
                _likeliest(block, tokens)
            elif block:
                tokens += [part for part in _LATIN.split(block) if part]


class Cut:
    """A text that is cut where its words are asked for: no word reaches over the end of a block."""

    __slots__ = ("_known", "_pairs", "_text", "_words")

    def __init__(
        self, text: str, pairs: Sequence[str], words: Callable[[str, Sequence[str]], list[str]]
    ) -> None:
        """`words` cuts a block, of which it is given the pairs."""
        self._text = text
        self._pairs = pairs
        self._words = words
        self._known: dict[int, list[str]] = {}

    def first(self, most: int = sys.maxsize) -> list[str]:
        """So many words from the beginning, in order; joined they are what they were cut from."""
        tokens: list[str] = []
        at = 0
        for block in _BLOCK.finditer(self._text):
            if len(tokens) >= most:
                break
            start, end = block.span()
            if at < start:
                _apart(self._text[at:start], tokens)
            tokens += self._of(block)
            at = end
        else:
            _apart(self._text[at:], tokens)
        return tokens[:most]

    def around(self, places: Sequence[int]) -> list[str]:
        """The words of the blocks in which these places lie, which are given in order."""
        tokens: list[str] = []
        done = 0
        for block in _BLOCK.finditer(self._text) if places else ():
            before = bisect_left(places, block.end(), done)
            if before > done:
                tokens += self._of(block)
                done = before
        return tokens

    def _of(self, block: re.Match[str]) -> list[str]:
        known = self._known.get(block.start())
        if known is None:
            start, end = block.span()
            known = self._known[start] = self._words(block[0], self._pairs[start : end - 1])
        return known


def _apart(between: str, tokens: list[str]) -> None:
    """What is no block: the end of a line is one, and every other character."""
    if between:
        for part in _BLANK.split(between):
            tokens += [part] if _BLANK.match(part) else part


def _likeliest(run: str, tokens: list[str]) -> None:
    """The hidden Markov model of jieba: which characters begin, go on, end or stand alone. Ties go as they go there."""
    if len(run) == 1:
        tokens.append(run)
        return
    b_m, b_e, m_m, m_e, e_b, e_s, s_b, s_s = _STEPS
    emitted = list(map(_EMIT.get, run, repeat(_NEVER_SEEN)))
    b, m, e, s = map(add, _STARTS, emitted[0])
    steps: list[tuple[int, int, int, int]] = []
    for begins, goes_on, ends, alone in emitted[1:]:
        to_b, b_after = (x, _E) if (x := e + e_b + begins) > (y := s + s_b + begins) else (y, _S)
        to_m, m_after = (x, _M) if (x := m + m_m + goes_on) >= (y := b + b_m + goes_on) else (y, _B)
        to_e, e_after = (x, _B) if (x := b + b_e + ends) > (y := m + m_e + ends) else (y, _M)
        to_s, s_after = (x, _S) if (x := s + s_s + alone) >= (y := e + e_s + alone) else (y, _E)
        b, m, e, s = to_b, to_m, to_e, to_s
        steps.append((b_after, m_after, e_after, s_after))
    state = _S if s >= e else _E
    cuts: list[int] = []
    for at in range(len(run) - 1, -1, -1):
        if state >= _E:
            cuts.append(at + 1)
        if at:
            state = steps[at - 1][state]
    start = 0
    for cut in reversed(cuts):
        tokens.append(run[start:cut])
        start = cut

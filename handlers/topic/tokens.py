"""Cuts a text into words: jieba's dictionary and its reading of unknown words, in an instance of our own.

The global tokenizer and its cache file are never used: whoever can write that cache owns the words that are found. The
cut is that of `jieba.Tokenizer.lcut`, token for token (a test holds it), with the logarithms taken once while loading.
`rjieba` and `jieba-next` are faster, but some of their tokens differ, and learnt weights hold for the same tokens only.
"""

import re
import sys
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from itertools import repeat
from math import exp, inf, log
from operator import add

from handlers.topic.dictionary import Dictionary
from handlers.topic.jieba_files import EMITTED, NEVER, STARTS, STEPS

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
        self._ones = self._characters()
        total, known = self._dictionary.total, self._dictionary.weight_of
        earned = {word: log(int(self._earned(word) * total) + 1) + self._unknown for word in words}
        added = {word: weight for word, weight in earned.items() if weight > (known(word) or -inf)}
        self._foreign = frozenset(word for word in added if known(word) is None)
        self._dictionary.add(added)
        self._ones = self._characters()

    def _characters(self) -> dict[str, float]:
        """One that is no word weighs what nobody knows weighs."""
        return {character: weight or self._unknown for character, weight in self._dictionary.ones.items()}

    def knows(self, word: str) -> bool:
        """Whether the shipped dictionary has the word."""
        return self._dictionary.weight_of(word) is not None and word not in self._foreign

    def rarity(self, word: str) -> float:
        """How seldom people use the word: the negative logarithm of its share, about 3 to 18."""
        return -(self._dictionary.weight_of(word) or self._unknown)

    def cut(self, text: str) -> list[str]:
        """Words in order; joined they are the text."""
        return self.of(text).first()

    def of(self, text: str) -> "Cut":
        """The same, where only some of the words are asked for."""
        return Cut(text, self._words)

    def _words(self, block: str) -> list[str]:
        tokens: list[str] = []
        self._join(self._pieces(block), tokens)
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
        """The likeliest way through the dictionary; a character that no word covers stands alone."""
        longer, length = self._longer.get, len(block)
        ones = list(map(self._ones.get, block, repeat(self._unknown)))
        # No share is a whole one: 0 says that nothing begins so.
        twos = list(map(self._twos.get, map(add, block, block[1:]), repeat(0.0)))
        twos.append(0.0)
        best = [0.0] * (length + 1)
        ends = list(range(1, length + 1))
        top = 0.0
        for start in range(length - 1, -1, -1):
            top += ones[start]
            weight = twos[start]
            if weight != 0.0:
                end = start + 1
                while weight != 0.0:
                    end += 1
                    if weight and (score := weight + best[end]) >= top:
                        top, ends[start] = score, end
                    if end == length:
                        break
                    weight = longer(block[start : end + 1], 0.0)
            best[start] = top
        pieces: list[str] = []
        at = 0
        while at < length:
            end = ends[at]
            pieces.append(block[at:end])
            at = end
        return pieces

    def _join(self, pieces: list[str], tokens: list[str]) -> None:
        """Runs of single characters may be words of no dictionary."""
        run = ""
        for piece in pieces:
            if len(piece) == 1:
                run += piece
                continue
            if run:
                self._unjoined(run, tokens)
                run = ""
            tokens.append(piece)
        if run:
            self._unjoined(run, tokens)

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

    __slots__ = ("_known", "_text", "_words")

    def __init__(self, text: str, words: Callable[[str], list[str]]) -> None:
        """`words` cuts a block."""
        self._text = text
        self._words = words
        self._known: dict[int, list[str]] = {}

    def first(self, most: int = sys.maxsize) -> list[str]:
        """So many words from the beginning, in order; joined they are what they were cut from."""
        tokens: list[str] = []
        at = 0
        for block in _BLOCK.finditer(self._text):
            if len(tokens) >= most:
                break
            _apart(self._text[at : block.start()], tokens)
            tokens += self._of(block)
            at = block.end()
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
            known = self._known[block.start()] = self._words(block[0])
        return known


def _apart(between: str, tokens: list[str]) -> None:
    """What is no block: the end of a line is one, and every other character."""
    if between:
        for part in _BLANK.split(between):
            tokens += [part] if _BLANK.match(part) else part


def _likeliest(run: str, tokens: list[str]) -> None:
    """The hidden Markov model of jieba: which characters begin, go on, end or stand alone. Ties go as they go there."""
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

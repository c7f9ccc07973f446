"""Cuts a text into words: jieba's dictionary and its reading of unknown words, in an instance of our own.

The global tokenizer and its cache file are never used: whoever can write that cache owns the words that are found. The
cut is that of `jieba.Tokenizer.lcut`, token for token (a test holds it), with the logarithms taken once while loading.
`rjieba` and `jieba-next` are faster, but some of their tokens differ, and learnt weights hold for the same tokens only.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, repeat
from math import exp, log

import jieba
from jieba import finalseg

from handlers.topic.finder import pairs_of

SLICE = 400_000  # characters of the dictionary taken in together

_BLOCK = re.compile(r"([\u4E00-\u9FD5a-zA-Z0-9+#&\._%\-]+)")
_BLANK = re.compile(r"(\r\n|\s)")
_HAN = re.compile(r"([\u4E00-\u9FD5]+)")
_LATIN = re.compile(r"([a-zA-Z0-9]+(?:\.\d+)?%?)")
_NEVER: float = finalseg.MIN_FLOAT
_START: dict[str, float] = finalseg.start_P
_STEP: dict[str, dict[str, float]] = finalseg.trans_P
_EMIT: dict[str, dict[str, float]] = finalseg.emit_P

Weights = dict[str, float | None]  # the logarithm of a word's share; None: no word, but some word begins so


class Tokens:
    """Frozen after loading."""

    def __init__(self, words: Iterable[str] = ()) -> None:
        """`words` are added, each with just the frequency that keeps it whole."""
        self._weights, self._unknown, total = _shipped()
        added: dict[str, float] = {}
        for word in words:
            earned = log(int(self._earned(word) * total) + 1) + self._unknown
            known = self._weights.get(word)
            if known is None or earned > known:
                added[word] = earned
        self._foreign = frozenset(word for word in added if self._weights.get(word) is None)
        self._weights.update(added)
        _begun(self._weights, added)

    def knows(self, word: str) -> bool:
        """Whether the shipped dictionary has the word."""
        return self._weights.get(word) is not None and word not in self._foreign

    def rarity(self, word: str) -> float:
        """How seldom people use the word: the negative logarithm of its share, about 3 to 18."""
        return -(self._weights.get(word) or self._unknown)

    def cut(self, text: str) -> list[str]:
        """Words in order; joined they are the text."""
        tokens: list[str] = []
        for position, block in enumerate(_BLOCK.split(text)):
            if position % 2:
                self._join(self._pieces(block), tokens)
            elif block:
                for part in _BLANK.split(block):
                    tokens += [part] if _BLANK.match(part) else part
        return tokens

    def cut_part(self, text: str, tokens: Sequence[str], start: int, end: int) -> list[str]:
        """What `cut` makes of a part of a text that was cut into `tokens`: most parts end where no word could go on."""
        if _joined_at(text, start) or _joined_at(text, end):
            return self.cut(text[start:end])
        starts = list(accumulate(map(len, tokens), initial=0))
        return list(tokens[bisect_left(starts, start) : bisect_left(starts, end)])

    def _earned(self, word: str) -> float:
        """The share that the pieces of a word have together, as jieba's `suggest_freq` counts it."""
        pieces = self._pieces(word)
        if len(pieces) == 1:
            return 0.0
        return exp(
            sum(
                weight if (weight := self._weights.get(piece)) is not None else self._unknown
                for piece in pieces
            )
        )

    def _pieces(self, block: str) -> list[str]:
        """The likeliest way through the dictionary; a character that no word covers stands alone."""
        weight_of, unknown, length = self._weights.get, self._unknown, len(block)
        best = [0.0] * (length + 1)
        ends = [0] * length
        # No share is a whole one: 0 says that nothing begins so.
        ones = list(map(weight_of, block, repeat(0.0)))
        twos = list(map(weight_of, pairs_of(block), repeat(0.0)))
        twos.append(0.0)
        for start in range(length - 1, -1, -1):
            weight, end = ones[start], start + 1
            top, top_end = (weight or unknown) + best[end], end
            if weight != 0.0:
                weight = twos[start]
                while weight != 0.0:
                    end += 1
                    if weight and (score := weight + best[end]) >= top:
                        top, top_end = score, end
                    if end == length:
                        break
                    weight = weight_of(block[start : end + 1], 0.0)
            best[start], ends[start] = top, top_end
        pieces: list[str] = []
        at = 0
        while at < length:
            pieces.append(block[at : ends[at]])
            at = ends[at]
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
        if len(run) == 1 or self._weights.get(run) is not None:
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


def _joined_at(text: str, at: int) -> bool:
    """Whether the characters before and after belong to one block, or to one end of a line."""
    around = text[max(at - 1, 0) : at + 1]
    return len(around) == 2 and (around == "\r\n" or _BLOCK.fullmatch(around) is not None)


def _shipped() -> tuple[Weights, float, int]:
    """Every word's logarithm, that of a character of no word, and the sum of all counts."""
    with jieba.Tokenizer().get_dict_file() as file:
        text = file.read().decode("utf-8")
    weights: Weights = {}
    total = 0
    for columns in _sliced(text):  # word, count, part of speech
        counts = list(map(int, columns[1::3]))
        weights.update(zip(columns[0::3], counts, strict=True))
        total += sum(counts)  # of a word that stands there twice both, as jieba has it
    whole = log(total)
    logarithms = {count: log(count) - whole for count in set(weights.values()) if count}
    for word, count in weights.items():
        weights[word] = logarithms[count] if count else None
    _begun(weights, list(weights))
    return weights, -whole, total


def _sliced(text: str) -> Iterator[list[str]]:
    """The parts of some thousand lines at a time: those of all at once would be most of what a start needs to hold."""
    start = 0
    while start < len(text):
        end = text.find("\n", start + SLICE) + 1 or len(text)
        yield text[start:end].split()
        start = end


def _begun(weights: Weights, words: Iterable[str]) -> None:
    """Marks what words begin with, so that a search knows when to stop."""
    for word in words:
        if word[:-1] not in weights:
            for end in range(len(word) - 1, 0, -1):
                if word[:end] in weights:
                    break
                weights[word[:end]] = None


def _likeliest(run: str, tokens: list[str]) -> None:
    """The hidden Markov model of jieba: which characters begin, go on, end or stand alone. Ties go as they go there."""
    begin, middle, end, single = _EMIT["B"], _EMIT["M"], _EMIT["E"], _EMIT["S"]
    b_m, b_e, m_m, m_e = _STEP["B"]["M"], _STEP["B"]["E"], _STEP["M"]["M"], _STEP["M"]["E"]
    e_b, e_s, s_b, s_s = _STEP["E"]["B"], _STEP["E"]["S"], _STEP["S"]["B"], _STEP["S"]["S"]
    letter = run[0]
    b = _START["B"] + begin.get(letter, _NEVER)
    m = _START["M"] + middle.get(letter, _NEVER)
    e = _START["E"] + end.get(letter, _NEVER)
    s = _START["S"] + single.get(letter, _NEVER)
    steps: list[dict[str, str]] = []
    for letter in run[1:]:
        emit = begin.get(letter, _NEVER)
        to_b, b_after = (x, "E") if (x := e + e_b + emit) > (y := s + s_b + emit) else (y, "S")
        emit = middle.get(letter, _NEVER)
        to_m, m_after = (x, "M") if (x := m + m_m + emit) >= (y := b + b_m + emit) else (y, "B")
        emit = end.get(letter, _NEVER)
        to_e, e_after = (x, "B") if (x := b + b_e + emit) > (y := m + m_e + emit) else (y, "M")
        emit = single.get(letter, _NEVER)
        to_s, s_after = (x, "S") if (x := s + s_s + emit) >= (y := e + e_s + emit) else (y, "E")
        b, m, e, s = to_b, to_m, to_e, to_s
        steps.append({"B": b_after, "M": m_after, "E": e_after, "S": s_after})
    state = "S" if (s, "S") >= (e, "E") else "E"
    cuts: list[int] = []
    for at in range(len(run) - 1, -1, -1):
        if state in "ES":
            cuts.append(at + 1)
        if at:
            state = steps[at - 1][state]
    start = 0
    for cut in reversed(cuts):
        tokens.append(run[start:cut])
        start = cut

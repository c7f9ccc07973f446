"""The words and phrases that people wrote down for a leaf, and what of them counts in a text."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from handlers.topic.finder import Finder, pairs_of

_SENTENCE_END = re.compile(r"[。！？；!?;\n]")

Span = tuple[int, int]


class Finding(NamedTuple):
    """A listed word that counts for a leaf: where it stands in the normalised text, what it weighs."""

    leaf: str
    weight: float
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ListedWord:
    leaf: str
    word: str
    weight: float
    guards: tuple[tuple[str, int], ...]  # longer words that take it away, and where in them it stands

    def counts_at(self, text: str, start: int) -> bool:
        return not any(
            start >= before and text.startswith(guard, start - before) for guard, before in self.guards
        )


@dataclass(frozen=True, slots=True)
class Phrase:
    """`pieces`: each a group of forms, one of which must stand there. `groups` has a bit for each of these groups."""

    leaf: str
    pieces: tuple[tuple[str, ...], ...]
    groups: int
    none: tuple[str, ...]
    within: int
    weight: float


@dataclass(frozen=True, slots=True)
class Cancel:
    """A word that takes back what follows at most `within` characters later."""

    leaf: str
    within: int


@dataclass(frozen=True, slots=True)
class Lowered:
    """So much of what the weights learnt of a word for a leaf is taken back: 1 is all of it."""

    leaf: str
    word: str
    share: float


@dataclass(slots=True)
class Meaning:
    """All that one string is listed for."""

    words: list[ListedWord] = field(default_factory=list)
    cancels: list[Cancel] = field(default_factory=list)
    groups: int = 0  # a bit for each group of forms it belongs to
    phrases: list[Phrase] = field(default_factory=list)  # that are looked for once it is seen


_Row = tuple[tuple[ListedWord, ...], tuple[Cancel, ...], int, tuple[Phrase, ...]]


class Listed:
    """Frozen after loading. `find` says what counts in a text."""

    def __init__(
        self,
        meanings: Mapping[str, Meaning],
        phrases: Iterable[Phrase] = (),
        lowered: Iterable[Lowered] = (),
    ) -> None:
        every = tuple(phrases)
        for phrase in every:
            for form in min(phrase.pieces, key=_likelihood):
                meanings[form].phrases.append(phrase)
        rows: dict[str, _Row] = {
            string: (tuple(each.words), tuple(each.cancels), each.groups, tuple(each.phrases))
            for string, each in meanings.items()
        }
        self._finder = Finder(rows.items())
        self.words = tuple(word for meaning in meanings.values() for word in meaning.words)
        self.leaves = frozenset(word.leaf for word in self.words) | frozenset(phrase.leaf for phrase in every)
        self.lowered = tuple(lowered)
        self.size = len(meanings)

    def find(self, text: str, pairs: Sequence[str] | None = None) -> list[Finding]:
        """Each word once for each leaf; shorter words inside longer ones of the same leaf are left out."""
        near = pairs_of(text) if pairs is None else pairs
        words: list[tuple[int, int, ListedWord]] = []
        cancels: list[tuple[int, Cancel]] = []
        due: list[Phrase] = []
        groups = 0
        for start, end, (listed, taking_back, own_groups, phrases) in self._finder.find(text, near):
            groups |= own_groups
            if phrases:
                due += phrases
            for word in listed:
                if not word.guards or word.counts_at(text, start):
                    words += ((start, end, word),)
            if taking_back:
                cancels += [(end, cancel) for cancel in taking_back]
        findings = _counted(text, words, cancels) if words else []
        standing = [phrase for phrase in due if phrase.groups & groups == phrase.groups]
        for phrase in {id(phrase): phrase for phrase in standing}.values():
            findings += _stated(phrase, text, cancels)
        return findings


def _likelihood(piece: tuple[str, ...]) -> float:
    """How often a piece stands in any text, very roughly: what is short says little."""
    return sum((20.0, 1.0, 0.1)[min(len(form), 3) - 1] for form in piece)


def _counted(
    text: str, words: list[tuple[int, int, ListedWord]], cancels: list[tuple[int, Cancel]]
) -> list[Finding]:
    if len(words) > 1:
        words.sort(key=_longest_first)
    counted: dict[tuple[str, str], Finding] = {}
    covered: dict[str, list[Span]] = {}
    for start, end, word in words:
        leaf = word.leaf
        spans = covered.get(leaf)
        if spans is None:
            covered[leaf] = [(start, end)]
        elif _inside(start, end, spans):
            continue
        else:
            spans.append((start, end))
        if not (cancels and _cancelled(text, start, leaf, cancels)):
            counted.setdefault((leaf, word.word), Finding(leaf, word.weight, start, end))
    return list(counted.values())


def _longest_first(word: tuple[int, int, ListedWord]) -> tuple[int, int]:
    return word[0] - word[1], word[0]


def _inside(start: int, end: int, spans: list[Span]) -> bool:
    for first, last in spans:  # noqa: SIM110 - a generator costs three times as much, for every word of every message
        if first <= start and end <= last:
            return True
    return False


def _cancelled(text: str, start: int, leaf: str, cancels: list[tuple[int, Cancel]]) -> bool:
    return any(
        0 <= start - end <= cancel.within
        and cancel.leaf in ("", leaf)
        and not _SENTENCE_END.search(text, end, start)
        for end, cancel in cancels
    )


def _stated(phrase: Phrase, text: str, cancels: list[tuple[int, Cancel]]) -> list[Finding]:
    """The phrase's pieces, its weight shared among them, where it stands in the text."""
    spans = _standing(phrase, text)
    if not spans or (cancels and _cancelled(text, min(spans)[0], phrase.leaf, cancels)):
        return []
    share = phrase.weight / len(spans)
    return [Finding(phrase.leaf, share, start, end) for start, end in spans]


def _standing(phrase: Phrase, text: str) -> list[Span]:
    groups = [_spans(piece, text) for piece in phrase.pieces]
    for anchor in groups[0]:
        chosen = [anchor]
        for group in groups[1:]:
            near = [span for span in group if _apart(span, chosen)]
            if not near:
                break
            chosen.append(near[0] if len(near) == 1 else min(near, key=lambda span: abs(span[0] - anchor[0])))
        else:
            first, last = min(chosen)[0], max([end for _, end in chosen])
            together = last - first <= phrase.within and not _SENTENCE_END.search(text, first, last)
            if together and not _spoilt(phrase, text, first, last):
                return chosen
    return []


def _spans(piece: tuple[str, ...], text: str) -> list[Span]:
    spans: list[Span] = []
    for form in piece:
        at = text.find(form)
        while at >= 0:
            spans.append((at, at + len(form)))
            at = text.find(form, at + 1)
    return spans


def _apart(span: Span, chosen: list[Span]) -> bool:
    for start, end in chosen:  # noqa: SIM110 - as above
        if span[0] < end and start < span[1]:
            return False
    return True


def _spoilt(phrase: Phrase, text: str, first: int, last: int) -> bool:
    """Whether a word that must not stand there does, in the sentence from `first` to `last`."""
    if not phrase.none:
        return False
    start = max((end.end() for end in _SENTENCE_END.finditer(text, 0, first)), default=0)
    stop = _SENTENCE_END.search(text, last)
    sentence = text[start : stop.start() if stop else len(text)]
    return any(word in sentence for word in phrase.none)

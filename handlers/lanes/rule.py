"""One rule: which concepts must stand together, how near, and what must not stand there."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from handlers.lanes.lane import Found
from handlers.lanes.vocabulary import Hit, Spans, Vocabulary

_SENTENCE_END = re.compile(r"[。!?;\n]")
_LETTER = re.compile(r"[\w\U0001f300-\U0001faff\u2600-\u27bf]")


class Reading:
    """A text with its concepts; where they stand, sentences and cover are worked out only when a rule asks for them."""

    def __init__(self, text: str, vocabulary: Vocabulary, hits: Sequence[Hit]) -> None:
        self.text = text
        self._vocabulary = vocabulary
        self._hits = hits
        self._spans: dict[str, Spans] = {}
        self._sentences: list[int] | None = None
        self._letters: int | None = None
        self._plainly: int | None = None
        self.standing = vocabulary.standing(text, hits)  # the bits of the concepts that stand in the text

    def spans(self, name: str) -> Spans:
        """Where a concept stands; nothing where it does not."""
        known = self._spans.get(name)
        if known is None:
            known = self._spans[name] = self._vocabulary.spans(name, self.text, self._hits)
        return known

    def stands(self, name: str) -> bool:
        """Whether a concept stands in the text."""
        return bool(self.standing & self._vocabulary.bits[name])

    def names(self) -> list[str]:
        """The concepts that stand in the text and have a name of their own."""
        return self._vocabulary.named(self.standing & self._vocabulary.written)

    def in_order(self) -> list[str]:
        """The same in the order they are found: learning must come out the same each time."""
        named, written = self._vocabulary.named, self._vocabulary.written
        every = (name for _, _, names, _ in self._hits for name in named(names & written))
        return [name for name in dict.fromkeys(every) if self.stands(name)]

    def blanked(self, text: str, hidden: Sequence[tuple[int, int]]) -> "Reading":
        """The same for the text with these parts blanked."""
        hits = [
            hit for hit in self._hits if not any(hit[0] < end and start < hit[1] for start, end in hidden)
        ]
        return Reading(text, self._vocabulary, hits)

    def sentence(self, at: int) -> int:
        """The number of the sentence that `at` stands in."""
        if self._sentences is None:
            self._sentences = [end.start() for end in _SENTENCE_END.finditer(self.text)]
        return sum(end < at for end in self._sentences)

    @property
    def letters(self) -> int:
        """One bit for each position that holds a letter or a face; blanks and punctuation say nothing."""
        if self._letters is None:
            self._letters = sum(1 << at.start() for at in _LETTER.finditer(self.text))
        return self._letters

    @property
    def plainly(self) -> int:
        """So many letters at least, counted at once."""
        if self._plainly is None:
            self._plainly = sum(map(str.isalnum, self.text))
        return self._plainly

    def uncovered(self, names: Iterable[str], enough: int) -> int:
        """Letters of the text outside every word of these concepts; of more than `enough` not all need be counted."""
        spans = [span for name in names for span in self.spans(name)]
        least = self.plainly - sum([end - start for start, end in spans])
        if least > enough:
            return least
        cover = 0
        for start, end in spans:
            cover |= (1 << end) - (1 << start)
        return (self.letters & ~cover).bit_count()


@dataclass(frozen=True, slots=True)
class Rule:
    """Fires where a word of each concept of `all` stands within the limits and none of `none` does."""

    lane: str
    name: str
    all: tuple[str, ...]
    some: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    near_none: tuple[str, ...] = ()  # like `none`, but only in the sentence in which `all` stands
    least: int = 1  # so many concepts of `some` stand somewhere in the text
    within: int = 16  # characters between the first word's start and the last one's; 0 = anywhere in the text
    ordered: bool = False  # the words stand in the order of `all`
    longest: int = 0  # the whole text has at most so many letters; 0 = no limit
    left: int = -1  # at most so many letters may stand outside `all` and `cover`; -1 = no limit
    cover: tuple[str, ...] = ()

    def fires(self, reading: Reading) -> tuple[Found, ...] | None:
        """The words it rests on, or None."""
        if not all(map(reading.stands, self.all)) or any(map(reading.stands, self.none)):
            return None
        if self.some and sum(map(reading.stands, self.some)) < self.least:
            return None
        if self.longest and (reading.plainly > self.longest or reading.letters.bit_count() > self.longest):
            return None
        if self.left >= 0 and reading.uncovered((*self.all, *self.some, *self.cover), self.left) > self.left:
            return None
        return self._together(reading)

    def _together(self, reading: Reading) -> tuple[Found, ...] | None:
        found = reading.spans
        if not self.all:
            words = tuple(Found(name, *found(name)[0]) for name in self.some if reading.stands(name))
            return None if self._spoilt(reading, words[0].start) else words
        for first in found(self.all[0]):
            chosen = [first]
            for name in self.all[1:]:
                span = self._nearest(reading, chosen, found(name))
                if span is None:
                    break
                chosen.append(span)
            else:
                if not self._spoilt(reading, first[0]):
                    return tuple(Found(name, *span) for name, span in zip(self.all, chosen, strict=True))
        return None

    def _nearest(self, reading: Reading, chosen: Spans, spans: Spans) -> tuple[int, int] | None:
        low, high = min(start for start, _ in chosen), max(start for start, _ in chosen)
        best: tuple[int, tuple[int, int]] | None = None
        for span in spans:
            if (self.ordered and span[0] < chosen[-1][1]) or span in chosen:
                continue
            width = max(high, span[0]) - min(low, span[0])
            if self.within and (width > self.within or reading.sentence(span[0]) != reading.sentence(low)):
                continue
            if best is None or width < best[0]:
                best = width, span
        return best and best[1]

    def _spoilt(self, reading: Reading, at: int) -> bool:
        home = reading.sentence(at) if self.near_none else 0
        return any(
            reading.sentence(start) == home for name in self.near_none for start, _ in reading.spans(name)
        )


def limits(value: Mapping[str, Any]) -> dict[str, Any]:
    """The optional limits of a rule as its file gives them."""
    return {key: value[key] for key in ("within", "ordered", "least", "longest", "left") if key in value}

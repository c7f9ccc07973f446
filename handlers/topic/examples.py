"""What a rule set is learnt from: confirmed texts with their category, and the openings of long ones."""

from collections.abc import Callable, Iterable, Iterator
from random import Random
from typing import NamedTuple

from handlers.topic.jsonl import Row
from handlers.topic.normalise import Normaliser
from handlers.topic.tokens import Tokens

MOST_TEXTS = 20_000  # more of them add little; beyond, each category keeps a fair sample
MOST_CATEGORIES = 1_000
LONGEST_CATEGORY = 100
LONGEST_EXAMPLE = 1_000  # characters
SHORT = 60  # characters of what a person types in one message
_HEADING = range(4, SHORT)
_OPENING_WORDS = 10
_OPENING_CHARACTERS = 25


class Confirmed(NamedTuple):
    text: str
    category: str


class Example(NamedTuple):
    """A text as it is learnt. Those of one `source` come from one work order. `typed`: like a message typed in."""

    source: int
    category: str
    text: str
    tokens: tuple[str, ...]
    typed: bool


class Sample:
    """A stream of confirmed texts, of which at most `MOST_TEXTS` are kept, whatever its length."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._kept: dict[str, list[str]] = {}
        self._seen: dict[str, int] = {}
        self._random = Random(0)
        self.good = 0
        self.bad = 0

    def take(self, row: Row) -> None:
        """A bad line is named and left out."""
        reason = row.error or _problem(row.value)
        if reason:
            self.bad += 1
            self._tell(f"line {row.number}: {reason}")
            return
        self.good += 1
        category = " ".join(row.value["category"].split()).encode("utf-8", "replace").decode("utf-8")
        kept = self._kept.setdefault(category, [])
        seen = self._seen[category] = self._seen.get(category, 0) + 1
        room = max(MOST_TEXTS // len(self._kept), 1)
        del kept[room:]
        text = row.value["text"][: LONGEST_EXAMPLE * 2]
        if len(kept) < room:
            kept.append(text)
        elif (place := self._random.randrange(seen)) < room:
            kept[place] = text

    @property
    def categories(self) -> list[str]:
        return sorted(self._kept)

    def __iter__(self) -> Iterator[Confirmed]:
        room = max(MOST_TEXTS // max(len(self._kept), 1), 1)
        for category in self.categories:
            for text in self._kept[category][:room]:
                yield Confirmed(text, category)


def _problem(value: dict[str, object]) -> str:
    text, category = value.get("text"), value.get("category")
    if not isinstance(text, str) or not text.strip():
        return "text is missing, empty or no text"
    if not isinstance(category, str) or not category.strip():
        return "category is missing, empty or no text"
    if len(category) > LONGEST_CATEGORY:
        return f"category is longer than {LONGEST_CATEGORY} characters"
    return ""


def examples_of(confirmed: Iterable[Confirmed], normaliser: Normaliser, tokens: Tokens) -> Iterator[Example]:
    """Each text, and of a long one its heading or opening too: people type one line, work orders hold a page.

    Words already apart stay so: what stood between them may have been left out, so no piece reaches over two.
    """
    for source, (raw, category) in enumerate(confirmed):
        text = normaliser.read(raw).text.strip()[:LONGEST_EXAMPLE]
        heading, _, rest = text.partition("\n")
        heading = heading.strip()
        words = text.split()
        if len(words) > 4 and len(words) * 6 > len(text):  # words already apart
            cut = [token for word in words for token in tokens.cut(word)]
            yield Example(source, category, " ".join(words), tuple(cut), len(words) <= 2 * _OPENING_WORDS)
            if len(words) > 2 * _OPENING_WORDS:
                first = words[:_OPENING_WORDS]
                cut = [token for word in first for token in tokens.cut(word)]
                yield Example(source, category, " ".join(first), tuple(cut), typed=False)
            continue
        yield Example(source, category, text, tuple(tokens.cut(text)), len(text) <= SHORT)
        if rest.strip() and len(heading) in _HEADING:
            yield Example(source, category, heading, tuple(tokens.cut(heading)), typed=True)
        elif len(text) > SHORT:
            opening = text[:_OPENING_CHARACTERS]
            yield Example(source, category, opening, tuple(tokens.cut(opening)), typed=False)

"""The county's places as villagers name them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from handlers.topic.data import table_of
from handlers.topic.finder import Finder, pairs_of

BLANK = "□"  # stands for a place's characters, so that its name weighs nothing


@dataclass(frozen=True, slots=True)
class PlaceName:
    """A row of the directory's place sheet."""

    code: str
    name: str
    aliases: tuple[str, ...] = ()
    parent: str | None = None
    level: str = ""


class PlaceReading(NamedTuple):
    """`place` is the code where the text settles it; otherwise `choices` are the codes it may mean, if any.

    `own` is true where the writer says "our village" without a name. `masked` is the text with every place blanked,
    which stood at `spans`.
    """

    masked: str
    place: str | None = None
    choices: tuple[str, ...] = ()
    own: bool = False
    spans: Sequence[tuple[int, int]] = ()


@dataclass(slots=True)
class _Form:
    codes: list[str] = field(default_factory=list)
    own: bool = False  # "our village"
    certain: bool = False  # a name in full, or no ordinary word: counts wherever it stands


@dataclass(frozen=True, slots=True)
class PlaceWords:
    """What stands around a place's name, from `places.toml`."""

    suffixes: tuple[str, ...]
    before: tuple[str, ...]
    after: tuple[str, ...]
    own: tuple[str, ...]

    @classmethod
    def load(cls, file: Path) -> "PlaceWords":
        entry = table_of(file)
        entry.only("suffixes", "before", "after", "own")
        suffixes = tuple(sorted(entry.texts("suffixes"), key=len, reverse=True))
        return cls(suffixes, entry.texts("before"), entry.texts("after"), entry.texts("own"))


class Gazetteer:
    """Finds places by name, alias and bare stem; a stem that is an ordinary word only where a place would stand."""

    def __init__(
        self, places: Iterable[PlaceName], words: PlaceWords, ordinary: Callable[[str], bool]
    ) -> None:
        self._words = words
        self._parents: dict[str, str | None] = {}
        forms: dict[str, _Form] = {}
        for place in places:
            self._parents[place.code] = place.parent
            for name, certain in self._forms(place, ordinary):
                form = forms.setdefault(name, _Form())
                form.certain = form.certain or certain
                if place.code not in form.codes:
                    form.codes.append(place.code)
        self.names = tuple(forms)
        for word in words.own:
            forms.setdefault(word, _Form(own=True))
        self._finder = Finder(forms.items())

    def _forms(self, place: PlaceName, ordinary: Callable[[str], bool]) -> Iterable[tuple[str, bool]]:
        for name in map(str.strip, (place.name, *place.aliases)):
            if len(name) < 2:
                continue
            stem = next(
                (name[: -len(s)] for s in self._words.suffixes if name.endswith(s) and len(name) > len(s)),
                name,
            )
            yield name, stem != name or not ordinary(name)
            if len(stem) > 1:
                yield stem, not ordinary(stem)

    def read(self, text: str, home: str | None = None, pairs: Sequence[str] | None = None) -> PlaceReading:
        """`home` is the code the writer is known by: among several of one name, those at or under it are meant."""
        found = self._finder.find(text, pairs_of(text) if pairs is None else pairs)
        if not found:
            return PlaceReading(text)
        hits = self._longest(text, found)
        if not hits:
            return PlaceReading(text, own=any(form.own for _, _, form in found))
        letters = list(text)
        for start, end, _ in hits:
            letters[start:end] = BLANK * (end - start)
        place, choices = self._settled([form.codes for _, _, form in hits], home)
        spans = [(start, end) for start, end, _ in hits]
        return PlaceReading("".join(letters), place, choices, spans=spans)

    def _longest(self, text: str, found: list[tuple[int, int, _Form]]) -> list[tuple[int, int, _Form]]:
        kept: list[tuple[int, int, _Form]] = []
        for start, end, form in found:
            free = not kept or start >= kept[-1][1]
            if form.codes and free and (form.certain or self._in_position(text, start, end)):
                kept.append((start, end, form))
        return kept

    def _in_position(self, text: str, start: int, end: int) -> bool:
        return text.startswith(self._words.after, end) or text.endswith(self._words.before, 0, start)

    def _settled(self, named: list[list[str]], home: str | None) -> tuple[str | None, tuple[str, ...]]:
        """The deepest place that agrees with all others named; several that do are choices."""
        codes = list(dict.fromkeys(code for codes in named for code in codes))
        lines = {code: self._line(code) for code in codes}
        agreeing = [
            code for code in codes if all(any(other in lines[code] for other in others) for others in named)
        ]
        if len(agreeing) > 1 and home:
            agreeing = [
                code for code in agreeing if home in lines[code] or code in self._line(home)
            ] or agreeing
        if len(agreeing) == 1:
            return agreeing[0], ()
        return None, tuple(agreeing or codes)

    def _line(self, code: str) -> tuple[str, ...]:
        """The place and all above it."""
        line: list[str] = []
        at: str | None = code
        while at and at not in line:
            line.append(at)
            at = self._parents.get(at)
        return tuple(line)

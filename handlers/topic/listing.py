"""Reads `topics/*.toml` and refuses what cannot work, with file, line and reason."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from handlers.topic.categories import Categories
from handlers.topic.data import Entry, entries_of
from handlers.topic.errors import BadBars, Twice, Unproven
from handlers.topic.listed import Cancel, Listed, ListedWord, Lowered, Meaning, Phrase
from handlers.topic.normalise import Normaliser

KINDS = ("word", "phrase", "cancel", "lower")
LONGEST_WORD = 20
WITHIN = 12.0  # characters from a phrase's first to its last
CANCEL_WITHIN = 2.0  # characters between a negation and what it takes back
MOST_WORDS = 200_000


class _Test(NamedTuple):
    leaf: str
    entry: Entry
    forms: tuple[str, ...]  # one of which must count
    proven: bool = False


def load_listed(folder: Path, categories: Categories, normaliser: Normaliser) -> Listed:
    """Every `*.toml` of `folder`; a missing folder is an empty list. Raises `RuleSetError`."""
    listing = _Listing(categories, normaliser)
    for file in sorted(folder.glob("*.toml")):
        listing.take(list(entries_of(file, *KINDS)))
    listed = Listed(listing.meanings, listing.phrases, listing.lowered)
    for test in listing.tests:
        if not test.proven:
            _prove(listed, test, normaliser)
    return listed


def _prove(listed: Listed, test: _Test, normaliser: Normaliser) -> None:
    """In its own test sentence a word counts for its leaf, by itself or within a longer word of the same leaf."""
    sentence = test.entry.text("test")
    text = normaliser.read(sentence).text
    counted = [text[found.start : found.end] for found in listed.find(text) if found.leaf == test.leaf]
    if not any(form in word for word in counted for form in test.forms):
        reason = f"{test.forms[0]} does not count for {test.leaf} in its test sentence: {sentence}"
        raise Unproven(test.entry.file, test.entry.line, reason)


def _written(entry: Entry) -> Iterator[str]:
    """Every string of an entry that is looked for in texts."""
    word, pieces, before = (entry.value.get(key, ()) for key in ("word", "all", "before"))
    if isinstance(word, str):
        yield word
    for piece in (
        (*pieces, *before) if isinstance(pieces, list | tuple) and isinstance(before, list | tuple) else ()
    ):
        if isinstance(piece, str):
            yield from piece.split("|")


class _Listing:
    """Entries as they come, each hung on its strings."""

    def __init__(self, categories: Categories, normaliser: Normaliser) -> None:
        self._categories = categories
        self._normaliser = normaliser
        self._words: dict[tuple[str, str], Entry] = {}
        self._groups: dict[tuple[str, ...], int] = {}
        self._forms: dict[str, str] = {}
        self._cancels = False
        self.meanings: dict[str, Meaning] = {}
        self.phrases: list[Phrase] = []
        self.lowered: list[Lowered] = []
        self.tests: list[_Test] = []

    def take(self, entries: Sequence[tuple[str, Entry]]) -> None:
        """The entries of one file."""
        adding = dict(zip(KINDS, (self._word, self._phrase, self._cancel, self._lower), strict=True))
        self._forms = self._normaliser.forms(form for _, entry in entries for form in _written(entry))
        self._cancels = self._cancels or any(kind == "cancel" for kind, _ in entries)
        for kind, entry in entries:
            adding[kind](entry)

    def _meaning(self, form: str) -> Meaning:
        return self.meanings.setdefault(form, Meaning())

    def _leaf(self, entry: Entry) -> str:
        leaf = entry.text("leaf")
        if leaf not in self._categories.leaves:
            raise entry.refuse(f"{leaf} is no leaf of categories.toml")
        return leaf

    def _weight(self, entry: Entry) -> float:
        weight = entry.number("weight")
        if weight <= 0:
            raise entry.refuse("weight must be more than 0")
        return weight

    def _form(self, entry: Entry, word: str) -> str:
        """As it stands in a normalised text. A typo that is put right there can not be found: its proof fails."""
        if not word or len(word) > LONGEST_WORD or word != word.strip():
            raise entry.refuse(
                f"{word!r} is empty, longer than {LONGEST_WORD} characters or has blanks around it"
            )
        return self._forms[word]

    def _word(self, entry: Entry) -> None:
        entry.only("leaf", "word", "weight", "test", "not")
        leaf, word, barred = self._leaf(entry), self._form(entry, entry.text("word")), entry.texts("not")
        known = self._words.setdefault((leaf, word), entry)
        if known is not entry:
            reason = f"{word} is already listed for {leaf} in {known.file.name} line {known.line}"
            raise Twice(entry.file, entry.line, reason)
        if len(self._words) > MOST_WORDS:
            raise entry.refuse(f"more than {MOST_WORDS} words; nobody can answer for so many")
        if any(word not in bar or bar == word for bar in barred):
            reason = f"every entry of not must be longer than {word} and hold it"
            raise BadBars(entry.file, entry.line, reason)
        guards = tuple((bar, at) for bar in barred for at in range(len(bar)) if bar.startswith(word, at))
        self._meaning(word).words.append(ListedWord(leaf, word, self._weight(entry), guards))
        plain = not guards and not self._cancels and word in entry.text("test")  # nothing could take it away
        self.tests.append(_Test(leaf, entry, (word,), plain))

    def _phrase(self, entry: Entry) -> None:
        entry.only("leaf", "all", "none", "within", "weight", "test")
        leaf, written = self._leaf(entry), entry.texts("all")
        if len(written) < 2:
            raise entry.refuse("a phrase needs two pieces or more; one piece is a word")
        pieces = tuple(tuple(self._form(entry, form) for form in piece.split("|")) for piece in written)
        groups = 0
        for piece in pieces:
            groups |= 1 << self._group(piece)
        within = int(entry.number("within", WITHIN, least=2))
        self.phrases.append(Phrase(leaf, pieces, groups, entry.texts("none"), within, self._weight(entry)))
        self.tests.append(_Test(leaf, entry, tuple(form for piece in pieces for form in piece)))

    def _group(self, piece: tuple[str, ...]) -> int:
        """The number of a group of forms; phrases with the same piece share it."""
        number = self._groups.setdefault(piece, len(self._groups))
        for form in piece:
            self._meaning(form).groups |= 1 << number
        return number

    def _cancel(self, entry: Entry) -> None:
        entry.only("before", "leaf", "within", "test")
        leaf = self._leaf(entry) if "leaf" in entry.value else ""
        within = int(entry.number("within", CANCEL_WITHIN))
        before = entry.texts("before")
        if not before or not any(form in self._normaliser.read(entry.text("test")).text for form in before):
            reason = "before is empty, or none of it stands in the test sentence"
            raise BadBars(entry.file, entry.line, reason)
        for form in before:
            self._meaning(self._form(entry, form)).cancels.append(Cancel(leaf, within))

    def _lower(self, entry: Entry) -> None:
        entry.only("leaf", "word", "share", "test")
        leaf, word, share = self._leaf(entry), self._form(entry, entry.text("word")), entry.number("share")
        if not 0 < share <= 1:
            raise entry.refuse("share must be more than 0 and at most 1")
        if word not in self._normaliser.read(entry.text("test")).text:
            raise Unproven(entry.file, entry.line, f"{word} does not stand in its test sentence")
        self.lowered.append(Lowered(leaf, word, share))

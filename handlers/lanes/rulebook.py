"""Reads concepts and rules from a folder of TOML files, and refuses what cannot work with file, line and reason."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from pathlib import Path
from typing import Any

from handlers.lanes.lane import Found
from handlers.lanes.rule import Reading, Rule, limits
from handlers.lanes.vocabulary import Concept, Vocabulary
from handlers.topic.data import Entry, entries_of
from handlers.topic.errors import RuleSetError

SETTINGS = "settings.toml"  # beside the rules, but none of them
_CONCEPT_KEYS = ("name", "words", "unless", "not_after")
_LIMIT_KEYS = ("some", "least", "within", "ordered", "longest", "left", "cover")
_RULE_KEYS = ("lane", "name", "all", "none", "near_none", "test", "not", *_LIMIT_KEYS)


@dataclass(frozen=True, slots=True)
class Written:
    """A rule beside the sentences that prove it."""

    rule: Rule
    entry: Entry


class Rulebook:
    """Rules of several columns (a column is what is decided: lanes, kinds), each in the order they are tried."""

    def __init__(self, rules: Iterable[Written], vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self.written = tuple(rules)
        # What a rule asks for first, as bits: of a rule, what must stand in the text and what must not.
        self._asked = [
            (vocabulary.mask(each.rule.all), vocabulary.mask(each.rule.none), each.rule)
            for each in self.written
        ]
        self._due: dict[int, int] = {}  # by the bit of a concept, the rules it is the key of, a bit each
        for index, written in enumerate(self.written):
            for key in written.rule.all[-1:] or written.rule.some:
                bit = vocabulary.bits[key]
                self._due[bit] = self._due.get(bit, 0) | 1 << index
        self._keys = reduce(or_, self._due, 0)

    def read(self, text: str, pairs: Sequence[str] | None = None) -> Reading:
        """One pass over the text."""
        return Reading(text, self._vocabulary, self._vocabulary.hits(text, pairs))

    def first(self, reading: Reading) -> tuple[Rule, tuple[Found, ...]] | None:
        """The first rule that fires. Only rules whose last concept stands in the text are looked at."""
        standing = reading.standing
        keys, due = standing & self._keys, 0
        while keys:
            key = keys & -keys
            due |= self._due[key]
            keys ^= key
        while due:
            index = (due & -due).bit_length() - 1
            due ^= 1 << index
            needed, refused, rule = self._asked[index]
            if needed & standing == needed and not refused & standing:
                words = rule.fires(reading)
                if words is not None:
                    return rule, words
        return None


def load(folder: Path, columns: Mapping[str, Iterable[str]]) -> dict[str, Rulebook]:
    """One rulebook a column; `columns` gives the values a rule's `lane` may have, in the order they are tried.

    Raises `RuleSetError`: unknown keys, concepts, lanes; a word without text; a rule that its own `test` does not
    reach, or that its `not` does. A concept that no rule names is read all the same: the learnt weights know it.
    """
    concepts, entries = _read(folder)
    classes = _Classes(concepts)
    written = [Written(_rule(entry, classes), entry) for entry in entries]
    for name, (_, entry) in concepts.items():
        classes.compose(f"@{name}", entry)
    vocabulary = Vocabulary(classes.compiled.values())
    order = {value: (column, at) for column, values in columns.items() for at, value in enumerate(values)}
    books = {}
    for column in columns:
        rules = [each for each in written if each.rule.lane in order and order[each.rule.lane][0] == column]
        books[column] = Rulebook(sorted(rules, key=lambda each: order[each.rule.lane][1]), vocabulary)
    for each in written:
        if each.rule.lane not in order:
            raise each.entry.refuse(f"lane {each.rule.lane} is not known; known are {', '.join(order)}")
        _prove(each, books[order[each.rule.lane][0]])
    return books


def _read(folder: Path) -> tuple[dict[str, tuple[Concept, Entry]], list[Entry]]:
    """Every concept by its name, and every rule."""
    concepts: dict[str, tuple[Concept, Entry]] = {}
    entries: list[Entry] = []
    for file in sorted(path for path in folder.glob("*.toml") if path.name != SETTINGS):
        for kind, entry in entries_of(file, "concept", "rule"):
            if kind == "rule":
                entries.append(entry)
                continue
            concept = _concept(entry)
            if concept.name in concepts:
                raise entry.refuse(f"concept {concept.name} is already there")
            concepts[concept.name] = concept, entry
    if not entries:
        raise RuleSetError(folder, 0, "no rule of any lane")
    return concepts, entries


def _concept(entry: Entry) -> Concept:
    entry.only(*_CONCEPT_KEYS)
    name, words = entry.text("name"), entry.texts("words")
    if not words:
        raise entry.refuse(f"concept {name} has no words")
    for word in words:
        if words.count(word) > 1:
            raise entry.refuse(f"concept {name} has {word} twice")
    return Concept(name, words, entry.texts("unless"), entry.texts("not_after"))


class _Classes:
    """Written concepts, and the ones that rules compose of them: `@gift|cash` is a class of its own."""

    def __init__(self, concepts: dict[str, tuple[Concept, Entry]]) -> None:
        self._concepts = concepts
        self.compiled: dict[str, Concept] = {}

    def compose(self, item: str, entry: Entry, above: tuple[str, ...] = ()) -> Concept:
        """The class an item stands for; `above` are the concepts being composed, to refuse a circle."""
        if item in self.compiled:
            return self.compiled[item]
        words: dict[str, None] = {}
        unless: dict[str, None] = {}
        not_after: dict[str, None] = {}
        for part in item.split("|"):
            if not part.startswith("@"):
                words[part] = None
                continue
            name = part[1:]
            if name not in self._concepts or name in above:
                raise entry.refuse(f"concept {name} {'holds itself' if name in above else 'is not known'}")
            written, home = self._concepts[name]
            unless.update(dict.fromkeys(written.unless))
            not_after.update(dict.fromkeys(written.not_after))
            for word in written.words:
                inner = self.compose(word, home, (*above, name)) if word.startswith("@") else None
                words.update(dict.fromkeys(inner.words if inner else (word,)))
                unless.update(dict.fromkeys(inner.unless if inner else ()))
                not_after.update(dict.fromkeys(inner.not_after if inner else ()))
        if "" in words:
            raise entry.refuse(f"an empty word in {item}")
        self.compiled[item] = Concept(item, tuple(words), tuple(unless), tuple(not_after))
        return self.compiled[item]


def _rule(entry: Entry, classes: _Classes) -> Rule:
    entry.only(*_RULE_KEYS)
    groups: dict[str, Any] = {key: entry.texts(key) for key in ("all", "some", "none", "near_none", "cover")}
    if not groups["all"] and not groups["some"]:
        raise entry.refuse("a rule needs at least one concept in all or some")
    for item in (item for items in groups.values() for item in items):
        classes.compose(item, entry)
    # The rarest class comes last: it is the one a text is asked for first.
    ordered = bool(entry.value.get("ordered", False))
    if not ordered:
        groups["all"] = tuple(sorted(groups["all"], key=lambda item: -_commonness(classes.compiled[item])))
    for key in ("least", "within", "longest", "left"):
        entry.number(key, 0.0, -1.0)
    if int(entry.value.get("least", 1)) > max(len(groups["some"]), 1):
        raise entry.refuse("least asks for more than some holds")
    return Rule(entry.text("lane"), entry.text("name"), **{**groups, **limits(entry.value)})


def _commonness(concept: Concept) -> float:
    return sum(10.0 ** -len(word) for word in concept.words)


def _prove(written: Written, book: Rulebook) -> None:
    """Every `test` ends in this rule's lane by this very rule; no `not` makes this rule fire."""
    rule, entry = written.rule, written.entry
    tests = entry.texts("test")
    if not tests:
        raise entry.refuse(f"rule {rule.name} needs a sentence in test")
    for sentence in tests:
        if rule.fires(book.read(sentence)) is None:
            raise entry.refuse(f"rule {rule.name} is not reached by its test sentence {sentence}")
        first = book.first(book.read(sentence))
        if first is not None and first[0].lane != rule.lane:
            raise entry.refuse(
                f"{first[0].lane}/{first[0].name} claims {sentence} before {rule.lane}/{rule.name}"
            )
    for sentence in entry.texts("not"):
        if rule.fires(book.read(sentence)) is not None:
            raise entry.refuse(f"rule {rule.name} must not claim {sentence}")

"""What the acts ask of the rule set, in the words of a conversation."""

import tomllib
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import NamedTuple, Self

from handlers.commands import tidy
from handlers.lanes import Command, Kind, Satisfaction
from handlers.topic import PlaceName, Route, Understanding
from handlers.topic.counted import words_of
from handlers.topic.findable import asked_for, findable
from handlers.topic.terms import Terms, terms_of

SURE = 0.9  # margin from which a word of an officer's, which names no leaf, still means one
WORDS = Path(__file__).parent / "words" / "commands.toml"


class ReviewAsked(NamedTuple):
    """A villager is not content with an answer. `is_plain`: he names the review; `reasons`: he says more."""

    is_plain: bool
    reasons: bool


class Reader:
    """Reads villagers: routes, names, commands. Frozen; safe to share between threads."""

    def __init__(self, understanding: Understanding, places: Iterable[PlaceName]) -> None:
        self._understanding = understanding
        self._rules = understanding.rules
        self._places = {place.code: place.name for place in places}
        words = tomllib.loads(WORDS.read_text(encoding="utf-8"))["villager"]
        self._keeps = frozenset(words["keep"])
        self._village: str = words["village"]
        self._same_person: list[str] = sorted(words["same_person"], key=len, reverse=True)
        plain, discontent = words["review"], words["discontent"]
        self.review_word: str = plain[0]  # what is written down where no words may be
        self._reviews = sorted(
            ((one, one in plain) for one in [*plain, *discontent]), key=lambda it: -len(it[0])
        )
        self._review_words = tuple(one for one, _ in self._reviews)
        self._agrees = dict.fromkeys(words["yes"], True) | dict.fromkeys(words["no"], False)
        self._kinds = {label: kind for kind, label in self._rules.lanes.labels.items()}

    @classmethod
    def load(cls, folder: Path | None = None, places: Iterable[PlaceName] = ()) -> Self:
        """`folder` is a rule set, None the shipped one. Raises RuleSetError."""
        known = tuple(places)
        return cls(Understanding.load(folder, known), known)

    @property
    def version(self) -> str:
        return self._rules.version

    @property
    def category_codes(self) -> frozenset[str]:
        """Every leaf and top a division of work may name."""
        return frozenset(self._rules.categories.leaves) | frozenset(self._rules.categories.tops)

    def route(self, text: str, home: str | None = None) -> Route:
        return self._understanding.route(text, home)

    def words_of(self, text: str) -> frozenset[str]:
        """The ordinary words of a text, of which the rules may learn: none of them names a place or a person."""
        return words_of(self._rules, text)

    def terms(self, text: str, aside: Collection[str]) -> Terms:
        """What a short text is about, weighted; `aside` are words that only say how it is asked."""
        return terms_of(self._rules, text, aside)

    def findable(self, text: str) -> frozenset[str]:
        """The words by which a text is found again."""
        return findable(self._rules, text)

    def asked_for(self, text: str) -> frozenset[str]:
        """The words somebody looks for."""
        return asked_for(self._rules, text)

    def kind(self, route: Route) -> Kind:
        """What the person wants, as a code."""
        return self._kinds.get(route.kind, Kind.HELP)

    def plain_name(self, leaf: str) -> str:
        """A leaf as one says it to people; its code where the rule set that knew it is gone."""
        category = self._rules.categories.leaves.get(leaf)
        return category.plain if category else leaf

    def tier(self, leaf: str) -> str:
        category = self._rules.categories.leaves.get(leaf)
        return category.tier if category else "T4"

    def above_village(self, leaf: str) -> str:
        """Whether it starts above the village: `always`, for a `complaint`, or not at all (empty)."""
        category = self._rules.categories.leaves.get(leaf)
        return category.above_village if category else ""

    def find_category(self, words: str) -> list[str]:
        """The leaves an officer may mean by a code or a piece of a name; a full match alone where there is one."""
        words = tidy(words)
        leaves = self._rules.categories.leaves
        if words in leaves:
            return [words]
        exact = [code for code, leaf in leaves.items() if words in (leaf.name, leaf.plain)]
        if exact or not words:
            return exact
        named = [code for code, leaf in leaves.items() if words in leaf.name or words in leaf.plain]
        if named:
            return named
        route = self.route(words)
        return [route.category] if route.category and route.margin >= SURE else []

    def place_of(self, text: str) -> str | None:
        """The place a short answer names, also by its bare stem."""
        read = self._rules.gazetteer.read
        normal = self._rules.normaliser.read(text).text.strip()
        return read(normal).place or read(normal + self._village).place

    def place_name(self, code: str) -> str:
        return self._places.get(code, "")

    def plain(self, text: str) -> str:
        """A text as names are looked for in it: simplified characters, ordinary width, lower case."""
        return self._rules.normaliser.read(text).typed

    def command_of(self, text: str) -> Command | None:
        return self._rules.lanes.answers.command_of(text)

    def satisfaction_of(self, text: str) -> Satisfaction | None:
        return self._rules.lanes.answers.satisfaction_of(text)

    def agrees(self, text: str) -> bool | None:
        """A plain yes or no; None for anything else."""
        return self._agrees.get(tidy(text).strip("。.!！ "))

    def same_person(self, text: str) -> str | None:
        """What follows the word for being the same person at another door; None: the text begins otherwise."""
        plain = tidy(text).strip("。.!！ ")
        word = next((word for word in self._same_person if plain.startswith(word)), None)
        return plain[len(word) :].strip(" :：，,") if word is not None else None

    def review_asked(self, text: str) -> ReviewAsked | None:
        """What a text without its number asks for, if it begins so and says nothing else in the same breath."""
        plain = tidy(text).strip("。.!！ ")
        if not plain.startswith(self._review_words):
            return None
        for word, is_plain in self._reviews:
            rest = plain.removeprefix(word)
            if rest != plain and not rest[:1].isalnum():
                return ReviewAsked(is_plain, bool(rest))
        return None

    def keeps(self, text: str) -> bool:
        """Whether a withdrawal is taken back."""
        return tidy(text).strip("。.!！ ") in self._keeps

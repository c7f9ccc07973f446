"""Who is meant by a villager's words: by name, surname and post, post and place, account or office.

Too many rather than too few: whoever may be meant must not hear of the matter (regulation on petitions art. 30).
"""

import re
import tomllib
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

from handlers.topic.finder import Finder, pairs_of
from models.base import Session
from models.office import offices
from models.officer import officers
from models.place import LOCAL, Level, places

FILE = Path(__file__).parent.parent / "words" / "posts.toml"
ACCOUNT = re.compile(r"[a-z0-9][a-z0-9_.@-]{2,63}")
GONE = "\u25a1"  # stands where a name was found, so that its post is not looked up again
HAN = "[\u3400-\u9fff]"
NEAR, BOTH = "near", "both"
LEVELS = {"village": (Level.VILLAGE,), "township": (Level.TOWNSHIP,), BOTH: (Level.VILLAGE, Level.TOWNSHIP)}


@dataclass(frozen=True)
class Post:
    """Words that mean whoever holds a post at some level."""

    word: str
    level: str
    pieces: tuple[str, ...]
    institution: bool


@dataclass(frozen=True)
class Words:
    """`posts.toml`."""

    posts: tuple[Post, ...]
    titles: tuple[tuple[str, tuple[str, ...]], ...]
    vague: tuple[str, ...]
    blame: tuple[str, ...]
    suspect: tuple[str, ...]
    secret: re.Pattern[str]

    def blames(self, text: str) -> bool:
        return any(word in text for word in self.blame) or self.secret.search(text) is not None

    def suspects(self, text: str) -> bool:
        return any(word in text for word in self.suspect)


@cache
def words() -> Words:
    data = tomllib.loads(FILE.read_text(encoding="utf-8"))
    posts = [
        Post(word, row["level"], tuple(row["post"]), row.get("institution", False))
        for row in data["said"]
        for word in row["words"]
    ]
    titles = [(word, tuple(row["post"]) or (word,)) for row in data["title"] for word in row["words"]]
    return Words(
        posts=tuple(sorted(posts, key=lambda post: -len(post.word))),
        titles=tuple(sorted(titles, key=lambda title: -len(title[0]))),
        vague=tuple(data["vague"]["words"]),
        blame=tuple(data["blame"]["words"]),
        suspect=tuple(data["suspect"]["words"]),
        secret=re.compile(data["secret"]["pattern"]),
    )


@dataclass(frozen=True)
class Person:
    """One of the staff, as people may speak of him."""

    account: str
    name: str
    post: str
    office: str
    place: str


@dataclass
class Named:
    """Who is meant, and by which kind of word. `vague`: somebody is, but nobody can tell who."""

    accounts: dict[str, str] = field(default_factory=dict)
    vague: bool = False

    def add(self, people: Iterable[Person], how: str) -> bool:
        found = list(people)
        for person in found:
            self.accounts.setdefault(person.account, how)
        return bool(found)


@dataclass(frozen=True)
class People:
    """The staff, their offices and where these lie: frozen, made anew with the directory."""

    people: tuple[Person, ...] = ()
    offices: tuple[tuple[str, str, str], ...] = ()  # word, code, place; the longest word first
    parents: dict[str, str | None] = field(default_factory=dict)
    levels: dict[str, str] = field(default_factory=dict)

    @classmethod
    def load(cls, session: Session, plain: Callable[[str], str]) -> "People":
        """`plain` puts names into the form texts are read in."""
        known = offices(session)
        lies = {office.code: office.place for office in known}
        said = [
            (plain(word), office.code, office.place)
            for office in known
            for word in (office.name, *office.aliases)
        ]
        rows = places(session)
        return cls(
            tuple(
                Person(one.account, plain(one.name), plain(one.post), one.office, lies.get(one.office, ""))
                for one in officers(session)
            ),
            tuple(sorted((row for row in said if len(row[0]) > 1), key=lambda row: -len(row[0]))),
            {place.code: place.parent for place in rows},
            {place.code: place.level for place in rows},
        )

    def named(self, text: str, place: str | None, blamed: Collection[str] = ()) -> Named:
        """Who is meant in a text already made plain.

        `blamed`: the levels whose institutions count; elsewhere an office is only where one went.
        """
        found, chain = Named(), list(self.chain(place))
        # What is blanked on the way never brings a word into being, so one look at the text as it came is enough.
        said = {word for _, _, word in self._finder.find(text, pairs_of(text))}
        text = self._by_name(text, found, said)
        text = self._by_title(text, chain, found)
        text = self._by_office(text, found, blamed, said)
        self._by_post(text, chain, found, blamed, said)
        accounts = ACCOUNT.findall(text.lower())
        known = {person.account.lower(): person for person in self.people} if accounts else {}
        for account in accounts:
            if account in known:
                found.add([known[account]], "account")
        return found

    @cached_property
    def _finder(self) -> Finder[str]:
        """Every name, office and post in one look."""
        names = {person.name for person in self.people if len(person.name) > 1}
        posts = {post.word for post in words().posts}
        return Finder((word, word) for word in names | posts | {word for word, _, _ in self.offices})

    def blanked(self, text: str) -> str:
        """A text already made plain, without the staff's names and posts, offices, and words for a post."""
        said = {name for person in self.people for name in (person.name, person.post) if len(name) > 1}
        said |= {word for word, _, _ in self.offices} | {post.word for post in words().posts}
        for word in sorted((one for one in said if one in text), key=len, reverse=True):
            text = _blanked(text, re.escape(word))
        return text

    def may_be_meant(self, place: str | None) -> set[str]:
        """Everybody below the county who may be the one nobody named: of that township and its villages, or of all."""
        township = next((code for code in self.chain(place) if self.levels[code] == Level.TOWNSHIP), None)
        return {
            person.account
            for person in self.people
            if self.levels.get(person.place) in (*LOCAL, Level.TOWNSHIP)
            and (township is None or township in self.chain(person.place))
        }

    def of_village(self, place: str | None) -> set[str]:
        """Everybody whose office lies in the village of a place."""
        local = {code for code in self.chain(place) if self.levels[code] in LOCAL}
        return {person.account for person in self.people if person.place in local}

    def chain(self, place: str | None) -> Iterator[str]:
        """The place and all above it, nearest first."""
        seen: set[str] = set()
        while place in self.levels and place not in seen:
            seen.add(place)
            yield place
            place = self.parents.get(place)

    def _by_name(self, text: str, found: Named, said: Collection[str]) -> str:
        named = [person for person in self.people if person.name in said] if said else []
        found.add((person for person in named if len(person.name) > 1), "name")
        if not found.accounts:
            return text
        for name in sorted({one.name for one in self.people if one.account in found.accounts}, key=len):
            text = _blanked(text, re.escape(name))
        return text

    def _by_title(self, text: str, chain: list[str], found: Named) -> str:
        """A surname before a post: whoever bears both, of the place if there is one, else of the county."""
        for title, pieces in words().titles:
            if title not in text:
                continue
            for match in reversed(list(re.finditer(f"({HAN})(?={re.escape(title)})", text))):
                bearers = [
                    person
                    for person in self.people
                    if person.name[:1] == match[1] and any(piece in person.post for piece in pieces)
                ]
                near = [person for person in bearers if person.place in chain[:-1]]
                if found.add(near or bearers, "title"):
                    text = text[: match.start()] + GONE * 2 + text[match.end() + len(title) :]
        return text

    def _by_office(self, text: str, found: Named, blamed: Collection[str], said: Collection[str]) -> str:
        for word, code, place in self.offices:
            if word not in said or word not in text:
                continue
            if self.levels.get(place) in blamed and not found.add(
                (one for one in self.people if one.office == code), "office"
            ):
                found.vague = True  # an office without anybody on file
            text = _blanked(text, re.escape(word))
        return text

    def _by_post(
        self, text: str, chain: list[str], found: Named, blamed: Collection[str], said: Collection[str]
    ) -> None:
        for post in words().posts:
            if post.word not in said or post.word not in text:
                continue
            text = text.replace(post.word, GONE)
            if post.institution and post.level not in blamed:
                continue
            holders = list(self._holders(post, chain))
            if not found.add(holders, "post") and not found.accounts:
                found.vague = True

    def _holders(self, post: Post, chain: list[str]) -> Iterator[Person]:
        """Who holds it there; nobody on file with that post: everybody of the offices there."""
        levels = LEVELS.get(post.level)
        if levels is None:  # the nearest of the matter's places that is no county
            near = next((self.levels[code] for code in chain if self.levels[code] != Level.COUNTY), None)
            levels = (Level.VILLAGE,) if near in LOCAL else (Level.TOWNSHIP,) if near else ()
        for level in levels:
            wanted = LOCAL if level is Level.VILLAGE else {level}
            there = [code for code in chain if self.levels[code] in wanted]
            people = [person for person in self.people if person.place in there]
            holding = [one for one in people if any(piece in one.post for piece in post.pieces)]
            yield from holding or (people if post.level != BOTH else [])


def is_vague(text: str) -> bool:
    """Whether somebody is complained about without a name or a post that could be looked up."""
    return any(word in text for word in words().vague)


def _blanked(text: str, pattern: str) -> str:
    """What was found goes, with the post that stands right behind it."""
    titles = "|".join(re.escape(title) for title, _ in words().titles)
    return re.sub(f"(?:{pattern})(?:{titles})?", GONE, text)

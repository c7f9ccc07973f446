"""A rule set: a folder of data, read once, checked and frozen. What a folder lacks is taken from the shipped one.

Only a folder with categories of its own gets no words and no weights: those of the shipped one speak of its own leaves.
"""

import gc
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Self

from handlers import lanes
from handlers.topic.categories import Categories
from handlers.topic.errors import RuleSetError, Unreachable
from handlers.topic.explain import Explanation
from handlers.topic.further import Further
from handlers.topic.listed import Listed
from handlers.topic.listing import load_listed
from handlers.topic.manifest import Manifest
from handlers.topic.normalise import Normaliser
from handlers.topic.places import Gazetteer, PlaceName, PlaceWords
from handlers.topic.table import Table
from handlers.topic.tokens import Tokens

SHIPPED = Path(__file__).parent.parent / "words"
OF_LEAVES = ("topics", "weights.tsv")
READ = (
    *("manifest.toml", "categories.toml", "weights.tsv", "topics/*.toml", "lanes/*.toml"),
    *("traditional.tsv", "typos.toml", "faces.toml", "places.toml", "explain.toml", "further.toml"),
)


@dataclass(frozen=True, slots=True)
class RuleSet:
    """`version` is the manifest's, a dash, and the hash of every file that was read and every place name."""

    version: str
    manifest: Manifest
    categories: Categories
    normaliser: Normaliser
    listed: Listed
    table: Table | None
    leaning: Table | None  # the table that knows the lanes: lanes are the shipped ones with any rule set
    tokens: Tokens
    gazetteer: Gazetteer
    lanes: "lanes.Lanes"
    explanation: Explanation
    further: Further

    @classmethod
    def load(cls, folder: Path | None = None, places: Iterable[PlaceName] = ()) -> Self:
        """Raises `RuleSetError`; nothing half-loaded is ever returned."""
        collecting = gc.isenabled()
        gc.disable()  # all that is made here stays: looking it through again and again costs a third of the time
        try:
            return cls._load(folder or SHIPPED, tuple(places))
        finally:
            if collecting:
                gc.enable()

    @classmethod
    def _load(cls, folder: Path, places: tuple[PlaceName, ...]) -> Self:
        if not folder.is_dir():
            raise RuleSetError(folder, 0, "no such folder")
        manifest = Manifest.load(folder / "manifest.toml")
        categories = Categories.load(part_of(folder, "categories.toml"))
        normaliser = Normaliser.load(part_of(folder, "typos.toml").parent)
        listed = load_listed(part_of(folder, "topics"), categories, normaliser)
        weights = part_of(folder, "weights.tsv")
        table = _table(weights, categories) if weights.exists() else None
        _refuse_unreachable(folder / "categories.toml", categories, listed, table)
        tokens = Tokens(each.word for each in listed.words)
        return cls(
            f"{manifest.version}-{_hash(folder, places)}",
            manifest,
            categories,
            normaliser,
            listed,
            table,
            table
            if table is None or table.lanes
            else _table(SHIPPED / "weights.tsv", Categories.load(SHIPPED / "categories.toml")),
            tokens,
            Gazetteer(places, PlaceWords.load(part_of(folder, "places.toml")), tokens.knows),
            lanes.Lanes.load(part_of(folder, "lanes").parent),
            Explanation.load(part_of(folder, "explain.toml")),
            Further.load(part_of(folder, "further.toml")),
        )


def part_of(folder: Path, name: str) -> Path:
    """Where a rule set takes a part from; what speaks of leaves, never from a set with other leaves."""
    own = name in OF_LEAVES and (folder / "categories.toml").exists()
    return folder / name if own or (folder / name).exists() else SHIPPED / name


def _table(file: Path, categories: Categories) -> Table:
    """The weights, and the lanes they lean to, if any, such as can be read."""
    table = Table.load(file, categories.leaves)
    try:
        lanes.Leanings(table.lanes)
    except ValueError as error:
        raise RuleSetError(file, 2, str(error)) from error
    return table


def _refuse_unreachable(file: Path, categories: Categories, listed: Listed, table: Table | None) -> None:
    """Every leaf needs a word, a phrase or a weight, unless it says that it is silent."""
    if table is None and not listed.size:
        raise RuleSetError(file.parent, 0, "neither topics/*.toml nor weights.tsv: no leaf can be reached")
    reached = listed.leaves | frozenset(table.categories if table else ())
    for code, leaf in categories.leaves.items():
        if code not in reached and not leaf.silent:
            reason = f"nothing leads to {code}: list a word for it, or say silent = true"
            raise Unreachable(file, 0, reason)


def _hash(folder: Path, places: Iterable[PlaceName]) -> str:
    """Of everything a decision depends on, the shipped parts included."""
    digest = sha256()
    files: dict[str, Path] = {}
    for root in (SHIPPED, folder):
        for pattern in READ:
            files.update({file.relative_to(root).as_posix(): file for file in root.glob(pattern)})
    for name, file in sorted(files.items()):
        digest.update(f"{name}\n".encode())
        digest.update(file.read_bytes())
    for place in sorted(places, key=lambda place: place.code):
        digest.update(repr(place).encode())
    return digest.hexdigest()[:12]

"""What the shipped weights are learnt from: sentences in `wordings/leaves` and `/lanes`, words in `/terms`."""

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import NamedTuple

from handlers.topic.data import Entry, table_of
from handlers.topic.errors import RuleSetError

MATTER = (
    "petition"  # the lane of every sentence that has a leaf, and of those that are some matter, whichever
)


class Wording(NamedTuple):
    """A sentence somebody made up. `subject`: what of the lane (`fire`), if it has several; `leaf`: what matter."""

    text: str
    lane: str = ""
    subject: str = ""
    leaf: str = ""


def wordings_of(folder: Path, leaves: Collection[str]) -> list[Wording]:
    """Each sentence once, whichever file has it first. Raises `RuleSetError`."""
    found: dict[str, Wording] = {}
    for text, leaf in _of_leaves(folder / "leaves", leaves):
        found.setdefault(text, Wording(text, MATTER, leaf=leaf))
    for wording in _of_lanes(folder / "lanes"):
        found.setdefault(wording.text, wording)
    return list(found.values())


def terms_of(folder: Path, leaves: Collection[str]) -> list[Wording]:
    """Words that people use about a matter; in no lane, for a word alone is no message."""
    return [Wording(text, leaf=leaf) for text, leaf in _of_leaves(folder / "terms", leaves)]


def _of_leaves(folder: Path, leaves: Collection[str]) -> Iterator[tuple[str, str]]:
    """Every `leaf = ["sentence", …]`."""
    for file in sorted(folder.glob("*.toml")):
        entry = table_of(file)
        for leaf in entry.value:
            if leaf not in leaves:
                raise RuleSetError(file, 0, f"{leaf} is no leaf of categories.toml")
            yield from ((text, leaf) for text in entry.texts(leaf))


def _of_lanes(folder: Path) -> Iterator[Wording]:
    """Every `[lane]` with its `subject = ["sentence", …]`; `any` is no subject."""
    for file in sorted(folder.glob("*.toml")):
        for lane, subjects in table_of(file).value.items():
            if not isinstance(subjects, dict):
                raise RuleSetError(file, 0, f"{lane} must be a table of subjects")
            entry = Entry(file, 0, subjects)
            for subject in subjects:
                told = "" if subject == "any" else subject
                yield from (Wording(text, lane, told) for text in entry.texts(subject))

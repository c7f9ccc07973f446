"""A rule set with a county's words beside, and in place of, those written down before: a folder, gone afterwards."""

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from handlers.topic.data import entries_of
from handlers.topic.errors import RuleSetError
from handlers.topic.folder import quoted
from handlers.topic.ruleset import SHIPPED, part_of

FILE = "county.toml"
ADD, REMOVE = "add", "remove"


class OwnWord(NamedTuple):
    """One entry of `topics/*.toml`: added, or put in the place of the one written down before, or taking it away."""

    leaf: str
    word: str
    weight: float
    test: str
    act: str = ADD


class Written(NamedTuple):
    """A word as it is written down in a rule set."""

    leaf: str
    word: str
    weight: float
    test: str
    file: str
    line: int


def written(folder: Path | None) -> Iterator[Written]:
    """Every word of a rule set's lists, file by file; None: of the shipped one. RuleSetError: they cannot be read."""
    for file in sorted(part_of(folder or SHIPPED, "topics").glob("*.toml")):
        for kind, entry in entries_of(file, "word", "phrase", "cancel"):
            if kind == "word":
                said = (entry.text("leaf"), entry.text("word"), entry.number("weight"), entry.text("test"))
                yield Written(*said, file.name, entry.line)


@contextmanager
def with_words(folder: Path | None, words: Iterable[OwnWord]) -> Iterator[Path]:
    """`folder` is a rule set, None the shipped one. What it lacks is still taken from the shipped one.

    RuleSetError: a word to be changed or removed is not there.
    """
    base, every = folder or SHIPPED, tuple(words)
    with TemporaryDirectory() as place:
        copy = Path(place) / base.name
        if folder is None:
            copy.mkdir()
            shutil.copy(SHIPPED / "manifest.toml", copy)
        else:
            shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("topics"))
        listed = part_of(base, "topics")
        if listed.is_dir():
            shutil.copytree(listed, copy / "topics")
        (copy / "topics").mkdir(exist_ok=True)
        _amend(copy / "topics", {(one.leaf, one.word): one for one in every if one.act != ADD})
        own = "\n".join(_lines(one for one in every if one.act == ADD))
        (copy / "topics" / FILE).write_text(own, "utf-8")
        yield copy


def _amend(folder: Path, amends: dict[tuple[str, str], OwnWord]) -> None:
    """Takes the removed out of the files, and gives the changed their weight and test; every other line stays."""
    left = dict(amends)
    for file in sorted(folder.glob("*.toml")) if amends else ():
        found = [
            (entry.line, left.pop((entry.text("leaf"), entry.text("word"))))
            for kind, entry in entries_of(file, "word", "phrase", "cancel")
            if kind == "word" and (entry.text("leaf"), entry.text("word")) in left
        ]
        if found:
            file.write_text(_amended(file.read_text("utf-8"), dict(found)), "utf-8")
    for one in left.values():
        raise RuleSetError(folder / FILE, 0, f"{one.word} is not listed for {one.leaf}")


def _amended(text: str, amends: dict[int, OwnWord]) -> str:
    """`amends`: by the line an entry begins on, from 1."""
    kept: list[str] = []
    of: OwnWord | None = None
    for number, line in enumerate(text.split("\n"), 1):
        if line.lstrip().startswith("[["):
            of = amends.get(number)
        if of is None:
            kept.append(line)
            continue
        said = {"weight": f"weight = {of.weight}", "test": f"test = {quoted(of.test)}"}
        kept.append("" if of.act == REMOVE else said.get(line.partition("=")[0].strip(), line))
    return "\n".join(kept)


def _lines(words: Iterable[OwnWord]) -> Iterator[str]:
    for one in words:
        yield "[[word]]"
        yield f"leaf = {quoted(one.leaf)}\nword = {quoted(one.word)}"
        yield f"weight = {one.weight}\ntest = {quoted(one.test)}\n"

"""A rule set with a county's own words beside those written down before, as a folder that is gone afterwards."""

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from handlers.topic.folder import quoted
from handlers.topic.ruleset import SHIPPED, part_of

FILE = "county.toml"


class OwnWord(NamedTuple):
    """One entry of `topics/*.toml`."""

    leaf: str
    word: str
    weight: float
    test: str


@contextmanager
def with_words(folder: Path | None, words: Iterable[OwnWord]) -> Iterator[Path]:
    """`folder` is a rule set, None the shipped one. What it lacks is still taken from the shipped one."""
    base = folder or SHIPPED
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
        (copy / "topics" / FILE).write_text("\n".join(_lines(words)), "utf-8")
        yield copy


def _lines(words: Iterable[OwnWord]) -> Iterator[str]:
    for one in words:
        yield "[[word]]"
        yield f"leaf = {quoted(one.leaf)}\nword = {quoted(one.word)}"
        yield f"weight = {one.weight}\ntest = {quoted(one.test)}\n"

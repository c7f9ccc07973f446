"""A rule set with a county's changes over what was written down before: a folder, gone afterwards."""

import json
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from handlers.topic.data import Entry, entries_of
from handlers.topic.errors import Unlisted
from handlers.topic.listing import KINDS
from handlers.topic.ruleset import SHIPPED, part_of

FILE = "county.toml"
ADD, REMOVE = "add", "remove"
WORD, PHRASE, CANCEL, LOWER = KINDS
BARS = {WORD: "not", PHRASE: "none", CANCEL: "before"}  # the key under which an entry's must-not words stand
ALSO, OR = "+", "|"  # between a phrase's pieces, and between forms that mean the same

Key = tuple[str, str, str]  # kind, leaf, word


class OwnWord(NamedTuple):
    """One entry of `topics/*.toml`: added, put in the place of the one written down before, or taking it away.

    `word`: of a phrase its pieces, of a cancel its words, as `written` tells them. `weight`: of a lowered word the
    share of what was learnt that is taken back. `bars`: what takes a word or phrase back; of a cancel, its words.
    """

    leaf: str
    word: str
    weight: float
    test: str
    act: str = ADD
    kind: str = WORD
    bars: tuple[str, ...] = ()


class Written(NamedTuple):
    """An entry as it is written down in a rule set."""

    kind: str
    leaf: str
    word: str
    weight: float
    test: str
    bars: tuple[str, ...]
    file: str
    line: int


def written(folder: Path | None) -> Iterator[Written]:
    """Every entry of a rule set's lists, file by file; None: of the shipped one. RuleSetError: they cannot be read."""
    for file in sorted(part_of(folder or SHIPPED, "topics").glob("*.toml")):
        for kind, entry in entries_of(file, *KINDS):
            weight = entry.number("share" if kind == LOWER else "weight", 0.0)
            bars = entry.texts(BARS[kind]) if kind in BARS else ()
            yield Written(*_key(kind, entry), weight, entry.text("test"), bars, file.name, entry.line)


@contextmanager
def with_words(folder: Path | None, words: Iterable[OwnWord]) -> Iterator[Path]:
    """`folder` is a rule set, None the shipped one. What it lacks is still taken from the shipped one.

    RuleSetError: what is to be changed or removed is not there.
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
        _amend(copy / "topics", {(one.kind, one.leaf, one.word): one for one in every if one.act != ADD})
        own = "\n".join(line for one in every if one.act == ADD for line in _added(one))
        (copy / "topics" / FILE).write_text(own, "utf-8")
        yield copy


def _key(kind: str, entry: Entry) -> Key:
    """By which an entry is known again: what is looked for in texts."""
    if kind == PHRASE:
        return kind, entry.text("leaf"), ALSO.join(entry.texts("all"))
    if kind == CANCEL:
        return kind, entry.text("leaf", ""), OR.join(entry.texts("before"))
    return kind, entry.text("leaf"), entry.text("word")


def _amend(folder: Path, amends: dict[Key, OwnWord]) -> None:
    """Takes the removed out of the files, and writes the changed anew; every other line stays."""
    left = dict(amends)
    for file in sorted(folder.glob("*.toml")) if amends else ():
        found = {
            entry.line: _lines(kind, _changed(entry.value, left.pop(_key(kind, entry))))
            for kind, entry in entries_of(file, *KINDS)
            if _key(kind, entry) in left
        }
        if found:
            file.write_text(_amended(file.read_text("utf-8"), found), "utf-8")
    for one in left.values():
        raise Unlisted(folder / FILE, 0, f"{one.word} is not listed for {one.leaf}")


def _amended(text: str, amends: dict[int, list[str]]) -> str:
    """`amends`: what stands instead, by the line an entry begins on, from 1. Entries after it keep their lines."""
    kept: list[str] = []
    instead: list[str] | None = None
    for number, line in enumerate(text.split("\n"), 1):
        if line.lstrip().startswith("[["):
            kept += instead or []
            instead = amends.get(number)
        if instead is None:
            kept.append(line)
        else:
            kept.append(instead.pop(0) if instead else "")
    return "\n".join([*kept, *(instead or [])])


def _changed(value: dict[str, Any], one: OwnWord) -> dict[str, Any]:
    """The entry as it shall be; empty where it is removed."""
    if one.act == REMOVE:
        return {}
    said: dict[str, Any] = {"test": one.test, BARS[one.kind]: list(one.bars)}
    if one.kind != CANCEL:
        said["weight"] = one.weight
    return {key: told for key, told in (value | said).items() if told != []}


def _added(one: OwnWord) -> list[str]:
    value: dict[str, Any] = {"leaf": one.leaf, "word": one.word, "test": one.test}
    value["share" if one.kind == LOWER else "weight"] = one.weight
    if one.bars:
        value[BARS[one.kind]] = list(one.bars)
    return _lines(one.kind, value)


def _lines(kind: str, value: dict[str, Any]) -> list[str]:
    """As TOML writes an entry; no lines for none."""
    written = (f"{key} = {json.dumps(told, ensure_ascii=False)}" for key, told in value.items())
    return [f"[[{kind}]]", *written, ""] if value else []

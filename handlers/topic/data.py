"""Reads the rule set's files so that every complaint can name file, line and reason."""

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from handlers.topic.errors import RuleSetError

_HEADER = re.compile(r"^\s*\[\[\s*([a-z_]+)\s*\]\]", re.MULTILINE)
_PLAIN_HEADER = re.compile(r"\[\[([a-z_]+)\]\]")
_PLAIN_KEY = re.compile(r"[a-z_]+")
_AT_LINE = re.compile(r"\s*\(at line (\d+), column \d+\)")


class Entry(NamedTuple):
    """One table of a TOML file, with the line it begins on."""

    file: Path
    line: int
    value: dict[str, Any]

    def refuse(self, reason: str) -> RuleSetError:
        return RuleSetError(self.file, self.line, reason)

    def text(self, key: str, default: str | None = None) -> str:
        value = self.value.get(key, default)
        if not isinstance(value, str) or (not value and default is None):
            raise self.refuse(f"{key} must be a text that is not empty")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; absent is empty."""
        value = self.value.get(key, [])
        if not isinstance(value, list) or not all(isinstance(each, str) and each for each in value):
            raise self.refuse(f"{key} must be a list of texts, none of them empty")
        return tuple(value)

    def number(self, key: str, default: float | None = None, least: float = 0.0) -> float:
        value = self.value.get(key, default)
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not value >= least
            or value == float("inf")
        ):
            raise self.refuse(f"{key} must be a number of at least {least:g}")
        return float(value)

    def only(self, *known: str) -> None:
        """A key that nobody reads is a slip of the pen."""
        foreign = self.value.keys() - set(known)
        if foreign:
            raise self.refuse(f"{min(foreign)} is not known here; known are {', '.join(known)}")


def read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise RuleSetError(path, 0, "the file is missing") from error
    except UnicodeDecodeError as error:
        raise RuleSetError(path, error.object.count(b"\n", 0, error.start) + 1, "not UTF-8") from error
    except OSError as error:
        raise RuleSetError(path, 0, f"cannot be read: {error.strerror}") from error


def _parsed(path: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        where = _AT_LINE.search(str(error))
        line = int(where.group(1)) if where else text.count("\n") + 1
        raise RuleSetError(path, line, f"TOML: {_AT_LINE.sub('', str(error))}") from error


def table_of(path: Path) -> Entry:
    """The whole file as one table."""
    return Entry(path, 0, _parsed(path, read(path)))


def entries_of(path: Path, *kinds: str) -> Iterator[tuple[str, Entry]]:
    """Every `[[kind]]` of the file in the order written; any other key is refused."""
    text = read(path)
    plain = _plain_entries(path, text)
    for kind, entry in _all_entries(path, text) if plain is None else plain:
        if kind not in kinds:
            known = ", ".join(f"[[{each}]]" for each in kinds)
            raise RuleSetError(path, entry.line, f"{kind} is not known here; known are {known}")
        yield kind, entry


def _plain_entries(path: Path, text: str) -> list[tuple[str, Entry]] | None:
    """Files of thousands of entries are written one key a line; these are read twenty times as fast as TOML can be.
    Anything written otherwise is left to TOML, which also finds the words for what is wrong.
    """
    entries: list[tuple[str, Entry]] = []
    value: dict[str, Any] | None = None
    for number, line in enumerate(text.split("\n"), 1):
        if not line or line.startswith("#"):
            continue
        if line.startswith("[["):
            header = _PLAIN_HEADER.fullmatch(line)
            if header is None:
                return None
            value = {}
            entries.append((header.group(1), Entry(path, number, value)))
            continue
        key, equals, written = line.partition(" = ")
        parsed = _plain_value(written)
        if value is None or parsed is None or not equals or key in value or not _PLAIN_KEY.fullmatch(key):
            return None
        value[key] = parsed
    return entries


def _plain_value(written: str) -> str | float | list[str] | None:
    """A text without escapes, a number, or a list of such texts on one line; None for anything else."""
    if "\\" in written or not written:
        return None
    inner = written[1:-1]
    if written[0] == '"' == written[-1] and '"' not in inner and len(written) > 1:
        return inner
    try:
        parsed = json.loads(written)
    except ValueError:
        return None
    if isinstance(parsed, list):
        return parsed if all(isinstance(each, str) for each in parsed) else None
    return parsed if isinstance(parsed, str | int | float) else None


def _all_entries(path: Path, text: str) -> Iterator[tuple[str, Entry]]:
    tables = _parsed(path, text)
    lines: dict[str, list[int]] = {}
    for header in _HEADER.finditer(text):
        lines.setdefault(header.group(1), []).append(text.count("\n", 0, header.start()) + 1)
    for kind, rows in tables.items():
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise RuleSetError(path, 0, f"{kind} is not known here")
        places = lines.get(kind, [])
        for index, row in enumerate(rows):
            yield kind, Entry(path, places[index] if index < len(places) else 0, row)


def lines_of(path: Path) -> Iterator[tuple[int, str]]:
    """Every line that is neither blank nor a comment, with its number from 1."""
    for number, line in enumerate(read(path).split("\n"), 1):
        if line.strip() and not line.startswith("#"):
            yield number, line.rstrip("\r")

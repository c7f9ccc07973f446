"""Puts a villager's writing into the one form that rules are written in; remembers where each character came from."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, repeat
from pathlib import Path
from typing import NamedTuple, Self

from handlers.topic.data import entries_of, lines_of, table_of
from handlers.topic.errors import RuleSetError
from handlers.topic.finder import pairs_of

_TOGETHER = 500  # strings that are normalised as one text
LONGEST_TEXT = 20_000  # characters that are looked at; nobody types more, and nothing useful comes after

_UNSEEN = re.compile(r"[\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U0001f3fb-\U0001f3ff]")
_APART = re.compile(r"(?<!\S)[\u4e00-\u9fff](?: [\u4e00-\u9fff]){3,}(?!\S)")
_PLAIN = re.compile(
    "[\u4e00-\u9fffa-z0-9,.!?:;()%/\u3001\u3002 -]*"
)  # each is its own form under NFKC and in lower case
_TWICE = re.compile(r"(.)\1|\s\s", re.DOTALL)
_RUN = re.compile(r"(?P<blanks>\s\s+)|(?P<sign>[^\d\s])(?P=sign){2,}")
# A face, or what may become something else; all other characters stay as they are.
_STRANGE = re.compile(r"\[[^\[\]\s]{1,4}\]|[^\u4e00-\u9fffa-z0-9,.!?:;()%/\u3001\u3002 \n-]")


class NormalisedText(NamedTuple):
    """`text` is what rules look at; `starts` and `ends` lead from each of its characters back into `original`.

    Both are empty where nothing moved. `typed` is the text before homophone typos were put right: of the same length,
    so that a position in the one is a position in the other. `pairs` are those of `text`.
    """

    original: str
    text: str
    typed: str
    pairs: Sequence[str]
    starts: Sequence[int] = ()
    ends: Sequence[int] = ()

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where `text[start:end]`, which must not be empty, stands in the original."""
        return (self.starts[start], self.ends[end - 1]) if self.starts else (start, end)

    def quoted(self, start: int, end: int) -> str:
        """What the person wrote there."""
        first, last = self.span(start, end)
        return self.original[first:last]


@dataclass(frozen=True, slots=True)
class Typo:
    typed: str
    meant: str
    unless: tuple[tuple[str, int], ...]  # a longer word, and where in it the typed letters stand

    def stands_at(self, text: str, at: int) -> bool:
        return text.startswith(self.typed, at) and not any(
            at >= before and text.startswith(word, at - before) for word, before in self.unless
        )


Letters = tuple[
    str, Sequence[int], Sequence[int]
]  # a text, and where in the original each character begins and ends


class Normaliser:
    """NFKC, simplified characters, lower case, runs and blanks shortened, faces as signs, homophone typos put right."""

    def __init__(self, single: dict[int, int], faces: dict[str, str], typos: dict[str, list[Typo]]) -> None:
        self._single = single
        self._other = re.compile(f"[{''.join(map(re.escape, map(chr, single)))}]")
        self._faces = faces
        self._typos = typos

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Reads `traditional.tsv`, `faces.toml` and `typos.toml`; raises `RuleSetError`."""
        single = _one_to_one()
        for number, line in lines_of(folder / "traditional.tsv"):
            simple, _, forms = line.partition("\t")
            if len(simple) != 1 or not forms:
                raise RuleSetError(
                    folder / "traditional.tsv", number, "expected a character, a tab and its other forms"
                )
            single.update((ord(form), ord(simple)) for form in forms)
        faces = table_of(folder / "faces.toml").value.get("faces", {})
        typos: dict[str, list[Typo]] = {}
        for typo in _typos(folder / "typos.toml"):
            typos.setdefault(typo.typed[:2], []).append(typo)
        return cls(single, faces, typos)

    def read(self, text: str) -> NormalisedText:
        """Never fails. Characters beyond `LONGEST_TEXT` are not looked at."""
        plain = self._other.sub(self._one, text[:LONGEST_TEXT])
        if _is_regular(plain):
            return NormalisedText(text, *self._put_right(plain))
        plain, starts, ends = _closed_up(_shortened(self._letters(plain)))
        return NormalisedText(text, *self._put_right(plain), starts, ends)

    def _one(self, other: re.Match[str]) -> str:
        return chr(self._single[ord(other[0])])

    def forms(self, strings: Iterable[str]) -> dict[str, str]:
        """Short strings of one line each, as they stand in a normalised text before typos are put right."""
        listed = list(dict.fromkeys(strings))
        forms: dict[str, str] = {}
        for start in range(0, len(listed), _TOGETHER):
            some = listed[start : start + _TOGETHER]
            lines = self.read("\n".join(some)).typed.split("\n")
            together = len(lines) == len(some)  # unless one is longer than a line
            forms.update(
                zip(some, lines if together else [self.read(one).typed for one in some], strict=True)
            )
        return forms

    def _letters(self, text: str) -> Letters:
        """Each in its own form; what lies between those that have another is taken as it stands."""
        parts: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        at = 0
        for strange in _STRANGE.finditer(text):
            first, last = strange.span()
            form = self._faces.get(strange[0], " ") if last - first > 1 else _form(strange[0])
            parts += text[at:first], form
            starts += (*range(at, first), *repeat(first, len(form)))
            ends += (*range(at + 1, first + 1), *repeat(last, len(form)))
            at = last
        parts.append(text[at:])
        return "".join(parts), (*starts, *range(at, len(text))), (*ends, *range(at + 1, len(text) + 1))

    def _put_right(self, text: str) -> tuple[str, str, list[str]]:
        """The text without homophone typos, the text, and the pairs of the first."""
        pairs = pairs_of(text)
        if self._typos.keys().isdisjoint(pairs):
            return text, text, pairs
        listed = map(self._typos.get, pairs)
        hits = [(at, typo) for at, found in enumerate(listed) if found for typo in found]
        letters = list(text)
        for at, typo in hits:
            if typo.stands_at(text, at):
                letters[at : at + len(typo.typed)] = typo.meant
        right = "".join(letters)
        return right, text, pairs_of(right)


@lru_cache(maxsize=10_000)
def _form(character: str) -> str:
    """What one character alone becomes; nothing, where nobody sees it."""
    return "" if _UNSEEN.match(character) else unicodedata.normalize("NFKC", character).lower()


def _is_regular(text: str) -> bool:
    """Nothing to shorten, nothing unseen, no face, no letters typed apart: then every character stays where it is."""
    if _TWICE.search(text) and _RUN.search(text):
        return False
    if not _PLAIN.fullmatch(text) and (
        "[" in text
        or " \n" in text
        or "\n " in text
        or _UNSEEN.search(text)
        or not unicodedata.is_normalized("NFKC", text)
        or text != text.lower()
    ):
        return False
    return text.count(" ") < 3 or not _APART.search(text)


def _one_to_one() -> dict[int, int]:
    """What one character alone becomes under NFKC and in lower case; control characters become blanks."""
    table = {code: ord(" ") for code in (*range(32), 127) if code != ord("\n")}
    table |= dict.fromkeys(range(55296, 57344), 65533)
    blocks = (
        *range(0x41, 0x5B),
        *range(0xA0, 0x180),
        *range(0x2000, 0x3400),
        *range(0xF900, 0xFB00),
        *range(0xFE10, 0xFFF0),
    )
    for code in blocks:
        form = unicodedata.normalize("NFKC", chr(code)).lower()
        if len(form) == 1 and ord(form) != code:
            table[code] = ord(form)
    return table


def _shortened(letters: Letters) -> Letters:
    """Blanks to one, a sign repeated three times to one, a character or letter to two; digits as they are."""
    text = letters[0]
    kept: list[slice] = []
    at = 0
    for run in _RUN.finditer(text):
        first, last = run.span()
        if run["blanks"]:
            line = text.rfind("\n", first, last)  # the end of a line counts for more than other blanks
            kept += slice(at, first), slice(line, line + 1) if line >= 0 else slice(first, first + 1)
        elif run["sign"].isdigit():
            continue
        else:
            kept.append(slice(at, first + 2))
        at = last
    return _only(letters, [*kept, slice(at, None)])


def _closed_up(letters: Letters) -> Letters:
    """Characters typed one by one with blanks between them are one word again."""
    kept: list[slice] = []
    at = 0
    for apart in _APART.finditer(letters[0]):
        for gap in range(apart.start() + 1, apart.end(), 2):
            kept.append(slice(at, gap))
            at = gap + 1
    return _only(letters, [*kept, slice(at, None)])


def _only(letters: Letters, kept: list[slice]) -> Letters:
    """These parts alone."""
    if len(kept) == 1:
        return letters
    text, starts, ends = letters
    return (
        "".join([text[part] for part in kept]),
        tuple(chain.from_iterable([starts[part] for part in kept])),
        tuple(chain.from_iterable([ends[part] for part in kept])),
    )


def _typos(file: Path) -> Iterator[Typo]:
    seen: dict[str, str] = {}
    for _, entry in entries_of(file, "typo"):
        entry.only("meant", "typed", "unless", "test")
        meant, test = entry.text("meant"), entry.text("test")
        unless = entry.texts("unless")
        typos = [_typo(word, meant, unless) for word in entry.texts("typed")]
        for typo in typos:
            if len(typo.typed) != len(meant) or len(meant) < 2 or typo.typed == meant:
                raise entry.refuse(
                    f"{typo.typed} and {meant} must differ and have the same length, two or more"
                )
            if typo.typed in seen:
                raise entry.refuse(f"{typo.typed} is already read as {seen[typo.typed]}")
            seen[typo.typed] = meant
        if not any(typo.stands_at(test, at) for typo in typos for at in range(len(test))):
            raise entry.refuse(f"none of the typed forms is put right in its test sentence {test}")
        yield from typos


def _typo(typed: str, meant: str, unless: tuple[str, ...]) -> Typo:
    around = tuple((word, at) for word in unless for at in range(len(word)) if word.startswith(typed, at))
    return Typo(typed, meant, around)

"""A strict reading of the platform's flat XML, before any library may believe it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from xml.parsers import expat

from bot.wire.envelope import CallbackRejected

DEEPEST = 8  # the platform's own lists go four deep
# What XML 1.0 forbids. A villager can type some of these, and the platform passes them on.
ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Document:
    """The children of `<xml>`: the text of each, or None for one that has children of its own."""

    elements: Mapping[str, str | None]

    def text(self, name: str) -> str:
        """The text of a child that may be missing ("")."""
        value = self.elements.get(name, "")
        if value is None:
            raise CallbackRejected(400, f"{name} nested")
        return value.strip()

    def needed(self, name: str) -> str:
        """The text of a child that must be there and not be empty."""
        value = self.text(name)
        if not value:
            raise CallbackRejected(400, f"{name} missing")
        return value


def legal(text: str) -> str:
    """Replace what XML forbids by a space each: taking it out could join `]]` and `>`."""
    return ILLEGAL.sub(" ", text)


def read_document(text: str) -> Document:
    """Raises CallbackRejected (400) for a DOCTYPE, a wrong root, a repeated child, an attribute, bad XML."""
    return flat(text) or parsed(text)


def flat(text: str) -> Document | None:
    """The same for the plainest form, which nearly all have; None: it is not that plain, and a parser has to look.

    Plain is: children without attributes, each one piece of text or one CDATA section, no reference, no `]` in them.
    """
    if not text.startswith(_ROOT) or _UNPLAIN.search(text):
        return None
    elements: dict[str, str | None] = {}
    place = len(_ROOT)
    while child := _CHILD.match(text, place):
        name, quoted, bare = child.groups()
        if name in elements:
            return None
        elements[name] = bare if quoted is None else quoted
        place = child.end()
    return Document(elements) if _END.fullmatch(text, place) else None


def parsed(text: str) -> Document:
    """The same by a parser, which decides in every doubt."""
    return _Reader().read(text)


_ROOT = "<xml>"
_UNPLAIN = re.compile(
    "[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)  # a carriage return is read as a new line
_CHILD = re.compile(r"[ \t\n]*<([A-Za-z]\w*)>(?:<!\[CDATA\[([^\]]*)\]\]>|([^<>&\]]*))</\1>", re.ASCII)
_END = re.compile(r"[ \t\n]*</xml>[ \t\n]*")


class _Reader:
    def __init__(self) -> None:
        self._path: list[str] = []
        self._elements: dict[str, str | None] = {}
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters

    def read(self, text: str) -> Document:
        try:
            self._parser.Parse(text, True)
        except (expat.ExpatError, ValueError) as error:
            raise CallbackRejected(400, "xml") from error
        return Document(self._elements)

    def _doctype(self, *_: Any) -> None:
        raise CallbackRejected(400, "doctype")

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        depth = len(self._path)
        if depth >= DEEPEST:
            raise CallbackRejected(400, "depth")
        if depth == 0 and name != "xml":
            raise CallbackRejected(400, "root")
        if depth <= 1 and attributes:
            raise CallbackRejected(400, "attribute")
        if depth == 1:
            if name in self._elements:
                raise CallbackRejected(400, "repeated element")
            self._elements[name] = ""
        elif depth == 2:
            self._elements[self._path[1]] = None
        self._path.append(name)

    def _end(self, _: str) -> None:
        self._path.pop()

    def _characters(self, characters: str) -> None:
        if len(self._path) == 2:
            value = self._elements[self._path[1]]
            if value is not None:
                self._elements[self._path[1]] = value + characters

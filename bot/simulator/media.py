"""Media files on the platforms' servers, and the little ones our phones send."""

import secrets
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

LIFETIME = timedelta(days=3)
PICTURES = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg"}


@dataclass(frozen=True)
class File:
    """One temporary file: its bytes, its type, and until when it can be fetched."""

    content: bytes
    content_type: str
    name: str
    until: datetime


class Shelf:
    """The temporary media of one account, each kept three days."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._files: dict[str, File] = {}

    def put(self, content: bytes, content_type: str, name: str) -> str:
        """Keeps a file and answers its media id."""
        media_id = secrets.token_urlsafe(48)
        self._files[media_id] = File(content, content_type, name, self._clock() + LIFETIME)
        return media_id

    def get(self, media_id: str) -> File | None:
        """The file, or None where the id is unknown or its three days are over."""
        file = self._files.get(media_id)
        return file if file is not None and self._clock() < file.until else None


@cache
def picture_type(content: bytes) -> str:
    """By how it begins; "" where it is no picture we know."""
    return next((kind for start, kind in PICTURES.items() if content.startswith(start)), "")


def picture(width: int = 240, height: int = 160) -> bytes:
    """A small PNG: sky over a muddy road with a puddle, drawn by arithmetic."""
    rows = bytearray()
    for y in range(height):
        rows.append(0)
        for x in range(width):
            rows += _colour(x / width, y / height)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
        + _chunk(b"IDAT", zlib.compress(bytes(rows), 9))
        + _chunk(b"IEND", b"")
    )


def _colour(x: float, y: float) -> bytes:
    if y < 0.38:
        return bytes((178 + int(40 * y), 205 + int(30 * y), 226))
    side = abs(x - 0.5) / (0.12 + (y - 0.38) * 0.62)
    if side > 1:
        return bytes((104 + int(30 * y), 132 + int(20 * y), 78))
    if (x - 0.47) ** 2 / 0.018 + (y - 0.74) ** 2 / 0.008 < 1:
        return bytes((126, 138, 146))
    return bytes((150 - int(26 * side), 122 - int(22 * side), 92 - int(18 * side)))


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def voice(seconds: int = 8) -> bytes:
    """An AMR file of silence: one empty frame for every 20 ms."""
    return b"#!AMR\n" + b"\x7c" * (50 * seconds)

"""A file is what it contains, whatever it is called."""

import pytest

from bot.simulator import media
from bot.wire.content import type_of

KNOWN = {
    "audio/amr": media.voice(),
    "image/png": media.picture(4, 4),
    "image/jpeg": b"\xff\xd8\xff\xe0\x00\x10JFIF\x00",
    "image/gif": b"GIF89a\x01\x00\x01\x00",
    "image/webp": b"RIFF\x24\x00\x00\x00WEBPVP8 ",
    "audio/wav": b"RIFF\x24\x00\x00\x00WAVEfmt ",
    "audio/silk": b"\x02#!SILK_V3",
    "audio/mpeg": b"\xff\xfb\x90\x64\x00",
    "video/mp4": b"\x00\x00\x00\x18ftypisom",
}
REFUSED = {
    "nothing": b"",
    "a program for Windows": b"MZ\x90\x00\x03",
    "a program for Linux": b"\x7fELF\x02\x01\x01",
    "a page": b"<!doctype html><script>alert(1)</script>",
    "a drawing that may hold a script": b'<svg xmlns="http://www.w3.org/2000/svg" onload="x()">',
    "a workbook": b"PK\x03\x04\x14\x00",
    "a shell script": b"#!/bin/sh\nrm -rf /",
    "an AMR in name only": b"#!AMRX",
    "a text": "大坪村停水".encode(),
}


@pytest.mark.parametrize("media_type", KNOWN)
def test_what_a_telephone_makes_is_known_by_its_first_bytes(media_type: str) -> None:
    assert type_of(KNOWN[media_type]) == media_type


@pytest.mark.parametrize("content", REFUSED.values(), ids=REFUSED)
def test_anything_else_is_no_media(content: bytes) -> None:
    assert type_of(content) is None

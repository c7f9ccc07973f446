"""What a file is, by its own first bytes: what a platform or a sender calls it is never believed.

Only what a villager's telephone makes is taken: recordings, pictures, short films. Whatever else comes under such a
name - a program, a page, a document - has no type here and is not kept.
"""

from collections.abc import Callable

RIFF_KIND = slice(8, 12)

# Type, and how it begins. Sources: RFC 4867 5.1 (AMR), RFC 3533 (Ogg), ISO/IEC 14496-12 4.3 (ftyp), W3C PNG 5.2.
_BEGINS: tuple[tuple[str, bytes], ...] = (
    ("audio/amr", b"#!AMR\n"),
    ("audio/amr-wb", b"#!AMR-WB\n"),
    ("audio/silk", b"#!SILK"),
    ("audio/silk", b"\x02#!SILK"),  # as WeChat writes it
    ("audio/ogg", b"OggS"),
    ("audio/mpeg", b"ID3"),
    ("image/jpeg", b"\xff\xd8\xff"),
    ("image/png", b"\x89PNG\r\n\x1a\n"),
    ("image/gif", b"GIF87a"),
    ("image/gif", b"GIF89a"),
)
_INSIDE: tuple[tuple[str, Callable[[bytes], bool]], ...] = (
    ("audio/wav", lambda head: head.startswith(b"RIFF") and head[RIFF_KIND] == b"WAVE"),
    ("image/webp", lambda head: head.startswith(b"RIFF") and head[RIFF_KIND] == b"WEBP"),
    ("video/mp4", lambda head: head[4:8] == b"ftyp"),
    # MPEG audio without a tag: eleven bits of synchronisation, a layer, a rate (ISO/IEC 11172-3 2.4.1.3)
    ("audio/mpeg", lambda head: len(head) > 2 and head[0] == 0xFF and head[1] & 0xE6 in (0xE2, 0xE4, 0xE6)),
)


def type_of(content: bytes) -> str | None:
    """The media type a file has by its content; None for whatever is neither recording, picture nor film."""
    head = content[:16]
    for media_type, begin in _BEGINS:
        if head.startswith(begin):
            return media_type
    return next((media_type for media_type, fits in _INSIDE if fits(head)), None)

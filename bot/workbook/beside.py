"""Files beside a workbook - recordings, pictures, pages to print - kept under the hash of their content."""

import hashlib
import wave
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from handlers.directory import Kept

FOLDER = "study"  # below data_dir
TYPES = {
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".amr": "audio/amr",
    ".wav": "audio/wav",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".pdf": "application/pdf",
}
LARGEST = 20 * 1024 * 1024  # bytes
SHORT = 180  # seconds: what an old person listens to (domain.md A4, 48)
AMR_BYTES = (
    13,
    14,
    16,
    18,
    20,
    21,
    27,
    32,
)  # of a frame of 20 ms, by its mode (RFC 4867 3.6, with the header)
MP3_KBITS = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)  # MPEG-1 layer III
MP3_KBITS_LOW = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)  # MPEG-2 layer III


def keeper(source: Path, data_dir: Path) -> Callable[[str], Kept | None]:
    """What keeps a file that lies beside `source` (a workbook, or a folder of csv files)."""
    beside = source if source.is_dir() else source.parent

    def keep(name: str) -> Kept | None:
        file = beside / name
        kind = file.suffix.lower()
        if kind not in TYPES or not file.is_file() or file.stat().st_size > LARGEST:
            return None
        content = file.read_bytes()
        kept = f"{hashlib.sha256(content).hexdigest()[:32]}{kind}"
        folder = data_dir / FOLDER
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (folder / kept).write_bytes(content)
        return Kept(kept, is_short=seconds_of(file, content) <= SHORT)

    return keep


def seconds_of(file: Path, content: bytes) -> float:
    """How long a recording runs, as far as its own beginning tells; 0 for what is none, or tells nothing."""
    kind = file.suffix.lower()
    if kind == ".wav":
        with suppress(wave.Error, EOFError), wave.open(str(file)) as sound:
            return float(sound.getnframes() / max(1, sound.getframerate()))
    if kind == ".amr" and content.startswith(b"#!AMR\n") and len(content) > 6:
        mode = content[6] >> 3 & 0xF
        return (len(content) - 6) / AMR_BYTES[mode] * 0.02 if mode < len(AMR_BYTES) else 0.0
    if kind == ".mp3":
        return _mp3(content)
    return 0.0


def _mp3(content: bytes) -> float:
    """By the bit rate of the first frame, after an ID3 tag."""
    start = 0
    if content.startswith(b"ID3") and len(content) > 10:
        start = 10 + sum(
            (byte & 0x7F) << shift for byte, shift in zip(content[6:10], (21, 14, 7, 0), strict=True)
        )
    at = next(
        (
            place
            for place in range(start, min(len(content) - 3, start + 65536))
            if content[place] == 0xFF and content[place + 1] & 0xE6 == 0xE2
        ),
        None,
    )
    if at is None:
        return 0.0
    rates = MP3_KBITS if content[at + 1] & 0x18 == 0x18 else MP3_KBITS_LOW
    rate = content[at + 2] >> 4
    return (len(content) - at) * 8 / (rates[rate] * 1000) if 0 < rate < len(rates) else 0.0

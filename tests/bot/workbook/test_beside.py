"""Recordings beside a workbook: kept by content, and no longer than an old person listens."""

import wave
from pathlib import Path

import pytest

from bot.workbook.beside import keeper, seconds_of


def recording(file: Path, seconds: int) -> Path:
    with wave.open(str(file), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(100)
        sound.writeframes(bytes(100 * seconds))
    return file


def test_a_recording_is_kept_by_its_content_and_known_to_be_short(tmp_path: Path):
    recording(tmp_path / "a.wav", 170)
    recording(tmp_path / "b.wav", 190)
    keep = keeper(tmp_path / "book.xlsx", tmp_path / "var")
    short, long = keep("a.wav"), keep("b.wav")
    assert short is not None
    assert long is not None
    assert (short.is_short, long.is_short) == (True, False)
    assert (tmp_path / "var" / "study" / short.name).read_bytes() == (tmp_path / "a.wav").read_bytes()


@pytest.mark.parametrize("name", ["none.mp3", "book.xlsx", "notes.txt"])
def test_what_is_missing_or_no_material_is_not_kept(tmp_path: Path, name: str):
    (tmp_path / "notes.txt").write_text("x")
    assert keeper(tmp_path / "book.xlsx", tmp_path / "var")(name) is None


def test_a_telephone_recording_and_an_mp3_tell_their_length(tmp_path: Path):
    amr = b"#!AMR\n" + bytes([0x3C]) + bytes(32 * 50 * 10 - 1)  # mode 7, ten seconds
    assert round(seconds_of(Path("a.amr"), amr)) == 10
    mp3 = (
        b"ID3\x04\x00\x00\x00\x00\x00\x0a" + bytes(10) + b"\xff\xfb\x50\x00" + bytes(8000 * 60 - 4)
    )  # 64 kbit/s
    assert round(seconds_of(Path("a.mp3"), mp3)) == 60
    assert seconds_of(Path("a.mp3"), b"no sound at all") == 0

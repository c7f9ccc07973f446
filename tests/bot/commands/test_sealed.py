"""`lianxin keygen`, `lianxin unseal`: on the discipline office's own machine, without a configuration."""

import base64
import json
from pathlib import Path

import pytest

from bot.__main__ import main
from models.sealed import Opened, decode_key, make_keys, seal_for

ESCAPE = "\x1b]0;owned\x07"


def test_keygen_prints_the_public_half_and_keeps_the_private_one_to_itself(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "private.key"
    assert main(["keygen", "--private-key", str(file)]) == 0
    public = capsys.readouterr().out.strip()
    assert len(decode_key(public)) == 32
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.read_text("ascii").strip() != public
    before = file.read_bytes()
    assert main(["keygen", "--private-key", str(file)]) == 1
    assert "is there already" in capsys.readouterr().err
    assert file.read_bytes() == before


def test_unseal_shows_what_opens_names_what_does_not_and_steers_no_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    public, private = make_keys()
    foreign, _ = make_keys()
    sealed = [
        seal_for(decode_key(public), Opened("one", "2026-11-23T09:00:00+08:00", f"first{ESCAPE}\u202e")),
        seal_for(decode_key(foreign), Opened("two", "2026-11-23T09:00:00+08:00", "not for us")),
    ]
    file, key = tmp_path / "letters", tmp_path / "key"
    lines = [json.dumps({"ciphertext": base64.b64encode(one).decode()}) for one in sealed]
    file.write_text("\n".join([*lines, "not json", "{}"]), encoding="utf-8")
    key.write_text(private, encoding="ascii")
    assert main(["unseal", str(file), "--private-key", str(key)]) == 1
    shown = capsys.readouterr()
    assert "first]0;owned" in shown.out
    assert "\x1b" not in shown.out
    assert "\u202e" not in shown.out
    assert "not for us" not in shown.out
    assert [line.split(":")[1] for line in shown.err.splitlines()] == ["2", "3", "4"]


def test_the_length_of_a_ciphertext_does_not_tell_the_length_of_the_words() -> None:
    public = decode_key(make_keys()[0])
    short, long = (seal_for(public, Opened("one", "now", "x" * length)) for length in (1, 400))
    assert len(short) == len(long)


@pytest.mark.parametrize("content", ["", "no base64!", base64.b64encode(b"short").decode()])
def test_a_bad_private_key_is_one_clear_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str
) -> None:
    key, file = tmp_path / "key", tmp_path / "letters"
    key.write_text(content, encoding="ascii")
    file.write_text("", encoding="utf-8")
    assert main(["unseal", str(file), "--private-key", str(key)]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1

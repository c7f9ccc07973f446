"""`lianxin route`: where a message would go, one at a time or a file of them."""

import io
import json
import shutil
import tomllib
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.commands import route

SMALL = Path(__file__).parents[2] / "handlers" / "topic" / "small"
MATTER = tomllib.loads((SMALL / "topics" / "words.toml").read_text("utf-8"))["word"][0]["test"]


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    return shutil.copytree(SMALL, tmp_path / "rules")


def test_a_message_is_told_for_people_and_as_one_object(rules: Path, capsys: pytest.CaptureFixture[str]):
    nowhere = str(rules.parent / "config.toml")
    assert main(["route", MATTER, "--rules", str(rules), "--config", nowhere]) == 0
    told = capsys.readouterr()
    assert "category" in told.out
    assert main(["route", MATTER, "--rules", str(rules), "--json", "--config", nowhere]) == 0
    printed = capsys.readouterr()
    record = json.loads(printed.out)
    assert (record["category"], record["id"], printed.err) == ("W", None, "")
    assert record["words"][0]["word"] in MATTER
    assert not Path(nowhere).exists()


def test_every_line_of_a_file_is_answered_with_one_object(
    rules: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    good = json.dumps({"id": 7, "text": MATTER}).encode()
    rows: list[tuple[bytes, object, str]] = [
        (good, 7, ""),
        (b'{"id": "a", "text": ""}', "a", ""),
        (b'{"id": "b", "text": "\\ud83d \\u0000"}', "b", ""),
        (b'{"id": "c"}', "c", "text is missing or no text"),
        (b'{"id": "d", "text": 5}', "d", "text is missing or no text"),
        (b"{", None, "not JSON: "),
        (b"", None, "not JSON: "),
        (b"[1]", None, "not an object"),
        (b'{"text": "\xff"}', None, "not UTF-8"),
        (b"[" * 5000, None, "not JSON that can be read"),
        (b'{"id": 1, "text": "' + b"x" * (2 << 20) + b'"}', None, "not JSON: "),
        (good, 7, ""),
    ]
    data = b"\xef\xbb\xbf" + b"\n".join(line for line, _, _ in rows)
    file = rules.parent / "messages.jsonl"
    file.write_bytes(data)
    assert route.run(None, file, rules=rules) == 0
    printed = capsys.readouterr()
    answers = [json.loads(line) for line in printed.out.splitlines()]
    assert len(answers) == len(rows)
    for answer, (_, identity, error) in zip(answers, rows, strict=True):
        assert answer["id"] == identity
        if error:
            assert answer.keys() == {"id", "error"}
            assert answer["error"].startswith(error)
        else:
            assert "lane" in answer
    assert printed.err == ""

    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))
    assert route.run(None, Path("-"), rules=rules) == 0
    assert capsys.readouterr().out == printed.out


def test_a_broken_rule_set_is_refused_in_one_line(rules: Path, capsys: pytest.CaptureFixture[str]):
    (rules / "topics" / "words.toml").write_text('[[word]]\nleaf = "0999"\n')
    assert route.run(MATTER, rules=rules) == 2
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == ("", "words.toml:1: 0999 is no leaf of categories.toml\n")


def test_a_file_that_is_not_there_is_said_in_one_line(rules: Path, capsys: pytest.CaptureFixture[str]):
    assert route.run(None, rules / "none.jsonl", rules=rules) == 2
    assert capsys.readouterr().err == f"{rules}/none.jsonl: No such file or directory\n"

"""A rule set that is not fit for use is refused with file, line and reason, and nothing of it stays."""

import shutil
import tomllib
from itertools import islice, permutations
from pathlib import Path
from typing import Any

import pytest

from handlers.topic import RuleSetError, Understanding, listing

HERE = Path(__file__).parent
CASES: list[dict[str, Any]] = tomllib.loads((HERE / "broken.toml").read_text("utf-8"))["case"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A rule set of three leaves."""
    return shutil.copytree(HERE / "small", tmp_path / "rules")


def refused(folder: Path) -> RuleSetError:
    with pytest.raises(RuleSetError) as caught:
        Understanding.load(folder)
    return caught.value


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_what_is_wrong_with_a_rule_set_is_said_with_file_and_line(case: dict[str, Any], folder: Path):
    if case["file"] in ("typos.toml", "explain.toml"):
        for part in ("traditional.tsv", "faces.toml"):
            shutil.copy(HERE.parents[2] / "handlers" / "words" / part, folder)
    (folder / case["file"]).write_text(case["text"], "utf-8")
    error = refused(folder)
    assert (error.file, error.line) == (Path(case.get("in", case["file"])).name, case["line"])
    assert case["reason"] in error.reason
    assert str(error).startswith(f"{error.file}:{error.line}: " if error.line else f"{error.file}: ")


def test_the_small_rule_set_is_sound_until_it_is_broken(folder: Path):
    assert Understanding.load(folder).rules.version.startswith("1-")


def test_a_folder_that_is_not_there_or_holds_nothing_is_no_rule_set(folder: Path, tmp_path: Path):
    assert refused(tmp_path / "gone").reason == "no such folder"
    shutil.rmtree(folder / "topics")
    assert "no leaf can be reached" in refused(folder).reason
    (folder / "manifest.toml").unlink()
    assert str(refused(folder)) == "manifest.toml: the file is missing"


def test_a_file_that_is_no_text_is_refused_with_the_line_where_it_ends_to_be_one(folder: Path):
    file = folder / "topics" / "words.toml"
    file.write_bytes(b"# good\n# good\n# \xff\xfe\n" + file.read_bytes())
    error = refused(folder)
    assert (error.line, error.reason) == (3, "not UTF-8")


def written(count: int) -> str:
    """So many words for the leaf `W`."""
    words = map("".join, islice(permutations("abcdefghijklmnopqrstuvwxyz", 4), count))
    return "".join(
        f'\n[[word]]\nleaf = "W"\nword = "{word}"\nweight = 1.0\ntest = "{word}"\n' for word in words
    )


def test_a_hundred_thousand_words_are_a_rule_set(folder: Path):
    (folder / "topics" / "many.toml").write_text(written(100_000), "utf-8")
    listed = Understanding.load(folder).rules.listed
    assert len(listed.words) > 100_000


def test_more_words_than_anybody_can_answer_for_are_refused(folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(listing, "MOST_WORDS", 100)
    (folder / "topics" / "many.toml").write_text(written(101), "utf-8")
    error = refused(folder)
    assert (error.file, error.line) == ("many.toml", 2 + 6 * 100)
    assert error.reason == "more than 100 words; nobody can answer for so many"


def test_the_version_changes_with_any_file_and_with_nothing_else(folder: Path):
    first = Understanding.load(folder).rules.version
    assert Understanding.load(folder).rules.version == first
    with (folder / "topics" / "words.toml").open("a", encoding="utf-8") as file:
        file.write("# a remark\n")
    assert Understanding.load(folder).rules.version != first

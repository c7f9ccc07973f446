"""`lianxin learn`: a county's own categories from its own work orders, and what a bad file is told."""

import json
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

import pytest

from bot.commands import learn
from handlers.topic import Understanding
from handlers.topic.written import FILES

AT = datetime(2026, 11, 22, 8, tzinfo=UTC)
TOLD: dict[str, Any] = tomllib.loads(Path(__file__).with_name("orders.toml").read_text("utf-8"))
ORDERS = [{"text": text, "category": name} for name, texts in TOLD["category"].items() for text in texts]


def written(folder: Path, *lines: object) -> Path:
    """A file of these lines; what is no bytes is written as JSON."""
    file = folder / "orders.jsonl"
    rows = [
        line if isinstance(line, bytes) else json.dumps(line, ensure_ascii=False).encode() for line in lines
    ]
    file.write_bytes(b"".join(row + b"\n" for row in rows))
    return file


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


@pytest.fixture(scope="module")
def learnt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("learnt")
    rules = folder / "rules"
    assert learn.run(written(folder, *ORDERS), rules, at=AT) == 0
    return rules


def test_a_county_is_answered_in_its_own_categories_and_danger_stays_danger(learnt: Path):
    own = Understanding.load(learnt)
    for category, text in TOLD["asked"].items():
        route = own.route(text)
        assert (route.lane, route.category, route.category_name) == ("petition", category, category)
    for lane, text in TOLD["lane"].items():
        assert own.route(text).lane == lane
        assert own.route(text).category in TOLD["category"], "lanes are the shipped ones, categories never"


def test_of_words_already_apart_no_piece_reaches_over_two(tmp_path: Path):
    apart = [[order["text"][at : at + 2] for at in range(0, len(order["text"]), 2)] for order in ORDERS]
    rows = [
        {"text": " ".join(words), "category": order["category"]}
        for words, order in zip(apart, ORDERS, strict=True)
    ]
    assert learn.run(written(tmp_path, *rows), tmp_path / "rules", at=AT) == 0
    lines = (tmp_path / "rules" / "weights.tsv").read_text("utf-8").splitlines()
    pieces = {line.split("\t")[1] for line in lines if line.startswith("p\t")}
    whole = {word for words in apart for word in words}
    assert pieces
    assert {piece for piece in pieces if len(piece) > 1} <= whole


def test_a_learnt_rule_set_says_where_it_comes_from(learnt: Path):
    assert sorted(contents(learnt)) == sorted(FILES)
    manifest = tomllib.loads((learnt / "manifest.toml").read_text("utf-8"))
    assert manifest["made_on"] == manifest["version"] == "2026-11-22"
    assert manifest["reason"] == f"learnt from orders.jsonl: {len(ORDERS)} lines, 0 left out"


def test_the_same_orders_make_the_same_rule_set(learnt: Path, tmp_path: Path):
    assert learn.run(written(tmp_path, *ORDERS), tmp_path / "rules", at=AT) == 0
    assert contents(tmp_path / "rules") == contents(learnt)


def test_bad_lines_are_named_and_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    text, category = ORDERS[0]["text"], ORDERS[0]["category"]
    bad: list[tuple[object, str]] = [
        (b"{", "not JSON: "),
        (b"", "not JSON: "),
        (b'"text"', "not an object"),
        (b'{"text": "\xff"}', "not UTF-8"),
        ({"text": text}, "category is missing, empty or no text"),
        ({"text": text, "category": " "}, "category is missing, empty or no text"),
        ({"text": text, "category": 3}, "category is missing, empty or no text"),
        ({"text": text, "category": category * 60}, "category is longer than 100 characters"),
        ({"text": "", "category": category}, "text is missing, empty or no text"),
        ({"text": ["x"], "category": category}, "text is missing, empty or no text"),
    ]
    file = written(tmp_path, *(line for line, _ in bad), *ORDERS)
    assert learn.run(file, tmp_path / "rules", at=AT) == 0
    told = capsys.readouterr().err.splitlines()
    for number, (line, reason) in enumerate(zip(told, [reason for _, reason in bad], strict=False), 1):
        assert line.startswith(f"line {number}: {reason}")
    assert told[len(bad)] == f"{len(ORDERS)} lines read, {len(bad)} bad, 3 categories"


def test_a_file_of_nothing_but_bad_lines_does_not_flood_the_screen(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert learn.run(written(tmp_path, *[b"?"] * 500), tmp_path / "rules", at=AT) == 1
    told = capsys.readouterr().err.splitlines()
    assert len(told) == learn.MOST_NAMED + 3
    assert told[learn.MOST_NAMED] == "further bad lines are only counted"
    assert told[-1].endswith("no usable line")


def test_progress_is_shown_while_a_long_file_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(learn, "EVERY", 10)
    assert learn.run(written(tmp_path, *ORDERS), tmp_path / "rules", at=AT) == 0
    printed = capsys.readouterr()
    shares = [line for line in printed.err.splitlines() if line.endswith("%") and "lines," in line]
    assert [line.split(" ")[0] for line in shares] == ["10", "20", "30"]
    assert shares[-1] == "30 lines, 100%"
    assert printed.out == ""


@pytest.mark.parametrize(
    ("lines", "code", "reason"),
    [
        ([], 1, "no usable line"),
        (ORDERS[:10], 1, "1 category in 10 texts: there is nothing to tell apart"),
        ([ORDERS[0], ORDERS[10]], 1, "too few texts to try the categories out: some of each are needed"),
    ],
    ids=["an empty file", "one category", "one text of each category"],
)
def test_of_too_little_nothing_is_learnt(
    lines: list[object], code: int, reason: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert learn.run(written(tmp_path, *lines), tmp_path / "rules", at=AT) == code
    assert capsys.readouterr().err.splitlines()[-1].endswith(reason)
    assert not (tmp_path / "rules").exists()


def test_a_file_that_is_not_there_is_said_in_a_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert learn.run(tmp_path / "none.jsonl", tmp_path / "rules", at=AT) == 2
    assert capsys.readouterr().err == f"{tmp_path}/none.jsonl: No such file or directory\n"


def test_a_folder_of_something_else_is_never_replaced(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    rules = tmp_path / "rules"
    rules.mkdir()
    (rules / "diary.txt").write_text("mine")
    assert learn.run(written(tmp_path, *ORDERS), rules, at=AT) == 2
    assert "holds diary.txt, so it is no learnt rule set and is left alone" in capsys.readouterr().err
    assert contents(rules) == {"diary.txt": b"mine"}


def stop(*_: object, **__: object) -> NoReturn:
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    "where",
    [
        "bot.commands.learn.rows_of",
        "handlers.topic.teaching.learn",
        "handlers.topic.written.weight_lines",
        "handlers.topic.written.Table.load",
        "pathlib.Path.rename",
    ],
)
def test_stopped_wherever_it_is_the_old_rule_set_stays(
    where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    rules = tmp_path / "rules"
    assert learn.run(written(tmp_path, *ORDERS), rules, at=AT) == 0
    before = contents(rules)
    rename = Path.rename

    def stopped_in_between(source: Path, target: Path) -> Path:
        if target == rules and not source.name.endswith("-old"):
            stop()
        return rename(source, target)

    file = written(tmp_path, *ORDERS[:20])
    with monkeypatch.context() as patched:
        patched.setattr(where, stopped_in_between if where.endswith("rename") else stop)
        assert learn.run(file, rules, at=AT) == 1
    assert capsys.readouterr().err.splitlines()[-1] == f"stopped; {rules} is as it was"
    assert contents(rules) == before
    assert sorted(each.name for each in tmp_path.iterdir()) == ["orders.jsonl", "rules"], "nothing lies about"

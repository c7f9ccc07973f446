"""`lianxin route --rules DIR` and `lianxin learn --confirmed`, as typed: learn, replay, publish by hand."""

import json
import shutil
from pathlib import Path

import pytest
from sqlmodel import select

from bot.__main__ import main
from handlers.topic import Understanding
from handlers.topic.confirmed import LEAST_MATTERS, MOST_WEIGHT, weigh
from handlers.topic.ruleset import SHIPPED
from models.processing import Processing
from models.word_count import MATTERS, Total, add_one
from tests.stories.test_petition import WATER, told
from tests.stories.test_rights import finished
from tests.world import World

NIGHT = "大坪村晚上太吵"  # the shipped rules take it for something else
CHANGED = """
[[word]]
leaf = "0304"
word = "三天"
weight = 90.0
test = "三天"
"""


@pytest.fixture
def config(world: World, tmp_path: Path) -> str:
    return config_of(world, tmp_path)


def config_of(world: World, folder: Path, rules: str = "") -> str:
    """A configuration file for the very database of the story."""
    file = folder / "config.toml"
    file.write_text(
        f'[service]\ndata_key = "{world.settings.service.data_key}"\ndata_dir = "."\n'
        f'[database]\nurl = "{world.settings.database_url}"\n[routing]\nrules = "{rules}"\n',
        encoding="utf-8",
    )
    return str(file)


def rules_with(folder: Path, listed: str) -> str:
    """The shipped words and some more; all else is taken from the shipped rule set."""
    shutil.copytree(SHIPPED / "topics", folder / "topics")
    shutil.copy(SHIPPED / "manifest.toml", folder)
    (folder / "topics" / "98.toml").write_text(listed, "utf-8")
    return str(folder)


def count(world: World, leaf: str, words: list[str], matters: int) -> None:
    with world.service.database.transaction() as session:
        for _ in range(matters):
            add_one(session, "YX", leaf, words, world.clock.now())


async def test_a_replay_tells_what_would_move_by_codes_and_never_a_word(
    world: World, config: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    await finished(world, who="gone")
    await world.villager("gone").says("删除我的信息")
    number = await told(world)
    await world.villager("b").says("大坪村路灯不亮了")
    await world.villager("c").says("三天了，石桥村支书把修路款吃了")  # an accusation has no text to replay
    rules = rules_with(tmp_path / "new", CHANGED)
    capsys.readouterr()  # what the service logged meanwhile

    assert main(["route", "--rules", rules, "--config", config]) == 0
    said = capsys.readouterr()
    assert said.out.splitlines() == [
        f"{number:<12}petition 0301 -> petition 0304",
        "",
        "  count  from             to",
        "      1  petition 0301 -> petition 0304",
    ]
    assert said.err.splitlines()[-1].startswith("1 of ")
    assert not any(word in said.out + said.err for word in ("停水", "路灯", "三天"))

    assert main(["route", "--rules", rules, "--json", "--config", config]) == 0
    [line] = capsys.readouterr().out.splitlines()
    moved = json.loads(line)
    assert (moved["petition"], moved["from"], moved["to"]) == (
        number,
        {"lane": "petition", "category": "0301", "ask": False},
        {"lane": "petition", "category": "0304", "ask": False},
    )
    with world.service.database.reading() as session:
        noted = session.exec(select(Processing).where(Processing.kind == "replay")).all()
    assert len(noted) == 2, "that all texts were read is noted"


async def test_a_replay_of_no_rule_set_is_one_line_and_two(
    small_world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    config = config_of(small_world, tmp_path)
    for bad in (["--rules", str(tmp_path / "none")], ["--rules", str(tmp_path)], []):
        assert main(["route", *bad, "--config", config]) == 2
        said = capsys.readouterr()
        assert (said.out, len(said.err.splitlines())) == ("", 1)
    assert main(["route", "--rules", str(tmp_path), "--config", str(tmp_path / "none.toml")]) == 2


async def test_words_that_people_confirmed_are_learnt_replayed_and_published_by_a_person(
    world: World, config: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    await world.villager().says(NIGHT)
    folder = tmp_path / "learnt"
    learn = ["learn", "--confirmed", "--rules", str(folder), "--config", config]
    assert main(learn) == 1, "two matters confirm nothing yet"
    assert not folder.exists()

    count(world, "1602", ["晚上", "灌溉"], 30)
    count(world, "0301", ["没水"], 60)
    assert main(learn) == 0
    told_next = capsys.readouterr().err
    assert "lianxin route --rules" in told_next
    assert "[routing]" in told_next
    assert 'word = "晚上"' in (folder / "topics" / "99.toml").read_text("utf-8")
    assert "90 confirmed matters" in (folder / "manifest.toml").read_text("utf-8")
    learnt = Understanding.load(folder)
    assert learnt.rules.table is not None, "the shipped weights go on counting"
    assert learnt.route(WATER).category == "0301"
    assert world.service.settings.routing.rules == "", "a person publishes"

    assert main(["route", "--rules", str(folder), "--config", config]) == 0
    assert " -> petition 1602" in capsys.readouterr().out
    assert main(learn) == 0, "what it wrote, it may write again"
    in_use = config_of(world, tmp_path, str(folder))
    assert main([*learn[:-1], in_use]) == 2, "but never what is in use"
    assert main([*learn[:3], str(tmp_path / "next"), *learn[4:-1], in_use]) == 0
    assert (tmp_path / "next" / "topics" / "99.toml").read_text("utf-8") == (
        folder / "topics" / "99.toml"
    ).read_text("utf-8")


async def test_a_folder_that_learning_did_not_write_is_left_alone(
    small_world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    config = config_of(small_world, tmp_path)
    count(small_world, "0504", ["水管"], 30)
    count(small_world, "0301", ["没水"], 60)
    mine = tmp_path / "mine"
    rules_with(mine, CHANGED)
    before = {file: file.read_bytes() for file in mine.rglob("*.toml")}
    capsys.readouterr()
    assert main(["learn", "--confirmed", "--rules", str(mine), "--config", config]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert {file: file.read_bytes() for file in mine.rglob("*.toml")} == before


@pytest.mark.parametrize(
    ("here", "elsewhere", "learnt"),
    [
        ((LEAST_MATTERS - 1, 10), (0, 1000), False),  # too few
        ((50, 100), (500, 1000), False),  # as everywhere
        ((6, 100), (40, 1000), False),  # chance
        ((30, 100), (5, 1000), True),
        ((100, 100), (0, 0), False),  # nothing to compare with
        ((100, 100), (98, 100), False),  # in every matter
    ],
)
def test_a_word_is_learnt_where_it_clearly_speaks_for_a_leaf(
    here: tuple[int, int], elsewhere: tuple[int, int], learnt: bool
):
    counts = [
        *(Total("0301", "word", here[0]), Total("0301", MATTERS, here[1])),
        *(Total("0302", "word", elsewhere[0]), Total("0302", MATTERS, elsewhere[1])),
    ]
    weighed = weigh(counts)
    assert [(one.leaf, one.word) for one in weighed] == ([("0301", "word")] if learnt else [])
    assert all(0 < one.weight <= MOST_WEIGHT for one in weighed)

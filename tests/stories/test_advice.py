"""Who only wants to know something has the answer at once; and a person all the same if that was not enough."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from models.advice import Told, advices
from tests.handlers.directory.make import Tables, sample
from tests.world import World, number_in

ASKED = "俺娘八十三了，高龄补贴咋领"


async def test_a_question_is_answered_at_once_with_its_source_and_its_last_day(world: World):
    [said] = await world.villager().says(ASKED)
    assert "满80岁" in said
    assert "县民政局" in said
    assert "有效到2027年12月31日" in said
    assert "回 1" in said
    assert world.petitions() == [], "nothing has to be done"
    await world.tick(hours=1)
    assert world.petitions() == []


async def test_if_that_was_not_enough_a_person_has_the_matter_with_the_words_and_a_number(world: World):
    await world.villager().says(ASKED)
    [said] = await world.villager().says("1")
    number = number_in(said)
    await world.tick(minutes=3)
    owner = world.owner(number)
    [seen] = await world.cadre(owner).says(f"看 {number}")
    assert "八十三" in seen
    with world.service.database.reading() as session:
        assert [told.insisted for told in session.exec(select(Told))] == [True]


@pytest.mark.parametrize("words", ["没解决", "不满意", "还是没弄明白，没解决"])
async def test_discontent_with_an_answer_brings_a_person_too(small_world: World, words: str):
    await small_world.villager().says(ASKED)
    [said] = await small_world.villager().says(words)
    assert small_world.petition(number_in(said)).kind == "enquiry"


@pytest.mark.parametrize("words", ["谢谢", "好的，满意", "2"])
async def test_who_is_content_with_an_answer_is_left_in_peace(small_world: World, words: str):
    await small_world.villager().says(ASKED)
    [said] = await small_world.villager().says(words)
    assert "编号" not in said
    assert small_world.petitions() == []


async def test_the_next_question_is_no_answer_to_whether_the_last_was_enough(small_world: World):
    await small_world.villager().says(ASKED)
    [said] = await small_world.villager().says("身份证丢了怎么补")
    assert "派出所" in said
    [said] = await small_world.villager().says("大坪村停水三天了")
    assert small_world.petition(number_in(said)).leaf == "0301"


@pytest.mark.parametrize(
    "words",
    [
        "低保名单为啥不贴出来",
        "高龄补贴三个月没发了",
        "办低保跑了五趟还不给办",
        "危房改造补多少钱我不管，款一直没给",
        "我家的养老金怎么少了",
        "身份证办了两个月还没下来",
    ],
)
async def test_a_complaint_that_sounds_like_a_question_is_a_matter(small_world: World, words: str):
    [said] = await small_world.villager().says(words)
    assert number_in(said)
    assert len(small_world.petitions()) == 1


@pytest.mark.parametrize("words", ["农药喝下去了咋办", "着火了打什么电话"])
async def test_danger_is_never_answered_from_a_list(small_world: World, words: str):
    [said] = await small_world.villager().says(words)
    assert said.split("\n")[0].count("1") >= 1
    assert [one.lane for one in small_world.petitions()] == ["emergency"]


async def test_a_question_in_the_middle_of_a_matter_belongs_to_it(small_world: World):
    [said] = await small_world.villager().says("大坪村停水三天了，没人管")
    [more] = await small_world.villager().says("水费多少钱一吨")
    assert number_in(more) == number_in(said)


async def test_an_answer_out_of_date_is_not_given_and_its_office_is_told(small_world: World):
    with small_world.service.database.transaction() as session:
        for row in advices(session):
            row.valid_until = date(2026, 11, 23) if row.code == "W002" else row.valid_until
    [said] = await small_world.villager().says(ASKED)
    assert "满80岁" in said, "today is its last day"
    await small_world.tick(minutes=1)
    [told] = [fields for _, wording, fields in small_world.letters("wenru") if wording == "advice.runs_out"]
    assert (told["codes"], told["over"]) == (["W002"], False)

    await small_world.tick(days=1)
    twice = [fields for _, wording, fields in small_world.letters("wenru") if wording == "advice.runs_out"]
    assert [one["over"] for one in twice] == [False, True]
    await reload(small_world)
    [said] = await small_world.villager("b").says(ASKED)
    assert number_in(said), "a person answers"
    await small_world.tick(days=1)
    assert len([1 for _, wording, _ in small_world.letters("wenru") if wording == "advice.runs_out"]) == 2


async def reload(world: World) -> None:
    """What the directory's next import does: whatever is derived from it is made anew."""
    from models.directory import bump_version

    with world.service.database.transaction() as session:
        bump_version(session, world.clock.now())


async def test_who_is_responsible_when_it_opens_and_who_is_there_today(world: World):
    villager = world.villager()
    [said] = await villager.says("谁负责我们村")
    assert said.startswith("您问的是哪个村？请带上村名再问一遍。")
    [said] = await villager.says("石桥村谁负责")
    assert "支部书记 石砚耕" in said
    assert "139" not in said, "a private number is nobody's to give away"
    [said] = await villager.says("石桥村村部几点开门")
    assert "8点半" in said
    [said] = await villager.says("石桥村今天谁值班")
    assert "没有排班" in said
    from models.room import Roster

    with world.service.database.transaction() as session:
        session.add(Roster(place="YX0101", day=world.clock.now().date(), people=["shiyangeng", "bochuan"]))
        tomorrow = world.clock.now().date() + timedelta(days=1)
        session.add(Roster(place="YX0101", day=tomorrow, people=["bochuan"]))
    [said] = await villager.says("今天石桥村谁值班")
    assert "石砚耕、薄川" in said
    [said] = await villager.says("石桥村明天谁坐班")
    assert said == "11月24日石桥村值班：薄川。\n村部电话 085181230101。"
    assert world.petitions() == []


def advice(code: str = "W900", **cells: str) -> list[str]:
    row = {
        "编号": code,
        "问法": "办证去哪里",
        "答案": "到村部",
        "来源": "县里",
        "有效至": "2027-12-31",
        "单位": "MZ",
        "地点": "",
    }
    return list((row | cells).values())


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ([advice(有效至="")], "问答!2 有效至: 不能空"),
        (
            [advice(有效至="2027-02-30")],
            "问答!2 有效至: 没有这一天 2027-02-30；应为 YYYY-MM-DD，例 2026-12-01",
        ),
        ([advice(), advice("W901")], "问答!3 问法: “办证去哪里”第 2 行也有；一个问题只能有一个答案"),
        ([advice(单位="NO")], "问答!2 单位: 单位里没有编码 NO"),
        ([advice(答案="长" * 301)], "问答!2 答案: 最多 300 个字符"),
    ],
)
def test_a_bad_row_of_answers_is_named_and_nothing_is_changed(matters, rows: list[list[str]], problem: str):
    from handlers.directory import BadDirectory
    from tests.stories.test_advice import load

    tables: Tables = {"问答": [sample()["问答"][0], *rows]}
    with pytest.raises(BadDirectory) as refused:
        load(matters, tables)
    assert [str(one) for one in refused.value.problems] == [problem]


def load(matters, tables: Tables):
    from handlers.directory import Row, Sheet, import_directory, nobody_is_meant

    sheets = [
        Sheet(name, rows[0], [Row(number, row) for number, row in enumerate(rows[1:], start=2)])
        for name, rows in tables.items()
    ]
    with matters.database.transaction() as session:
        keys = matters.knowledge.keys(session, matters.at)
        return import_directory(session, keys, sheets, frozenset(), matters.at, on_people=nobody_is_meant)


def test_a_roster_with_a_gap_or_too_few_people_is_said_and_taken(matters):
    rows = [
        ["地点", "日期", "人员"],
        ["YX0101", "2026-11-23", "shiyangeng；bochuan"],
        ["YX0101", "2026-11-25", "shiyangeng"],
    ]
    imported = load(matters, {"值班": rows})
    assert imported.notes == [
        "YX0101 的值班缺了 2026-11-24",
        "YX0101 的值班有 2026-11-25 人数不够 2",
    ]


async def test_who_is_asked_whether_it_is_another_matter_is_heard_with_his_own_words(small_world: World):
    """The words said before the "1" are the matter's, for the owner and for whom it is about."""
    villager = small_world.villager()
    await villager.says("大坪村停水三天了")
    await small_world.tick(minutes=10)
    await villager.says("大坪村又停水了，水管爆在小学门口")
    [said] = await villager.says("1")
    number = number_in(said)
    await small_world.tick(minutes=10)
    [seen] = await small_world.cadre(small_world.owner(number)).says(f"看 {number}")
    assert "小学门口" in seen

"""A county's own word: tried on what people wrote, shown with what it would move, in force by another person's yes."""

import re

from handlers.topic.county_words import Written
from tests.bot.pages.test_petitions import logged_in
from tests.stories.test_petition import told
from tests.world import World

WORD = {"leaf": "0304", "word": "灯杆子", "weight": "5", "test": "我们村灯杆子歪了", "why": "本地这样说"}
SAID = "大坪村灯杆子倒了一根"
MISLED = "村里的低保户家里路灯坏了"


async def test_a_word_is_proposed_replayed_and_published_by_another_person(world: World):
    number = await told(world, SAID)
    before = world.petition(number).route["candidates"][0][0]
    operator = await logged_in(world, "operator", "weizhiyuan")
    assert (await operator.post("/console/words", **WORD)).status == 303
    page = await operator.get("/console/words")
    assert re.search(r"在最近 [1-9]\d* 段话上试，[1-9]\d* 段会改动", page.text) or before == "0304"
    assert "生效</button>" not in page.text, "not by himself"
    assert SAID not in page.text
    assert (await operator.post("/console/words/1", act="publish")).status == 409
    supervisor = await logged_in(world, "supervisor", "lubaichuan")
    assert "生效</button>" in (await supervisor.get("/console/words")).text
    assert (await supervisor.post("/console/words/1", act="publish")).status == 303
    page = await supervisor.get(f"/console/words?try={WORD['test']}")
    assert "“灯杆子”" in page.text
    assert page.text.index("<ol><li>0304") > 0
    await world.villager("b").scans("v:YX0101")
    await world.villager("b").says(SAID)
    assert world.petitions()[-1].route["candidates"][0][0] == "0304"
    await supervisor.post("/console/words/1", act="end")
    page = await supervisor.get("/console/words")
    assert "还没有本县自己的改动" in page.text


async def test_a_word_that_cannot_be_is_refused_before_anybody_is_asked(small_world: World):
    operator = await logged_in(small_world, "operator", "weizhiyuan")
    for wrong in (
        {"leaf": "9999"},
        {"word": "灯"},
        {"weight": "50"},
        {"weight": "x"},
        {"test": "没有这个"},
        {"why": ""},
        {"kind": "lower", "act": "change"},
        {"kind": "phrase"},
        {"kind": "x"},
    ):
        page = await operator.post("/console/words", **(WORD | wrong))
        assert page.status == 409, wrong
    assert "没有。" in (await operator.get("/console/words")).text


async def test_a_shipped_word_is_changed_and_removed_with_replay_and_comes_back(small_world: World):
    world = small_world
    operator = await logged_in(world, "operator", "weizhiyuan")
    supervisor = await logged_in(world, "supervisor", "lubaichuan")
    first = written(world, "word")
    page = await operator.get(f"/console/words?find={first.leaf}&leaf={first.leaf}&word={first.word}")
    assert f"{first.file} 第 {first.line} 行" in page.text
    asked = {"leaf": first.leaf, "word": first.word, "why": "本地不这样说"}
    page = await operator.post("/console/words", **asked, act="add", weight="3", test=first.test)
    assert (page.status, f"{first.file} 第 {first.line} 行" in page.text) == (409, True)
    assert "本地不这样说</textarea>" in page.text, "nothing typed is lost"
    assert (await operator.post("/console/words", **asked, act="remove")).status == 303
    page = await operator.post("/console/words", **asked, act="change", weight="1", test=first.test)
    assert "先把那一个撤了" in page.text

    before = weight_of(world, first.leaf, first.word)
    await supervisor.get("/console/words")
    assert (await supervisor.post("/console/words/1", act="publish")).status == 303
    assert (before, weight_of(world, first.leaf, first.word)) == (first.weight, None)
    page = await supervisor.get("/console/words")
    assert f"去掉“{first.word}”→ {first.leaf}" in page.text
    assert "本地不这样说" in page.text
    await supervisor.post("/console/words/1", act="end")
    assert weight_of(world, first.leaf, first.word) == first.weight, "undone"
    assert "陆百川" in (await supervisor.get("/console/words")).text.partition("撤了的")[2]

    assert (
        await operator.post("/console/words", **asked, act="change", weight="0.5", test=first.test)
    ).status == 303
    await supervisor.post("/console/words/2", act="publish")
    assert weight_of(world, first.leaf, first.word) == 0.5


async def test_a_change_that_breaks_the_rules_is_refused_with_line_and_reason_and_nothing_moves(
    small_world: World,
):
    operator = await logged_in(small_world, "operator", "weizhiyuan")
    first = written(small_world, "word")
    before = weight_of(small_world, first.leaf, first.word)
    broken = {"leaf": first.leaf, "word": first.word, "weight": "3", "why": "试试"}
    page = await operator.post("/console/words", **broken, act="change", test=f"不是问{first.word}")
    assert page.status == 409
    assert f"{first.file} 第 {first.line} 行的词，在例句里没有算到这一类" in page.text
    assert "没有。" in (await operator.get("/console/words")).text, "nobody is asked about it"
    assert weight_of(small_world, first.leaf, first.word) == before


async def test_a_shipped_phrase_is_changed_given_must_not_words_removed_and_put_back(small_world: World):
    """Of what takes a word back likewise; the words stay in the county's hands, the shipped files as they are."""
    world = small_world
    operator = await logged_in(world, "operator", "weizhiyuan")
    supervisor = await logged_in(world, "supervisor", "lubaichuan")
    phrase, cancel = written(world, "phrase"), written(world, "cancel")
    page = await operator.get("/console/words")
    assert "后面的词不算" in page.text
    assert "”和“" in page.text, "a phrase is read as people say it"
    changed = {"kind": "phrase", "leaf": phrase.leaf, "word": phrase.word, "why": "本地另有说法"}
    asked = changed | {"act": "change", "weight": "1.5", "test": phrase.test, "bars": "不是我家的、镜子"}
    assert (await operator.post("/console/words", **asked)).status == 303
    assert "有“不是我家的、镜子”不算" in (await supervisor.get("/console/words")).text
    assert listed_for(world, phrase.test, phrase.leaf) == phrase.weight, "not before another person's yes"
    await supervisor.post("/console/words/1", act="publish")
    assert listed_for(world, phrase.test, phrase.leaf) == 1.5
    assert listed_for(world, f"{phrase.test},镜子", phrase.leaf) == 0
    await supervisor.post("/console/words/1", act="end")
    assert listed_for(world, phrase.test, phrase.leaf) == phrase.weight, "put back"
    await operator.post("/console/words", **changed, act="remove")
    await supervisor.post("/console/words/2", act="publish")
    assert listed_for(world, phrase.test, phrase.leaf) == 0

    back = {"kind": "cancel", "leaf": "", "word": cancel.word, "why": "漏了真事"}
    assert (await operator.post("/console/words", **back, act="remove")).status == 303
    first = written(world, "word")
    assert listed_for(world, f"不是问{first.word}", first.leaf) == 0
    await supervisor.post("/console/words/3", act="publish")
    assert listed_for(world, f"不是问{first.word}", first.leaf) == first.weight


async def test_what_the_weights_learnt_of_a_word_is_set_aside_by_the_county(small_world: World):
    """With owner, reason and replay; the villager is not told that a word decided which the county does not go by."""
    world = small_world
    operator = await logged_in(world, "operator", "weizhiyuan")
    supervisor = await logged_in(world, "supervisor", "lubaichuan")
    assert reads(world, MISLED) == "0601"
    page = await operator.get(f"/console/words?try={MISLED}")
    assert "kind=lower&amp;leaf=0601&amp;word=" in page.text
    asked = {
        "kind": "lower",
        "leaf": "0601",
        "word": "低保户",
        "test": "低保户家里来人了",
        "why": "说的是谁家",
    }
    assert (await operator.post("/console/words", **asked, weight="3")).status == 409
    assert (await operator.post("/console/words", **asked, weight="1")).status == 303
    page = await supervisor.get("/console/words")
    assert "“低保户”学来的分量，对 0601" in page.text
    assert "说的是谁家" in page.text
    await supervisor.post("/console/words/1", act="publish")
    assert reads(world, MISLED) == "0304"
    page = await supervisor.get(f"/console/words?try={MISLED}")
    assert "您说到“低保户”" not in page.text
    assert "“路灯”" in page.text
    await supervisor.post("/console/words/1", act="end")
    assert reads(world, MISLED) == "0601"


async def test_a_change_that_leaves_a_rule_unreadable_is_refused_in_plain_words(small_world: World):
    operator = await logged_in(small_world, "operator", "weizhiyuan")
    first = written(small_world, "word")
    asked = {"leaf": first.leaf, "word": first.word, "weight": "3", "test": first.test, "why": "试试"}
    page = await operator.post("/console/words", **asked, act="change", bars="别的")
    assert page.status == 409
    told = re.search(r"<p[^>]*>([^<]*规则就读不通[^<]*)<", page.text)
    assert told is not None
    assert "“不算”的词要比这个词长" in told[1]
    assert not re.search(r"[a-z]{3,}", told[1].replace(first.file, "")), "not a word of English"


def written(world: World, kind: str) -> Written:
    """The first entry of that kind that is written down."""
    return next(one for one in world.service.knowledge.written() if one.kind == kind)


def reads(world: World, text: str) -> str | None:
    with world.service.database.reading() as session:
        return world.service.knowledge.county(session, world.clock.now()).reader.route(text).category


def listed_for(world: World, text: str, leaf: str) -> float:
    """What listed words and phrases say for a leaf in a text, by the running rules."""
    with world.service.database.reading() as session:
        listed = world.service.knowledge.county(session, world.clock.now()).reader._rules.listed
    return round(sum(one.weight for one in listed.find(text) if one.leaf == leaf), 6)


def weight_of(world: World, leaf: str, word: str) -> float | None:
    """What a listed word weighs for a leaf in the running rules; None: it is not there."""
    with world.service.database.reading() as session:
        listed = world.service.knowledge.county(session, world.clock.now()).reader._rules.listed
    found = [one.weight for one in listed.words if (one.leaf, one.word) == (leaf, word)]
    return found[0] if found else None

"""A county's own word: tried on what people wrote, shown with what it would move, in force by another person's yes."""

import re

from tests.bot.pages.test_petitions import logged_in
from tests.stories.test_petition import told
from tests.world import World

WORD = {"leaf": "0304", "word": "灯杆子", "weight": "5", "test": "我们村灯杆子歪了", "why": "本地这样说"}
SAID = "大坪村灯杆子倒了一根"


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
    assert "还没有本县自己的词" in page.text


async def test_a_word_that_cannot_be_is_refused_before_anybody_is_asked(small_world: World):
    operator = await logged_in(small_world, "operator", "weizhiyuan")
    for wrong in (
        {"leaf": "9999"},
        {"word": "灯"},
        {"weight": "50"},
        {"weight": "x"},
        {"test": "没有这个"},
        {"why": ""},
    ):
        page = await operator.post("/console/words", **(WORD | wrong))
        assert page.status == 409, wrong
    assert "没有。" in (await operator.get("/console/words")).text

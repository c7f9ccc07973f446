"""Not content with the written answer: the body above looks, then the one above that, then it has an end."""

import json

from handlers.digest.compose import differs, window_of
from models.petition import State
from models.verification import verify
from tests.bot.pages.browser import Browser
from tests.bot.pages.test_acts import acting
from tests.bot.pages.test_petitions import logged_in
from tests.stories.test_petition import told
from tests.world import World

LATE = "letter.review_late.second"
NAMES = [f"{step}_{what}" for step in ("review", "reexamination") for what in ("asked", "answered", "late")]


async def answered(world: World) -> str:
    """A matter its owner says is done, and the villager agrees."""
    number = await told(world)
    await world.cadre(world.owner(number)).says(f"签收 {number}")
    await world.cadre(world.owner(number)).says(f"办结 {number} 水管换好了")
    await world.tick(seconds=2)
    await world.villager().says("1")
    assert world.petition(number).state is State.CONFIRMED
    return number


async def counted(watcher: Browser, on: str = "2026-11-01") -> list[int]:
    """The six counters of a month, as the bulletin's file has them."""
    page = await watcher.get(f"/console/bulletin.json?period=month&on={on}")
    counts = json.loads(page.text)["counts"]
    return [counts[name] for name in NAMES]


async def test_a_review_and_a_re_examination_go_their_way_and_then_it_is_at_an_end(world: World) -> None:
    number = await answered(world)
    desk = await logged_in(world, "dispatcher", "tangxiaoyu")
    page = await acting(desk, number, "review", words="水还是黄的，答复说好了")
    assert (page.status, "最晚12月23日书面答复" in page.text) == (200, True), page.text
    await world.tick(seconds=2)
    assert "要求复查，登记了。最晚12月23日" in world.villager().chat.texts()[-1]
    page = await desk.get(f"/console/petition/{number}")
    assert 'value="review_answer"' not in page.text, "she wrote the request down: another person answers"
    above = await logged_in(world, "supervisor", "lubaichuan")
    assert "等答复的复查、复核（1）" in (await above.get("/console/")).text
    page = await above.get(f"/console/petition/{number}")
    assert "水还是黄的，答复说好了" in page.text, "whoever answers reads what he answers"
    assert "水管换好了" in page.text
    other = await logged_in(world, "supervisor", None)
    assert "水还是黄的" not in (await other.get(f"/console/petition/{number}")).text
    page = await acting(above, number, "review_answer", choice="维持", words="水质化验合格，附报告")
    assert (page.status, "维持原来的答复" in page.text) == (200, True), page.text
    await world.tick(seconds=2)
    said = world.villager().chat.texts()[-1]
    assert "维持原来的答复" in said
    assert "可以再发：要复核" in said
    assert world.petition(number).state is State.CONFIRMED

    await acting(desk, number, "review", words="化验不是我家的水")
    page = await acting(above, number, "review_answer", choice="改变", words="重新取样，重新办")
    assert page.status == 200, page.text
    assert world.petition(number).state is State.ACCEPTED, "worked on again"
    assert world.petition(number).rung == 1
    assert await counted(above) == [1, 1, 0, 1, 1, 0]
    owner = await logged_in(world, "cadre", world.owner(number))
    assert "上级改变了答复，重办" in (await owner.get(f"/console/petition/{number}")).text


async def test_after_the_re_examination_the_same_is_taken_no_more(world: World) -> None:
    number = await answered(world)
    desk = world.cadre("tangxiaoyu")
    assert "还没有" not in (await desk.says(f"复查 {number} 还是黄的"))[0]
    assert "已经在复查" in (await desk.says(f"复查 {number} 还是黄的"))[0]
    await world.cadre("lubaichuan").says(f"复查答复 {number} 维持 化验合格")
    await desk.says(f"复核 {number} 化验的不是我家")
    [said] = await world.cadre("shenwangshu").says(f"复核答复 {number} 维持 已在他家取样，合格")
    assert "复核" in said
    assert "不再受理" in (await desk.says(f"复查 {number} 还是不服"))[0]


async def test_nobody_answers_who_worked_on_it_or_wrote_the_request_down(world: World) -> None:
    number = await answered(world)
    await world.cadre("heruoping").says(f"复查 {number} 还是黄的")
    assert "要另一个人" in (await world.cadre("heruoping").says(f"复查答复 {number} 维持 合格"))[0]
    assert "不归您办" in (await world.cadre(world.owner(number)).says(f"复查答复 {number} 维持 合格"))[0]
    assert "维持或改变" in (await world.cadre("lubaichuan").says(f"复查答复 {number} 好的"))[0]


async def test_the_thirty_days_are_the_laws(world: World) -> None:
    """Unanswered it is late once in the figures, and told again every week; asked too late it is a new matter."""
    number = await answered(world)
    later = await answered_too(world)
    await world.cadre("tangxiaoyu").says(f"复查 {number} 还是黄的")
    await world.tick(days=38)
    told_late = reminded_of(world)
    assert {number for _, number in told_late} == {number}
    await world.tick(days=10)
    again = reminded_of(world)[len(told_late) :]
    assert sorted(again) == sorted(one for one in told_late if one[0] != "tangxiaoyu"), (
        "she only wrote it down"
    )
    watcher = await logged_in(world, "supervisor", "lubaichuan")
    assert await counted(watcher, "2026-12-01") == [0, 0, 1, 0, 0, 0]
    assert "复查超期没答复" in (await watcher.get("/console/bulletin?period=month&on=2026-12-01")).text
    assert "30天到12月23日就过了" in (await world.cadre("tangxiaoyu").says(f"复查 {later} 不服"))[0]
    with world.service.database.reading() as session:
        keys = world.service.knowledge.keys(session, world.clock.now())
        assert verify(session, keys, window_of, differs)[0] is None
    page = await (await logged_in(world, "dispatcher", "tangxiaoyu")).get(f"/console/petition/{later}")
    assert 'value="review"' not in page.text, "no form for what would be refused"


def reminded_of(world: World) -> list[tuple[str, str]]:
    """To whom it was told of which number that its review is late."""
    return [(to, fields["number"]) for to, wording, fields in world.letters() if wording == LATE]


async def answered_too(world: World) -> str:
    """Another villager's matter, said to be done and never contradicted."""
    number = await told(world, "石桥村路灯坏了", who="b")
    owner = world.owner(number)
    await world.cadre(owner).says(f"签收 {number}")
    await world.cadre(owner).says(f"办结 {number} 灯换了")
    return number


async def asks(world: World, words: str, who: str = "a") -> str:
    return "\n".join(await world.villager(who).says(words))


async def test_a_villager_asks_for_a_review_by_his_own_word(world: World) -> None:
    """He is told until when he may; a second asking changes nothing; then it goes up once more, and has an end."""
    number = await answered(world)
    assert "12月23日前可以发：要复查" in await asks(world, "进度")
    said = await asks(world, f"{number} 要复查，水还是黄的")
    assert "您要求复查，上级另派人看，最晚12月23日书面答复您" in said
    await world.tick(seconds=2)
    assert "要求复查，登记了" not in world.villager().chat.texts()[-1], "he heard it in the reply"
    assert "已经在复查或者复核" in await asks(world, "不服")
    assert ("letter.ask_review.second", number) in {(one[1], one[2]["number"]) for one in world.letters()}
    desk, above = (
        await logged_in(world, "dispatcher", "tangxiaoyu"),
        await logged_in(world, "supervisor", "lubaichuan"),
    )
    for reader in (desk, above):
        assert "水还是黄的" in (await reader.get(f"/console/petition/{number}")).text
    assert "维持原来的答复" in (await world.cadre("lubaichuan").says(f"复查答复 {number} 维持 化验合格"))[0]
    await world.tick(seconds=2)
    assert "可以再发：要复核" in world.villager().chat.texts()[-1]
    assert "您要求复核" in await asks(world, "我不服")
    await world.cadre("lubaichuan").says(f"复核答复 {number} 维持 已经取样，合格")
    assert "不再受理" in await asks(world, "要复核")
    assert await counted(above) == [1, 1, 0, 1, 1, 0]


async def test_what_cannot_be_reviewed_is_said_with_the_way_that_is_left(world: World) -> None:
    number = await told(world)
    assert "还在办，有了答复才能要求复查" in await asks(world, "要复查")
    await world.cadre(world.owner(number)).says(f"签收 {number}")
    await world.cadre(world.owner(number)).says(f"办结 {number} 水管换好了")
    await world.tick(days=3)
    await world.villager().says("1")
    await world.tick(days=29)
    assert "30天到12月23日就过了，没解决可以说“没解决”，重新办" in await asks(world, "我要复查，水还是黄的")
    await world.tick(days=9)
    assert "事情还在就当新的事再说" in await asks(world, "要复查")
    assert "没有找到您的编号" in await asks(world, f"{number} 要复查", who="b"), "another one's matter"


async def test_discontent_before_the_end_is_a_dispute_and_goes_on_today(world: World) -> None:
    number = await told(world)
    await world.cadre(world.owner(number)).says(f"签收 {number}")
    await world.cadre(world.owner(number)).says(f"办结 {number} 水管换好了")
    await world.tick(seconds=2)
    assert "没办好，接着办" in await asks(world, "我不服")
    assert world.petition(number).state is State.ACCEPTED


async def test_a_review_asked_with_an_accusation_goes_on_without_a_word_of_it(world: World) -> None:
    number = await answered(world)
    said = await asks(world, "要复查，村长收了钱才不管")
    assert "12388" in said
    desk = await logged_in(world, "dispatcher", "tangxiaoyu")
    page = (await desk.get(f"/console/petition/{number}")).text
    assert ("群众要求复查" in page, "收了钱" in page) == (True, False)
    await world.tick(seconds=2)
    assert "您要求复查，登记了" in world.villager().chat.texts()[-1]


async def test_of_two_answered_matters_it_is_asked_which_and_an_accusation_guesses_neither(
    small_world: World,
) -> None:
    world = small_world
    first = await answered(world)
    second = await told(world, "石桥村路灯坏了，晚上看不见路")
    await world.cadre(world.owner(second)).says(f"签收 {second}")
    await world.cadre(world.owner(second)).says(f"办结 {second} 灯换了")
    await world.tick(seconds=2)
    await world.villager().says("1")
    assert "有 2 件，请带上编号" in await asks(world, "要复查，还是不亮")
    assert "没有找到您的编号" in await asks(world, "123456 要复查")
    assert "12388" in await asks(world, "要复查，村长收了钱才不管")
    assert "12388" in await asks(world, "123456 要复查，村长收了钱才不管")
    assert "您要求复查" in await asks(world, f"{second} 要复查，还是不亮")
    assert "您要求复查" in await asks(world, "要复查"), f"{first} is left"

"""Who opens a villager's words or name is written down, told to the villager, and cannot be wiped away."""

import pytest
from sqlmodel import delete, select, update

from handlers.digest.compose import Basis
from models.ledger import events_of
from models.move import Verb
from models.petition import Petition
from models.verification import Difference, verify
from models.view import View
from tests.stories.test_petition import told
from tests.world import World, number_in

FIRE = "大坪村后山着火了"


def views(world: World) -> list[tuple[str, str, bool]]:
    with world.service.database.reading() as session:
        return [(one.account, one.what, one.reason is not None) for one in session.exec(select(View))]


def difference(world: World) -> Difference | None:
    with world.service.database.reading() as session:
        keys = world.service.knowledge.keys(session, world.clock.now())
        return verify(session, keys, lambda content: Basis.read(content).window, lambda *_: None)[0]


async def test_every_reading_is_a_row_that_the_villager_is_shown(world: World):
    number = await told(world)
    await world.cadre("mengxi").says(f"看 {number}")
    await world.cadre("mengxi").says(f"申请联系 {number} 要上门看管子")
    await world.cadre("taowan").says(f"看 {number}")
    assert views(world) == [("mengxi", "text", False), ("mengxi", "identity", True)]
    await world.tick(seconds=2)
    assert "要上门看管子" in world.villager().chat.texts()[-1]
    [copy] = await world.villager().says(f"给我一份 {number}")
    assert "孟汐看了您说的话" in copy
    assert "孟汐看了您是谁" in copy


@pytest.mark.parametrize(
    "tamper",
    [
        lambda session: session.exec(delete(View)),
        lambda session: session.exec(update(View).values(account="jiangshuisheng")),
        lambda session: session.exec(update(View).values(what="text")),
        lambda session: session.exec(update(Petition).values(excluded=[])),
    ],
    ids=["a view removed", "a view put on another", "an identity called a text", "the excluded let in"],
)
async def test_who_wipes_his_reading_away_is_found(world: World, tamper):
    number = await told(world, "石桥村支书态度差，干部作风太差")
    owner = world.cadre(world.owner(number))
    await owner.says(f"看 {number}")
    await owner.says(f"申请联系 {number} 要核实")
    assert difference(world) is None
    with world.service.database.transaction() as session:
        tamper(session)
    assert difference(world) is not None


async def test_an_anonymous_matter_stays_unnamed(world: World):
    number = await told(world)
    await world.villager().says("匿名")
    [refusal] = await world.cadre("mengxi").says(f"申请联系 {number} 要上门")
    assert "匿名" in refusal
    assert views(world) == []


async def test_in_danger_two_people_may_open_an_anonymous_name_and_the_villager_is_told_afterwards(
    world: World,
):
    owner = world.cadre("leizhenchuan")
    await world.villager().says("匿名")
    number = number_in((await world.villager().says(FIRE))[0])
    await world.tick(seconds=2)
    assert world.petition(number).anonymous
    [asked] = await owner.says(f"申请联系 {number} 找不到着火的地方")
    assert "督导" in asked
    assert views(world) == []
    [refusal] = await owner.says(f"同意 {number}")
    assert "没有等您同意" in refusal
    await world.tick(seconds=2)
    assert "请看匿名群众是谁" in world.cadre("lubaichuan").chat.texts()[-1]
    assert not any("看了您" in text for text in world.villager().chat.texts())

    await world.cadre("lubaichuan").says(f"同意 {number}")
    await world.tick(seconds=2)
    assert "同意您看" in owner.chat.texts()[-1]
    [shown] = await owner.says(f"申请联系 {number} 找不到着火的地方")
    assert "没留电话" in shown
    assert views(world) == [("leizhenchuan", "identity", True)]
    await world.tick(seconds=2)
    assert "找不到着火的地方" in world.villager().chat.texts()[-1]
    with world.service.database.reading() as session:
        events = events_of(session, world.petition(number).identity)
        reveal = next(event for event in events if event.kind == Verb.REVEAL)
    assert (reveal.data["account"], reveal.data["granted_by"]) == ("leizhenchuan", "lubaichuan")

    [once_more] = await owner.says(f"申请联系 {number} 再看看")
    assert "督导" in once_more, "one yes opens it once"
    await world.cadre("lubaichuan").says(f"不同意 {number} 看过了")
    await world.tick(seconds=2)
    assert "不同意" in owner.chat.texts()[-1]
    assert len(views(world)) == 1


async def test_letters_to_the_staff_carry_no_identity(small_world: World):
    number = await told(small_world, "我叫李大壮，电话13812345678，大坪村停水三天了")
    await small_world.cadre("mengxi").says("签收")
    await small_world.cadre("mengxi").says("办结 修好了")
    await small_world.villager().says("没解决，李大壮家还没水")
    for _ in range(8):
        await small_world.tick(hours=8)
    said = str([letter for letter in small_world.letters() if letter[0] != "1"])
    assert number in said
    assert not any(secret in said for secret in ("李大壮", "13812345678", "oVILLAGER", "三天"))


async def test_a_township_desk_sees_its_own_places_and_no_other(small_world: World):
    world = small_world
    near = await told(world)
    far = await told(world, "云台村停水三天了，水管坏了", "b")
    assert "停水" in (await world.cadre("bochuan").says(f"看 {near}"))[0]
    assert "没有找到" in (await world.cadre("bochuan").says(f"看 {far}"))[0]
    await world.villager("c").sends_voice()
    await world.tick(seconds=2)
    assert "没有待分" in (await world.cadre("bochuan").says("待分"))[0], "nobody knows yet where it is"
    assert "编号" in (await world.cadre("tangxiaoyu").says("待分"))[0]


async def test_a_protection_never_shows_on_a_township_desk(small_world: World):
    world = small_world
    await world.villager().says("大坪村，我男人喝了酒往死里打我")
    [petition] = world.petitions()
    for words in ("待分", "待办", f"看 {petition.number}", f"派 {petition.number} 0301 瞿臻"):
        [reply] = await world.cadre("bochuan").says(words)
        assert "没有" in reply


async def test_a_supervisor_counts_and_does_not_read_unless_he_is_asked(world: World):
    number = await told(world)
    supervisor = world.cadre("lubaichuan")
    [seen] = await supervisor.says(f"看 {number}")
    assert "三天" not in seen
    assert "只给办事的人看" in seen
    assert views(world) == [], "nothing was opened"
    await world.cadre("tangxiaoyu").says(f"不受理 {number} 已经在法院诉讼")
    await world.tick(seconds=2)
    assert any("请把关" in text for text in supervisor.chat.texts())
    [seen] = await supervisor.says(f"看 {number}")
    assert "三天" in seen, "who has to decide may read"
    assert views(world) == [("lubaichuan", "text", False)]


async def test_whose_name_was_opened_is_counted_in_the_digest(small_world: World):
    world = small_world
    number = await told(world)
    for _ in range(2):
        await world.cadre("mengxi").says(f"申请联系 {number} 要上门")
    [said] = await world.cadre("lubaichuan").says("月报")
    assert "看了群众是谁 2 次" in said


async def test_the_owner_who_gives_a_reason_learns_what_the_villager_gave(small_world: World):
    number = await told(small_world, "我叫李大壮，电话138 1234 5678，大坪村停水三天了")
    [opened] = await small_world.cadre("mengxi").says(f"申请联系 {number} 要上门")
    assert "李大壮 13812345678" in opened

"""What the staff type in WeCom, and what they are refused."""

import pytest

from models.petition import State
from tests.stories.test_petition import told
from tests.world import World

OWNER = "mengxi"


async def test_a_matter_is_sent_back_twice_and_then_a_person_rules(world: World):
    number = await told(world)
    desk = world.cadre("tangxiaoyu")
    reply = []
    for _ in range(2):
        await world.cadre(world.owner(number)).says(f"退回 {number} 不归我们管")
        assert world.petition(number).state is State.RECEIVED
        reply = await desk.says(f"派 {number} 0301 孟汐")
    assert "裁定" in reply[0]
    await desk.says(f"裁定 {number} 江汀")
    assert world.petition(number).owner == "jiangshuisheng"
    [refusal] = await world.cadre("jiangshuisheng").says(f"退回 {number} 也不归我")
    assert "两次" in refusal


async def test_a_hand_over_counts_only_when_the_other_signs(world: World):
    number = await told(world)
    await world.cadre(OWNER).says(f"转办 {number} 江汀")
    assert world.petition(number).owner == OWNER
    await world.cadre("jiangshuisheng").says(f"签收 {number}")
    assert (world.petition(number).owner, world.petition(number).state) == ("jiangshuisheng", State.ACCEPTED)


async def test_an_extension_needs_the_superior_and_the_villager_is_told_why(world: World):
    number = await told(world, "石桥村低保停了，去年有的")
    owner = world.owner(number)
    await world.cadre(owner).says(f"签收 {number}")
    due = world.petition(number).finish_due
    assert due is not None
    [asked] = await world.cadre(owner).says(f"延期 {number} 2 等入户核查")
    assert "上级" in asked
    assert world.petition(number).finish_due == due
    await world.tick(seconds=2)
    await world.cadre("quzhen").says(f"同意 {number}")
    assert (world.petition(number).finish_due or due) > due
    await world.tick(seconds=2)
    assert "等入户核查" in world.villager().chat.texts()[-1]
    [again] = await world.cadre(owner).says(f"延期 {number} 2 再等等")
    assert "一次" in again


async def test_nobody_declines_alone(world: World):
    number = await told(world)
    await world.cadre("tangxiaoyu").says(f"不受理 {number} 已经走法律程序")
    [refusal] = await world.cadre("tangxiaoyu").says(f"同意 {number}")
    assert "另一个人" in refusal
    assert world.petition(number).is_open
    await world.cadre("heruoping").says(f"同意 {number}")
    assert world.petition(number).state is State.DECLINED


async def test_a_call_back_is_made_by_somebody_who_did_not_work_on_it(world: World):
    number = await told(world)
    await world.cadre(OWNER).says("签收")
    await world.cadre(OWNER).says("办结 修好了")
    await world.cadre("tangxiaoyu").says(f"回访 {number} 一半 只来了小水")
    assert world.petition(number).state is State.ACCEPTED
    assert world.petition(number).mark == "half"


async def test_who_is_on_leave_gets_nothing_new(world: World):
    await world.cadre(OWNER).says("请假 11-23 11-30")
    number = await told(world)
    assert world.petition(number).owner == "jiangshuisheng"


async def test_the_owner_sees_numbers_and_names_masked_and_opens_them_only_for_a_reason(world: World):
    number = await told(world, "我叫李大壮，电话13812345678，大坪村停水三天了")
    [seen] = await world.cadre(OWNER).says(f"看 {number}")
    assert "13812345678" not in seen
    assert "李大壮" not in seen
    [refused] = await world.cadre(OWNER).says(f"申请联系 {number}")
    assert "理由" in refused
    await world.cadre(OWNER).says(f"申请联系 {number} 要上门看看")
    await world.tick(seconds=2)
    assert "要上门看看" in world.villager().chat.texts()[-1]


@pytest.mark.parametrize(
    ("account", "words", "expected"),
    [
        ("mengxi", "签收 999999", "没有找到"),
        ("taowan", "看 {number}", "没有找到"),
        ("taowan", "办结 {number} 好了", "没有找到"),
        ("jiangshuisheng", "签收 {number}", "不是您主办"),
        ("mengxi", "办结 {number} 好了", "等签收"),
        ("mengxi", "进展 {number}", "还不能|等签收|写上话"),
        ("mengxi", "待分", "不归您办"),
        ("mengxi", "派 {number} 0301", "不归您办"),
        ("mengxi", "同意 {number}", "没有等您同意"),
        ("mengxi", "请假 明天", "起止日期"),
        ("mengxi", "销假", "没有在请假"),
        ("mengxi", "退回 {number}", "理由"),
        ("mengxi", "转办 {number} 无此人", "花名册里没有"),
        ("tangxiaoyu", "派 {number} 没有这种事", "没有“没有这种事”"),
        ("tangxiaoyu", "裁定 {number} 江汀", "等签收|还没有退过"),
        ("tangxiaoyu", "回访 {number} 解决", "等签收"),
        ("mengxi", "胡说八道", "帮助"),
        ("nobody", "待办", "花名册"),
    ],
)
async def test_what_may_not_be_done_is_one_sentence_and_changes_nothing(
    small_world: World, account: str, words: str, expected: str
):
    number = await told(small_world)
    before = small_world.petition(number)
    [reply] = await small_world.cadre(account).says(words.format(number=number))
    assert any(part in reply for part in expected.split("|")), reply
    assert len(reply) <= 120
    assert "\n" not in reply
    assert small_world.petition(number) == before


async def test_neighbours_with_one_cause_are_joined_by_a_person_and_each_answers_for_himself(world: World):
    first = await told(world)
    second = await told(world, "大坪村水管坏了，停水", who="b")
    desk = next(to for to, wording, _ in world.letters() if wording == "letter.similar.desk")
    assert world.petition(second).joined_to is None, "nothing is joined without a person"
    [reply] = await world.cadre(desk).says(f"并 {second} {first}")
    assert "各答复各的" in reply
    await world.cadre(OWNER).says(f"签收 {first}")
    await world.cadre(OWNER).says(f"办结 {first} 主管换好了")
    assert world.petition(second).state is State.PROPOSED
    await world.villager("a").says("满意")
    await world.villager("b").says("没解决")
    assert (world.petition(first).state, world.petition(second).state) == (State.CONFIRMED, State.ACCEPTED)

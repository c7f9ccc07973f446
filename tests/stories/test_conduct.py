"""Whoever is complained about never hears of it, nor anybody near him, on any path."""

import json

import pytest
from sqlmodel import select

from models.ledger import events_of
from models.letter import Letter, LetterState
from models.petition import Petition, State
from tests.stories.test_petition import told
from tests.world import World, number_in

SECRETARY, STAND_IN, RELATIVE = "shiyangeng", "bochuan", "yinhe"
MUST_NOT_HEAR = (SECRETARY, STAND_IN, RELATIVE)
COMPLAINTS = {
    "by post and place": "石桥村支书态度差，干部作风太差",
    "by name": "石桥村石砚耕作风粗暴，办事难，说话难听",
    "by surname and post, no place": "石书记办事难，推来推去",
    "by account": "shiyangeng 干部作风差，办事难",
    "by the village's books": "石桥村的账一年没公开，支书不肯贴",
    "by name in another matter": "石桥村低保停了，石砚耕不给办",
}
ACCUSATIONS = {
    "of taking": "石桥村支书石砚耕把修路款吃了",
    "of kin": "石桥村支书的侄儿吃低保",
    "of a gift": "石桥村书记让我送烟",
}


def excluded(world: World, petition: Petition) -> dict[str, str]:
    """Who must not know, and why, as the ledger has it."""
    reasons: dict[str, str] = {}
    with world.service.database.reading() as session:
        for event in events_of(session, petition.identity):
            reasons |= event.data["accounts"] if event.kind == "exclude" else {}
    return reasons


async def everything_they_may_try(world: World, account: str, number: str) -> list[str]:
    """Every word by which a cadre or a dispatcher might learn of a matter, and what he is answered."""
    cadre = world.cadre(account)
    words = [
        *("待办", "待分", "待访", "日报", "周报", "月报", "超期"),
        *(f"看 {number}", f"签收 {number}", f"问 {number} 是谁", f"进展 {number} 好", f"办结 {number} 好"),
        *(f"退回 {number} 不归我", f"延期 {number} 3 忙", f"转办 {number} 瞿臻", f"申请联系 {number} 有事"),
        *(f"同意 {number}", f"不同意 {number} 不", f"派 {number} 1205 瞿臻", f"回访 {number} 解决"),
        *(f"不受理 {number} 诉讼", f"裁定 {number} 瞿臻", f"并 {number} {number}"),
    ]
    return [reply for said in words for reply in await cadre.says(said)]


@pytest.mark.parametrize("words", COMPLAINTS.values(), ids=COMPLAINTS.keys())
async def test_a_complaint_about_the_secretary_never_reaches_him_his_stand_in_or_his_relative(
    small_world: World, words: str, capfd: pytest.CaptureFixture[str]
):
    world = small_world
    [receipt] = await world.villager().says(words)
    number = number_in(receipt)
    replies = {account: await everything_they_may_try(world, account, number) for account in MUST_NOT_HEAR}
    await world.tick(seconds=91)
    petition = world.petition(number)
    assert set(excluded(world, petition)) >= set(MUST_NOT_HEAR)
    assert petition.owner not in (None, *MUST_NOT_HEAR)

    for hours in (3, 7, 14, 24, 72, 24 * 8, 24 * 32):  # nobody signs: it climbs to the top, and digests come
        await world.tick(hours=hours)
    for account in MUST_NOT_HEAR:
        assert world.letters(account) == []
        assert world.cadre(account).chat.texts() == replies[account], "nothing but answers to his own words"
        replies[account] += await everything_they_may_try(world, account, number)
        for reply in replies[account]:
            assert "编号" not in reply or "没有找到" in reply, reply
            assert "石砚耕" not in reply
    assert world.petition(number).state is State.ASSIGNED
    for log in capfd.readouterr():
        assert words[:4] not in log
        assert number not in log
        assert SECRETARY not in log


@pytest.mark.parametrize("words", ACCUSATIONS.values(), ids=ACCUSATIONS.keys())
async def test_an_accusation_of_the_secretary_reaches_nobody_at_all(small_world: World, words: str):
    [reply] = await small_world.villager().says(words)
    assert "12388" in reply
    await small_world.tick(minutes=10)
    assert small_world.petitions() == []
    assert [one for one in small_world.letters() if one[1] != "calendar.short"] == []


async def test_the_superior_in_another_office_without_a_tie_stays(world: World):
    petition = world.petition(await told(world, COMPLAINTS["by post and place"]))
    assert petition.owner == "quzhen"
    assert excluded(world, petition) == {
        SECRETARY: "named:post",
        STAND_IN: "stand_in",
        RELATIVE: "avoid",
    }


async def test_everybody_below_and_beside_a_county_leader_is_left_out_and_the_sealed_officer_gets_it(
    small_world: World,
):
    petition = small_world.petition(await told(small_world, "沈望舒副县长作风霸道，办事难"))
    assert petition.owner == "yanqingfeng"
    reasons = excluded(small_world, petition)
    assert (reasons["shenwangshu"], reasons["lubaichuan"], reasons["shiyangeng"]) == (
        "named:name",
        "office",
        "reports",
    )


async def test_a_whole_office_complained_about_is_left_out(small_world: World):
    petition = small_world.petition(await told(small_world, "云台村的事，供电所态度差，办事难"))
    assert {"fangyanqiu", "qiaobai"} <= set(excluded(small_world, petition))


async def test_who_is_too_vague_is_found_out_by_a_person_who_cannot_be_meant(small_world: World):
    number = await told(small_world, "石桥村那个干部作风太差")
    petition = small_world.petition(number)
    assert petition.state is State.RECEIVED
    assert {to for to, _, _ in small_world.letters()} == {"heruoping", "tangxiaoyu"}
    assert {SECRETARY, STAND_IN, "quzhen"} <= set(excluded(small_world, petition))
    [refusal] = await small_world.cadre("tangxiaoyu").says(f"派 {number} 1205 瞿臻")
    assert "不能办" in refusal
    await small_world.cadre("tangxiaoyu").says(f"派 {number} 1205 邢毓虹")
    assert small_world.petition(number).owner == "xingyuhong"


async def test_an_ordinary_matter_that_mentions_an_office_goes_its_ordinary_way(small_world: World):
    number = await told(small_world, "大坪村停电三天了，供电所说在修")
    petition = small_world.petition(number)
    assert petition.excluded == []
    assert petition.owner == "qiaobai"


async def test_a_later_word_against_the_owner_takes_the_matter_from_him_at_once(world: World):
    number = await told(world)
    owner, villager = world.cadre("mengxi"), world.villager()
    await owner.says("签收")
    await owner.says(f"问 {number} 是哪根管子")
    await world.tick(seconds=2)
    heard_before = len(world.letters("mengxi"))

    await villager.says("孟汐站长态度恶劣，骂人，办事难")

    petition = world.petition(number)
    assert excluded(world, petition)["mengxi"] == "named:name"
    assert petition.owner not in {"mengxi", "jiangshuisheng"}
    await world.tick(hours=30)
    assert len(world.letters("mengxi")) == heard_before
    [refusal] = await owner.says(f"看 {number}")
    assert "没有找到" in refusal


async def test_what_was_posted_before_is_not_carried_to_who_is_named_since(world: World):
    """At night the push waits for the morning; by then its reader is complained about."""
    world.clock.move(hours=14)
    await told(world)
    await world.villager().says("大坪村还是停水，水管没人修，孟汐站长骂人")
    await world.tick(hours=12)
    assert world.cadre("mengxi").chat.texts() == []
    with world.service.database.reading() as session:
        ended = {
            letter.state
            for letter in session.exec(select(Letter).where(Letter.to == "mengxi"))
            if letter.petition is not None
        }
    assert ended == {LetterState.SKIPPED}


async def test_what_a_matter_is_called_later_takes_nobody_out_of_the_set(small_world: World):
    number = await told(small_world, COMPLAINTS["by post and place"])
    await small_world.cadre("tangxiaoyu").says(f"派 {number} 1206")
    petition = small_world.petition(number)
    assert set(MUST_NOT_HEAR) <= set(petition.excluded)
    assert petition.owner not in MUST_NOT_HEAR


async def test_the_reasons_in_the_ledger_are_accounts_and_codes_alone(small_world: World):
    petition = small_world.petition(await told(small_world, COMPLAINTS["by name"]))
    with small_world.service.database.reading() as session:
        said = json.dumps([event.data for event in events_of(session, petition.identity)], ensure_ascii=False)
    assert "石砚耕" not in said
    assert "粗暴" not in said


async def test_a_post_without_a_place_waits_for_the_place_before_anybody_is_told(small_world: World):
    world, villager = small_world, small_world.villager()
    [receipt] = await villager.says("支书态度恶劣，办事难")
    number = number_in(receipt)
    assert "哪个村" in receipt
    await world.tick(seconds=91)
    assert (world.petition(number).state, world.letters()) == (State.RECEIVED, [])
    await villager.says("石桥村")
    assert world.petition(number).owner == "quzhen"
    assert set(excluded(world, world.petition(number))) == set(MUST_NOT_HEAR)


async def test_a_post_whose_place_nobody_tells_goes_to_the_county_desk(small_world: World):
    world = small_world
    await world.villager().says("支书态度恶劣，办事难")
    await world.tick(seconds=91)
    await world.tick(minutes=11)
    assert {to for to, _, _ in world.letters()} == {"heruoping", "tangxiaoyu"}

"""Whoever comes later, or stands near later, must not hear either: the staff change while a complaint is open."""

from typing import Any

import pytest

from handlers.digest.compose import basis, compose
from handlers.digest.period import Kind, Period
from tests.stories.test_conduct import COMPLAINTS, everything_they_may_try, excluded
from tests.stories.test_petition import told
from tests.world import World, number_in, sample

COMPLAINT = COMPLAINTS["by name"]
ACCOUNT, POST, ROLES, STAND_IN, AVOID = 0, 4, 5, 7, 9
FRESH = "newcomer"


def staff(*more: list[str], **changed: dict[int, str]) -> list[list[str]]:
    """The sample's staff, with cells changed by account and rows added."""
    rows = sample("人员")
    for row in rows:
        for column, cell in changed.get(row[ACCOUNT], {}).items():
            row[column] = cell
    return [*rows, *more]


def newcomer(name: str = "新来禾", office: str = "YX01Z", avoid: str = "", stand_in: str = "") -> list[str]:
    """A dispatcher of the township, who sees all its villages."""
    return [FRESH, name, "13900000999", office, "干事", "调度；干部", "quzhen", stand_in, "", avoid]


AFTERWARDS = {
    "a colleague of his": staff(newcomer(office="YX0101W")),
    "a relative of his": staff(newcomer(avoid="石砚耕")),
    "whom he stands in for": staff(newcomer(stand_in="shiyangeng")),
    "his new stand-in": staff(newcomer(), shiyangeng={STAND_IN: FRESH}),
}


@pytest.mark.parametrize("people", AFTERWARDS.values(), ids=AFTERWARDS.keys())
async def test_who_comes_near_the_accused_later_hears_of_nothing(small_world: World, people: list[list[str]]):
    world = small_world
    number = await told(world, COMPLAINT)
    world.loads(人员=people)
    assert FRESH in world.petition(number).excluded
    await nobody_tells(world, FRESH, number)


async def test_who_was_on_no_file_when_he_was_named_is_kept_out_when_he_comes(small_world: World):
    """The villager names somebody nobody knew; a week later he is one of the staff, over that very village."""
    world = small_world
    number = await told(world, "石桥村的庄稼人都说新来禾作风粗暴，办事难")
    assert FRESH not in world.petition(number).excluded
    world.clock.move(days=7)
    world.loads(人员=staff(newcomer()))
    assert excluded(world, world.petition(number))[FRESH] == "named:name"
    await nobody_tells(world, FRESH, number)


async def test_an_owner_who_turns_out_to_be_his_relative_loses_it_at_once(small_world: World):
    world = small_world
    number = await told(world, COMPLAINT)
    owner = world.owner(number)
    world.loads(人员=staff(**{owner: {AVOID: "石砚耕"}}))
    assert owner in world.petition(number).excluded
    assert world.owner(number) != owner
    [refusal] = await world.cadre(owner).says(f"看 {number}")
    assert "没有找到" in refusal


async def test_what_ended_stays_closed_to_whoever_comes_near_later(small_world: World):
    world = small_world
    number = await told(world, COMPLAINT)
    owner = world.cadre(world.owner(number))
    await owner.says(f"签收 {number}")
    await owner.says(f"办结 {number} 谈过话了")
    await world.villager().says("满意")
    world.loads(人员=staff(newcomer(avoid="石砚耕")))
    await nobody_tells(world, FRESH, number)


async def test_a_matter_still_being_told_is_looked_at_when_all_of_it_is_there(small_world: World):
    world = small_world
    [receipt] = await world.villager().says("支书态度恶劣，办事难")
    world.loads(人员=staff(newcomer()))
    assert world.petition(number_in(receipt)).excluded == []
    await world.villager().says("石桥村")
    await world.tick(seconds=91)
    assert world.owner(number_in(receipt)) == "quzhen"


async def test_a_load_that_changes_nobody_says_nothing_of_any_matter(small_world: World):
    world = small_world
    number = await told(world, COMPLAINT)
    before = world.petition(number).position
    world.loads(人员=sample("人员"))
    world.loads(人员=staff(newcomer(office="YX03Z")))
    assert world.petition(number).position == before


async def nobody_tells(world: World, account: str, number: str) -> None:
    """Neither asking nor waiting brings it to him."""
    replies = await everything_they_may_try(world, account, number)
    for hours in (3, 24, 72, 24 * 8):
        await world.tick(hours=hours)
    assert [letter for letter in world.letters(account) if number in str(letter)] == []
    replies += await everything_they_may_try(world, account, number)
    for reply in replies:
        assert "编号" not in reply or "没有找到" in reply, reply


SUPERVISOR = "lubaichuan"
ABOUT_A_SUPERVISOR = "陆百川作风霸道，说话难听"


async def test_no_row_of_a_digest_shows_who_reads_it_that_he_is_complained_about(small_world: World):
    """A "1" beside "conduct" or beside a place would tell him as well as a letter."""
    world = small_world
    await told(world, ABOUT_A_SUPERVISOR)
    await told(world, "大坪村停水三天了，水管坏了", "b")
    content = month(world)
    assert codes(content, "category") == {"*": 1, "0301": 1}
    assert codes(content, "place") == {"*": 1, "YX0102": 1}
    assert set(codes(content, "office")) == {"*", "SL"}
    assert content["counts"]["new"] == 2
    for words in ("日报", "周报", "月报"):
        [said] = await world.cadre(SUPERVISOR).says(words)
        assert "作风" not in said


def month(world: World) -> dict[str, Any]:
    with world.service.database.reading() as session:
        county, at = world.service.knowledge.county(session, world.clock.now()), world.clock.now()
        period = Period.of(Kind.MONTH, at.astimezone(county.zone).date())
        return compose(session, county, period, basis(session, county, period, at), at, "")


def codes(content: dict[str, Any], group: str) -> dict[str, int]:
    return {row["code"]: row["counts"]["new"] for row in content[f"by_{group}"]}

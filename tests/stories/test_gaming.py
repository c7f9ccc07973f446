"""The tricks by which figures are embellished (domain.md F3-F6, F10): each is played, and fails or shows."""

import tomllib
from datetime import timedelta
from typing import Any

import pytest

from handlers.digest.compose import basis, compose
from handlers.digest.period import Kind, Period
from models.ledger import events_of
from models.petition import State
from tests.conventions.tricks import FILE
from tests.stories.test_petition import told
from tests.world import World, number_in

OWNER, DESK, SECOND = "mengxi", "tangxiaoyu", "heruoping"
COMPLAINT = "石桥村支书态度差，干部作风太差"


def counts(world: World) -> dict[str, int]:
    """This month's figures as a supervisor would be told them now."""
    with world.service.database.reading() as session:
        county, at = world.service.knowledge.county(session, world.clock.now()), world.clock.now()
        period = Period.of(Kind.MONTH, at.astimezone(county.zone).date())
        figures: dict[str, int] = compose(
            session, county, period, basis(session, county, period, at), at, ""
        )["counts"]
        return {
            name: figure for name, figure in figures.items() if name not in ("rehearsed", "due") and figure
        }


def rates(world: World) -> dict[str, tuple[float, float]]:
    with world.service.database.reading() as session:
        county, at = world.service.knowledge.county(session, world.clock.now()), world.clock.now()
        period = Period.of(Kind.MONTH, at.astimezone(county.zone).date())
        content = compose(session, county, period, basis(session, county, period, at), at, "")
        return {rate["id"]: (rate["numerator"], rate["denominator"]) for rate in content["rates"]}


def sent_back(world: World) -> dict[str, str]:
    return {"sent_back": "{}/{}".format(*rates(world)["sent_back"])}


TRICKS = tomllib.loads(FILE.read_text("utf-8"))["trick"]


def played(trick: str, before: dict[str, Any], after: dict[str, Any]) -> None:
    """The figures are those that docs/security.md shows."""
    assert (before, after) == (TRICKS[trick]["before"], TRICKS[trick]["after"])


def test_every_trick_of_the_table_is_played():
    assert {trick["test"] for trick in TRICKS.values()} <= globals().keys()


async def signed(world: World, words: str = "大坪村停水三天了，水管坏了") -> str:
    number = await told(world, words)
    await world.cadre(world.owner(number)).says(f"签收 {number}")
    return number


async def test_saying_it_is_done_closes_nothing_and_brings_no_new_date(world: World):
    number = await signed(world)
    due, before = world.petition(number).finish_due, counts(world)
    await world.cadre(OWNER).says(f"办结 {number} 好了")
    played("early", before, counts(world))
    await world.villager().says("没解决")
    assert counts(world) == {"new": 1, "people": 1, "disputed": 1, "open": 1}
    assert world.petition(number).finish_due == due
    await world.tick(days=3)
    assert counts(world)["late"] == 1


async def test_closed_reopened_and_closed_again_is_one_matter(world: World):
    number = await signed(world)
    await world.cadre(OWNER).says(f"办结 {number} 好了")
    await world.villager().says("满意")
    before = counts(world)
    for _ in range(3):
        await world.villager().says("没解决")
        await world.cadre(OWNER).says(f"办结 {number} 好了")
        await world.villager().says("满意")
    played("again", before, counts(world))


async def test_silence_is_no_satisfaction(world: World):
    number = await signed(world)
    await world.cadre(OWNER).says(f"办结 {number} 好了")
    before = counts(world)
    world.clock.move(hours=9)  # every try comes when the offices close
    for _ in range(7):
        await world.tick(days=1)
    assert world.petition(number).state is State.UNANSWERED
    played("silence", before, counts(world))
    assert all(denominator == 0 for name, (_, denominator) in rates(world).items() if "satisf" in name)


@pytest.mark.parametrize("caller", [OWNER, "jiangshuisheng"], ids=["the owner", "his helper"])
async def test_who_worked_on_it_does_not_ask_whether_it_is_solved(small_world: World, caller: str):
    number = await signed(small_world)
    await small_world.cadre(OWNER).says(f"办结 {number} 好了")
    [refusal] = await small_world.cadre(caller).says(f"回访 {number} 解决")
    assert "不归您办" in refusal
    assert small_world.petition(number).state is State.PROPOSED


async def test_a_complaint_called_an_enquiry_stays_away_from_the_accused_and_is_counted_as_relabelled(
    small_world: World,
):
    number = await told(small_world, COMPLAINT)
    excluded, kind = small_world.petition(number).excluded, small_world.petition(number).kind
    before = counts(small_world)
    await small_world.cadre(DESK).says(f"派 {number} 1206")
    petition = small_world.petition(number)
    assert (petition.kind, set(petition.excluded) >= set(excluded)) == (kind, True)
    played("relabel", before, counts(small_world))


async def test_a_neighbours_matter_cannot_be_merged_away(world: World):
    first = await signed(world)
    other = number_in((await world.villager("b").says("大坪村停水，水管坏了"))[0])
    await world.tick(seconds=91)
    before = counts(world)
    await world.cadre(DESK).says(f"并 {other} {first}")
    assert world.petition(other).is_open
    played("merge", before, counts(world))
    await world.cadre(OWNER).says(f"签收 {other}")
    await world.cadre(OWNER).says(f"办结 {first} 好了")
    await world.villager().says("满意")
    assert world.petition(first).state is State.CONFIRMED
    assert world.petition(other).state is State.PROPOSED, "who joined is asked himself"


async def test_nothing_is_declined_alone_nor_without_a_legal_cause(small_world: World):
    world = small_world
    number = await told(world)
    before = counts(world)
    [refusal] = await world.cadre(DESK).says(f"不受理 {number} 我们没有钱")
    assert all(cause in refusal for cause in ("诉讼", "仲裁", "行政复议", "非本县"))
    assert len(refusal) <= 120
    await world.cadre(DESK).says(f"不受理 {number} 已经在法院诉讼")
    [alone] = await world.cadre(DESK).says(f"同意 {number}")
    assert "另一个人" in alone
    played("decline", before, counts(world))
    await world.cadre(SECOND).says(f"同意 {number}")
    assert counts(world) == {"new": 1, "people": 1, "closed": 1, "declined": 1}


async def test_a_dispatcher_gives_nothing_to_himself_and_decides_nothing_of_his_own(small_world: World):
    """He may own what the division of work gives him, and then others dispatch, decline, join and call back."""
    world = small_world
    await world.villager().sends_voice()
    await world.tick(seconds=2)
    [petition] = world.petitions()
    number, himself, before = petition.number or "", world.cadre(SECOND), counts(world)
    [refusal] = await himself.says(f"派 {number} 1601 何若枰")
    assert "不能派给自己" in refusal
    await world.cadre(DESK).says(f"派 {number} 1601 何若枰")
    assert world.petition(number).owner == SECOND
    for words in (f"派 {number} 0301 孟汐", f"不受理 {number} 诉讼"):
        [refusal] = await himself.says(words)
        assert "换一个人" in refusal
    await world.cadre(DESK).says(f"不受理 {number} 诉讼")
    [refusal] = await himself.says(f"同意 {number}")
    assert "换一个人" in refusal
    await world.cadre("lubaichuan").says(f"不同意 {number} 要办")
    await himself.says(f"签收 {number}")
    await himself.says(f"办结 {number} 好了")
    [refusal] = await himself.says(f"回访 {number} 解决")
    assert "换一个人" in refusal
    assert world.petition(number).state is State.PROPOSED
    played("self", before, counts(world))


async def test_sending_it_back_and_forth_stops_no_clock_and_ends_with_a_person_named(small_world: World):
    world = small_world
    number = await told(world)
    due, before = world.petition(number).finish_due, counts(world) | sent_back(world)
    for _ in range(2):
        await world.cadre(world.owner(number)).says(f"退回 {number} 不归我们管")
        await world.tick(hours=2)
        await world.cadre(DESK).says(f"派 {number} 0301 孟汐")
    assert world.petition(number).state is State.RECEIVED
    await world.cadre(DESK).says(f"裁定 {number} 孟汐")
    [refusal] = await world.cadre(OWNER).says(f"退回 {number} 不归我们管")
    assert "两次" in refusal
    assert world.petition(number).finish_due == due
    played("back_and_forth", before, counts(world) | sent_back(world))


async def test_nothing_is_dated_before_what_came_before_it_and_a_moved_clock_shows(world: World):
    number = await told(world)
    received, before = world.petition(number).received_at, counts(world)
    world.clock.at -= timedelta(days=2)
    await world.cadre(OWNER).says(f"签收 {number}")
    world.clock.at += timedelta(days=2)
    with world.service.database.reading() as session:
        sign = events_of(session, world.petition(number).identity)[-1]
    assert sign.at >= received
    assert "clock_went_back" in sign.data
    assert sign.data["rehearsed"]
    played("back_dating", before, counts(world))

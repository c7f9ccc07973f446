"""What is not done climbs a ladder that cannot be silenced."""

from datetime import datetime, timedelta

from models.ledger import events_of
from models.petition import State
from tests.stories.test_petition import told
from tests.world import SHANGHAI, World


def climbed(world: World, number: str) -> list[str]:
    """Whom the ladder reached, in order."""
    with world.service.database.reading() as session:
        events = events_of(session, world.petition(number).identity)
        return [event.data["told"] for event in events if event.kind == "climb"]


def happened(world: World, number: str) -> list[str]:
    with world.service.database.reading() as session:
        return [event.kind for event in events_of(session, world.petition(number).identity)]


async def test_what_nobody_signs_warns_the_owner_then_climbs_to_county_supervision(world: World):
    number = await told(world)
    await world.tick(hours=1, minutes=10)
    assert any("提醒" in text for text in world.cadre("mengxi").chat.texts())
    assert climbed(world, number) == []

    for _ in range(30):
        await world.tick(hours=4)
    assert climbed(world, number)[:3] == ["jiangshuisheng", "lubaichuan", "shenwangshu"]
    assert len(set(climbed(world, number))) == len(climbed(world, number)) <= 5


async def test_each_clock_breaks_once_and_there_is_one_ladder(world: World):
    number = await told(world)
    for _ in range(60):
        await world.tick(hours=6)
    kinds = happened(world, number)
    assert kinds.count("breach") == 3
    assert len(climbed(world, number)) <= 5
    before = len(kinds)
    await world.service.tick(world.clock.now())
    await world.service.tick(world.clock.now() - timedelta(days=3))
    assert len(happened(world, number)) == before, (
        "the same instant again, or an earlier one, does nothing more"
    )


async def test_after_a_day_of_downtime_what_was_due_happens_once(world: World):
    number = await told(world)
    await world.tick(days=1)
    assert happened(world, number).count("breach") >= 1
    assert len(climbed(world, number)) == len(set(climbed(world, number)))
    assert "warn" not in happened(world, number), "a warning overtaken by its breach is not sent"


async def test_a_clock_that_went_back_never_dates_an_event_before_its_predecessor(world: World):
    number = await told(world)
    world.clock.move(days=-1)
    await world.cadre("mengxi").says(f"签收 {number}")
    with world.service.database.reading() as session:
        events = events_of(session, world.petition(number).identity)
    times = [event.at for event in events]
    assert times == sorted(times)
    assert "clock_went_back" in events[-1].data


async def test_when_owner_stand_in_and_superiors_are_away_somebody_still_hears(world: World):
    for account in ("jiangshuisheng", "lubaichuan", "shenwangshu"):
        await world.cadre(account).says("请假 11-23 12-30")
    number = await told(world)
    for _ in range(10):
        await world.tick(hours=6)
    assert climbed(world, number), happened(world, number)


async def test_the_human_queue_has_a_clock_of_its_own_and_climbs_too(world: World):
    await world.villager().sends_voice()
    await world.tick(seconds=91)
    for _ in range(8):
        await world.tick(hours=3)
    [petition] = world.petitions()
    assert petition.state is State.RECEIVED
    assert "breach" in happened(world, petition.number or "")
    assert climbed(world, petition.number or "")


async def test_silence_to_the_closing_question_ends_as_unanswered_after_three_days_and_not_before(
    world: World,
):
    number = await told(world)
    await world.cadre("mengxi").says("签收")
    await world.cadre("mengxi").says("办结 修好了")
    for _ in range(3):
        await world.tick(days=1)
        assert world.petition(number).state is State.PROPOSED
    for _ in range(11):
        await world.tick(days=1)
    petition = world.petition(number)
    assert (petition.state, petition.mark) == (State.UNANSWERED, None)
    assert happened(world, number).count("try") == 3


async def test_an_ordinary_push_waits_for_the_morning_and_an_emergency_does_not(world: World):
    world.clock.at = datetime(2026, 11, 23, 23, 0, tzinfo=SHANGHAI)
    await told(world)
    assert world.cadre("mengxi").chat.texts() == []
    await world.villager("b").says("石桥村着火了")
    await world.tick(seconds=2)
    assert world.cadre("leizhenchuan").chat.texts()
    await world.tick(hours=9)
    assert world.cadre("mengxi").chat.texts()


async def test_a_tick_a_year_ahead_ends_and_leaves_nothing_due(world: World):
    await told(world)
    await world.villager("b").sends_voice()
    await world.tick(days=366)
    again = await world.service.tick(world.clock.now())
    assert again["petitions"] == {}

"""A first secretary's week and month: two days in the village, one activity, and everybody there can see both."""

from datetime import timedelta

import pytest

from models.officer import Officer
from tests.stories.test_books import at_the_console
from tests.world import World

SECRETARY = "shiyangeng"


@pytest.fixture
def first_secretary(small_world: World) -> World:
    with small_world.service.database.transaction() as session:
        officer = session.get_one(Officer, SECRETARY)
        officer.post = "驻村第一书记"
        session.add(officer)
    return small_world


def reminded(world: World, wording: str) -> int:
    return [one for _, one, _ in world.letters(SECRETARY)].count(wording)


async def test_a_week_without_two_days_is_reminded_of_once_and_one_with_them_never(first_secretary: World):
    world, cadre = first_secretary, first_secretary.cadre(SECRETARY)
    await world.tick()
    assert reminded(world, "book.week") == 0, "on Monday nobody is asked yet"
    for _ in range(5):
        await world.tick(days=1)
    assert reminded(world, "book.week") == 1
    await world.tick(days=1)
    await world.tick(days=1)
    await cadre.says("驻村 12-01 12-03 走访")
    for _ in range(5):
        await world.tick(days=1)
    assert reminded(world, "book.week") == 1


async def test_a_month_without_an_activity_is_reminded_of_once_from_the_twentieth_on(first_secretary: World):
    world, cadre = first_secretary, first_secretary.cadre(SECRETARY)
    await cadre.says("驻村 11-24 11-25")
    await world.tick()
    assert reminded(world, "book.activity") == 1, "two days, and nothing held"
    await world.tick(days=1)
    assert reminded(world, "book.activity") == 1
    await cadre.says("驻村 12-18 院坝会，教大家防火")
    for _ in range(5):
        await world.tick(days=5)
    assert reminded(world, "book.activity") == 1, "December has one"
    assert all("院坝会" not in str(fields) for _, _, fields in world.letters(SECRETARY))


async def test_a_reminder_waits_for_the_hours_in_which_work_is_brought(first_secretary: World):
    world = first_secretary
    await world.tick(days=5, hours=-4)  # a Saturday, at five in the morning
    assert reminded(world, "book.activity") == 1
    assert world.cadre(SECRETARY).chat.texts() == []
    await world.tick(days=1)
    assert world.cadre(SECRETARY).chat.texts() == []
    await world.tick(days=1, hours=4)
    assert any("活动还没有写" in said for said in world.cadre(SECRETARY).chat.texts())


async def test_nobody_on_leave_is_reminded_until_he_is_back(first_secretary: World):
    world, cadre = first_secretary, first_secretary.cadre(SECRETARY)
    await cadre.says("请假 11-23 11-25")
    for _ in range(2):
        await world.tick(days=1)
    assert reminded(world, "book.week") == reminded(world, "book.activity") == 0
    await world.tick(days=1)
    assert reminded(world, "book.week") == reminded(world, "book.activity") == 1


async def test_villagers_see_the_weeks_days_and_what_was_done_and_not_what_fell_through(
    first_secretary: World,
):
    world, cadre = first_secretary, first_secretary.cadre(SECRETARY)
    await cadre.says("驻村 11-24 教大家防火")
    await cadre.says("驻村 11-25 11-26")
    [gone] = await cadre.says("不驻村 11-26")
    assert "11月26日" in gone
    desk = await at_the_console(world, "tangxiaoyu", "dispatcher")
    board = (await desk.get("/board/YX0101")).text
    assert "11月24日 石砚耕，教大家防火" in board
    assert "11月25日 石砚耕" in board
    assert "11月26日" not in board
    [nothing] = await world.villager().says("石桥村第一书记这个月干了啥")
    assert "没有写" in nothing, "what lies ahead was not done yet"
    await world.tick(days=2)
    [told] = await world.villager("b").says("石桥村第一书记这个月干了啥")
    assert "11月24日 石砚耕，教大家防火" in told
    await world.tick(days=20)
    assert "教大家防火" in (await desk.get("/board/YX0101")).text
    await world.tick(days=20)
    assert "教大家防火" not in (await desk.get("/board/YX0101")).text


async def test_who_watches_sees_every_first_secretarys_week_and_month(first_secretary: World):
    await first_secretary.cadre(SECRETARY).says("驻村 11-24 教大家防火")
    watcher = await at_the_console(first_secretary, "lubaichuan", "supervisor")
    page = (await watcher.get("/console/books")).text
    assert "石桥村" in page
    assert "还差 1 天" in page
    assert "11月24日 教大家防火" in page
    other = await at_the_console(first_secretary, "dingping")
    assert "石砚耕" not in (await other.get("/console/books")).text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("驻村 13-45", "例：驻村"),
        ("驻村 11-24 找我打13900001234", "群众都看得到"),
        ("驻村 05-01 防汛", "例：驻村"),
        ("不驻村 13-45", "例：驻村"),
    ],
)
async def test_days_that_are_none_and_numbers_that_are_nobodys_business_are_refused(
    first_secretary: World, words: str, said: str
):
    [refused] = await first_secretary.cadre(SECRETARY).says(words)
    assert said in refused


async def test_a_day_of_last_week_may_still_be_written_down(first_secretary: World):
    last_week = first_secretary.clock.now().date() - timedelta(days=4)
    [said] = await first_secretary.cadre(SECRETARY).says(f"驻村 {last_week:%m-%d} 走访五户")
    assert f"{last_week.month}月{last_week.day}日" in said
    [told] = await first_secretary.villager().says("石桥村驻村干部最近办了什么")
    assert "走访五户" in told


@pytest.mark.parametrize("words", ["驻村干部把低保的钱干什么用了", "第一书记干了啥，把我家地占了"])
async def test_a_complaint_about_him_is_no_question_what_he_did(first_secretary: World, words: str):
    [said] = await first_secretary.villager().says(f"石桥村{words}")
    assert "这一个月办的" not in said

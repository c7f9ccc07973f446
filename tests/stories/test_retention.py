"""What was kept long enough goes: proposed by the job, agreed to by two people, told by the ledger."""

from dataclasses import replace
from pathlib import Path

from sqlmodel import col, select

from handlers.digest.compose import differs, window_of
from models.digest import Digest
from models.ledger import events_of
from models.message import Message, remember
from models.processing import Processing
from models.retention import Plan, drop_trace
from models.verification import verify
from tests.bot.pages.browser import Browser, add_user
from tests.matters import Matters
from tests.stories.test_rights import OWNER, finished, kinds
from tests.world import Template, World, start


def plans(world: World) -> list[Plan]:
    with world.service.database.reading() as session:
        return list(session.exec(select(Plan).order_by(col(Plan.id))))


async def agrees(world: World, role: str, person: str | None) -> int:
    browser = Browser(world)
    await browser.log_in(add_user(world, f"{role}-{person}-{world.clock.now():%H%M%S}", role, person))
    page = await browser.get("/console/retention")
    status = 0
    for plan in plans(world):
        if f"/console/retention/{plan.id}" in page.text or person is None:
            status = (await browser.post(f"/console/retention/{plan.id}")).status
    return status


async def test_texts_go_a_year_after_the_end_when_an_operator_and_a_supervisor_agree(world: World):
    number = await finished(world)
    await world.tick(days=366)
    assert [plan.kept for plan in plans(world)] == ["texts"]
    assert world.petition(number).forgotten_at is None, "nothing goes without two people"
    assert any("到期删除" in text for text in world.cadre("weizhiyuan").chat.texts())

    assert await agrees(world, "operator", None) == 409, "an account without a person cannot agree"
    assert await agrees(world, "operator", "weizhiyuan") == 303
    await world.tick(days=1)
    assert world.petition(number).forgotten_at is None

    assert await agrees(world, "supervisor", "weizhiyuan") == 409, "two accounts of one person are one"
    assert await agrees(world, "supervisor", "lubaichuan") == 303
    await world.tick(minutes=1)

    assert world.petition(number).forgotten_at is not None
    with world.service.database.reading() as session:
        last = events_of(session, world.petition(number).identity)[-1]
    assert (last.kind, last.data) == ("forget", {"by": "clock", "what": "texts"} | _rehearsed(last.data))
    [seen] = await world.cadre("heruoping").says(f"看 {number}")
    assert "停水三天" not in seen


def _rehearsed(data: dict) -> dict:
    return {name: value for name, value in data.items() if name == "rehearsed"}


async def test_a_recording_goes_before_the_words_do(small_world: World):
    await small_world.villager().sends_voice("大坪村停水三天了")
    await small_world.tick(seconds=91)
    [petition] = small_world.petitions()
    number = str(petition.number)
    await small_world.cadre("tangxiaoyu").says(f"派 {number} 0301 孟汐")
    await small_world.cadre(OWNER).says(f"签收 {number}")
    await small_world.cadre(OWNER).says(f"办结 {number} 好了")
    await small_world.tick(seconds=2)
    await small_world.villager().says("满意")
    await small_world.tick(days=31)
    assert [plan.kept for plan in plans(small_world)] == ["voices"]
    await agrees(small_world, "operator", "weizhiyuan")
    await agrees(small_world, "supervisor", "lubaichuan")
    await small_world.tick(minutes=1)
    with small_world.service.database.reading() as session:
        assert [one.media for one in session.exec(select(Message).where(Message.kind == "voice"))] == [b""]
    assert kinds(small_world, number)[-1] == "forget"
    assert small_world.petition(number).forgotten_at is None


async def test_after_five_years_a_number_and_dates_are_all_that_is_left(small_world: World):
    number = await finished(small_world)
    await small_world.tick(days=1826)
    await agrees(small_world, "operator", "weizhiyuan")
    await agrees(small_world, "supervisor", "lubaichuan")
    await small_world.tick(minutes=1)
    petition = small_world.petition(number)
    with small_world.service.database.reading() as session:
        assert session.exec(select(Message).where(Message.petition == petition.id)).all() == []
    [nothing] = await small_world.villager().says("进度")
    assert number not in nothing.replace(" ", "")
    assert kinds(small_world, number)[0] == "receive", "the ledger is whole"


async def test_the_digest_of_an_old_quarter_can_be_counted_again_when_all_else_is_gone(small_world: World):
    world = small_world
    for words in ("修路款的事", "我们石桥村支书", "他吃了"):
        await world.villager("accuser").says(words)
        world.clock.move(seconds=20)
    await finished(world)
    await world.tick(days=45)
    await world.tick(days=1826)
    await agrees(world, "operator", "weizhiyuan")
    await agrees(world, "supervisor", "lubaichuan")
    for _ in range(3):
        await world.tick(minutes=1)
    assert [plan for plan in plans(world) if plan.done_at is None] == []
    with world.service.database.reading() as session:
        told = {
            one.period: one.content for one in session.exec(select(Digest).order_by(col(Digest.id).desc()))
        }
        first = session.exec(
            select(Digest).where(Digest.period == "quarter").order_by(col(Digest.id))
        ).first()
        assert first is not None
        assert first.content["counts"]["accusations"] == 1, told.keys()
        assert [one.lane for one in session.exec(select(Message)) if one.lane] == ["accusation"] * 3
        keys = world.service.knowledge.keys(session, world.clock.now())
        assert verify(session, keys, window_of, differs)[0] is None


async def test_how_long_each_kind_is_kept_is_the_countys_own_decision(template: Template, tmp_path: Path):
    retention = template.settings.retention.model_copy(update={"texts": 10, "voices": 5, "petitions": 20})
    settings = template.settings.model_copy(update={"retention": retention})
    world = await start(replace(template, settings=settings), tmp_path)
    try:
        await finished(world)
        await world.tick(days=9)
        assert plans(world) == []
        await world.tick(days=2)
        assert [plan.kept for plan in plans(world)] == ["texts"]
        await world.tick(days=10)
        assert sorted(plan.kept for plan in plans(world)) == ["petitions", "texts"]
    finally:
        await world.close()


async def test_what_is_done_with_peoples_data_is_logged_by_kind_and_ground_and_never_the_data(world: World):
    number = await finished(world)
    await world.villager().says("给我一份")
    await world.villager().says(f"给我一份 {number}")
    await world.villager("b").leaves()
    await world.tick(days=366)
    await agrees(world, "operator", "weizhiyuan")
    await agrees(world, "supervisor", "lubaichuan")
    await world.tick(minutes=1)
    await world.villager().says("删我信息")
    with world.service.database.reading() as session:
        logged = [
            (one.kind, one.ground, one.by)
            for one in session.exec(select(Processing).order_by(col(Processing.id)))
        ]
    looks = ("retention_look", "expiry", None)
    assert [line for line in logged if line != looks] == [
        ("copy", "request", None),
        ("copy", "request", None),
        ("leave", "platform", None),
        ("agree_texts", "expiry", "weizhiyuan"),
        ("agree_texts", "expiry", "lubaichuan"),
        ("erase_texts", "expiry", None),
        ("forget", "request", None),
    ]
    assert looks in logged


def test_the_row_of_an_accusation_outlives_the_matter_it_was_said_in(matters: Matters) -> None:
    number = matters.told()

    def erased(session, county, petition) -> list[str | None]:
        for key, lane in (("a", "accusation"), ("b", None), ("c", "petition")):
            message = remember(session, key, "YX", "wechat", "text", matters.at)
            message.lane, message.petition = lane, petition.identity
        session.flush()
        drop_trace(session, petition)
        return [one.lane for one in session.exec(select(Message))]

    assert matters.do(number, erased) == ["accusation"]

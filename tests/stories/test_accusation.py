"""An accusation is stopped, whatever it comes as; sealed only on an explicit yes, and then opened by nobody here."""

from collections.abc import AsyncIterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from sqlmodel import select

from bot.commands import sealed as letters
from bot.sections import SealedSettings
from models.ledger import events_of
from models.letter import Letter
from models.message import Message
from models.petition import State
from models.sealed import SealedConsent, SealedLetter, make_keys
from models.text import Text
from models.wording import Wording
from tests import traces
from tests.bot.pages.browser import Browser, add_user
from tests.postgresql import fresh_postgresql
from tests.stories.test_petition import told
from tests.world import Template, World, start

ACCUSATION = "石桥村支书石砚耕把修路款吃了"
PUBLIC, PRIVATE = make_keys()


@pytest.fixture(params=["sqlite", "postgresql"])
async def sealing_world(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[World]:
    """A county whose discipline office gave its public key, on each database."""
    of = "template" if request.param == "sqlite" else "postgresql_template"
    template: Template = request.getfixturevalue(of)
    sealed = SealedSettings(public_key=PUBLIC, address="云溪县纪委信访室")
    template = replace(template, settings=template.settings.model_copy(update={"sealed": sealed}))
    with ExitStack() as stack:
        url = (
            stack.enter_context(fresh_postgresql(template.settings.database_url))
            if of != "template"
            else None
        )
        started = await start(template, tmp_path, database_url=url)
        yield started
        await started.close()


def kept(world: World) -> dict[str, int]:
    """How much is written down in words; the operators' warning about the calendar is of nobody."""
    with world.service.database.reading() as session:
        letters = session.exec(select(Letter).where(Letter.wording != Wording.CALENDAR_SHORT.value)).all()
        return {"text": len(session.exec(select(Text)).all()), "letter": len(letters)}


def kinds(world: World, number: str) -> list[str]:
    with world.service.database.reading() as session:
        return [event.kind for event in events_of(session, world.petition(number).identity)]


async def proposed(world: World) -> str:
    number = await told(world)
    await world.cadre("mengxi").says("签收")
    await world.cadre("mengxi").says("办结 修好了")
    await world.tick(seconds=2)
    return number


async def test_the_first_reply_asks_nothing_and_says_who_could_read_it(small_world: World):
    [reply] = await small_world.villager().says(ACCUSATION)
    assert all(part in reply for part in ("12388", "没有保存", "微信公司"))
    assert "县纪委监委" in reply, "where the directory says that the discipline office is"
    assert not any(part in reply for part in ("封存", "？", "哪个", "编号"))


async def test_an_accusing_dispute_counts_as_a_dispute_and_none_of_its_words_is_kept(world: World):
    number = await proposed(world)
    before = kept(world)["text"]

    [reply] = await world.villager().says("不满意，支书石砚耕把修水管的钱吃了")

    assert "12388" in reply
    assert "接着办" in reply
    petition = world.petition(number)
    assert (petition.state, petition.mark) == (State.ACCEPTED, "dissatisfied")
    assert kept(world)["text"] == before
    [seen] = await world.cadre("mengxi").says(f"看 {number}")
    assert "石砚耕" not in seen
    with world.service.database.reading() as session:
        row = session.exec(select(Message).where(Message.lane == "accusation")).one()
        assert (row.villager, row.petition, row.text, row.reply) == (None, None, None, b"")
    assert await world.villager().repeats() == [reply]


async def test_an_accusing_answer_lets_the_work_go_on_without_its_words(small_world: World):
    world = small_world
    number = await told(world)
    await world.cadre("mengxi").says("签收")
    await world.cadre("mengxi").says(f"问 {number} 是哪根管子")
    before = kept(world)["text"]
    [reply] = await world.villager().says("支书把修水管的钱吃了，哪还有管子")
    assert "12388" in reply
    assert world.petition(number).state is State.ACCEPTED
    assert kept(world)["text"] == before


async def test_an_answer_that_accuses_only_with_what_was_said_before_is_not_kept(small_world: World):
    world = small_world
    number = await told(world, "大坪村修路的事，路坏了没人修，修路款")
    owner = world.cadre(world.owner(number))
    await owner.says("签收")
    await owner.says(f"问 {number} 您说的什么")
    before = kept(world)["text"]
    [reply] = await world.villager().says("支书吃了")
    assert "12388" in reply
    assert kept(world)["text"] == before
    assert world.petition(number).state is State.ACCEPTED


async def test_a_call_back_writes_no_accusation_down_either(small_world: World):
    world = small_world
    number = await proposed(world)
    before = kept(world)["text"]
    await world.cadre("tangxiaoyu").says(f"回访 {number} 没解决 他说支书把修水管的钱吃了")
    assert world.petition(number).state is State.ACCEPTED
    assert kept(world)["text"] == before


async def test_a_forwarded_link_that_accuses_in_its_title_is_not_kept(small_world: World):
    [reply] = await small_world.villager().sends_link(ACCUSATION, "大家看看", "https://example.invalid/a")
    assert "12388" in reply
    assert kept(small_world) == {"text": 0, "letter": 0}


async def test_pieces_that_accuse_only_together_are_forgotten_with_their_letters(
    world: World, tmp_path: Path
):
    villager = world.villager()
    for words in ("修路款的事", "我们石桥村支书"):
        await villager.says(words)
        world.clock.move(seconds=10)
    [reply] = await villager.says("他吃了")
    assert "12388" in reply
    await world.tick(minutes=10)
    assert kept(world) == {"text": 0, "letter": 0}
    assert [one.state for one in world.petitions()] == [State.REDIRECTED]


async def test_words_are_sealed_only_after_an_explicit_yes_and_only_the_office_opens_them(
    sealing_world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    world, villager = sealing_world, sealing_world.villager()
    [offer] = await villager.says(ACCUSATION)
    assert all(part in offer for part in ("封存", "12388", "云溪县纪委信访室", "微信公司还是可能看到"))
    with world.service.database.reading() as session:
        assert session.exec(select(SealedConsent)).all() == []

    [ready] = await villager.says("封存")
    assert "封上" in ready
    sealed = ""
    for words in (ACCUSATION, "发票在会计手里"):
        world.clock.move(seconds=20)
        [sealed] = await villager.says(words)
        assert "只有纪委打得开" in sealed
    assert await villager.repeats() == [sealed]

    world.clock.move(seconds=91)
    [again] = await villager.says(ACCUSATION)
    assert "没有保存" in again, "one burst, no more"

    with world.service.database.reading() as session:
        assert len(session.exec(select(SealedLetter)).all()) == 2
        assert {row.villager for row in session.exec(select(Message))} == {None}
    assert kept(world) == {"text": 0, "letter": 0}
    left = traces.stored(world, tmp_path) | traces.opened(world)
    assert [name for name, what in left.items() if traces.found_in(what, (ACCUSATION, "发票在会计"))] == []

    handed, private = tmp_path / "handed.jsonl", tmp_path / "private.key"
    assert letters.hand_over(world.service.database, handed, world.clock.now(), again=False) == 0
    assert letters.hand_over(world.service.database, tmp_path / "none", world.clock.now(), again=False) == 0
    assert not (tmp_path / "none").exists()
    private.write_text(PRIVATE, encoding="ascii")
    capsys.readouterr()
    assert letters.open_letters(handed, private) == 0
    opened = capsys.readouterr().out
    assert ACCUSATION in opened
    assert "发票在会计手里" in opened
    assert opened.count("[") == 1, "one burst"


async def test_the_discipline_officer_takes_the_ciphertext_from_his_page_and_nobody_else_does(
    sealing_world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    world, villager = sealing_world, sealing_world.villager()
    await villager.says("封存")
    await villager.says(ACCUSATION)
    for role, person in (
        ("operator", "weizhiyuan"),
        ("supervisor", "lubaichuan"),
        ("dispatcher", "tangxiaoyu"),
    ):
        browser = Browser(world)
        await browser.log_in(add_user(world, role, role, person))
        assert (await browser.post("/console/sealed")).status == 403
    officer = Browser(world)
    await officer.log_in(add_user(world, "officer", "discipline", "yanqingfeng"))
    assert "取 1 封" in (await officer.get("/console/sealed")).text
    page = await officer.post("/console/sealed")
    assert page.headers["Content-Disposition"].startswith("attachment")
    assert page.headers["Cache-Control"] == "no-store"
    assert "石砚耕" not in page.text
    handed, private = tmp_path / "handed.jsonl", tmp_path / "private.key"
    handed.write_text(page.text, encoding="ascii")
    private.write_text(PRIVATE, encoding="ascii")
    assert letters.open_letters(handed, private) == 0
    assert ACCUSATION in capsys.readouterr().out
    assert "没有要取的" in (await officer.get("/console/sealed")).text


async def test_the_yes_can_be_taken_back_and_runs_out(sealing_world: World):
    villager = sealing_world.villager()
    await villager.says("封存")
    [stopped] = await villager.says("不封")
    assert "不封了" in stopped
    [reply] = await villager.says(ACCUSATION)
    assert "没有保存" in reply
    await villager.says("封存")
    sealing_world.clock.move(minutes=11)
    await sealing_world.tick()
    with sealing_world.service.database.reading() as session:
        assert session.exec(select(SealedConsent)).all() == [], "a yes that ran out leaves no trace"
    [late] = await villager.says(ACCUSATION)
    assert "没有保存" in late
    with sealing_world.service.database.reading() as session:
        assert session.exec(select(SealedConsent)).all() == []
        assert session.exec(select(SealedLetter)).all() == []


async def test_without_a_key_nothing_is_sealed_and_the_word_means_nothing(small_world: World):
    [reply] = await small_world.villager().says("封存")
    assert "封上" not in reply
    with small_world.service.database.reading() as session:
        assert session.exec(select(SealedConsent)).all() == []

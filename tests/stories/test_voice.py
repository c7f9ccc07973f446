"""Recordings and pictures: fetched, kept sealed, heard by a machine where there is one, and by a person in any case."""

import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from sqlmodel import select

from bot.simulator.media import picture, voice
from models.diary import Note
from models.media import Media
from models.petition import State
from tests.bot.pages.browser import Browser, add_user
from tests.world import Template, World, number_in, start

SAYS = """import json, sys
sys.stdin.buffer.read()
print(json.dumps({"text": sys.argv[1], "confidence": float(sys.argv[2])}))
"""
WATER = "大坪村停水三天了，水管坏了"
Open = Callable[..., Awaitable[World]]


@pytest.fixture
async def hearing(template: Template, tmp_path: Path) -> AsyncIterator[Open]:
    """A county whose machine hears what a test says."""
    worlds: list[World] = []

    async def opened(words: str = "", confidence: float = 0.9) -> World:
        speech = tmp_path / "speech.py"
        speech.write_text(SAYS, encoding="utf-8")
        command = [sys.executable, str(speech), words, str(confidence)]
        worlds.append(await start(template, tmp_path, further={"speech": {"command": command}}))
        return worlds[-1]

    yield opened
    for world in worlds:
        await world.close()


def files(world: World) -> list[Media]:
    with world.service.database.reading() as session:
        return list(session.exec(select(Media).order_by(Media.id)))  # type: ignore[arg-type] # a column


def notes(world: World) -> list[Note]:
    with world.service.database.reading() as session:
        return list(session.exec(select(Note)))


def folder(world: World) -> list[Path]:
    place = world.settings.path(world.settings.service.data_dir) / "media"
    return sorted(place.iterdir()) if place.exists() else []


async def test_what_was_heard_is_said_back_and_counts_once_the_villager_says_so(hearing: Open):
    world = await hearing(WATER)
    villager = world.villager()
    number = number_in((await villager.sends_voice())[0])
    await world.tick(seconds=2)
    assert "我听到的是" in villager.chat.texts()[-1]
    assert WATER in villager.chat.texts()[-1]
    assert world.petition(number).leaf is None
    [reply] = await villager.says("1")
    assert "按这话办" in reply
    petition = world.petition(number)
    assert (petition.state, petition.leaf, petition.owner) == (State.ASSIGNED, "0301", "mengxi")
    assert files(world)[0].confidence == 0.9


async def test_what_was_heard_wrongly_is_dropped_and_a_person_listens(hearing: Open):
    world = await hearing(WATER)
    villager = world.villager()
    number = number_in((await villager.sends_voice())[0])
    await world.tick(seconds=2)
    [reply] = await villager.says("不对")
    assert "请人来听" in reply
    assert world.petition(number).state is State.RECEIVED
    assert "三天" not in (await world.cadre("tangxiaoyu").says(f"看 {number}"))[0]


async def test_danger_that_a_machine_heard_is_called_out_at_once_however_unsure_it_is(hearing: Open):
    world = await hearing("大坪村着火了", 0.2)
    villager = world.villager()
    number = number_in((await villager.sends_voice())[0])
    await world.tick(seconds=2)
    await world.tick(seconds=2)
    assert world.petition(number).lane == "emergency"
    assert world.petition(number).owner is not None
    assert villager.chat.texts()[-1].startswith("马上打 119")


async def test_of_an_accusation_neither_words_nor_recording_are_kept(hearing: Open):
    world = await hearing("我要举报大坪村支书收钱，低保要给他五千块才批")
    villager = world.villager()
    number = number_in((await villager.sends_voice())[0])
    await world.tick(seconds=2)
    await world.tick(seconds=2)
    assert "12388" in villager.chat.texts()[-1]
    assert world.petition(number).state is State.REDIRECTED
    assert folder(world) == []


@pytest.mark.parametrize(("words", "confidence"), [("", 0.0), (WATER, 0.3)])
async def test_silence_and_mumbling_are_left_to_a_person(hearing: Open, words: str, confidence: float):
    world = await hearing(words, confidence)
    villager = world.villager()
    number = number_in((await villager.sends_voice())[0])
    await world.tick(seconds=2)
    assert world.petition(number).state is State.RECEIVED
    assert "我听到的是" not in villager.chat.texts()[-1]


async def test_without_a_machine_a_person_opens_the_recording_and_it_is_written_down(world: World):
    number = number_in((await world.villager().sends_voice(voice(3)))[0])
    await world.tick(seconds=2)
    [kept] = folder(world)
    assert kept.stat().st_mode & 0o777 == 0o600
    assert b"#!AMR" not in kept.read_bytes()
    [media] = files(world)
    browser = Browser(world)
    await browser.log_in(add_user(world, "desk", "dispatcher", "tangxiaoyu"))
    page = await browser.get(f"/console/petition/{number}")
    assert f"/console/media/{media.id}" in page.text
    opened = await browser.get(f"/console/media/{media.id}")
    assert (opened.status, opened.headers["Content-Type"]) == (200, "audio/amr")
    assert opened.headers["Cache-Control"] == "no-store"
    stranger = Browser(world)
    await stranger.log_in(add_user(world, "watch", "supervisor"))
    assert (await stranger.get(f"/console/media/{media.id}")).status == 404
    line = await browser.get(f"/console/petition/{number}")
    assert line.text.count("看了内容") >= 2


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"MZ\x90\x00" + b"\x00" * 400, "neither recording"),
        (b"\x7fELF" + b"\x00" * 400, "neither recording"),
        (b"\x00", "neither recording"),
        (b"", "neither recording"),
        (picture(), "not what it says"),
        (b"#!AMR\n" + b"\x7c" * (21 * 1024 * 1024), "too large"),
    ],
)
async def test_what_is_no_recording_is_not_kept_whatever_it_is_called(
    small_world: World, content: bytes, why: str
):
    number = number_in((await small_world.villager().sends_voice(content))[0])
    await small_world.tick(seconds=2)
    assert folder(small_world) == []
    assert files(small_world)[0].reason.startswith(why)
    assert small_world.petition(number).state is State.RECEIVED, "a person still sees that somebody spoke"


async def test_ten_minutes_are_kept_and_no_byte_at_all_is_not(small_world: World):
    await small_world.villager("a").sends_voice(voice(600))
    [reply] = await small_world.villager("b").sends_voice(b"#!AMR\n")
    assert number_in(reply)
    await small_world.tick(seconds=2)
    assert [one.stage for one in files(small_world)] == ["kept", "kept"]


async def test_a_platform_that_is_down_costs_an_hour_and_not_the_recording(small_world: World):
    await small_world.villager().sends_voice()
    small_world.simulator.fault("/cgi-bin/media/get", "timeout", times=2)
    await small_world.tick(seconds=2)
    assert files(small_world)[0].stage == "waiting"
    for _ in range(4):
        await small_world.tick(hours=1)
    assert files(small_world)[0].stage == "kept"


async def test_a_recording_goes_with_its_matter(small_world: World):
    villager = small_world.villager()
    number = number_in((await villager.sends_voice())[0])
    await small_world.tick(seconds=2)
    assert len(folder(small_world)) == 1
    await villager.says(f"撤回 {number}")
    await small_world.tick(hours=25)
    await villager.says("删我信息")
    await small_world.tick(seconds=2)
    assert folder(small_world) == []


async def test_what_a_cadre_speaks_is_a_note_of_his_day_and_one_word_makes_a_petition_of_it(hearing: Open):
    world = await hearing("二组老王家门口的水管爆了，水流到路上")
    cadre = world.cadre("shiyangeng")
    [said] = await cadre.sends_voice()
    assert "记进民情日志" in said
    [early] = await cadre.says("立案")
    assert "还没写成字" in early
    await world.tick(seconds=2)
    await world.tick(seconds=2)
    assert "听出来了" in cadre.chat.texts()[-1]
    assert "水管" not in cadre.chat.texts()[-1], "a push holds nobody's words"
    [shown] = await cadre.says("日志")
    assert "水管爆了" in shown
    number = number_in((await cadre.says("立案"))[0])
    await world.tick(minutes=6)
    petition = world.petition(number)
    assert (petition.leaf, (petition.place or "")[:6]) == ("0301", "YX0101")
    assert petition.owner not in (None, "shiyangeng"), "who wrote it down does not own it"
    assert "水管".encode() not in notes(world)[0].sealed


@pytest.mark.parametrize(("words", "confidence"), [("", 0.0), (WATER, 0.3)])
async def test_a_note_no_machine_understands_is_kept_as_a_recording_for_its_speakers_ears(
    hearing: Open, words: str, confidence: float
):
    world = await hearing(words, confidence)
    cadre = world.cadre("shiyangeng")
    await cadre.sends_voice(voice(3))
    await world.tick(seconds=2)
    [media] = files(world)
    mine, other = Browser(world), Browser(world)
    await mine.log_in(add_user(world, "mine", "cadre", "shiyangeng"))
    await other.log_in(add_user(world, "other", "dispatcher", "tangxiaoyu"))
    page = await mine.get("/console/books/notes")
    assert "还没写成字" in page.text
    assert WATER not in page.text, "what it only half understood is not put into his mouth"
    opened = await mine.get(f"/console/media/{media.id}")
    assert (opened.status, opened.headers["Content-Type"]) == (200, "audio/amr")
    assert (await other.get(f"/console/media/{media.id}")).status == 404
    [note] = notes(world)
    refused = await mine.post(f"/console/books/note/{note.id}", words="", act="raise")
    assert refused.status == 409
    assert "听了写下来" in refused.text
    raised = await mine.post(f"/console/books/note/{note.id}", words="三组的路灯坏了三天没人修", act="raise")
    assert raised.headers["Location"].startswith("/console/petition/")
    await world.tick(minutes=6)
    assert world.petition(raised.headers["Location"].rpartition("/")[2]).leaf == "0304"
    await world.tick(days=31)
    await world.tick(seconds=2)
    assert folder(world) == [], "a voice is kept thirty days"
    await mine.log_in("mine")
    assert (await mine.get(f"/console/media/{media.id}")).status == 404
    assert "路灯坏了" in (await mine.get("/console/books/notes")).text


async def test_a_note_that_accuses_somebody_is_kept_neither_typed_nor_spoken(hearing: Open):
    world = await hearing("我要举报大坪村支书收钱，低保要给他五千块才批", 0.3)
    cadre = world.cadre("shiyangeng")
    [typed] = await cadre.says("日志 我要举报大坪村支书收钱，低保要给他五千块才批")
    assert "没有存" in typed
    await cadre.sends_voice()
    await world.tick(seconds=2)
    await world.tick(seconds=2)
    assert "录音也删了" in cadre.chat.texts()[-1]
    assert folder(world) == []
    assert notes(world) == []


async def test_a_note_that_tells_of_danger_says_whom_to_call_first(hearing: Open):
    world = await hearing("大坪村着火了，房子烧起来了")
    cadre = world.cadre("shiyangeng")
    [said] = await cadre.says("日志 大坪村着火了，房子烧起来了")
    assert "119" in said
    await cadre.sends_voice()
    await world.tick(seconds=2)
    await world.tick(seconds=2)
    assert "119" in cadre.chat.texts()[-1]


async def test_a_spoken_note_that_cannot_be_fetched_is_told_to_whom_it_cost_his_words(small_world: World):
    cadre = small_world.cadre("shiyangeng")
    await cadre.sends_voice(b"\x7fELF" + b"\x00" * 400)
    await small_world.tick(seconds=2)
    await small_world.tick(seconds=2)
    assert "请再说一遍" in cadre.chat.texts()[-1]
    assert notes(small_world) == []

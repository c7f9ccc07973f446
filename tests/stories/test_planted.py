"""Identities planted through the real doors are looked for in everything the service writes."""

import asyncio
from pathlib import Path

from bot.commands.keeping import backup
from tests import traces
from tests.world import World, number_in

NAME, PHONE, ID_CARD, MARK = "欧阳雁回", "13877776666", "522601199003071234", "蓝色水缸裂成八瓣"
WORDS = f"我叫{NAME}，电话{PHONE}，身份证{ID_CARD}，大坪村停水三天了，{MARK}"
WHO = "planted"
PLANTED = (NAME, PHONE, ID_CARD, MARK, f"{WHO:0>19}", "换了三节蓝管子", "要上门看蓝管子")
# Asked for by name, number or words: whatever an address says may be logged by somebody.
ASKED = (f"/console/{NAME}", f"/none?{PHONE}")


def test_the_search_finds_what_is_there():
    assert traces.found_in(WORDS.encode(), PLANTED) == list(PLANTED[:4])
    assert traces.found_in(NAME.encode("unicode_escape"), PLANTED) == [NAME]
    assert traces.found_in(f"x{PHONE}".encode("utf-16-le"), PLANTED) == [PHONE]


async def sends_raw(world: World, line: str) -> None:
    """What is no request at all, as it comes from a broken proxy or a scanner."""
    reader, writer = await asyncio.open_connection("127.0.0.1", world.settings.service.port)
    writer.write(f"{line}\r\nHost: x\r\n\r\n".encode())
    assert (await reader.read()).startswith(b"HTTP/1.")
    writer.close()
    await writer.wait_closed()


async def test_nothing_the_service_writes_holds_an_identity_or_a_word(
    world: World, tmp_path: Path, caplog, capfd, monkeypatch
):
    with traces.kept_logs() as logs:
        villager, owner = world.villager(WHO), world.cadre("mengxi")
        number = number_in((await villager.says(WORDS))[0])
        await world.tick(seconds=91)
        await owner.says(f"看 {number}")
        await owner.says(f"签收 {number}")
        await owner.says(f"进展 {number} 换了三节蓝管子")
        await owner.says(f"申请联系 {number} 要上门看蓝管子")
        await world.tick(seconds=2)
        await owner.says(f"办结 {number} 换了三节蓝管子")
        await villager.says(f"大坪村还是停水，{MARK}")
        await villager.says("没解决")
        await villager.says("给我一份")

        def breaks(*_: object, **__: object) -> None:
            raise RuntimeError(WORDS)

        with monkeypatch.context() as broken:
            broken.setattr("handlers.villager.conversation.answer", breaks)
            await villager.says(WORDS)
            broken.setattr("handlers.intake.receive", breaks)
            await villager.says(WORDS)
            broken.setattr("scheduler.petition._attend", breaks)
            await world.tick(days=2)
            broken.setattr("bot.pages.home.waiting.unsent_for", breaks)
            broken.setattr("bot.pages.petition.page", breaks)
            for broken_line in (
                f"GET /{NAME}?{PHONE} HTTP/x",
                f"{PHONE} / HTTP/1.1",
                f"GET / HTTP/1.1\r\n{PHONE}",
            ):
                await sends_raw(world, broken_line)
            shown = {f"broken {path}": page for path, page in (await traces.pages(world, *ASKED)).items()}
    said = capfd.readouterr()
    written = traces.stored(world, tmp_path)
    if world.service.database.is_sqlite:
        copy = tmp_path / "copy.db"
        assert backup(world.settings, copy, world.clock.now()) == 0
        written["the copy"] = copy.read_bytes()
        assert {file.stat().st_mode & 0o077 for file in tmp_path.glob("*.db*")} == {0}
    everything = (
        written
        | shown
        | traces.digests(world)
        | {"stdout": said.out.encode(), "stderr": said.err.encode(), "logs": logs.getvalue().encode()}
        | {"logs of the libraries": caplog.text.encode()}
    )
    for error in ("answer failed", "petition not attended", "page broke"):
        assert error in logs.getvalue(), "the errors were logged"
    assert {
        name: found for name, what in everything.items() if (found := traces.found_in(what, PLANTED))
    } == {}


async def test_letters_and_chats_of_the_staff_hold_none_but_what_was_opened_with_a_reason(world: World):
    number = number_in((await world.villager(WHO).says(WORDS))[0])
    await world.tick(seconds=91)
    owner = world.cadre(world.owner(number))
    await owner.says(f"看 {number}")
    await owner.says(f"退回 {number} {NAME}家的事，打 {PHONE} 没人接，不归我们管")
    await world.cadre("tangxiaoyu").says(f"派 {number} 0301 孟汐")
    await owner.says(f"签收 {number}")
    await owner.says(f"延期 {number} 1 {PHONE} 打不通")
    for _ in range(8):
        await world.tick(hours=8)
    told = [letter for letter in world.letters() if letter[0] in world.staff()]
    assert any("理由" in text for text in world.cadre("tangxiaoyu").chat.texts()), "the reason arrives"
    assert traces.found_in(str(told).encode(), PLANTED) == []
    for name, chat in traces.chats(world).items():
        assert traces.found_in(chat, (NAME, PHONE, ID_CARD)) == [], name

    [revealed] = await owner.says(f"申请联系 {number} 要上门看看")
    assert (NAME in revealed, PHONE in revealed) == (True, True)

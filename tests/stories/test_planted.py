"""Identities planted through the real doors are looked for in everything the service writes."""

from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import aiohttp
import pytest
import structlog

from bot.commands.keeping import backup
from bot.logs import configure_logs
from tests.bot.pages.browser import Browser, add_user
from tests.world import World, number_in

NAME, PHONE, ID_CARD, MARK = "欧阳雁回", "13877776666", "522601199003071234", "蓝色水缸裂成八瓣"
WORDS = f"我叫{NAME}，电话{PHONE}，身份证{ID_CARD}，大坪村停水三天了，{MARK}"
WHO = "planted"
PLANTED = (NAME, PHONE, ID_CARD, MARK, f"{WHO:0>19}", "换了三节蓝管子", "要上门看蓝管子")


def found_in(what: bytes) -> list[str]:
    """Which of the planted stand in there, in any encoding a file or an answer could have."""
    forms = {
        one: {one.encode("utf-8"), one.encode("utf-16-le"), one.encode("unicode_escape")} for one in PLANTED
    }
    return [one for one, encoded in forms.items() if any(form in what for form in encoded)]


@pytest.fixture
def logs() -> Iterator[StringIO]:
    """The service's own log lines, as a service writes them."""
    lines = StringIO()
    configure_logs()
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(lines))
    yield lines
    structlog.reset_defaults()


def test_the_search_finds_what_is_there():
    assert found_in(WORDS.encode()) == list(PLANTED[:4])
    assert found_in(NAME.encode("unicode_escape")) == [NAME]


async def test_nothing_the_service_writes_holds_an_identity_or_a_word(
    small_world: World, tmp_path: Path, logs: StringIO, caplog, capfd, monkeypatch
):
    world, villager, owner = small_world, small_world.villager(WHO), small_world.cadre("mengxi")
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
    browser = Browser(world)
    await browser.log_in(add_user(world, "one", "operator"))
    pages = [
        await browser.get(path) for path in ("/console/", f"/console/petition/{number}", f"/console/{NAME}")
    ]

    copy = tmp_path / "copy.db"
    assert backup(world.settings, copy, world.clock.now()) == 0
    port = world.settings.service.port
    async with aiohttp.ClientSession() as http:
        metrics = await (await http.get(f"http://127.0.0.1:{port}/metrics")).read()
        missing = await (await http.get(f"http://127.0.0.1:{port}/none?{PHONE}")).read()
        ready = await (await http.get(f"http://127.0.0.1:{port}/readyz")).read()
    said = capfd.readouterr()
    assert "lianxin_petitions" in metrics.decode()

    written = {file.name: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}
    assert {"lianxin.db", "lianxin.db-wal", "copy.db"} <= written.keys()
    everything = written | {
        "stdout": said.out.encode(),
        "stderr": said.err.encode(),
        "logs": logs.getvalue().encode(),
        "logs of the libraries": caplog.text.encode(),
        "metrics": metrics,
        "missing": missing,
        "ready": ready,
        **{f"page {index}": page.text.encode() for index, page in enumerate(pages)},
    }
    assert "answer failed" in logs.getvalue(), "the errors were logged"
    assert "petition not attended" in logs.getvalue()
    assert {name: found for name, what in everything.items() if (found := found_in(what))} == {}
    assert {file.stat().st_mode & 0o077 for file in tmp_path.glob("*.db*")} == {0}

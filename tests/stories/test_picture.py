"""The week's figures also come as a picture, in Chinese, by the platform's own way for pictures."""

import pytest

from bot.digest import picture
from tests.world import World


async def test_on_monday_the_supervisor_gets_the_week_as_words_and_as_a_picture(world: World) -> None:
    if picture.font_file() is None:
        pytest.skip("no Chinese font on this machine")
    for who in range(3):
        await world.villager(f"v{who}").says("大坪村停水三天了，水管坏了")
    await world.tick(seconds=91)
    world.clock.move(days=7)
    await world.service.tick(world.clock.now())
    chat = world.cadre("lubaichuan").chat
    said = [one for one in chat.lines if one.kind == "image"]
    assert len(said) == 1
    assert any(text.startswith("周报") for text in chat.texts())


async def test_without_a_font_the_words_come_all_the_same(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(picture, "font_file", lambda: None)
    await world.villager().says("大坪村停水三天了，水管坏了")
    await world.tick(seconds=91)
    world.clock.move(days=7)
    await world.service.tick(world.clock.now())
    assert any(text.startswith("周报") for text in world.cadre("lubaichuan").chat.texts())

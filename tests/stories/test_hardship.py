"""Matters of the county's list of hardships go to nobody by the rules: a person names an owner and a day."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from models.petition import State
from tests.stories.test_petition import told
from tests.world import SHANGHAI, Template, World, start


@pytest.fixture
async def strict(template: Template, tmp_path: Path) -> AsyncIterator[World]:
    started = await start(template, tmp_path, further={"hardships": {"categories": ["03"]}})
    yield started
    await started.close()


async def test_a_hardship_waits_for_a_person_an_owner_and_a_day(strict: World):
    number = await told(strict)
    assert strict.petition(number).state is State.RECEIVED
    desk = strict.cadre("heruoping")
    for words in (f"派 {number} 停水", f"派 {number} 停水 孟汐", f"派 {number} 停水 11-24"):
        [said] = await desk.says(words)
        assert "要写明谁办、哪天前办好" in said, words
        assert strict.petition(number).state is State.RECEIVED
    [said] = await desk.says(f"派 {number} 停水 孟汐 12-25")
    assert "日期要在今天以后" in said
    assert strict.petition(number).state is State.RECEIVED, "refused and nothing changed"
    [said] = await desk.says(f"派 {number} 停水 孟汐 11-23")
    assert "派好了" in said
    petition = strict.petition(number)
    assert (petition.state, petition.owner) == (State.ASSIGNED, "mengxi")
    assert petition.finish_due is not None
    assert f"{petition.finish_due.astimezone(SHANGHAI):%m-%d %H}" == "11-24 00"

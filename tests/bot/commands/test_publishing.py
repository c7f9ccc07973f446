"""What is published on the platform."""

from bot.commands.publishing import menu, ticket_maker
from tests.world import World


async def test_the_menu_is_published_and_a_tap_is_understood(small_world: World):
    assert await menu(small_world.service) == 0
    assert small_world.simulator.wechat.menu
    [reply] = await small_world.villager().taps("进度")
    assert "没有登记" in reply


async def test_every_village_gets_a_code_of_its_own(small_world: World):
    create = ticket_maker(small_world.service)
    assert await create("v:YX0101") != await create("v:YX0102")

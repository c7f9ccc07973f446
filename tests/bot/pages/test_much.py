"""More than anybody planned for: a matter of ten thousand events, a village late in thirty categories, long names."""

import re

from models.move import Actor, Capacity, Verb, move
from models.office import Office
from models.officer import Officer
from models.petition import Petition
from models.place import Place
from tests.bot.pages.test_petitions import logged_in
from tests.matters import WATER, Matters
from tests.world import World

PAGE = 100 * 1024  # bytes


def matters_of(world: World) -> Matters:
    return Matters(world.settings, world.service.database, world.service.knowledge, world.clock.now())


async def test_a_matter_of_ten_thousand_events_opens_on_a_page_that_says_there_is_more(small_world: World):
    matters = matters_of(small_world)
    told = matters.told(WATER)
    villager = Actor(Capacity.VILLAGER)
    with small_world.service.database.transaction() as session:
        petition = session.get_one(Petition, told)
        for _ in range(10_000):
            move(session, petition, Verb.URGE, villager, matters.at)
        number, events = petition.number, petition.position
    desk = await logged_in(small_world, "dispatcher", "heruoping")
    page = await desk.get(f"/console/petition/{number}")
    assert page.status == 200
    assert len(page.text.encode()) < PAGE
    earlier = re.search(r'href="\?before=(\d+)"', page.text)
    assert earlier is not None
    assert int(earlier[1]) > events - 100
    assert "登记" in (await desk.get(f"/console/petition/{number}?before=30")).text
    assert (await desk.get("/console/petitions")).status == 200


async def test_a_village_late_in_thirty_categories_is_drawn_as_far_as_there_is_room_and_it_says_so(
    small_world: World,
):
    matters = matters_of(small_world)
    with matters.reading() as (_, county):
        leaves = [one for one in sorted(county.reader.category_codes) if len(one) == 4][:30]
    for number, leaf in enumerate(leaves):
        matters.told(leaf, who=f"v{number}")
    matters.later(days=120)
    small_world.clock.at = matters.at
    watcher = await logged_in(small_world, "supervisor", "lubaichuan")
    page = await watcher.get("/console/bulletin")
    assert page.status == 200
    assert len(page.text.encode()) < PAGE
    left = re.search(r"还有 (\d+) 类没画", page.text)
    assert left is not None
    assert int(left[1]) > 0
    then = await watcher.get("/console/bulletin?period=month&on=2026-11-23")
    assert re.search(r"<figcaption>热点（竖线是上期），还有 \d+ 类没画</figcaption>", then.text)
    for form in ("xlsx", "csv", "json"):
        assert (await watcher.get(f"/console/bulletin.{form}")).status == 200, form


async def test_names_of_fifty_characters_stand_whole_on_every_page(small_world: World):
    matters = matters_of(small_world)
    told, long = matters.told(WATER), "长名" * 25
    with small_world.service.database.transaction() as session:
        petition = session.get_one(Petition, told)
        owner = session.get_one(Officer, petition.owner or "")
        for row in (owner, session.get_one(Office, owner.office), session.get_one(Place, "YX0101")):
            row.name = long
            session.add(row)
    matters.later(days=12)
    small_world.clock.at = matters.at
    watcher = await logged_in(small_world, "supervisor", "lubaichuan")
    for path in (
        "petitions",
        f"petition/{petition.number}",
        "bulletin?period=month&on=2026-11-23",
        "grading?on=2026-11-23",
        "warnings?on=2026-11-23",
    ):
        page = await watcher.get(f"/console/{path}")
        assert (page.status, long in page.text) == (200, True), path

"""What the staff see of petitions on the pages: their own place and office, masked, and never unseen."""

import pytest

from models.view import views_of
from tests.bot.pages.browser import Browser, add_user
from tests.stories.test_petition import told
from tests.world import World

ODD = "<script>alert(1)</script>{{ 7*7 }}"


async def logged_in(world: World, role: str, person: str | None = None) -> Browser:
    browser = Browser(world)
    await browser.log_in(add_user(world, f"{role}-{person or 'unnamed'}", role, person))
    return browser


SEES = [
    ("cadre", "mengxi", True, True),  # works on it
    ("cadre", "taowan", False, False),
    ("cadre", None, False, False),
    ("dispatcher", "tangxiaoyu", True, True),  # the county's desk
    ("dispatcher", "bochuan", True, True),  # the township's own desk
    ("supervisor", "lubaichuan", True, False),  # counts, does not read
    ("supervisor", None, True, False),
    ("discipline", "yanqingfeng", False, False),
    ("operator", "weizhiyuan", False, False),
]


async def test_everybody_sees_his_own_place_and_office_and_nobody_more(small_world: World):
    number = await told(small_world, "我叫李大壮，电话13812345678，大坪村停水三天了")
    for role, person, listed, reads in SEES:
        browser = await logged_in(small_world, role, person)
        home, page = await browser.get("/console/petitions"), await browser.get(f"/console/petition/{number}")
        assert (f"/console/petition/{number}" in home.text) is listed, (role, person)
        assert page.status == (200 if listed else 404), (role, person)
        assert ("停水三天" in page.plain) is reads, (role, person)
        for secret in ("13812345678", "李大壮", "oVILLAGER"):
            assert secret not in page.plain + home.text, (role, person)


async def test_another_townships_desk_does_not_see_it(small_world: World):
    number = await told(small_world, "石桥村停水三天了")
    place = small_world.petition(number).place or ""
    assert place.startswith("YX01"), "the sample's first township"
    with small_world.service.database.transaction() as session:
        from models.officer import Officer

        session.get_one(Officer, "suqing").roles = ["dispatcher"]
    browser = await logged_in(small_world, "dispatcher", "suqing")
    assert (await browser.get(f"/console/petition/{number}")).status == 404


async def test_whoever_must_not_hear_of_it_sees_neither_line_nor_page(world: World):
    number = await told(world)
    with world.service.database.transaction() as session:
        found = session.merge(world.petition(number))
        found.excluded = ["tangxiaoyu"]
    for role, person in (("dispatcher", "tangxiaoyu"), ("supervisor", None)):
        browser = await logged_in(world, role, person)
        assert number not in (await browser.get("/console/petitions?state=all")).text
        assert (await browser.get(f"/console/petition/{number}")).status == 404
    browser = await logged_in(world, "dispatcher", "heruoping")
    assert number in (await browser.get("/console/petitions")).text


@pytest.mark.parametrize("words", ["我老公天天打我，我怕他", "不想活了"])
async def test_of_violence_at_home_the_township_sees_nothing(small_world: World, words: str):
    await small_world.villager().scans("v:YX0101")
    await small_world.villager().says(words)
    [petition] = small_world.petitions()
    assert petition.lane in ("protection", "emergency")
    browser = await logged_in(small_world, "dispatcher", "bochuan")
    assert str(petition.number) not in (await browser.get("/console/petitions?state=all")).text
    browser = await logged_in(small_world, "dispatcher", "tangxiaoyu")
    assert str(petition.number) in (await browser.get("/console/petitions?state=all")).text


async def test_opening_the_words_leaves_a_trace_the_villager_can_read(world: World):
    number = await told(world)
    browser = await logged_in(world, "dispatcher", "tangxiaoyu")
    await browser.get(f"/console/petition/{number}")
    with world.service.database.reading() as session:
        [view] = views_of(session, [world.petition(number).identity])
    assert (view.account, view.what) == ("tangxiaoyu", "text")
    [copy] = await world.villager().says(f"给我一份 {number}")
    assert "唐晓榆看了您说的话" in copy


async def test_what_a_villager_writes_is_shown_as_he_wrote_it_and_runs_nowhere(small_world: World):
    number = await told(small_world, f"大坪村停水三天了 {ODD}")
    browser = await logged_in(small_world, "dispatcher", "tangxiaoyu")
    page = await browser.get(f"/console/petition/{number}")
    assert "<script>" not in page.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7*7 }}" in page.plain


async def test_a_time_line_names_the_clock_that_ran_out(small_world: World):
    """Nobody signs, then nobody says a word to the villager, then it is not done in time: each by name."""
    number = await told(small_world)
    await small_world.tick(minutes=70)
    await small_world.tick(minutes=110)
    supervisor = await logged_in(small_world, "supervisor", "lubaichuan")
    page = (await supervisor.get(f"/console/petition/{number}")).text
    assert ("超期（签收）" in page, "超期（联系群众）" in page, "超期（办理）" in page) == (
        True,
        False,
        False,
    )
    assert "快到期提醒（签收，时间过了50%）" in page
    await small_world.tick(hours=24)
    desk = await logged_in(small_world, "dispatcher", "tangxiaoyu")
    page = (await desk.get(f"/console/petition/{number}")).text
    assert "超期（联系群众）" in page
    assert "超期（办理）" in page, "water is a matter of 24 hours"

"""Every act of the chat on the page of a petition: the same rules, and nothing typed is lost."""

import re

from tests.bot.pages.browser import PASSWORD, Browser, Page, add_user
from tests.bot.pages.test_petitions import logged_in
from tests.stories.test_petition import told
from tests.world import World

SEEN = re.compile(r'name="seen" value="(\d+)"')


def seen_in(page: Page) -> str:
    found = SEEN.search(page.text)
    assert found is not None
    return found[1]


async def acting(browser: Browser, number: str, act: str, **form: str) -> Page:
    """Opens the matter and sends one of its forms."""
    page = await browser.get(f"/console/petition/{number}")
    return await browser.post(f"/console/petition/{number}", act=act, seen=seen_in(page), **form)


async def test_a_matter_goes_its_whole_way_on_the_pages(world: World):
    number = await told(world)
    owner = await logged_in(world, "cadre", world.owner(number))
    page = await acting(owner, number, "sign")
    assert "签收了" in page.text
    assert world.petition(number).state == "accepted"
    await acting(owner, number, "progress", words="水管挖开了，明天换")
    await world.tick(seconds=2)
    assert any("水管挖开了" in text for text in world.villager().chat.texts())
    page = await acting(owner, number, "propose", words="换好了，来水了")
    assert "等群众说解决了才算办结" in page.text
    desk = await logged_in(world, "dispatcher", "heruoping")
    page = await acting(desk, number, "call_back", choice="解决", words="来水了")
    assert world.petition(number).state == "confirmed"


async def test_an_extension_is_asked_for_and_granted_by_the_superior_alone(small_world: World):
    number = await told(small_world)
    owner = await logged_in(small_world, "cadre", small_world.owner(number))
    await acting(owner, number, "sign")
    page = await acting(owner, number, "extend", days="1", words="等水管")
    pending = small_world.petition(number).pending
    assert pending is not None, page.text
    assert (await acting(owner, number, "agree")).status == 409
    above = await logged_in(small_world, "cadre", pending["of"])
    page = await acting(above, number, "agree")
    assert page.status == 200
    assert small_world.petition(number).extended


async def test_a_cadre_is_offered_what_is_his_and_refused_what_is_not(small_world: World):
    number = await told(small_world)
    owner = await logged_in(small_world, "cadre", small_world.owner(number))
    page = await owner.get(f"/console/petition/{number}")
    offered = set(re.findall(r'name="act" value="(\w+)"', page.text))
    assert offered == {"sign", "hand_over", "send_back", "reveal"}
    page = await acting(owner, number, "decline", words="法院判决过")
    assert page.status == 409
    assert "不归您办" in page.text
    watcher = await logged_in(small_world, "supervisor")
    page = await acting_blind(watcher, number, "sign")
    assert "只能看" in page.text
    assert small_world.petition(number).state == "assigned"


async def acting_blind(browser: Browser, number: str, act: str, **form: str) -> Page:
    """Sends a form that the page did not offer."""
    await browser.get(f"/console/petition/{number}")
    return await browser.post(f"/console/petition/{number}", act=act, seen="999", **form)


async def test_of_two_who_decide_at_once_the_second_sees_what_changed(world: World):
    number = await told(world)
    first = await logged_in(world, "dispatcher", "heruoping")
    second = await logged_in(world, "dispatcher", "tangxiaoyu")
    old = seen_in(await second.get(f"/console/petition/{number}"))
    await acting(first, number, "decline", words="法院判决过了")
    page = await second.post(
        f"/console/petition/{number}", act="dispatch", seen=old, other="0304", name="孟汐"
    )
    assert page.status == 409
    assert "刚才有变化：何若枰提出不受理" in page.text
    assert 'value="孟汐"' in page.text, "what was typed is still there"
    assert world.petition(number).leaf != "0304"


async def test_to_look_at_it_makes_nobodys_form_old(small_world: World):
    number = await told(small_world)
    owner = await logged_in(small_world, "cadre", small_world.owner(number))
    old = seen_in(await owner.get(f"/console/petition/{number}"))
    desk = await logged_in(small_world, "dispatcher", "tangxiaoyu")
    await desk.get(f"/console/petition/{number}")
    page = await owner.post(f"/console/petition/{number}", act="sign", seen=old)
    assert page.status == 200


async def test_who_hands_a_matter_away_is_told_so_and_sees_it_no_more(small_world: World):
    number = await told(small_world)
    owner = await logged_in(small_world, "cadre", small_world.owner(number))
    page = await acting(owner, number, "send_back", words="不归我们管")
    assert "退回了" in page.text
    assert (await owner.get(f"/console/petition/{number}")).status == 404


async def test_who_it_is_is_shown_once_for_a_reason_the_villager_is_told(small_world: World):
    number = await told(small_world, "我叫李大壮，电话13812345678，大坪村停水三天了")
    owner = await logged_in(small_world, "cadre", small_world.owner(number))
    page = await acting(owner, number, "reveal", words="上门修水管")
    assert "13812345678" in page.text
    assert "13812345678" not in (await owner.get(f"/console/petition/{number}")).text
    await small_world.tick(seconds=2)
    assert any("上门修水管" in text for text in small_world.villager().chat.texts())


async def test_leave_is_taken_and_ended_on_the_first_page_as_in_the_chat(small_world: World):
    """What comes meanwhile goes to the stand-in, whichever of the two it was said in."""
    browser = await logged_in(small_world, "cadre", "mengxi")
    await browser.get("/console/")
    for first, last in (
        ("2026-11-20", "2026-11-25"),
        ("2026-11-25", "2026-11-24"),
        ("", "2026-11-25"),
        ("x", "y"),
    ):
        page = await browser.post("/console/leave", act="leave", first=first, last=last)
        assert (page.status, "请写起止日期" in page.text) == (409, True), (first, last)
    assert (
        await browser.post("/console/leave", act="leave", first="2026-11-23", last="2026-11-25")
    ).status == 303
    assert "您在请假" in (await browser.get("/console/")).text
    number = await told(small_world)
    assert small_world.owner(number) != "mengxi"
    assert (await browser.post("/console/leave", act="back")).status == 303
    assert "您没有在请假" in (await small_world.cadre("mengxi").says("销假"))[0]


async def test_what_was_typed_outlives_the_login(world: World):
    number = await told(world)
    owner = await logged_in(world, "cadre", world.owner(number))
    await acting(owner, number, "sign")
    seen = seen_in(await owner.get(f"/console/petition/{number}"))
    world.clock.move(minutes=31)
    typed = {"act": "progress", "seen": seen, "words": "水管挖开了 <b>明天</b>换"}
    page = await owner.post(f"/console/petition/{number}", **typed)
    assert page.status == 401
    assert "您刚才写的还在" in page.text
    assert "水管挖开了" not in page.text, "sealed, for nobody else to read"
    kept = hidden(page, "kept")
    page = await owner.post(
        "/console/login", name=f"cadre-{world.owner(number)}", password="wrong", kept=kept
    )
    assert hidden(page, "kept") == kept
    page = await owner.post(
        "/console/login", name=f"cadre-{world.owner(number)}", password=PASSWORD, kept=hidden(page, "kept")
    )
    assert "水管挖开了 &lt;b&gt;明天&lt;/b&gt;换" in page.text
    page = await owner.post(f"/console/petition/{number}", **typed)
    assert "告诉群众了" in page.text


async def test_somebody_else_at_the_same_screen_does_not_get_it(small_world: World):
    number = await told(small_world)
    owner = await logged_in(small_world, "cadre", small_world.owner(number))
    add_user(small_world, "other", "cadre", "taowan")
    small_world.clock.move(minutes=31)
    page = await owner.post(f"/console/petition/{number}", act="send_back", seen="9", words="不归我们管")
    page = await owner.post("/console/login", name="other", password=PASSWORD, kept=hidden(page, "kept"))
    assert page.status == 303
    assert "不归我们管" not in page.text


async def test_a_link_leads_on_after_the_login_and_never_elsewhere(small_world: World):
    add_user(small_world, "desk", "dispatcher", "tangxiaoyu")
    browser = Browser(small_world)
    page = await browser.get("/console/petitions?clock=late")
    assert page.headers["Location"] == "/console/login?to=%2Fconsole%2Fpetitions%3Fclock%3Dlate"
    page = await browser.get(page.headers["Location"])
    to = hidden(page, "to").replace("&amp;", "&")
    page = await browser.post("/console/login", name="desk", password=PASSWORD, to=to)
    assert page.headers["Location"] == "/console/petitions?clock=late"
    for address in ("https://elsewhere.example/", "//elsewhere.example", "/console/\\elsewhere"):
        stranger = Browser(small_world)
        await stranger.get("/console/login")
        page = await stranger.post("/console/login", name="desk", password=PASSWORD, to=address)
        assert page.headers["Location"] == "/console/", address


def hidden(page: Page, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page.text)
    assert found is not None, page.text
    return found[1]

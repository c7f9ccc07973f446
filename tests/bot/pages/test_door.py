"""The console's door: how one comes in, what keeps others out, what a browser is told."""

import pytest
from sqlmodel import select

from bot.pages.routes import ROUTES
from models.login import Login
from models.officer import Officer
from models.user import User
from tests.bot.pages.browser import PASSWORD, Browser, add_user
from tests.world import World


async def test_who_has_an_account_logs_in_and_out(world: World):
    browser = Browser(world)
    assert (await browser.get("/console/")).headers["Location"] == "/console/login"
    await browser.log_in(add_user(world, "desk", "dispatcher", "tangxiaoyu"))
    page = await browser.get("/console/")
    assert page.status == 200
    assert "唐晓榆（调度）" in page.text
    await browser.post("/console/logout")
    assert (await browser.get("/console/")).headers["Location"] == "/console/login"


async def test_the_cookie_is_new_at_each_login_and_worth_nothing_after_it_ended(world: World):
    add_user(world, "desk", "dispatcher")
    browser = Browser(world)
    await browser.get("/console/login")
    planted = dict(browser.cookies)
    await browser.log_in("desk")
    mine = dict(browser.cookies)
    assert mine != planted
    assert (await Browser(world, planted).get("/console/")).status == 303
    await browser.post("/console/logout")
    assert (await Browser(world, mine).get("/console/")).status == 303


async def test_the_database_holds_no_secret_and_no_password(world: World):
    browser = Browser(world)
    await browser.log_in(add_user(world, "desk", "dispatcher"))
    with world.service.database.reading() as session:
        [login] = session.exec(select(Login)).all()
        user = session.get_one(User, "desk")
    [secret] = browser.cookies.values()
    assert secret not in login.hash
    assert user.password_hash.startswith("$argon2id$")


@pytest.mark.parametrize(
    ("minutes", "looks", "in_"), [(29, 1, True), (31, 1, False), (25, 28, True), (25, 30, False)]
)
async def test_a_login_ends_when_idle_and_in_any_case_after_half_a_day(
    small_world: World, minutes: int, looks: int, in_: bool
):
    browser = Browser(small_world)
    await browser.log_in(add_user(small_world, "desk", "dispatcher"))
    page = await browser.get("/console/")
    for _ in range(looks):
        small_world.clock.move(minutes=minutes)
        page = await browser.get("/console/")
    assert (page.status == 200) is in_


async def test_guessing_is_slowed_down_for_the_account_and_for_the_address(small_world: World):
    add_user(small_world, "desk", "dispatcher")
    stranger = Browser(small_world, headers={"X-Forwarded-For": "198.51.100.7"})
    for _ in range(5):
        await stranger.log_in("desk", "wrong-password")
    page = await stranger.log_in("desk", "wrong-password")
    assert page.status == 429
    assert int(page.headers["Retry-After"]) > 0
    assert (await Browser(small_world).log_in("desk")).status == 429, "also with the right password"
    small_world.clock.move(minutes=2)
    assert (await Browser(small_world).log_in("desk")).status == 303
    tries = 0
    while tries < 20 and (await stranger.log_in(f"nobody-{tries}", "wrong-password")).status == 403:
        tries += 1
    assert 10 < tries < 20, "the address, whatever the account"


async def test_a_wrong_name_and_a_wrong_password_look_the_same(small_world: World):
    add_user(small_world, "desk", "dispatcher")
    pages = [await Browser(small_world).log_in(name, "wrong-password") for name in ("desk", "nobody")]
    bodies = [
        page.text.replace(token, "") for page in pages for token in [page.text.split('value="')[1][:64]]
    ]
    assert bodies[0] == bodies[1]
    assert {page.status for page in pages} == {403}


async def test_who_has_left_is_out_at_once(world: World):
    browser = Browser(world)
    await browser.log_in(add_user(world, "desk", "dispatcher", "tangxiaoyu"))
    with world.service.database.transaction() as session:
        session.get_one(Officer, "tangxiaoyu").left_at = world.clock.now()
    assert (await browser.get("/console/")).status == 303
    assert (await Browser(world).log_in("desk")).status == 403


FOREIGN = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
]


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
async def test_a_form_on_another_site_does_nothing(small_world: World, headers: dict[str, str]):
    browser = Browser(small_world)
    await browser.log_in(add_user(small_world, "desk", "dispatcher"))
    browser.headers = headers
    assert (await browser.post("/console/logout")).status == 403
    browser.headers = {}
    assert (await browser.get("/console/")).status == 200


async def test_a_form_without_its_token_or_with_anothers_does_nothing(small_world: World):
    add_user(small_world, "desk", "dispatcher")
    browser, other = Browser(small_world), Browser(small_world)
    await browser.log_in("desk")
    await other.get("/console/login")
    for token in ("", "0" * 64, other.token, "\u56db"):
        assert (await browser.post("/console/logout", token=token)).status == 403
    assert (await browser.get("/console/")).status == 200
    assert (await Browser(small_world).post("/console/login", name="desk", password=PASSWORD)).status == 403


async def test_every_page_wears_its_headers_and_a_careful_cookie(small_world: World):
    browser = Browser(small_world)
    for path in ("/console/", "/console/login", "/console/console.css", "/console/none"):
        page = await browser.get(path)
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]
        assert "unsafe" not in page.headers["Content-Security-Policy"]
        assert page.headers["X-Content-Type-Options"] == "nosniff"
        assert page.headers["X-Frame-Options"] == "DENY"
        assert "aiohttp" not in page.headers["Server"]
    page = await Browser(small_world).get("/console/login")
    assert page.headers["Cache-Control"] == "no-store"
    cookie = page.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie, "plain http on a loopback address"


async def test_behind_https_the_cookie_is_bound_to_this_host(small_world: World):
    service = small_world.settings.service
    service.__dict__["public_url"] = "https://hotline.example"
    page = await Browser(small_world).get("/console/login")
    assert page.headers["Set-Cookie"].startswith("__Host-lianxin=")
    assert "Secure" in page.headers["Set-Cookie"]
    assert "Domain" not in page.headers["Set-Cookie"]
    assert "max-age" in page.headers["Strict-Transport-Security"]


async def test_a_page_that_breaks_tells_nothing(small_world: World, monkeypatch, capsys):
    browser = Browser(small_world)
    await browser.log_in(add_user(small_world, "desk", "dispatcher"))
    secret = "13912345678"

    def breaks(*_: object) -> None:
        raise RuntimeError(secret)

    monkeypatch.setattr("bot.pages.home.waiting.unsent_for", breaks)
    page = await browser.get(ROUTES[0].path)
    assert page.status == 500
    assert secret not in page.text
    said = capsys.readouterr()
    assert secret not in said.out + said.err


async def test_a_form_that_is_too_large_or_none_at_all_is_refused(small_world: World):
    browser = Browser(small_world)
    await browser.get("/console/login")
    assert (await browser.post("/console/login", name="x" * 70_000)).status == 413

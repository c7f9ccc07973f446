"""The page with the three phones, used without a script: forms are filled in and sent as a browser would."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from aiohttp import FormData
from aiohttp.test_utils import TestClient, TestServer
from aiohttp.web import Application

from bot.simulator import SimulatedClock, Simulator
from bot.simulator.memory import Memory
from bot.simulator.page import page_app
from bot.simulator.phone import Said
from bot.simulator.screen import Member
from tests.bot.simulator.conftest import Client, Hand, TinyService

CADRES = [Member("lisi", "Li", "secretary", "Willow"), Member("wangwu", "Wang", "engineer", "Water")]
SUPERVISORS = [Member("zhao", "Zhao", "supervisor", "County")]


@dataclass
class Form:
    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class Screen(HTMLParser):
    """What a browser without a script knows of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.addresses: list[str] = []
        self.inline: list[str] = []
        self.html = html
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.addresses += [values[name] for name in ("src", "href", "action") if name in values]
        self.inline += [name for name in values if name == "style" or name.startswith("on")]
        if tag == "style" or (tag == "script" and "src" not in values):
            self.inline.append(tag)
        if tag == "form":
            self.forms.append(Form(values["action"], values["method"]))
        elif self.forms and tag in ("input", "textarea", "select") and values.get("type") != "checkbox":
            self.forms[-1].fields.setdefault(values.get("name", ""), values.get("value", ""))
        elif self.forms and tag == "button":
            self.forms[-1].buttons.append((values.get("name", ""), values.get("value", "")))

    def handle_data(self, data: str) -> None:
        self.text += data

    def form(self, action: str, **values: str) -> Form:
        """The first form of that address which already holds, or has a button for, these values."""
        return next(
            form
            for form in self.forms
            if form.action == action
            and all(
                form.fields.get(name) == value or (name, value) in form.buttons
                for name, value in values.items()
            )
        )


@dataclass
class Browser:
    client: TestClient
    simulator: Simulator
    clock: SimulatedClock

    async def open(self, address: str = "/sim/") -> Screen:
        async with self.client.get(address) as answer:
            assert answer.status == 200
            return Screen(await answer.text())

    async def send(self, form: Form, **values: str) -> Screen:
        async with self.client.post(f"/sim/{form.action}", data=form.fields | values) as answer:
            assert answer.status == 200
            return Screen(await answer.text())


@pytest.fixture
async def browser(simulator: Simulator, clock: Hand, tmp_path: Path) -> AsyncIterator[Browser]:
    hands = SimulatedClock(clock, tmp_path / "clock")
    simulator.clock = hands.now

    async def moved(at: datetime) -> str:
        return f"moved to {at:%H:%M}"

    app = Application()
    page = page_app(
        simulator,
        hands,
        moved,
        cadres=lambda: CADRES,
        supervisors=lambda: SUPERVISORS,
        villages=lambda: [("370801", "Willow")],
        zone=ZoneInfo("Asia/Shanghai"),
    )
    app.add_subapp("/sim", page)
    async with TestClient(TestServer(app)) as client:
        yield Browser(client, simulator, hands)


async def test_three_phones_talk_without_a_script(browser: Browser) -> None:
    browser.simulator.villager("o-one", "Tian")
    screen = await browser.open("/sim")
    assert "Tian" in screen.text
    screen = await browser.send(screen.form("say", side="villager"), text="no water")
    assert "heard no water" in screen.text
    screen = await browser.send(screen.form("say", side="cadre"), text="list")
    assert "heard list" in screen.text
    assert browser.simulator.cadre("lisi").chat.texts("me") == ["list"]
    await browser.send(screen.form("do", side="cadre", deed="enter"))


async def test_newcomer_scans_the_villages_sign_and_sends_everything(
    browser: Browser, service: TinyService
) -> None:
    screen = await browser.open()
    screen = await browser.send(screen.form("person"), name="Ma", village="370801")
    (villager,) = browser.simulator.villagers.values()
    assert (villager.name, villager.following) == ("Ma", True)
    for deed in ("picture", "voice", "location", "leave"):
        screen = await browser.send(screen.form("do", side="villager", deed=deed), deed=deed)
    assert not villager.following
    screen = await browser.send(screen.form("say", side="villager"), text="can you hear me")
    assert "can you hear me" not in villager.chat.texts("me")
    screen = await browser.send(screen.form("do", deed="follow"), deed="follow")
    kinds = [getattr(message, "event", message.type) for message in service.came]
    assert kinds == ["subscribe_scan", "image", "voice", "location", "unsubscribe", "subscribe"]
    (picture,) = re.findall(r'src="(media/[^"]+)"', screen.html)
    async with browser.client.get(f"/sim/{picture}") as answer:
        assert answer.content_type == "image/png"


async def test_own_photo_is_sent_and_a_file_that_is_none_is_not(
    browser: Browser, service: TinyService
) -> None:
    browser.simulator.villager("o-one")
    form = (await browser.open()).form("do", deed="picture").fields
    for content in (b"\x89PNG and so on", b"MZ", b"\xff\xd8\xff" + b"x" * 2**21):
        data = FormData({name: value for name, value in form.items() if name != "picture"})
        data.add_field("picture", BytesIO(content), filename="photo.png", content_type="image/png")
        async with browser.client.post("/sim/do", data=data) as answer:
            assert answer.status == 200
    (message,) = service.came
    picture = browser.simulator.wechat.shelf.get(message.media_id)
    assert picture is not None
    assert picture.content == b"\x89PNG and so on"


async def test_what_people_write_is_never_markup(browser: Browser) -> None:
    villager = browser.simulator.villager("o-one", "<b>Tian</b>")
    await villager.says("<script>alert(1)</script>")
    link = Said(browser.clock.now(), "service", "title\nbody", "textcard", "javascript:alert(1)")
    villager.receives(link)
    browser.simulator.wechat.menu = [{"name": "<i>", "type": "view", "url": "javascript:alert(1)"}]
    screen = await browser.open()
    assert screen.inline == []
    assert "<script>alert(1)</script>" in screen.text
    assert not any(address.startswith("javascript") for address in screen.addresses)


async def test_page_asks_nobody_else_for_anything(browser: Browser) -> None:
    screen = await browser.open()
    assert not any("//" in address for address in screen.addresses)
    assert screen.inline == []
    for address in {address for address in screen.addresses if address.startswith("static/")}:
        async with browser.client.get(f"/sim/{address}") as answer:
            assert answer.status == 200
            assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
            assert "http" not in (await answer.text()).replace("http://www.w3.org/2000/svg", "")


async def test_clock_is_moved_by_steps_to_an_hour_and_never_back(browser: Browser, clock: Hand) -> None:
    screen = await browser.open()
    steps = {"10m": timedelta(minutes=10), "2h": timedelta(hours=2), "7d": timedelta(days=7)}
    for step, length in steps.items():
        before = browser.clock.now()
        screen = await browser.send(screen.form("clock"), by=step)
        assert browser.clock.now() - before == length
        assert "moved to" in screen.text
    await browser.send(screen.form("clock"), by="morning")
    assert browser.clock.now().astimezone(ZoneInfo("Asia/Shanghai")).strftime("%d %H:%M") == "01 08:30"
    await browser.send(screen.form("clock"), to="2026-12-24T17:00")
    reading = browser.clock.now()
    assert reading.astimezone(ZoneInfo("Asia/Shanghai")).strftime("%m-%d %H:%M") == "12-24 17:00"
    for bad in ("2026-01-01T00:00", "tomorrow", "9999-12-31T23:59", ""):
        await browser.send(screen.form("clock"), to=bad)
        assert browser.clock.now() == reading
    clock.move(minutes=1)
    assert browser.clock.now() == reading + timedelta(minutes=1)


async def test_trouble_is_switched_on_and_mended(browser: Browser, client: Client) -> None:
    await browser.simulator.villager("o-one").says("hello")
    await client.signs_in()
    screen = await browser.send((await browser.open()).form("fault"), what="count", times="3")
    assert await client.writes("o-one", "letter") == 45047
    screen = await browser.send(screen.form("lift"))
    assert await client.writes("o-one", "letter") == 0
    await browser.send(screen.form("expire"))
    assert await client.writes("o-one", "letter") == 42001
    await browser.send(screen.form("disturb"), copies="3", late="1")
    assert browser.simulator.disturbance.copies == 3
    await browser.send(screen.form("fault"), what="nothing known", times="3")
    await browser.send(Form("lift", "post"), fault="7")
    assert browser.simulator.faults.waiting == []


async def test_push_to_somebody_else_is_announced_and_its_number_offered(
    browser: Browser, client: Client
) -> None:
    await client.signs_in_to_wecom()
    number = "\u7f16\u53f7 10 02 37"
    await client.pushes("wangwu", number)
    screen = await browser.open()
    (address,) = [
        address for address in screen.addresses if "cadre=wangwu" in address and "draft" not in address
    ]
    screen = await browser.open(f"/sim/{address}")
    assert number in screen.text
    drafts = [address for address in screen.addresses if "draft_cadre" in address and "100237" in address]
    screen = await browser.open(f"/sim/{drafts[0]}")
    assert re.search(r"<textarea[^>]*>[^<]*100237</textarea>", screen.html)


async def test_script_is_told_only_what_changed(browser: Browser) -> None:
    villager = browser.simulator.villager("o-one")
    html = (await browser.open()).html
    (live,), (seen,) = re.findall(r'data-live="([^"]+)"', html), re.findall(r'data-seen="([^"]+)"', html)
    address = f"/sim/{live.replace('&amp;', '&')}&seen={seen}"
    async with browser.client.get(address) as answer:
        assert answer.status == 204
    await villager.says("no water")
    async with browser.client.get(address) as answer:
        fragments = await answer.json()
    assert "heard no water" in fragments["parts"]["chat-villager"]
    assert fragments["parts"].keys() >= {
        "now",
        "notice",
        "chips-cadre",
        "others-supervisor",
        "faults",
        "calls",
    }


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-For": "192.0.2.1"},
        {"Host": "rebound.example"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
    ],
)
async def test_strangers_are_refused(browser: Browser, headers: dict[str, str]) -> None:
    async with browser.client.post("/sim/expire", headers=headers) as answer:
        assert answer.status == 403


async def test_people_and_hour_outlive_a_restart_but_no_word_they_wrote(
    browser: Browser, tmp_path: Path, clock: Hand
) -> None:
    file = tmp_path / "people.json"
    Memory(browser.simulator, file).start()
    villager = browser.simulator.villager("o-one", "Tian")
    await villager.says("the mayor took the money")
    browser.clock.move(timedelta(days=1))
    browser.simulator.villagers.clear()
    Memory(browser.simulator, file).start()
    again = browser.simulator.villagers["o-one"]
    assert (again.name, again.following, again.window.remaining) == ("Tian", True, 5)
    assert "mayor" not in file.read_text()
    assert file.stat().st_mode & 0o077 == 0
    assert SimulatedClock(clock, tmp_path / "clock").now() == browser.clock.now()

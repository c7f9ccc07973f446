"""What nobody may do alone: take a list with names out of the house, change the words that catch danger or accuse."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import aiohttp
import openpyxl
import pytest
from sqlmodel import select

from bot.application import Service, prepare
from bot.settings import Settings
from handlers.topic import RuleSetError
from handlers.topic.ruleset import SHIPPED
from models.identity_export import IdentityExport
from models.lane_change import LaneChange
from models.petition import Petition
from models.view import View
from tests.bot.pages.browser import Browser, add_user
from tests.stories.test_petition import told
from tests.world import MONDAY_MORNING, Template, TestClock, World, start

FIRST, SECOND = "tangxiaoyu", "heruoping"
WORDS = "我叫李大壮，电话13812345678，大坪村停水三天了"


async def at_the_console(world: World, role: str, person: str | None, account: str = "") -> Browser:
    browser = Browser(world)
    await browser.log_in(add_user(world, account or f"{role}-{person}", role, person))
    await browser.get("/console/export" if role == "dispatcher" else "/console/")
    return browser


async def taken(browser: Browser, export: int) -> tuple[int, bytes, str]:
    """Status, bytes and disposition of the list itself."""
    port = browser.world.settings.service.port
    async with (
        aiohttp.ClientSession() as http,
        http.post(
            f"http://127.0.0.1:{port}/console/export/{export}/list",
            data={"token": browser.token},
            headers={"Cookie": "; ".join(f"{name}={value}" for name, value in browser.cookies.items())},
        ) as response,
    ):
        return response.status, await response.read(), response.headers.get("Content-Disposition", "")


def exports(world: World) -> list[IdentityExport]:
    with world.service.database.reading() as session:
        return list(session.exec(select(IdentityExport)))


async def test_a_list_with_names_takes_two_people_and_every_villager_is_told(world: World):
    number = await told(world, WORDS)
    asker = await at_the_console(world, "dispatcher", FIRST)
    await asker.post("/console/export", numbers=f"编号 {number}", reason="县里开听证会要通知本人")
    [export] = exports(world)
    assert "听证会".encode() not in export.reason
    again = await at_the_console(world, "dispatcher", FIRST, "the-same-person-again")
    for browser in (asker, again):
        page = await browser.post(f"/console/export/{export.id}")
        assert (page.status, "另一个人" in page.text) == (409, True), "two accounts of one person are one"
    nobody = await at_the_console(world, "supervisor", None)
    assert (await nobody.post(f"/console/export/{export.id}")).status == 409, "an account is not a person"
    assert (await taken(asker, export.id or 0))[0] == 409, "nobody agreed yet"

    second = await at_the_console(world, "dispatcher", SECOND)
    assert "县里开听证会" in (await second.get("/console/export")).text
    assert (await second.post(f"/console/export/{export.id}")).status == 303
    assert (await taken(second, export.id or 0))[0] == 409, "only who asked takes it"

    status, body, kept_as = await taken(asker, export.id or 0)
    assert (status, kept_as) == (200, f'attachment; filename="export-{export.id}.xlsx"')
    [sheet] = openpyxl.load_workbook(BytesIO(body)).worksheets
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[2] == [number, "停水、水质", "大坪村", "李大壮", "13812345678"]
    assert (await taken(asker, export.id or 0))[0] == 409, "it is taken once"

    with world.service.database.reading() as session:
        [view] = session.exec(select(View))
    assert (view.account, view.what) == (FIRST, "identity")
    await world.tick(seconds=2)
    assert "县里开听证会要通知本人" in world.villager().chat.texts()[-1]
    [copy] = await world.villager().says(f"给我一份 {number}")
    assert "唐晓榆看了您是谁" in copy


def hide(petition: Petition) -> None:
    petition.anonymous = True


def shut_out(petition: Petition) -> None:
    petition.excluded = [SECOND]


@pytest.mark.parametrize("change", [hide, shut_out], ids=["it is anonymous now", "it is about the second"])
async def test_what_one_of_the_two_may_not_open_is_in_no_list(
    small_world: World, change: Callable[[Petition], None]
):
    world = small_world
    number = await told(world, WORDS)
    asker = await at_the_console(world, "dispatcher", FIRST)
    await asker.post("/console/export", numbers=number, reason="要通知本人")
    [export] = exports(world)
    with world.service.database.transaction() as session:
        change(session.merge(world.petition(number)))
    second = await at_the_console(world, "dispatcher", SECOND)
    assert (await second.post(f"/console/export/{export.id}")).status == 409
    assert (await taken(asker, export.id or 0))[0] == 409
    assert exports(world)[0].agreed_by is None


async def test_a_yes_lasts_a_day(small_world: World):
    number = await told(small_world, WORDS)
    asker = await at_the_console(small_world, "dispatcher", FIRST)
    await asker.post("/console/export", numbers=number, reason="要通知本人")
    [export] = exports(small_world)
    second = await at_the_console(small_world, "dispatcher", SECOND)
    await second.post(f"/console/export/{export.id}")
    small_world.clock.move(hours=24)
    late = await at_the_console(small_world, "dispatcher", FIRST, "the-next-day")
    assert (await taken(late, export.id or 0))[0] == 409


REFUSED = {"no number": ("", "有事"), "no reason": ("{number}", " "), "another's": ("999999", "有事")}


@pytest.mark.parametrize(("numbers", "reason"), REFUSED.values(), ids=REFUSED)
async def test_a_list_that_cannot_be_is_refused_in_one_sentence(
    small_world: World, numbers: str, reason: str
):
    number = await told(small_world, WORDS)
    asker = await at_the_console(small_world, "dispatcher", FIRST)
    page = await asker.post("/console/export", numbers=numbers.format(number=number), reason=reason)
    assert page.status == 409
    assert exports(small_world) == []


# A rule set of the county's own, in which somebody wrote a rule that the shipped one does not have.

RULE = """
[[rule]]
lane = "emergency"
name = "water"
all = ["嘎巴啦咔"]
test = ["嘎巴啦咔"]
"""


@pytest.fixture
def rewritten(template: Template, tmp_path: Path) -> Settings:
    rules = tmp_path / "rules"
    shutil.copytree(SHIPPED, rules)
    add_to(rules / "lanes" / "emergency.toml", RULE)
    return changed(template, tmp_path, rules="rules")


def add_to(file: Path, text: str) -> None:
    file.write_text(file.read_text("utf-8") + text, "utf-8")


def changed(template: Template, folder: Path, **routing: str) -> Settings:
    given = template.settings.model_dump() | {"folder": folder, "routing": routing}
    given["service"] |= {"data_dir": folder}
    return Settings.model_validate(given)


def in_force(service: Service) -> str:
    """The version of the rules that decide, which is made from all their files."""
    with service.database.reading() as session:
        return service.knowledge.county(session, MONDAY_MORNING).reader.version


async def test_a_lane_is_changed_by_nobody_alone(template: Template, rewritten: Settings, tmp_path: Path):
    world = await start(replace(template, settings=rewritten), tmp_path, own_rules=True)
    try:
        assert in_force(world.service) == template.reader.version, "the shipped words go on"
        assert "rights.lanes_proposed" in str(world.letters("weizhiyuan"))
        operator = await at_the_console(world, "operator", "weizhiyuan")
        page = await operator.get("/console/rules")
        assert "emergency.toml" in page.text
        assert "+all = [&#34;嘎巴啦咔&#34;]" in page.text
        assert "accusation.toml" not in page.text
        with world.service.database.reading() as session:
            [change] = session.exec(select(LaneChange))
        address = f"/console/rules/{change.id}"
        assert (await operator.post(address)).status == 303
        assert (await operator.post(address)).status == 409
        same = await at_the_console(world, "supervisor", "weizhiyuan", "the-same-person")
        assert (await same.post(address)).status == 409, "two accounts of one person are one"
        nobody = await at_the_console(world, "supervisor", None)
        assert (await nobody.post(address)).status == 409, "an account is not a person"
        assert in_force(world.service) == template.reader.version

        other = await at_the_console(world, "supervisor", "lubaichuan")
        assert (await other.post(address)).status == 303
        assert in_force(world.service) != template.reader.version, "agreed by two: in force without a restart"
    finally:
        await world.close()


async def test_what_was_agreed_to_goes_on_whatever_is_done_to_the_folder(
    template: Template, rewritten: Settings, tmp_path: Path
):
    for file in template.folder.glob("lianxin.db*"):
        shutil.copy(file, tmp_path / file.name)
    service = prepare(rewritten, TestClock().now)
    with service.database.transaction() as session:
        [change] = session.exec(select(LaneChange))
        change.agreed_at = MONDAY_MORNING
        session.add(change)
    agreed = in_force(service)
    assert agreed != template.reader.version
    add_to(tmp_path / "rules" / "lanes" / "accusation.toml", "# another word\n")
    service.writer.close()
    service.database.close()
    again = prepare(rewritten, TestClock().now)
    assert in_force(again) == agreed, "the words agreed to, not the shipped ones"
    with again.database.reading() as session:
        assert [one.agreed_at is None for one in session.exec(select(LaneChange))] == [False, True]
    again.writer.close()
    again.database.close()


def test_lanes_that_are_broken_are_refused_before_anybody_is_asked(
    template: Template, rewritten: Settings, tmp_path: Path
):
    for file in template.folder.glob("lianxin.db*"):
        shutil.copy(file, tmp_path / file.name)
    (tmp_path / "rules" / "lanes" / "accusation.toml").write_text("[[rule]]\n", "utf-8")
    with pytest.raises(RuleSetError):
        prepare(rewritten, TestClock().now)

"""Every route of the pages and every role, as one table; and that nothing is reached outside it."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import web

from bot import pages
from bot.application import application
from bot.pages.door import Door
from bot.pages.routes import ROUTES, Row, check
from bot.pages.visit import Shown
from models.errors import BadTable
from models.officer import Role
from tests.bot.pages.browser import Browser, add_user
from tests.world import World

NOBODY = "nobody"
EVERY_ROLE = "cadre dispatcher supervisor discipline operator"
# Who may open what. Anybody not named is refused.
ALLOWED = {
    ("GET", "/console/"): EVERY_ROLE,
    ("GET", "/console/login"): f"nobody {EVERY_ROLE}",
    ("POST", "/console/login"): f"nobody {EVERY_ROLE}",
    ("POST", "/console/logout"): EVERY_ROLE,
    ("POST", "/console/leave"): EVERY_ROLE,
    ("GET", "/console/queue"): "dispatcher",
    ("GET", "/console/calls"): "dispatcher",
    ("GET", "/console/petitions"): EVERY_ROLE,
    ("POST", "/console/petitions/saved"): EVERY_ROLE,
    ("POST", "/console/petitions/saved/{search}"): EVERY_ROLE,
    ("GET", "/console/petition/{number}"): EVERY_ROLE,
    ("POST", "/console/petition/{number}"): EVERY_ROLE,
    ("GET", "/console/desk"): "dispatcher",
    ("POST", "/console/desk"): "dispatcher",
    ("POST", "/console/desk/look"): "dispatcher",
    ("GET", "/console/desk.js"): f"nobody {EVERY_ROLE}",
    ("GET", "/console/petition/{number}/similar"): EVERY_ROLE,
    ("GET", "/console/recheck"): "dispatcher supervisor",
    ("GET", "/console/recheck/{check}"): "dispatcher",
    ("POST", "/console/recheck/{check}"): "dispatcher",
    ("GET", "/console/outbox"): "dispatcher operator",
    ("POST", "/console/outbox/{letter}"): "dispatcher operator",
    ("GET", "/console/accounts"): "supervisor operator",
    ("POST", "/console/accounts"): "operator",
    ("POST", "/console/accounts/end"): "operator",
    ("GET", "/console/media/{media}"): EVERY_ROLE,
    **dict.fromkeys(
        [("GET", f"/console/{path}") for path in ("digest", "bulletin", "bulletin.{form}", "book")],
        "dispatcher supervisor operator",
    ),
    ("GET", "/console/measures"): EVERY_ROLE,
    ("GET", "/console/warnings"): "cadre dispatcher supervisor operator",
    ("POST", "/console/warnings/{office}/own"): EVERY_ROLE,
    ("POST", "/console/warnings/{office}/sign"): "supervisor",
    ("GET", "/console/grading"): "cadre dispatcher supervisor operator",
    ("POST", "/console/grading/{office}/own"): EVERY_ROLE,
    ("POST", "/console/grading/{office}/sign"): "supervisor",
    ("GET", "/console/figures.css"): f"nobody {EVERY_ROLE}",
    ("GET", "/console/retention"): "supervisor operator",
    ("POST", "/console/retention/{plan}"): "supervisor operator",
    ("GET", "/console/rules"): "supervisor operator",
    ("POST", "/console/rules/{change}"): "supervisor operator",
    ("GET", "/console/words"): "supervisor operator",
    ("POST", "/console/words"): "supervisor operator",
    ("POST", "/console/words/{word}"): "supervisor operator",
    ("GET", "/console/export"): "dispatcher supervisor",
    ("POST", "/console/export"): "dispatcher",
    ("POST", "/console/export/{export}"): "dispatcher supervisor",
    ("POST", "/console/export/{export}/list"): "dispatcher",
    ("GET", "/console/sealed"): "discipline",
    ("POST", "/console/sealed"): "discipline",
    **dict.fromkeys(
        [
            ("GET", "/console/study"),
            ("POST", "/console/study/task/{task}"),
            ("GET", "/console/study/rate/{task}"),
            ("POST", "/console/study/rate/{task}"),
            ("GET", "/console/study/changes"),
            ("POST", "/console/study/change/{change}"),
            ("GET", "/console/study/labels"),
            ("GET", "/console/study/ledger"),
            ("GET", "/console/study/ledger.xlsx"),
            ("GET", "/console/study/plan"),
            ("POST", "/console/study/plan"),
            ("GET", "/console/study/lesson/{lesson}"),
            ("POST", "/console/study/lesson/{lesson}"),
        ],
        "cadre dispatcher operator",
    ),
    ("GET", "/console/study/notice"): "supervisor operator",
    ("POST", "/console/study/notice/{quarter}"): "supervisor operator",
    ("GET", "/study/{lesson}"): f"nobody {EVERY_ROLE}",
    ("GET", "/study/file/{name}"): f"nobody {EVERY_ROLE}",
    **dict.fromkeys(
        [
            ("GET", "/console/books"),
            ("GET", "/console/books/year"),
            ("GET", "/console/books/meeting"),
            ("POST", "/console/books/meeting"),
            ("POST", "/console/books/errand"),
            ("POST", "/console/books/errand/{errand}"),
            ("GET", "/console/books/notes"),
            ("POST", "/console/books/note/{note}"),
            ("GET", "/console/advice"),
            ("GET", "/console/advice/{code}"),
            ("POST", "/console/advice/{code}"),
            ("GET", "/console/questions"),
            ("GET", "/console/questions/{number}"),
            ("POST", "/console/questions/{number}"),
        ],
        "cadre dispatcher supervisor",
    ),
    ("GET", "/board/"): f"nobody {EVERY_ROLE}",
    ("GET", "/board/{place}"): f"nobody {EVERY_ROLE}",
    ("GET", "/console/board"): "dispatcher supervisor",
    ("POST", "/console/board"): "dispatcher supervisor",
    ("POST", "/console/board/{posting}"): "dispatcher supervisor",
    ("GET", "/p/{token}"): f"nobody {EVERY_ROLE}",
    ("POST", "/p/{token}"): f"nobody {EVERY_ROLE}",
    ("GET", "/console/slip.css"): f"nobody {EVERY_ROLE}",
    ("GET", "/console/console.css"): f"nobody {EVERY_ROLE}",
    ("GET", "/console/mark.svg"): f"nobody {EVERY_ROLE}",
}

# Beside the table of pages: who guards what the service answers. Nothing else may be there.
OUTSIDE = {
    "/wechat": "signed and encrypted by the platform",
    "/wecom": "signed and encrypted by the platform",
    "/wecom/bot": "signed and encrypted by the platform",
    "/relay": "signed by a relay",
    "/healthz": "nothing of anybody",
    "/readyz": "nothing of anybody",
    "/metrics": "this machine or a token; figures",
    "/console": "leads to /console/",
    "/console/{rest}": "a plain page: there is no such thing",
}


def shown(row: Row) -> tuple[str, str]:
    return row.method, re.sub(r":[^}]+}", "}", row.path)


def test_the_table_of_this_test_is_the_table_of_the_pages():
    assert {shown(row) for row in ROUTES} == ALLOWED.keys()


async def test_the_service_answers_nowhere_else(small_world: World):
    """Whatever is added to the service past the table of pages has a guard that somebody named here."""
    app = application(small_world.service, with_scheduler=False)
    answered = {re.sub(r":[^}]+}", "}", one.canonical) for one in app.router.resources()}
    assert answered - {path for _, path in ALLOWED} - OUTSIDE.keys() == set()


async def test_every_route_lets_in_whom_it_names_and_nobody_else(small_world: World):
    """As a table, role by role; an address that holds nothing is answered 404 only to who may ask."""
    wrong = []
    for role in (NOBODY, *Role):
        browser = Browser(small_world)
        if role != NOBODY:
            await browser.log_in(add_user(small_world, f"one-{role}", role))
        else:
            await browser.get("/console/login")
        for row in sorted(
            ROUTES, key=lambda row: row.path == "/console/logout"
        ):  # the last: it ends the login
            address = re.sub(r"{[^}]+}", "999999", row.path)
            page = await (browser.get(address) if row.method == "GET" else browser.post(address))
            refused = page.status == 403 and "没有办成" in page.text
            ends_a_login = role != NOBODY and row.path == "/console/logout"
            sent_away = page.headers.get("Location", "").startswith("/console/login") and not ends_a_login
            may = role in ALLOWED[shown(row)].split()
            if may is (refused or sent_away):
                wrong.append((role, *shown(row), page.status))
    assert wrong == []


@pytest.mark.parametrize("roles", ["", "everybody"])
def test_a_row_that_does_not_say_who_may_open_it_stops_the_service(roles: str):
    with pytest.raises(BadTable, match="who may open it"):
        check((replace(ROUTES[0], roles=frozenset(roles.split())),))


async def test_a_row_without_roles_that_slipped_in_is_opened_by_nobody(small_world: World):
    service = small_world.service
    door = Door(service.settings, service.database, service.knowledge, service.chinese, service.clock)
    app = web.Application()
    door.mount(app, (Row("GET", "/console/odd", lambda visit: Shown("not_found.html"), frozenset()),))
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        browser = Browser(small_world)
        await browser.log_in(add_user(small_world, "boss", Role.OPERATOR))
        address = runner.addresses[0][1]
        small_world.settings.service.__dict__["port"] = address
        assert (await browser.get("/console/odd")).status == 403
    finally:
        await runner.cleanup()


async def test_whatever_else_is_asked_for_below_the_console_is_a_plain_page(small_world: World):
    browser = Browser(small_world)
    for path in ("/console/none", "/console/../etc/passwd", "/console/petition/", "/console/%2e%2e/x"):
        page = await browser.get(path)
        assert page.status == 404, path
    assert (await browser.get("/console")).headers["Location"] == "/console/"


def test_every_form_that_does_something_carries_the_token():
    templates = sorted((Path(pages.__file__).parent / "templates").glob("*.html"))
    every = [form for file in templates for form in file.read_text("utf-8").split("<form")[1:]]
    forms = [form for form in every if 'method="get"' not in form.partition(">")[0]]  # those only look
    assert len(forms) >= sum(row.method == "POST" for row in ROUTES)
    for form in forms:
        head, _, rest = form.partition(">")
        assert 'method="post"' in head
        assert '<input type="hidden" name="token" value="{{ token }}">' in rest.partition("</form>")[0]


def test_no_template_switches_escaping_off():
    for file in (Path(pages.__file__).parent / "templates").glob("*.html"):
        assert not re.search(r"\|\s*safe|autoescape|Markup", file.read_text("utf-8")), file.name

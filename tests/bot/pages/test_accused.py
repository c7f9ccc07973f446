"""Whatever role he has: no page of the console, of today or added tomorrow, shows the accused that he is accused.

Every row of the table of routes is opened by him in every role, with what he might guess: the number, the words, the
villager's telephone. What is looked for is the number, the matter's words and the name of its category.
"""

import re

import pytest

from bot.pages.routes import ROUTES, Row
from models.officer import Role
from tests.bot.pages.browser import Browser, add_user
from tests.stories.test_newcomers import ROLES, staff
from tests.stories.test_petition import told
from tests.world import World

ACCUSED, STAND_IN, RELATIVE = "shiyangeng", "bochuan", "yinhe"
WORDS = "石桥村石砚耕作风粗暴，办事难，井边那户人家都晓得"
TRACES = ("作风", "都晓得", "粗暴")
TYPED = "石桥村石砚耕作风粗暴"  # at the telephone desk: what is alike is shown there
PHONE = "13866667777"
GUESSES = (
    "",
    "?state=all",
    "?state=all&sort=newest",
    "?q={number}",
    "?q=井边&state=all",
    "?place=石桥村&state=all",
)


@pytest.mark.parametrize("account", [ACCUSED, STAND_IN, RELATIVE])
async def test_in_no_role_does_any_page_tell_the_accused(small_world: World, account: str):
    world = small_world
    world.loads(人员=staff(**{account: {ROLES: "干部；调度；督导；纪检；操作员"}}))
    number = await told(world, WORDS)
    await told(world, "大坪村停水三天了，水管坏了", "b")  # so that lists are not empty
    petition = world.petition(number)
    assert account in petition.excluded
    shown: dict[str, str] = {}
    for role in Role:
        browser = Browser(world)
        await browser.log_in(add_user(world, f"{account}-{role}", role, account))
        for row in ROUTES:
            for address in addresses(row, number):
                page = await (
                    browser.get(address)
                    if row.method == "GET"
                    else browser.post(address, **guess(row, number))
                )
                shown[f"{row.method} {address} as {role}"] = page.text
    assert len(shown) > 100
    told_him = {
        where: found
        for where, text in shown.items()
        if (found := [one for one in traces(where, number) if one in without_his_own(text)])
    }
    assert told_him == {}
    assert world.petition(number).position == petition.position, "nor may he do anything to it"


def traces(where: str, number: str) -> list[str]:
    """What would tell him; at the desk not the words he types there himself."""
    paired = f"{number[:2]} {number[2:4]} {number[4:]}"
    return [paired, *(one for one in TRACES if "/desk" not in where or one not in TYPED)]


def addresses(row: Row, number: str) -> list[str]:
    """The row's address with what he might guess in it; a way out comes last, or it would be the end of it."""
    if row.path == "/console/logout":
        return []
    address = re.sub(r"{number[^}]*}", number, row.path)
    address = re.sub(r"{[^}]+}", "1", address)
    guesses = GUESSES if row.method == "GET" and "{" not in row.path else ("",)
    return [address + guess.format(number=number) for guess in guesses]


def guess(row: Row, number: str) -> dict[str, str]:
    """What any form may be filled in with."""
    return {
        "number": number,
        "numbers": number,
        "reason": "要核实",
        "words": "要核实",
        "act": "agree",
        "phone": PHONE,
        "text": TYPED if row.path.endswith("/look") else "石桥村路灯坏了",  # what he files he knows
        "other": number,
        "query": "q=石桥村",
        "name": "查",
    }


def without_his_own(text: str) -> str:
    """What was typed stands in the form again, and a number that is not his is refused with itself."""
    return re.sub(r'value="[^"]*"|<textarea[^>]*>[^<]*|href="[^"]*"|role="alert">[^<]*', "", text)

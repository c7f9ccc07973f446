"""What did not arrive, why, and once more where that may be; accounts are opened and ended, and their owners hear."""

import re

from sqlmodel import col, select

from bot.courier import CLOSED_CHANNEL
from bot.wire.outcome import NO_ANSWER, ROBOT_RULES, TOKEN_RULES, WECHAT_RULES
from bot.wording import names_of_codes
from handlers.undelivered import RIGHTLY
from models import letter as outbox
from models.letter import Letter, LetterState
from models.user import user_named
from tests.bot.pages.browser import Browser
from tests.bot.pages.test_petitions import logged_in
from tests.stories.test_petition import told
from tests.world import World


def fail(world: World, to: str, reason: str = "refused") -> int:
    """The last letter to somebody ended unsent."""
    with world.service.database.transaction() as session:
        found = session.exec(
            select(Letter).where(Letter.to_kind == to).order_by(col(Letter.id).desc())
        ).first()
        assert found is not None
        outbox.end(found, LetterState.FAILED, world.clock.now(), reason)
        session.add(found)
        return found.id or 0


async def test_a_letter_that_failed_is_sent_once_more(world: World):
    number = await told(world)
    letter = fail(world, "villager")
    before = len(world.villager().chat.texts())
    desk = await logged_in(world, "dispatcher", "heruoping")
    page = await desk.get("/console/outbox")
    assert "没发出去" in page.text
    assert f"/console/petition/{number}" in page.text
    await desk.post(f"/console/outbox/{letter}", way="wechat")
    await world.tick(seconds=5)
    assert len(world.villager().chat.texts()) == before + 1
    page = await desk.post(f"/console/outbox/{letter}", way="wechat")
    assert page.status == 409, "it arrived"


async def test_what_ended_rightly_is_not_sent_again(small_world: World):
    await told(small_world)
    desk = await logged_in(small_world, "dispatcher", "heruoping")
    for reason in ("must not know", "forgotten", "has left"):
        letter = fail(small_world, "villager", reason)
        page = await desk.post(f"/console/outbox/{letter}", way="wechat")
        assert page.status == 409, reason


async def test_an_operator_sees_that_letters_failed_and_not_whose(small_world: World):
    number = await told(small_world)
    fail(small_world, "villager")
    operator = await logged_in(small_world, "operator", "weizhiyuan")
    page = await operator.get("/console/outbox")
    assert "没发出去" in page.text
    assert number not in page.text
    assert "/console/outbox/" not in page.text, "what he may not see he does not send"


async def test_an_account_is_opened_with_a_password_shown_once_and_ended(world: World):
    operator = await logged_in(world, "operator", "weizhiyuan")
    page = await operator.post("/console/accounts", name="new-desk", role="dispatcher", person="tangxiaoyu")
    found = re.search(r"密码只显示这一次：<strong>([\w-]{16,})</strong>", page.text)
    assert found is not None
    await world.tick(seconds=2)
    assert any("new-desk" in text for text in world.cadre("tangxiaoyu").chat.texts())
    fresh = Browser(world)
    assert (await fresh.log_in("new-desk", found[1])).status == 303
    assert found[1] not in (await operator.get("/console/accounts")).text
    for form in (
        {"name": "new-desk", "role": "cadre"},
        {"name": "x", "role": "king"},
        {"name": "y", "role": "cadre", "person": "nobody"},
    ):
        assert (await operator.post("/console/accounts", **form)).status == 409, form
    own = "operator-weizhiyuan"
    assert (await operator.post("/console/accounts/end", name=own)).status == 409
    await operator.post("/console/accounts/end", name="new-desk")
    assert (await fresh.get("/console/")).status == 303
    with world.service.database.reading() as session:
        assert user_named(session, "new-desk") is None


def test_every_reason_why_a_letter_did_not_arrive_is_said_in_plain_words():
    """Whatever the platforms' rules and the courier know of."""
    rules = (*WECHAT_RULES.values(), *ROBOT_RULES.values(), *TOKEN_RULES.values())
    told = {rule.reason for rule in rules} | {NO_ANSWER, *RIGHTLY, CLOSED_CHANNEL.reason}
    assert {one for one in told if one} - names_of_codes()["reason"].keys() == set()

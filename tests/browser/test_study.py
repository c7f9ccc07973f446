"""The branch's pages on a telephone, without a script: how would he get this, and a visit ticked off by a tap."""

from pathlib import Path

import pytest
from playwright.async_api import async_playwright, expect

from bot.pages import passwords
from tests.bot.pages.browser import CHEAP, PASSWORD, add_user
from tests.browser.chromium import CHROMIUM, QUIET
from tests.browser.test_console import fits
from tests.study import AUDIO, study_world
from tests.world import Template

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
LESSON = f"讲堂,1,冬季防火,2026-12-01,10:00,全部,全部,烧田埂先报村里。有火星，人不走。,,{AUDIO}"


async def test_a_contact_person_previews_and_ticks_off_on_a_telephone(
    template: Template, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(passwords, "HASHER", CHEAP)
    async with study_world(template, tmp_path) as county, async_playwright() as playwright:
        county.load(LESSON)
        await county.to(12, 1, 10, 30)
        add_user(county, "contact", "cadre", "yuntai")
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        page = await browser.new_page(
            viewport={"width": 360, "height": 800},
            java_script_enabled=False,
            base_url=f"http://127.0.0.1:{county.settings.service.port}",
        )
        await page.goto("/console/login")
        await page.get_by_label("账号").fill("contact")
        await page.get_by_label("密码").fill(PASSWORD)
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("button", name="退出")).to_be_visible()
        await page.goto("/console/study/lesson/1?member=DY004")
        await expect(page.get_by_role("heading", level=2)).to_contain_text("晏归舟（高龄）")
        await fits(page, 360, "study-preview")
        await page.goto("/console/study/plan?template=theme_day")
        await fits(page, 360, "study-plan")
        await page.goto("/console/study/ledger?branch=YX0202D&month=2026-12")
        await fits(page, 360, "study-ledger")
        await page.goto("/study/1")
        await fits(page, 360, "study-lesson")
        await page.goto("/console/study")
        await fits(page, 360, "study-visits")
        before = await page.get_by_role("button", name="送到了").count()
        await page.get_by_role("button", name="送到了").first.click()
        await expect(page.get_by_role("button", name="送到了")).to_have_count(before - 1)
        await browser.close()

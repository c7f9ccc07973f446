"""What a newcomer meets after `make demo`: one matter from three phones to its end, in a real browser."""

import asyncio
import socket
import sys
import tomllib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Page, async_playwright, expect

from tests.browser.chromium import CHROMIUM, PICTURES, QUIET

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
WORDS = tomllib.loads(Path(__file__).with_name("words.toml").read_text("utf-8"))
PATIENCE = 20_000  # milliseconds; a loaded machine is no fault
MORNINGS = 12  # no holiday is longer


@pytest.mark.parametrize("width", [360, 1280])
async def test_a_newcomer_brings_a_matter_to_its_end_on_three_phones(width: int):
    faults: list[str] = []
    async with _demo() as address, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        page = await browser.new_page(viewport={"width": width, "height": 900})
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda fault: faults.append(str(fault)))
        page.on("request", lambda request: faults.append(request.url) if address not in request.url else None)
        await page.goto(f"{address}/sim/")
        await says(page, "villager", WORDS["matter"], WORDS["registered"])
        await _mornings_until_somebody_has_the_task(page)
        await says(page, "cadre", WORDS["sign"], WORDS["signed"])
        await says(page, "cadre", WORDS["finish"], WORDS["finished"])
        await hears(page, "villager", WORDS["asked"])
        await says(page, "villager", WORDS["half"], WORDS["not_done"])
        await says(page, "cadre", WORDS["again"], WORDS["finished"])
        await hears(page, "villager", WORDS["asked"])
        await says(page, "villager", WORDS["content"], WORDS["closed"])
        await says(page, "supervisor", WORDS["today"], WORDS["counted"])
        PICTURES.mkdir(exist_ok=True)
        await page.screenshot(path=PICTURES / f"demo-{width}.png", full_page=True)
        await browser.close()
    assert faults == []


@asynccontextmanager
async def _demo() -> AsyncIterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = (sys.executable, "-m", "bot", "demo", "--port", str(port))
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    try:
        assert process.stdout is not None
        async with asyncio.timeout(60):
            async for line in process.stdout:
                if line.startswith(b"http"):
                    break
        yield f"http://127.0.0.1:{port}"
    finally:
        if process.returncode is None:
            process.terminate()
        assert await process.wait() == 0


async def says(page: Page, side: str, text: str, answer: str) -> None:
    await page.locator(f"#text-{side}").fill(text)
    await page.locator(f"#{side} button.send").click()
    await hears(page, side, answer)


async def hears(page: Page, side: str, words: str) -> None:
    last = page.locator(f"#part-chat-{side} .line:not(.me)").last
    await expect(last).to_contain_text(words, timeout=PATIENCE)


async def _mornings_until_somebody_has_the_task(page: Page) -> None:
    """Ordinary tasks wait for a working day; then the phone of whoever got it is taken up."""
    others = page.locator("#part-others-cadre a")
    for _ in range(MORNINGS):
        await page.get_by_role("button", name=WORDS["next_morning"]).click()
        try:
            await expect(others.first).to_be_visible(timeout=3_000)
        except AssertionError:
            continue
        break
    task = page.locator("#part-chat-cadre .line:not(.me)", has_text=WORDS["task"])
    while not await task.count():
        await others.first.click()
        await page.wait_for_load_state()

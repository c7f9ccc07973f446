"""axe-core run over a page as it stands: what would keep somebody out of it."""

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page

GRAVE = ("serious", "critical")
OPTIONS = {"resultTypes": ["violations"]}


async def barriers(page: Page) -> list[str]:
    """Each grave finding with the elements it was found on. The page's context bypasses its policy on scripts."""
    found = await Axe().run(page, options=OPTIONS)
    return [
        f"{page.url}: {one['id']} ({one['help']}): " + "; ".join(node["html"] for node in one["nodes"][:3])
        for one in found.response["violations"]
        if one["impact"] in GRAVE
    ]

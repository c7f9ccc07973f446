"""A browser without a script: keeps its cookies, fills in the forms it was shown."""

import re
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from argon2 import PasswordHasher

from models.user import User
from tests.world import World

PASSWORD = "tall-water-mill"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
STORED = CHEAP.hash(PASSWORD)
TOKEN = re.compile(r'name="token" value="([0-9a-f]{64})"')


def add_user(world: World, name: str, role: str, person: str | None = None) -> str:
    with world.service.database.transaction() as session:
        session.add(
            User(name=name, role=role, person=person, password_hash=STORED, made_at=world.clock.now())
        )
    return name


@dataclass
class Page:
    status: int
    text: str
    headers: Any

    @property
    def plain(self) -> str:
        """The text without the marks around words that weighed."""
        return re.sub(r"</?mark>", "", self.text)


@dataclass
class Browser:
    world: World
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    async def get(self, path: str) -> Page:
        return await self._ask("GET", path)

    async def post(self, path: str, **form: str) -> Page:
        return await self._ask("POST", path, data={"token": self.token} | form)

    async def log_in(self, name: str, password: str = PASSWORD) -> Page:
        await self.get("/console/login")
        page = await self.post("/console/login", name=name, password=password)
        if page.status == 303:
            await self.get("/console/")
        return page

    async def _ask(self, method: str, path: str, **given: Any) -> Page:
        port = self.world.settings.service.port
        async with (
            aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http,
            http.request(
                method,
                f"http://127.0.0.1:{port}{path}",
                allow_redirects=False,
                headers=self.headers
                | {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())},
                **given,
            ) as response,
        ):
            text = await response.text(errors="replace")  # a workbook is no text
            for name, morsel in response.cookies.items():
                self.cookies[name] = morsel.value
                if not morsel.value:
                    del self.cookies[name]
            found = TOKEN.search(text)
            self.token = found[1] if found else self.token
            return Page(response.status, text, response.headers.copy())

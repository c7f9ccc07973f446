from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession

from bot.wire.wechat import WechatClient
from bot.wire.wecom import WecomClient
from tests.bot.wire.standin import Standin


@pytest.fixture
async def standin() -> AsyncIterator[Standin]:
    standin = Standin()
    async with standin.server() as server:
        standin.url = str(server.make_url("/"))
        yield standin


@pytest.fixture
async def http() -> AsyncIterator[ClientSession]:
    async with ClientSession() as session:
        yield session


@pytest.fixture
def wechat(standin: Standin, http: ClientSession) -> WechatClient:
    return WechatClient(
        http,
        app_id="wx0123456789abcdef",
        app_secret="a-secret-of-ours",
        clock=standin.clock,
        alarm=standin.alarms.append,
        base_url=standin.url,
        timeout=1.0,  # a loaded machine is no platform that hangs
    )


@pytest.fixture
def wecom(standin: Standin, http: ClientSession) -> WecomClient:
    return WecomClient(
        http,
        corp_id="ww0123456789abcdef",
        agent_id=1000002,
        secret="a-secret-of-ours",
        clock=standin.clock,
        alarm=standin.alarms.append,
        base_url=standin.url,
        timeout=1.0,  # a loaded machine is no platform that hangs
    )

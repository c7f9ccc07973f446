"""What is published on the platform: the menu, and the tickets behind the villages' QR codes."""

import sys
import tomllib
from collections.abc import Awaitable, Callable
from importlib import resources

from bot.application import Service
from bot.wire.outcome import Outcome
from models.errors import LianxinError


class NotPublished(LianxinError):
    """The platform did not take it; the message says why."""


def ticket_maker(service: Service) -> Callable[[str], Awaitable[str]]:
    """Asks the platform for a village's permanent QR; the URL it stands for."""

    async def create(scene: str) -> str:
        if service.wechat is None:
            raise NotPublished("wechat: the table [wechat] is missing in the configuration")
        answer = await service.wechat.create_qr(scene)
        if isinstance(answer, Outcome):
            message = f"the platform refused: {answer.reason} ({answer.code})"
            raise NotPublished(message)
        return answer.url

    return create


async def menu(service: Service) -> int:
    """Publishes the menu shipped with the package; 1 where the platform refused."""
    if service.wechat is None:
        sys.stderr.write("lianxin menu: the table [wechat] is missing in the configuration\n")
        return 1
    table = tomllib.loads(resources.files("bot.words").joinpath("menu.toml").read_text("utf-8"))
    outcome = await service.wechat.create_menu(table)
    if outcome.kind != "sent":
        sys.stderr.write(f"lianxin menu: the platform refused: {outcome.reason} ({outcome.code})\n")
        return 1
    return 0

"""The page's Chinese, read from `wording.toml` beside this file."""

import re
import tomllib
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from typing import Any

from bot.simulator.faults import Trouble
from bot.simulator.phone import Chat

WORDING: dict[str, Any] = tomllib.loads(
    files(__package__).joinpath("wording.toml").read_text(encoding="utf-8")
)


@dataclass(frozen=True)
class Choice:
    """A trouble one can ask for on the page."""

    id: str
    label: str
    platform: str
    path: str
    trouble: Trouble = "errcode"
    errcode: int = -1


CHOICES = {entry["id"]: Choice(**entry) for entry in WORDING["troubles"]}
NUMBER = re.compile(WORDING["number"]["pattern"])


def shown_instant(local: datetime) -> str:
    """Date, day of the week and time as a phone writes them."""
    clock = WORDING["clock"]
    weekday = clock["weekdays"][local.weekday()]
    return str(clock["instant"]).format(
        month=local.month, day=local.day, weekday=weekday, time=local.strftime("%H:%M")
    )


def notice(name: str, **values: object) -> str:
    """A sentence at the top of the page."""
    return str(WORDING["notice"][name]).format(**values)


def offers(side: str, chat: Chat | None) -> list[str]:
    """What could be written next, by what the service wrote last."""
    heard = [] if chat is None else chat.texts()
    last = heard[-1] if heard else ""
    number = next(
        (found[-1].replace(" ", "") for text in reversed(heard) if (found := NUMBER.findall(text))), ""
    )
    rule = next(rule for rule in WORDING[side]["rules"] if re.search(rule["when"], last))
    return [
        offer.replace("{number}", number) for offer in rule["offers"] if number or "{number}" not in offer
    ]

"""The five elements of a matter (domain.md B.2): who, when, where, what, how, as far as the words already give them."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Any

from handlers.commands import WORDS, tidy
from handlers.county import County
from handlers.officer.mask import self_given
from handlers.topic import Route

MOST_HOW = 60  # characters


@dataclass(frozen=True)
class Elements:
    """What is known; "" where the villager still has to be asked."""

    who: str = ""
    phone: str = ""
    when: str = ""
    where: str = ""
    what: str = ""
    how: str = ""


def elements_of(county: County, text: str, route: Route | None) -> Elements:
    """Read from the words alone; the clerk corrects what is wrong."""
    if route is None:
        return Elements()
    name, phone = self_given(text)
    when = _when().search(tidy(text))
    return Elements(
        who=name,
        phone=phone,
        when=when[0] if when else "",
        where=county.reader.place_name(route.place) if route.place else "",
        what=county.category_name(None if route.ask else route.category),
        how=_how(text),
    )


def _how(text: str) -> str:
    """How it came about: what is told beyond the first clause."""
    told = _told()
    clauses = [one.strip() for one in re.split(f"[{told['marks']}]+", text)]
    return str(told["joined"]).join(filter(None, clauses[1:]))[:MOST_HOW]


@cache
def _when() -> re.Pattern[str]:
    return re.compile("|".join(_told()["when"]))


@cache
def _told() -> dict[str, Any]:
    told: dict[str, Any] = tomllib.loads(WORDS.read_text(encoding="utf-8"))["telephone"]
    return told

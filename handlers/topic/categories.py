"""The categories a rule set answers in."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from handlers.topic.data import Entry, entries_of
from handlers.topic.errors import RuleSetError

TIERS = ("E0", "T1", "T2", "T3", "T4", "T5", "K1", "X")
ABOVE = ("always", "complaint", "")


@dataclass(frozen=True, slots=True)
class Category:
    """A leaf. `plain` is what one says to a villager; `route` the number told where the matter is not accepted."""

    code: str
    name: str
    plain: str
    tier: str = "T4"
    office: str = ""
    above_village: str = ""
    route: str = ""
    silent: bool = False  # needs no word of its own
    near_danger: bool = False  # who names it may well be in danger


@dataclass(frozen=True, slots=True)
class Categories:
    """In the order of the file. A leaf's top is its first two digits, where tops are listed."""

    tops: dict[str, str]
    leaves: dict[str, Category]
    _siblings: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def load(cls, file: Path) -> Self:
        tops: dict[str, str] = {}
        leaves: dict[str, Category] = {}
        for kind, entry in entries_of(file, "top", "leaf"):
            code = entry.text("code")
            if code in tops or code in leaves:
                raise entry.refuse(f"{code} is listed twice")
            if kind == "top":
                entry.only("code", "name")
                tops[code] = entry.text("name")
            else:
                leaves[code] = _leaf(entry, code)
                if tops and code[:2] not in tops:
                    raise entry.refuse(f"{code} belongs to no top")
        if not leaves:
            raise RuleSetError(file, 0, "no leaf is listed")
        return cls.of(leaves.values(), tops)

    @classmethod
    def of(cls, leaves: Iterable[Category], tops: dict[str, str] | None = None) -> Self:
        by_code = {leaf.code: leaf for leaf in leaves}
        tops = tops or {}
        groups: dict[str, list[str]] = {}
        for code in by_code:
            groups.setdefault(code[:2] if tops else "", []).append(code)
        return cls(tops, by_code, {group: tuple(codes) for group, codes in groups.items()})

    def top_of(self, code: str) -> str:
        return code[:2] if self.tops else code

    def neighbours(self, code: str | None) -> Iterable[str]:
        """The leaves of the same top, then the others."""
        near = self._siblings.get(code[:2] if code and self.tops else "", ())
        yield from near
        yield from (other for other in self.leaves if other not in near)


def _leaf(entry: Entry, code: str) -> Category:
    entry.only("code", "name", "plain", "tier", "office", "above_village", "route", "silent", "near_danger")
    name = entry.text("name")
    category = Category(
        code,
        name,
        entry.text("plain", name),
        entry.text("tier", "T4"),
        entry.text("office", ""),
        entry.text("above_village", ""),
        entry.text("route", ""),
        entry.value.get("silent", False) is True,
        entry.value.get("near_danger", False) is True,
    )
    if category.tier not in TIERS:
        raise entry.refuse(f"tier {category.tier} is none of {', '.join(TIERS)}")
    if category.above_village not in ABOVE:
        raise entry.refuse(f"above_village is {category.above_village}, neither always nor complaint")
    return category

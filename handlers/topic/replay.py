"""What would move if another rule set went live."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from handlers.topic.route import Route


class Routes(Protocol):
    """Whatever reads a message by a rule set."""

    def route(self, text: str) -> Route: ...


@dataclass(frozen=True, slots=True)
class Move:
    """A message that the new rule set reads otherwise: other lane, other leaf, or asking where the old one decided."""

    identity: object
    before: Route
    after: Route

    def as_dict(self) -> dict[str, object]:
        """Codes only: a list of moves may be shown to people who may not read the messages."""
        return {"id": self.identity, "from": _place(self.before), "to": _place(self.after)}


def replay(old: Routes, new: Routes, texts: Iterable[tuple[object, str]]) -> Iterator[Move]:
    """`texts` are messages with whatever identifies them; what stays where it is is left out."""
    for identity, text in texts:
        before, after = old.route(text), new.route(text)
        if _place(before) != _place(after):
            yield Move(identity, before, after)


def _place(route: Route) -> dict[str, object]:
    matter = route.lane == "petition"
    return {"lane": route.lane, "category": route.category if matter else None, "ask": route.ask}

"""What goes wrong on request, so that nobody has to wait until it does by itself."""

from dataclasses import dataclass
from typing import Literal

Trouble = Literal["errcode", "html", "truncated", "timeout", "dropped", "slow"]
# Of these the platform does what it was asked, and only its answer goes astray.
DONE_ALL_THE_SAME: frozenset[Trouble] = frozenset({"truncated", "dropped", "slow"})


@dataclass
class Fault:
    """One trouble on one path. `left` is how often it still happens; None means until it is lifted."""

    path: str
    trouble: Trouble
    errcode: int
    seconds: float
    left: int | None
    platform: str | None


class Faults:
    """The troubles waiting to happen, the earliest asked for first."""

    def __init__(self) -> None:
        self.waiting: list[Fault] = []

    def add(self, fault: Fault) -> Fault:
        self.waiting.append(fault)
        return fault

    def due(self, platform: str, path: str) -> Fault | None:
        """The trouble that befalls this call, counted down."""
        for fault in self.waiting:
            if fault.path == path and fault.platform in (None, platform):
                if fault.left is not None:
                    fault.left -= 1
                    if fault.left <= 0:
                        self.waiting.remove(fault)
                return fault
        return None

    def lift(self, fault: Fault | None = None) -> None:
        """Ends one trouble, or all."""
        self.waiting = [] if fault is None else [other for other in self.waiting if other is not fault]


@dataclass
class Disturbance:
    """What goes wrong with callbacks: how many copies arrive at once, and whether one more comes late.

    A late copy comes after the next message of the same phone, so also out of order.
    """

    copies: int = 1
    late: bool = False

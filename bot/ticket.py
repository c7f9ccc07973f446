"""One message on its way through the service, and those of them that were promised and not decided."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from threading import Lock

from handlers.turn import Mail


@dataclass(slots=True, eq=False)
class Ticket:
    """One message on its way: who comes first, the writer or the receipt, has it."""

    mail: Mail
    at: datetime  # when it came
    begun: bool = False
    name: str = ""  # of its receipt, once there is one
    kept: Mail | None = None  # as it lies on disk
    is_queued: bool = False  # the writer was given it
    is_repeated: bool = False  # the same message was answered before
    is_urgent: bool = False  # somebody is in danger
    settled: bool = False  # the database has it
    since: float = 0.0  # on the monotonic clock, when a receipt was asked for
    lock: Lock = field(default_factory=Lock)

    def begin(self) -> Mail:
        """The writer comes to it."""
        with self.lock:
            self.begun = True
            return self.mail

    def promise(self, name: str, told: str, petition: int | None) -> bool:
        """A receipt is told; False: the writer has begun, and its answer will be there in a moment."""
        with self.lock:
            if not self.begun:
                told = self.mail.told if self.mail.is_late else told
                self.name, self.mail = name, replace(self.mail, told=told, petition=petition)
            return not self.begun

    def take_back(self) -> int | None:
        """It was told nothing after all. The id of the number it would have been told; None: the writer has begun."""
        with self.lock:
            petition = self.mail.petition
            if self.begun:
                return None
            told = self.mail.told if self.mail.is_late else ""
            self.name, self.mail = "", replace(self.mail, told=told, petition=None)
            return petition

    def tell_late(self, told: str) -> None:
        """No more than this was said in time: what is decided follows as a letter, unless the writer has begun."""
        with self.lock:
            if not self.begun and not self.mail.is_late:
                self.mail = replace(self.mail, told=told, is_late=True)

    def hang_up(self) -> bool:
        """Nobody waits any more; False: the writer has begun, and its answer will be there in a moment."""
        with self.lock:
            if not self.begun:
                self.mail = replace(self.mail, is_late=True)
            return not self.begun


class Open:
    """What is promised and not decided, by name and by sender."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._tickets: dict[str, Ticket] = {}
        self._by_sender: dict[str, list[Ticket]] = {}  # in the order they came

    def get(self, name: str) -> Ticket | None:
        return self._tickets.get(name)

    def add(self, name: str, ticket: Ticket) -> None:
        self.drop(name)  # promised before, in vain
        with self._lock:
            self._tickets[name] = ticket
            self._by_sender.setdefault(ticket.mail.sender, []).append(ticket)

    def drop(self, name: str) -> bool:
        """Whether it was there."""
        with self._lock:
            ticket = self._tickets.pop(name, None)
            if ticket is None:
                return False
            theirs = self._by_sender[ticket.mail.sender]
            theirs.remove(ticket)
            if not theirs:
                del self._by_sender[ticket.mail.sender]
            return True

    def of(self, sender: str) -> list[Ticket]:
        with self._lock:
            return list(self._by_sender.get(sender, ()))

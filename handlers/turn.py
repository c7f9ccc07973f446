"""A turn of a conversation: who said what, when; and what is said back."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from handlers.county import County
from models.base import Session
from models.message import Message
from models.officer import Officer
from models.petition import Petition
from models.refusal import Refusal
from models.villager import Villager
from models.wording import Wording

WHOLE = frozenset({"web", "12345"})  # doors through which nobody talks back


@dataclass(frozen=True, slots=True)
class Mail:
    """A message as every door hands it in: who, what kind, which words."""

    channel: str  # wechat, wecom, relay
    sender: str  # openid, account, relay person
    key: str  # the platform's identity of this message
    kind: str  # text, image, voice, video, location, link, event, unknown
    text: str = ""
    event: str = ""
    event_key: str = ""
    media: str = ""  # the platform's handle of a picture or recording
    label: str = ""  # a location's or link's own words
    told: str = ""  # what was said already, because deciding took too long (handlers.receipt)
    petition: int | None = None  # the id set aside for it, whose number was told with that
    consents: tuple[tuple[str, bool], ...] = ()  # to subscription notices: template, and whether it is a yes
    relay: str = ""  # the relay that handed it in
    door: str = ""  # how it reached the relay: call, sms, web, 12345; desk: a clerk wrote it down
    name: str = ""  # of the person, as the relay or the clerk has it
    phone: str = ""
    place: str = ""  # a code or a name
    order: str = ""  # the exchange's own number of it
    clerk: str = ""  # the account of whoever wrote it down
    later: str = ""  # the platform's address for one late answer
    is_late: bool = False  # the platform has hung up: the answer goes there, or after it as a letter
    trace: str = ""  # by which the log tells what came of it

    @property
    def is_whole(self) -> bool:
        """Told in one go: it belongs to no burst and answers no question."""
        return self.door in WHOLE


@dataclass(frozen=True)
class Part:
    """One sentence of a reply: a wording and what goes into it."""

    wording: Wording | Refusal
    fields: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Reply:
    """What is said back, in order. No parts: nothing."""

    parts: tuple[Part, ...] = ()

    @classmethod
    def of(cls, wording: Wording | Refusal, **fields: Any) -> "Reply":
        return cls((Part(wording, fields),))

    def __add__(self, other: "Reply") -> "Reply":
        return Reply(self.parts + other.parts)


SILENCE = Reply()


@dataclass(frozen=True)
class VillagerTurn:
    """A villager's message being answered."""

    session: Session
    county: County
    at: datetime
    mail: Mail
    message: Message
    villager: Villager


@dataclass(frozen=True)
class OfficerTurn:
    """An officer's message being answered."""

    session: Session
    county: County
    at: datetime
    mail: Mail
    officer: Officer
    rest: str = ""  # what follows the command's word
    petition: Petition | None = None  # the one meant, where a page says which; else it is named in `rest`
    message: Message | None = None  # its row; none where a page acts


def by_rule(family: str, rule: str, default: str) -> Wording:
    """The wording of a family for a rule set's rule, or the family's default."""
    try:
        return Wording(f"{family}.{rule}")
    except ValueError:
        return Wording(f"{family}.{default}")

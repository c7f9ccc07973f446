"""Carries letters: words them, knows beforehand what may be sent, tries the platforms, reads what they say."""

from dataclasses import dataclass
from datetime import datetime

from bot.knowledge import Knowledge
from bot.wire.outcome import Outcome
from bot.wire.wechat import WechatClient
from bot.wire.wecom import WecomClient
from bot.wording import Chinese
from handlers.notices import may_know
from handlers.petition.work import contacted
from models.base import Session
from models.letter import Letter, fields_of
from models.officer import Officer
from models.petition import Petition
from models.villager import Villager, address_of
from models.wording import Wording
from scheduler.outbox import Delivery, Parcel

CONTACTS = frozenset({Wording.LETTER_ASK_VILLAGER.value, Wording.LETTER_PROGRESS_VILLAGER.value})
CLOSED_CHANNEL = Delivery("next_channel", "channel is off")
FORGOTTEN = Delivery("never", "forgotten")
MUST_NOT_KNOW = Delivery("never", "must not know")


@dataclass(frozen=True)
class PlatformCourier:
    """WeChat for villagers, WeCom for the staff."""

    knowledge: Knowledge
    chinese: Chinese
    wechat: WechatClient | None
    wecom: WecomClient | None
    template: str = ""  # id of the petition_progress template

    def prepare(self, session: Session, letter: Letter, at: datetime) -> Parcel | Delivery:
        """The words and the address, or why this channel cannot serve now."""
        county = self.knowledge.county(session, at)
        fields = fields_of(session, county.keys, letter)
        if fields is None:
            return FORGOTTEN
        about = letter.petition if letter.to_kind != "villager" else None
        petition = session.get(Petition, about) if about else None
        if petition is not None and not may_know(petition, letter.to):
            return MUST_NOT_KNOW  # excluded since it was posted
        address = self._address(session, letter, at)
        if isinstance(address, Delivery):
            return address
        text = self.chinese.say(Wording(letter.wording), fields)
        return Parcel(letter.id or 0, letter.channels[0], address, text, letter.tries)

    def _address(self, session: Session, letter: Letter, at: datetime) -> str | Delivery:
        channel = letter.channels[0]
        if letter.to_kind == "officer":
            officer = session.get(Officer, letter.to)
            if officer is None or officer.left_at is not None:
                return Delivery("never", "has left")
            return officer.account if self.wecom else CLOSED_CHANNEL
        person = session.get(Villager, int(letter.to))
        if person is None:
            return FORGOTTEN
        if channel == "wechat":
            return self._wechat_window(session, person, at)
        if channel == "template":
            if not self.template or self.wechat is None or not person.followed or person.channel != "wechat":
                return CLOSED_CHANNEL
            return address_of(session, self.knowledge.keys(session, at), person) or FORGOTTEN
        return CLOSED_CHANNEL  # SMS needs a gateway

    def _wechat_window(self, session: Session, person: Villager, at: datetime) -> str | Delivery:
        """Customer messages: five in 48 hours after a message, three in a minute after a touch (wechat.md B)."""
        if self.wechat is None or person.channel != "wechat":
            return CLOSED_CHANNEL
        if not person.followed:
            return Delivery("next_channel", "not following")
        if person.window_until is None or person.window_until <= at or person.window_left < 1:
            return Delivery("next_channel", "window closed")
        person.window_left -= 1
        session.add(person)
        return address_of(session, self.knowledge.keys(session, at), person) or FORGOTTEN

    async def carry(self, parcel: Parcel) -> Delivery:
        """One attempt by the parcel's channel."""
        if parcel.channel == "wecom" and self.wecom is not None:
            return _delivery(await self.wecom.send_text(parcel.address, parcel.text))
        if parcel.channel == "wechat" and self.wechat is not None:
            resent = parcel.tries > 1
            return _delivery(await self.wechat.send_text(parcel.address, parcel.text, resent=resent))
        if parcel.channel == "template" and self.wechat is not None:
            fields = {"thing1": parcel.text}
            return _delivery(await self.wechat.send_template(parcel.address, self.template, fields))
        return CLOSED_CHANNEL

    def delivered(self, session: Session, letter: Letter, at: datetime) -> None:
        """The first question or progress that arrives is the first contact."""
        if letter.petition is None or letter.wording not in CONTACTS:
            return
        petition = session.get_one(Petition, letter.petition)
        contacted(session, self.knowledge.county(session, at), petition, at)


def _delivery(outcome: Outcome) -> Delivery:
    if outcome.kind == "stop":  # the whole channel rests; the letter is still due
        return Delivery("later", outcome.reason, max(60.0, outcome.seconds))
    return Delivery(outcome.kind, outcome.reason, outcome.seconds)

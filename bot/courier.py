"""Carries letters: words them, knows beforehand what may be sent, tries the platforms, reads what they say."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from bot.digest.chart import charts
from bot.knowledge import Knowledge
from bot.texting import by_sms
from bot.wire.outcome import Outcome
from bot.wire.robot import LateAnswers
from bot.wire.signature import SignedClient
from bot.wire.sms import SmsClient
from bot.wire.wechat import WechatClient
from bot.wire.wecom import WecomClient
from bot.wording import Chinese
from handlers.county import County
from handlers.groups import key_is_dead, may_be_said
from handlers.notices import may_know
from handlers.petition.work import contacted
from handlers.study import delivery
from models.base import Session
from models.claim import ahead_of_each
from models.letter import Claimed, fields_of
from models.member import Member, open_field
from models.officer import Officer
from models.petition import Petition
from models.reach import Reach, address_of, phone_of, reach, spend_window
from models.scope import is_guarded
from models.study import subscription
from models.wording import Wording
from scheduler.outbox import Delivery, Parcel

CONTACTS = frozenset({Wording.LETTER_ASK_VILLAGER.value, Wording.LETTER_PROGRESS_VILLAGER.value})
# A lesson in the room a channel has; the letters of matters do not go by these.
BY_CHANNEL = {"notice": Wording.STUDY_NOTICE, "sms": Wording.STUDY_TEXT}
# What WeCom takes of us for one group and for one member (wechat.md C1, C3). What is more it refuses of the first, and
# of the second it says "sent" and drops it.
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
MOST = {"robot": {MINUTE: 20}, "officer": {MINUTE: 30, HOUR: 1000}}
KEY_DEAD = "robot key"  # as bot.wire.outcome names 93000
TO_EXCHANGE = ("order", "number", "state", "closed_at")
TOO_MANY = {
    MINUTE: Delivery("later", "too many a minute", MINUTE.total_seconds()),
    HOUR: Delivery("later", "too many an hour", 5 * MINUTE.total_seconds()),  # then another look
}
CLOSED_CHANNEL = Delivery("next_channel", "channel is off")
FORGOTTEN = Delivery("never", "forgotten")
CALLED_OFF = Delivery("never", "called off")
MUST_NOT_KNOW = Delivery("never", "must not know")


@dataclass(frozen=True)
class PlatformCourier:
    """WeChat for villagers, WeCom for the staff."""

    knowledge: Knowledge
    chinese: Chinese
    wechat: WechatClient | None
    wecom: WecomClient | None
    template: str = ""  # id of the petition_progress template
    sms: SmsClient | None = None
    study_template: str = ""  # id of the study_reminder notice
    robots: Mapping[str, str] = field(default_factory=dict)  # the key of each group's robot, by its name
    late_answers: LateAnswers | None = None
    exchanges: Mapping[str, SignedClient] = field(default_factory=dict)  # by relay, where endings are told

    def read_ahead(self, session: Session, letters: list[Claimed]) -> list[object]:
        """The members of a batch and all that is asked of them."""
        session.hold("limited", [letter for letter in letters if letter.to_kind in MOST])
        return delivery.near(session, [letter for letter in letters if letter.to_kind == "member"])

    def prepare(self, session: Session, letter: Claimed, at: datetime) -> Parcel | Delivery:
        """The words and the address, or why this channel cannot serve now."""
        county = session.once("county", lambda: self.knowledge.county(session, at))
        fields = fields_of(session, county.keys, letter)
        if fields is None:
            return FORGOTTEN
        about = letter.petition if letter.to_kind != "villager" else None
        petition = session.get(Petition, about) if about else None
        if petition is not None and letter.to_kind == "officer" and not may_know(petition, letter.to):
            return MUST_NOT_KNOW  # excluded since it was posted
        if petition is not None and letter.to_kind == "robot" and not may_be_said(county, petition):
            return MUST_NOT_KNOW
        if letter.to_kind == "member" and not delivery.may_leave(session, county, letter, at):
            return CALLED_OFF
        address = self._address(session, letter, at)
        if isinstance(address, Delivery):
            return address
        text = self.chinese.say(_wording(letter), fields)
        return Parcel(letter.id, letter.channels[0], address, text, letter.tries, _beside(letter, fields))

    def _address(self, session: Session, letter: Claimed, at: datetime) -> str | Delivery:
        channel = letter.channels[0]
        if letter.to_kind == "officer":
            officer = session.get(Officer, letter.to)
            if officer is None or officer.left_at is not None:
                return Delivery("never", "has left")
            address = officer.account if self.wecom else CLOSED_CHANNEL
            return self._has_enough(session, letter, at) or address
        if letter.to_kind == "robot":
            return self._robot(session, letter, at)
        if letter.to_kind == "asker":
            return "response" if self.late_answers else CLOSED_CHANNEL
        if letter.to_kind == "exchange":
            return letter.to if letter.to in self.exchanges else Delivery("never", "channel is off")
        if letter.to_kind == "member":
            return self._of_member(session, session.get_one(Member, letter.to), channel, at)
        person = reach(session, int(letter.to))
        return self._of_villager(session, letter, person, at) if person is not None else FORGOTTEN

    def _of_villager(self, session: Session, letter: Claimed, person: Reach, at: datetime) -> str | Delivery:
        """Where the letter's channel reaches a villager."""
        channel = letter.channels[0]
        if channel == "wechat":
            return self._wechat_window(session, person, at)
        if channel == "template":
            if not self.template or self.wechat is None or not person.followed or person.channel != "wechat":
                return CLOSED_CHANNEL
            return address_of(session, self.knowledge.keys(session, at), person) or FORGOTTEN
        return self._phone(session, letter, person, at) if channel == "sms" else CLOSED_CHANNEL

    def _phone(self, session: Session, letter: Claimed, person: Reach, at: datetime) -> str | Delivery:
        """A villager's number, where he gave one. Whoever may be in danger at home gets nothing on a telephone."""
        petition = session.get(Petition, letter.petition) if letter.petition else None
        if petition is not None and is_guarded(petition):
            return Delivery("never", "guarded")
        number = phone_of(session, self.knowledge.keys(session, at), person)
        return (number or Delivery("next_channel", "no number")) if self.sms else CLOSED_CHANNEL

    def _robot(self, session: Session, letter: Claimed, at: datetime) -> str | Delivery:
        """A robot's key."""
        if self.wecom is None or letter.to not in self.robots:
            return Delivery("never", "channel is off")
        return self._has_enough(session, letter, at) or self.robots[letter.to]

    def _has_enough(self, session: Session, letter: Claimed, at: datetime) -> Delivery | None:
        """Where the recipient hears as much as he may without this letter: how long it waits."""
        limited = session.once("limited", lambda: [letter])
        for span, most in MOST[letter.to_kind].items():
            ahead = session.once(("ahead", span), partial(ahead_of_each, session, limited, at, span))
            if ahead.get(letter.id, 0) >= most:
                return TOO_MANY[span]
        return None

    def _of_member(self, session: Session, member: Member, channel: str, at: datetime) -> str | Delivery:
        """A member's telephone number or bound account."""
        if channel == "sms":
            number = open_field(self.knowledge.keys(session, at), member, "phone")
            return (number or Delivery("never", "address")) if self.sms else CLOSED_CHANNEL
        person = reach(session, member.villager) if member.villager else None
        if person is None:
            return Delivery("never", "not_bound")
        if channel == "notice":
            return self._consent(session, self.knowledge.county(session, at), person)
        return self._wechat_window(session, person, at)

    def _consent(self, session: Session, county: County, person: Reach) -> str | Delivery:
        """A subscription notice: one stored consent for each, used up when it has left."""
        left = subscription.notices_left(session, person.id, county.study.template)
        if self.wechat is None or not person.followed or not left:
            return Delivery("next_channel", "refused")
        return address_of(session, county.keys, person) or FORGOTTEN

    def _wechat_window(self, session: Session, person: Reach, at: datetime) -> str | Delivery:
        """Customer messages: five in 48 hours after a message, three in a minute after a touch (wechat.md B)."""
        if self.wechat is None or person.channel != "wechat":
            return CLOSED_CHANNEL
        if not person.followed:
            return Delivery("next_channel", "not following")
        if person.window_until is None or person.window_until <= at or person.window_left < 1:
            return Delivery("next_channel", "window closed")
        spend_window(session, person)
        return address_of(session, self.knowledge.keys(session, at), person) or FORGOTTEN

    async def carry(self, parcel: Parcel) -> Delivery:
        """One attempt by the parcel's channel."""
        by_channel = {
            "wecom": self._by_wecom,
            "picture": self._by_picture,
            "robot": self._by_robot,
            "response": self._by_response,
            "wechat": self._by_wechat,
            "template": self._by_wechat,
            "notice": self._by_wechat,
            "sms": self._by_sms,
            "exchange": self._by_exchange,
        }
        outcome = await by_channel[parcel.channel](parcel)
        return _delivery(outcome) if outcome is not None else CLOSED_CHANNEL

    async def _by_wecom(self, parcel: Parcel) -> Outcome | None:
        return await self.wecom.send_text(parcel.address, parcel.text) if self.wecom else None

    async def _by_picture(self, parcel: Parcel) -> Outcome | None:
        """The charts of a digest, drawn here: words by text, figures by picture."""
        if self.wecom is None:
            return None
        drawn = await asyncio.to_thread(_drawn, parcel.text, json.loads(parcel.beside))
        if drawn is None:
            return Outcome("never", "nothing to draw with")
        media = await self.wecom.upload("figures.png", drawn, "image")
        return media if isinstance(media, Outcome) else await self.wecom.send_image(parcel.address, media)

    async def _by_robot(self, parcel: Parcel) -> Outcome | None:
        if self.wecom is None:
            return None
        mentioned, resent = json.loads(parcel.beside), parcel.tries > 1
        outcome = await self.wecom.send_robot(parcel.address, parcel.text, mentioned=mentioned, resent=resent)
        dead = outcome.kind == "stop" and outcome.reason == KEY_DEAD
        return Outcome("never", KEY_DEAD) if dead else outcome

    async def _by_response(self, parcel: Parcel) -> Outcome | None:
        return await self.late_answers.send(parcel.beside, parcel.text) if self.late_answers else None

    async def _by_wechat(self, parcel: Parcel) -> Outcome | None:
        if self.wechat is None:
            return None
        if parcel.channel == "wechat":
            return await self.wechat.send_text(parcel.address, parcel.text, resent=parcel.tries > 1)
        fields = {"thing1": parcel.text}
        if parcel.channel == "template":
            return await self.wechat.send_template(parcel.address, self.template, fields)
        return await self.wechat.send_subscription(
            parcel.address, self.study_template, fields, page=parcel.beside
        )

    async def _by_sms(self, parcel: Parcel) -> Outcome | None:
        name = f"letter-{parcel.letter}"
        return await self.sms.send(name, parcel.address, parcel.text) if self.sms else None

    async def _by_exchange(self, parcel: Parcel) -> Outcome | None:
        exchange = self.exchanges.get(parcel.address)
        ending = {"message_id": f"letter-{parcel.letter}", "kind": "ending", "text": parcel.text}
        return await exchange.post(ending | json.loads(parcel.beside)) if exchange else None

    def failed(self, session: Session, letter: Claimed, at: datetime) -> None:
        """A lesson that did not arrive goes the next way; a robot nobody hears any more is an alarm."""
        if letter.to_kind == "member":
            delivery.failed(session, self.knowledge.county(session, at), letter, at)
        if letter.to_kind == "robot" and letter.reason == KEY_DEAD:
            key_is_dead(session, self.knowledge.county(session, at), letter.to, at)

    def delivered(self, session: Session, letter: Claimed, at: datetime) -> None:
        """A lesson left the house; the first question or progress that arrives is the first contact."""
        if letter.to_kind == "member":
            delivery.arrived(session, self.knowledge.county(session, at), letter, at)
            return
        if letter.petition is None or letter.wording not in CONTACTS:
            return
        petition = session.get_one(Petition, letter.petition)
        contacted(session, self.knowledge.county(session, at), petition, at)


def _drawn(title: str, figures: Any) -> bytes | None:
    from bot.digest.picture import picture  # noqa: PLC0415 - no start waits for what draws a bulletin a week

    return picture(title, charts(figures))


def _beside(letter: Claimed, fields: dict[str, Any]) -> str:
    """What goes with the words: where a notice leads, whom a robot names, where an answer goes."""
    if letter.to_kind == "exchange":
        return json.dumps({name: fields[name] for name in TO_EXCHANGE})
    if letter.to_kind == "robot":
        return json.dumps(fields["mentioned"])
    if letter.channels[0] == "picture":
        return json.dumps(fields["charts"])
    return str(fields.get("url" if letter.to_kind == "asker" else "page", ""))


def _wording(letter: Claimed) -> Wording:
    """What a letter says in the room its channel has."""
    channel, wording = letter.channels[0], Wording(letter.wording)
    if channel == "sms" and letter.to_kind == "villager":
        return by_sms(wording)
    return BY_CHANNEL.get(channel, wording)


def _delivery(outcome: Outcome) -> Delivery:
    if outcome.kind == "stop":  # the whole channel rests; the letter is still due
        return Delivery("later", outcome.reason, max(60.0, outcome.seconds))
    return Delivery(outcome.kind, outcome.reason, outcome.seconds)

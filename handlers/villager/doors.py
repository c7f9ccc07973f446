"""One person at several doors: which row a relayed message belongs to, and what its relay knows of the person.

A telephone line is one door: what we send to it by SMS it may answer, and what is said on it is said by whoever holds
it. Whatever else two doors have in common - a name, a number given for calling back - joins nothing by itself.
"""

import re
from dataclasses import replace
from datetime import datetime

from handlers.commands import numbered, tidy
from handlers.county import County
from handlers.turn import Mail, Reply, VillagerTurn
from models.base import Session
from models.petition import Petition, by_number
from models.reach import address_of
from models.relay import note_order
from models.villager import Villager, keep_profile, open_question, with_phone
from models.wording import Wording

RELAY = "relay"
LINE = "tel:"  # before a telephone number that is the door itself
SPOKEN = frozenset({"call", "sms", "desk"})
ANSWERED = frozenset({"closing", "officer"})  # what we ask by SMS


def line(phone: str) -> str:
    """A telephone number as digits alone, without the country's code; "" where it is none."""
    digits = re.sub(r"[ ().-]", "", tidy(phone))
    digits = re.sub(r"^(\+|00)86", "", digits)
    return digits if re.fullmatch(r"\d{5,15}", digits) else ""


def sender_of(relay: str, kind: str, sender: str, phone: str) -> str:
    """The address a relayed message comes from: the line where one spoke or wrote on it, else the relay's own id."""
    said_on = line(phone) or (line(sender) if kind == "sms" else "")
    return f"{LINE}{said_on}" if kind in SPOKEN and said_on else f"{relay}:{kind}:{sender}"


def known_by(session: Session, county: County, mail: Mail, at: datetime) -> Mail:
    """A text message belongs to whomever we asked on that line, or whose number it tells; else to the line itself."""
    if mail.door != "sms" or not mail.sender.startswith(LINE):
        return mail
    people = with_phone(session, county.keys, mail.sender.removeprefix(LINE))
    meant = _by_number(session, mail.text, people) or _asked(session, people, at)
    address = address_of(session, county.keys, meant) if meant is not None else None
    return replace(mail, channel=meant.channel, sender=address) if meant is not None and address else mail


def introduce(session: Session, county: County, person: Villager, mail: Mail) -> None:
    """What the relay knows: a name, a number for answers, the place it is about."""
    if mail.channel != RELAY:
        return
    phone = line(mail.phone) or (mail.sender.removeprefix(LINE) if mail.sender.startswith(LINE) else "")
    if not person.anonymous:
        keep_profile(session, county.keys, person, name=mail.name, phone=phone)
    elif phone:
        keep_profile(session, county.keys, person, phone=phone)
    known = county.reader.place_name(mail.place)
    place = mail.place if known else county.reader.place_of(mail.place) if mail.place else None
    person.scanned_place = place or person.scanned_place


def quoted(turn: VillagerTurn) -> Reply:
    """The exchange's own number: kept with the matter and quoted wherever it is told."""
    petition = turn.session.get(Petition, turn.message.petition) if turn.message.petition else None
    if petition is None or not turn.mail.relay:
        return Reply()
    if turn.mail.order:
        note_order(turn.session, turn.county.keys, petition, turn.mail.relay, turn.mail.order)
        return Reply.of(Wording.EXCHANGE_QUOTED, order=turn.mail.order)
    return Reply()


def _by_number(session: Session, text: str, people: list[Villager]) -> Villager | None:
    number = numbered(text)[1]
    petition = by_number(session, number) if number else None
    return next((one for one in people if petition is not None and petition.villager == one.id), None)


def _asked(session: Session, people: list[Villager], at: datetime) -> Villager | None:
    """Whoever was asked last on this line."""
    asked = [(question, one) for one in people if (question := open_question(session, one.id or 0, at))]
    waiting = [(question.asked_at, one) for question, one in asked if question.kind in ANSWERED]
    return max(waiting, key=lambda pair: str(pair[0]))[1] if waiting else None

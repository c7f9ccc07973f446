"""The same person at another door: joined by a code that is told at one and given at the other, and by nothing less.

The code of a telephone line goes to it by text message, never to whoever says that he calls from it.
"""

import re
import secrets
from datetime import timedelta

from handlers.commands import tidy
from handlers.reader import Reader
from handlers.turn import Reply, VillagerTurn
from handlers.villager.doors import LINE, RELAY
from models import letter as outbox
from models import processing
from models.errors import Refused
from models.joined import LASTS, give_code, hand_over, use_code
from models.processing import Ground
from models.refusal import Refusal
from models.study.binding import TRIES_A_DAY, BindingTry, tries_since
from models.villager import Villager, drop_profile, keep_profile, profile_of
from models.wording import Wording

DIGITS = 8
WECHAT = "wechat"


def said(reader: Reader, text: str) -> str | None:
    """The digits after the word for it, "" for the word alone; None: something else was said."""
    rest = reader.same_person(tidy(text))
    digits = re.sub(r"[ -]", "", rest) if rest is not None else ""
    return digits if rest is not None and (not digits or digits.isdigit()) else None


def answer(turn: VillagerTurn) -> Reply | None:
    """A code asked for, or given; None: neither."""
    code = said(turn.county.reader, turn.mail.text)
    if code is None:
        return None
    return _join(turn, code) if code else _tell(turn)


def _tell(turn: VillagerTurn) -> Reply:
    """The code of this door. In WeChat none is told: it is where one gives it."""
    if turn.mail.channel != RELAY:
        return Reply.of(Wording.DOOR_HOW)
    if not turn.mail.sender.startswith(LINE) or not turn.county.study.sms:
        raise Refused(Refusal.DOOR_NO_LINE)
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    give_code(turn.session, _hash(turn, code), turn.villager.id or 0, turn.at)
    outbox.post(
        turn.session,
        turn.county.keys,
        occasion=f"door:{turn.message.key}",
        to=("villager", str(turn.villager.id)),
        channels=("sms",),
        wording=Wording.DOOR_CODE,
        fields={"code": code},
        county=turn.county.code,
        at=turn.at,
        key_id=turn.villager.key_id,
        too_late_after=turn.at + LASTS,
    )
    return Reply.of(Wording.DOOR_SENT)


def _join(turn: VillagerTurn, code: str) -> Reply:
    session, at, person = turn.session, turn.at, turn.villager
    if tries_since(session, person.id or 0, at - timedelta(days=1)) >= TRIES_A_DAY:
        raise Refused(Refusal.DOOR_TRIES)
    found = use_code(session, _hash(turn, code), at)
    other = session.get(Villager, found) if found is not None else None
    if other is None or other.id == person.id or other.joined_to is not None or other.cut_at is not None:
        session.add(BindingTry(villager=person.id or 0, at=at))
        return Reply.of(Wording.DOOR_WRONG)
    main, further = (
        (person, other) if person.channel == WECHAT or other.channel != WECHAT else (other, person)
    )
    known = profile_of(session, turn.county.keys, further)
    own = profile_of(session, turn.county.keys, main)
    keep_profile(
        session,
        turn.county.keys,
        main,
        name="" if own.name else known.name,
        phone="" if own.phone else known.phone,
    )
    main.anonymous = main.anonymous or further.anonymous
    main.place = main.place or further.place
    drop_profile(further)
    count = hand_over(session, further, main)
    processing.log(session, turn.county.code, "join_doors", Ground.REQUEST, at, count=count)
    return Reply.of(Wording.DOOR_JOINED, count=count)


def _hash(turn: VillagerTurn, code: str) -> str:
    return turn.county.keys.lookup("door", code)

"""A member of staff's message for the first time: who he is, and whether he asks alone or where others read it."""

from datetime import datetime, timedelta

from handlers.county import County
from handlers.officer import conversation, group
from handlers.retry import Worder, keep
from handlers.turn import Mail, OfficerTurn, Reply
from models import letter as outbox
from models.base import Session
from models.errors import Refused
from models.message import remember
from models.officer import Officer
from models.petition import by_number
from models.refusal import Refusal
from models.wording import Wording

ANSWERS_LAST = timedelta(minutes=55)  # of the hour the address is good for
GROUP = "group"  # the door of a question asked where others read it


def receive(session: Session, county: County, mail: Mail, key: str, at: datetime, word: Worder) -> str:
    """The reply to a message that is not known by its key, kept with it."""
    officer = session.get(Officer, mail.sender)
    message = remember(session, key, county.code, mail.channel, mail.kind, at)
    if officer is None or officer.left_at is not None:
        reply = Reply.of(Wording.GROUP_ASIDE if mail.door == GROUP else Refusal.NOT_ON_FILE)
    else:
        try:
            with session.attempt():
                turn = OfficerTurn(session, county, at, mail, officer, message=message)
                reply = group.answer(turn) if mail.door == GROUP else conversation.answer(turn)
        except Refused as refused:
            reply = Reply.of(refused.wording, **refused.fields)
    message.key_id = _key_of(session, reply)
    said = keep(session, county.keys, message, word(reply))
    if mail.is_late and said:
        _answer_late(session, county, mail, said, at)
    return said


def _answer_late(session: Session, county: County, mail: Mail, said: str, at: datetime) -> None:
    """To the question's own address, which takes one answer within the hour."""
    outbox.post(
        session,
        county.keys,
        occasion=f"late:{mail.key}",
        to=("asker", mail.sender),
        channels=("response",),
        wording=Wording.LETTER_AFTER_RECEIPT,
        fields={"text": said, "url": mail.later},
        county=county.code,
        at=at,
        too_late_after=at + ANSWERS_LAST,
    )


def _key_of(session: Session, reply: Reply) -> int | None:
    """A reply about one matter may hold its words or a name: it is kept, and forgotten, with that matter."""
    numbers = {part.fields.get("number") for part in reply.parts}
    petition = by_number(session, numbers.pop() or "") if len(numbers) == 1 else None
    return petition.key_id if petition is not None and petition.forgotten_at is None else None

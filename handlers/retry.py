"""The same message again gets the reply of the first time: by which key it is known, and what is kept with it."""

from collections.abc import Callable

from handlers import accusation
from handlers.county import County
from handlers.turn import Mail, Reply
from models.base import Session
from models.errors import Unreadable
from models.key import Keyring
from models.message import Message
from models.wording import Wording

Worder = Callable[[Reply], str]  # the wording's Chinese, made in bot


def key_of(keys: Keyring, mail: Mail) -> str:
    """The keyed hash by which the same message is known again."""
    return keys.lookup("message", f"{mail.channel}\n{mail.relay or mail.sender}\n{mail.key}")


def keep(session: Session, keys: Keyring, message: Message, said: str) -> str:
    """What is said, written down with the message it answers."""
    if said:
        message.reply = (
            keys.sealed(session, message.key_id, said) if message.key_id else keys.sealed_here(said)
        )
    session.add(message)
    return said


def told_before(session: Session, county: County, message: Message, word: Worder) -> str:
    """What was answered the first time."""
    keys = county.keys
    if message.replied_with:
        return word(accusation.worded(county, tuple(map(Wording, message.replied_with.split()))))
    if not message.reply:
        return ""
    if message.key_id is None:
        return keys.opened_here(message.reply)
    try:
        return keys.opened(session, message.key_id, message.reply)
    except Unreadable:  # forgotten since
        return ""

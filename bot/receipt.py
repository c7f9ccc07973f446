"""One receipt as it lies on disk: a message and when it came, sealed; found by its name and its sender."""

import json
from collections.abc import Iterable
from dataclasses import fields
from datetime import datetime

from handlers.turn import Mail
from models.errors import Unreadable
from models.key import Keyring, seal, unseal
from models.villager import address_hash

CONTEXT = "receipt"
_USUAL = {each.name: each.default for each in fields(Mail)}

Row = tuple[bytes, bytes, int | None, bytes]  # name, sender, id of a petition, the sealed message


def sealed(keys: Keyring, promised: Iterable[tuple[str, Mail, datetime]]) -> list[Row]:
    """Messages with their names and when they came, to be kept."""
    return [
        (
            bytes.fromhex(name),
            sender_hash(keys, mail),
            mail.petition,
            seal(keys.directory_key, _written(mail, at), CONTEXT),
        )
        for name, mail, at in promised
    ]


def sender_hash(keys: Keyring, mail: Mail) -> bytes:
    """By which all of one person's are found."""
    return bytes.fromhex(address_hash(keys, mail.channel, mail.sender))


def opened(keys: Keyring, row: bytes) -> tuple[Mail, datetime] | None:
    """A message and when it came; None: sealed under another key."""
    try:
        said, at = json.loads(unseal(keys.directory_key, row, CONTEXT))
    except Unreadable:
        return None
    return Mail(**said), datetime.fromisoformat(at)


def _written(mail: Mail, at: datetime) -> str:
    """As little as says it all: most of a message is as usual."""
    said = {name: value for name, usual in _USUAL.items() if (value := getattr(mail, name)) != usual}
    return json.dumps([said, at.isoformat()], ensure_ascii=False)

"""Everything that may rightly go wrong, as classes; the wire turns each into one clear sentence."""

from typing import Any

from models.refusal import Refusal


class LianxinError(Exception):
    """The root of every error this project expects."""


class Refused(LianxinError):
    """An act that may not be done: carries the reason its author will read. Nothing was changed."""

    def __init__(self, wording: Refusal, **fields: Any) -> None:
        super().__init__(wording.value)
        self.wording = wording
        self.fields = fields


class Unprepared(LianxinError):
    """An act was refused where nothing stood ready to undo it: its transaction must be gone through again."""


class TooMuch(LianxinError):
    """More waits than can be done in any time worth waiting for."""


class Unserved(LianxinError):
    """The address cannot be served at; the message says which and why."""


class BadTable(LianxinError):
    """A table of rules (moves, tiers) contradicts itself; found when it is loaded."""


class Unreadable(LianxinError):
    """A sealed text cannot be opened: wrong data_key, a changed byte, or a key that was dropped."""


class BadKey(LianxinError):
    """`data_key` is not 32 bytes in base64, or is not the one this database was made with."""

"""What became of one attempt to send: five ends, and which of the platforms' codes means which."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

OutcomeKind = Literal["sent", "later", "next_channel", "never", "stop"]

PLATFORM_ZONE = ZoneInfo("Asia/Shanghai")  # the platforms' quotas begin anew at its midnight
REST = 600.0  # seconds a channel rests after an error that only a person can mend
NO_ANSWER = "no answer"  # the reason where nobody knows whether the message went out


@dataclass(frozen=True, slots=True)
class Outcome:
    """One attempt's end.

    sent          `reference` is the platform's id of the message, where it gave one.
    later         the same again after `seconds`.
    next_channel  this person cannot be reached this way (now): `reason` says why.
    never         this letter is wrong in itself.
    stop          the whole channel rests for `seconds`; the letter is still due, a person was alarmed.

    `reason` and `code` (the platform's errcode) hold nothing personal.
    """

    kind: OutcomeKind
    reason: str = ""
    seconds: float = 0.0
    code: int | None = None
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """What a code means. `until` parks a letter to the platform's next day or month."""

    kind: OutcomeKind
    reason: str
    seconds: float = 0.0
    until: Literal["", "day", "month"] = ""


Rules = Mapping[int, Rule]

STALE_TOKEN = frozenset({40001, 40014, 42001})
UNKNOWN_CODE = Rule("later", "unknown code", 300)

_BUSY = Rule("later", "busy", 20)
_MINUTE = Rule("later", "too many a minute", 60)
_DAY = Rule("later", "daily quota", until="day")
_CONFIGURATION = Rule("stop", "configuration", REST)
_NO_RIGHT = Rule("stop", "no right", REST)
_PARAMETER = Rule("never", "parameter")
_TEMPLATE = Rule("never", "template")
_MEDIA = Rule("never", "media")
_ADDRESS = Rule("next_channel", "address")

# the official account's global return codes
WECHAT_RULES: Rules = {
    0: Rule("sent", ""),
    45065: Rule("sent", "sent before"),
    -1: _BUSY,
    45011: _MINUTE,
    45009: _DAY,
    45028: Rule("later", "monthly quota", until="month"),
    43117: Rule("later", "too often to one person", 4 * 3600),
    **dict.fromkeys((40013, 40125, 41001, 41002, 41004, 40164, 40243, 89503), _CONFIGURATION),
    **dict.fromkeys((48001, 48004, 50002), _NO_RIGHT),
    40003: _ADDRESS,
    43004: Rule("next_channel", "not following"),
    43101: Rule("next_channel", "refused"),
    45015: Rule("next_channel", "window closed"),
    45047: Rule("next_channel", "window used up"),
    43019: Rule("never", "blocked by us"),
    45002: Rule("never", "too long"),
    **dict.fromkeys((47001, 40035), _PARAMETER),
    **dict.fromkeys((40037, 47003), _TEMPLATE),
    40007: _MEDIA,
}

# WeCom's global error codes, document 90313
WECOM_RULES: Rules = {
    0: Rule("sent", ""),
    -1: _BUSY,
    45033: _MINUTE,
    45009: Rule("later", "too many calls", 600),
    **dict.fromkeys((40013, 40056, 41001, 41002, 41004, 60020), _CONFIGURATION),
    **dict.fromkeys((48002, 48004, 50002, 60011, 301002), _NO_RIGHT),
    **dict.fromkeys((40003, 60111, 81013), _ADDRESS),
    **dict.fromkeys((40008, 40035, 40058, 44004, 47001), _PARAMETER),
    45002: Rule("never", "too long"),
    40007: _MEDIA,
}

# a group's robot: 20 messages a minute, and its key is all it has
ROBOT_RULES: Rules = {
    **WECOM_RULES,
    45009: _MINUTE,
    93000: Rule("stop", "robot key", REST),
}

# asking for a token: nothing here is about one letter, so all but the passing troubles stop the channel
TOKEN_RULES: Rules = {
    -1: _BUSY,
    45011: _MINUTE,
    45033: _MINUTE,
    45009: Rule("later", "token quota", 600),
    **dict.fromkeys(
        (40001, 40002, 40013, 40091, 40125, 40164, 40243, 41001, 41002, 41004, 50004, 50007, 60020, 89503),
        _CONFIGURATION,
    ),
}


def outcome_of(code: int, rules: Rules, at: datetime, reference: str | None = None) -> Outcome:
    """The outcome for a code at an instant; a code nobody listed is tried again later."""
    rule = rules.get(code, UNKNOWN_CODE)
    seconds = _seconds_to(rule.until, at) if rule.until else rule.seconds
    return Outcome(rule.kind, rule.reason, seconds, code, reference)


def _seconds_to(until: str, at: datetime) -> float:
    """To five past midnight of the next day, or of the first of the next month."""
    local = at.astimezone(PLATFORM_ZONE)
    ahead = local + timedelta(days=1)
    if until == "month":
        ahead = (local.replace(day=1) + timedelta(days=32)).replace(day=1)
    return (ahead.replace(hour=0, minute=5, second=0, microsecond=0) - local).total_seconds()

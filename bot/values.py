"""What a key of the configuration may hold: each kind of value, and what is said of a wrong one."""

from datetime import date, time
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field

from bot.wire.limit import networks
from handlers.clocks import DEFAULT_TIERS, Length
from models.errors import BadKey
from models.key import decode_data_key
from models.sealed import decode_key
from models.working_time import parse_spans


def _aes_key(text: str) -> str:
    if len(text) != 43 or not text.isalnum():
        raise ValueError("43 letters and digits are needed, as the platform's console shows them")
    return text


def _zone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError('no such time zone; write one like "Asia/Shanghai"') from error
    return text


def _data_key(text: str) -> str:
    try:
        decode_data_key(text)
    except BadKey as error:
        raise ValueError(str(error).removeprefix("data_key: ")) from error
    return text


def _public_key(text: str) -> str:
    try:
        decode_key(text)
    except BadKey as error:
        raise ValueError(str(error)) from error
    return text


def _spans(entries: list[str]) -> list[str]:
    parse_spans(entries)
    return entries


def _hours(text: str) -> str:
    if text:
        hour_pair(text)
    return text


def _night_hours(text: str) -> str:
    if text:
        hour_pair(text, night=True)
    return text


def _seasons(entries: list[str]) -> list[str]:
    for entry in entries:
        season(entry)
    return entries


def season(entry: str) -> tuple[str, str]:
    try:
        first, last = (date.fromisoformat(f"2024-{part.strip()}") for part in entry.split(".."))
    except ValueError as error:
        raise ValueError('write "05-25..06-10"') from error
    return f"{first:%m-%d}", f"{last:%m-%d}"


def hour_pair(text: str, *, night: bool = False) -> tuple[time, time]:
    try:
        first, last = (time.fromisoformat(part.strip()) for part in text.split("-"))
    except ValueError as error:
        raise ValueError('write "08:00-20:00", or "" for at any time') from error
    if first == last or (first > last and not night):
        raise ValueError('ends before it starts; write "08:00-20:00"')
    return first, last


def _rising(numbers: Any) -> Any:
    if list(numbers) != sorted(set(numbers)):
        raise ValueError("each has to be larger than the one before")
    return numbers


def _addresses(entries: list[str]) -> list[str]:
    try:
        networks(entries)
    except ValueError as error:
        raise ValueError(f"{error}; write addresses or networks like 10.0.0.2 or 10.0.0.0/8") from error
    return entries


def _database_url(text: str) -> str:
    if not text.startswith(("sqlite:///", "postgresql://", "postgres://")):
        raise ValueError('write "sqlite:///var/lianxin.db" or "postgresql://user:password@host/name"')
    return text


def _tiers(tiers: dict[str, str]) -> dict[str, str]:
    for name, text in tiers.items():
        if name not in DEFAULT_TIERS:
            raise ValueError(f"unknown tier {name}; there are {', '.join(DEFAULT_TIERS)}")
        try:
            Length.parse(text)
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from error
    return tiers


AesKey = Annotated[str, AfterValidator(_aes_key)]
Secret = Annotated[str, Field(min_length=1)]
Zone = Annotated[str, AfterValidator(_zone)]
DataKey = Annotated[str, AfterValidator(_data_key)]
PublicKey = Annotated[str, AfterValidator(_public_key)]
DatabaseUrl = Annotated[str, AfterValidator(_database_url)]
Addresses = Annotated[list[str], AfterValidator(_addresses)]
Spans = Annotated[list[str], AfterValidator(_spans)]
Tiers = Annotated[dict[str, str], AfterValidator(_tiers)]
Hours = Annotated[str, AfterValidator(_hours)]
NightHours = Annotated[str, AfterValidator(_night_hours)]
Seasons = Annotated[list[str], AfterValidator(_seasons)]
Parts = Annotated[
    tuple[Annotated[float, Field(gt=0, lt=1)], Annotated[float, Field(gt=0, lt=1)]], AfterValidator(_rising)
]
Rungs = Annotated[
    list[Annotated[int, Field(ge=0)]], Field(min_length=1, max_length=5), AfterValidator(_rising)
]

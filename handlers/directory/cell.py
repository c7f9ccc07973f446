"""One cell: from what somebody typed into a spreadsheet to a value, or to what is wrong with it."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, time
from typing import Any
from zoneinfo import ZoneInfo

from handlers.directory.form import Column, cell_errors, leave_separator

BLANKS = re.compile(r"[\s\u200b\u200c\u200d\u2060\ufeff]+")
SEPARATORS = re.compile(r"[;；、，,\n]")
WHOLE = re.compile(r"(\d+)\.0+")  # a number that went through a spreadsheet or a data frame
BETWEEN_HAN = re.compile(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")
MOBILE = re.compile(r"(?:\+?86|0086)?(1[3-9]\d{9})")
LANDLINE = re.compile(r"0\d{9,11}")
ABROAD = re.compile(r"(?:\+|00)(?!86)([1-9]\d{6,14})")  # E.164: at most 15 digits
ADDRESS = re.compile(r"https?://[^\s<>\"]+")
DAY = r"(?:\d{4}[-/.])?(\d{1,2})[-/.](\d{1,2})"
LEAP_YEAR = 2024  # a leave may start on 02-29
LONGEST_LEAVE = 183  # days; longer is a range written backwards
MOST = {
    "spoken": 300,
    "code": 20,
    "account": 64,
    "name": 64,
    "text": 200,
    "title": 80,
    "long": 2000,
    "address": 500,
}


class BadCell(Exception):
    """What is wrong, by the name of its sentence and the sentence's fields."""

    def __init__(self, code: str, **fields: Any) -> None:
        super().__init__(code)
        self.code = code
        self.fields = fields


def read(column: Column, raw: str) -> Any:
    """The value of a cell: a list where several may stand, else one value; BadCell says what is wrong."""
    texts = SEPARATORS.split(raw) if column.many else [raw]
    texts = [text for text in (BLANKS.sub(" ", text).strip() for text in texts) if text]
    if not texts:
        return _absent(column)
    for text in texts:
        if text in cell_errors():
            raise BadCell("cell_error", value=text)
    values = [READERS[column.form](column, text) for text in texts]
    return list(dict.fromkeys(values)) if column.many else values[0]


def _absent(column: Column) -> Any:
    if column.required:
        raise BadCell("required")
    if column.many:
        return list(column.default or [])
    return column.default if column.default is not None or column.refers else ""


def _code(column: Column, text: str) -> str:
    code = _whole(unicodedata.normalize("NFKC", text))
    if " " in code:
        raise BadCell("spaces", value=code)
    return _at_most(code, "account" if column.refers == "officer" or column.field == "account" else "code")


def _name(_column: Column, text: str) -> str:
    return _at_most(BETWEEN_HAN.sub("", text), "name")


def _text(_column: Column, text: str) -> str:
    return _at_most(text, "text")


def _phone(column: Column, text: str) -> str:
    digits = re.sub(r"[ ()-]", "", _whole(unicodedata.normalize("NFKC", text)))
    if mobile := MOBILE.fullmatch(digits):
        return mobile.group(1)
    if abroad := ABROAD.fullmatch(digits):
        return f"+{abroad.group(1)}"
    if column.landline and LANDLINE.fullmatch(digits):
        return digits
    raise BadCell("landline" if column.landline else "phone")


def _choice(column: Column, text: str) -> str:
    if text not in column.choices:
        raise BadCell("choice", value=text[:20], allowed=" ".join(column.choices))
    return column.choices[text]


def _leave(_column: Column, text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).replace(" ", "")
    found = re.fullmatch(f"{DAY}(?:{leave_separator()}{DAY})?", plain)
    if found is None:
        raise BadCell("leave", value=text[:30])
    month, day, last_month, last_day = found.groups()
    try:
        first = date(LEAP_YEAR, int(month), int(day))
        last = date(LEAP_YEAR, int(last_month or month), int(last_day or day))
    except ValueError as error:
        raise BadCell("leave", value=text[:30]) from error
    if (last - first).days % 366 > LONGEST_LEAVE:
        raise BadCell("leave_order", value=text[:30])
    return f"{first:%m-%d}..{last:%m-%d}"


def _zone(_column: Column, text: str) -> str:
    try:
        ZoneInfo(text)
    except (ValueError, OSError, KeyError) as error:  # a path, a folder, no such zone
        raise BadCell("zone", value=text[:40]) from error
    return text


def _category(column: Column, text: str) -> str:
    plain = _whole(unicodedata.normalize("NFKC", text))
    # A spreadsheet makes 301 of 0301, and 3 of 03.
    padded = plain.zfill(len(plain) + 1) if plain.isdigit() and len(plain) in (1, 3) else plain
    return column.choices.get(text, padded)


def _whole(text: str) -> str:
    number = WHOLE.fullmatch(text)
    return number.group(1) if number else text


def _at_most(text: str, limit: str) -> str:
    if len(text) > MOST[limit]:
        raise BadCell("too_long", most=MOST[limit])
    return text


def _title(_column: Column, text: str) -> str:
    return _at_most(text, "title")


def _long(_column: Column, text: str) -> str:
    return _at_most(text, "long")


def _spoken(_column: Column, text: str) -> str:
    return _at_most(text, "spoken")


def _number(_column: Column, text: str) -> int:
    plain = _whole(unicodedata.normalize("NFKC", text))
    if not re.fullmatch(r"\d{1,3}", plain):
        raise BadCell("number", value=text[:20])
    return int(plain)


def _date(_column: Column, text: str) -> date:
    plain = unicodedata.normalize("NFKC", text).replace("/", "-").removesuffix(" 00:00")
    try:
        return date.fromisoformat(plain)
    except ValueError as error:
        raise BadCell("date", value=text[:20]) from error


def _hour(_column: Column, text: str) -> time:
    plain = unicodedata.normalize("NFKC", text)
    try:
        return time.fromisoformat(plain.zfill(5) if len(plain) < 5 else plain[:5])
    except ValueError as error:
        raise BadCell("hour", value=text[:20]) from error


def _url(_column: Column, text: str) -> str:
    if not ADDRESS.fullmatch(text):
        raise BadCell("url", value=text[:40])
    return _at_most(text, "address")


def _media(column: Column, text: str) -> str:
    """An address, or the name of a file beside the workbook: never a way out of its folder."""
    if "://" in text:
        return _url(column, text)
    if "/" in text or "\\" in text or text.startswith("."):
        raise BadCell("file_name", value=text[:40])
    return _at_most(text, "address")


def _scope(column: Column, text: str) -> str:
    return column.choices.get(text) or _code(column, text)


READERS: dict[str, Callable[[Column, str], Any]] = {
    "code": _code,
    "name": _name,
    "text": _text,
    "phone": _phone,
    "choice": _choice,
    "leave": _leave,
    "zone": _zone,
    "category": _category,
    "title": _title,
    "long": _long,
    "spoken": _spoken,
    "number": _number,
    "date": _date,
    "hour": _hour,
    "url": _url,
    "media": _media,
    "scope": _scope,
}

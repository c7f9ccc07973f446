"""A digest in the form somebody wants to read it in: text, json, page, workbook."""

import json
from typing import Any
from zoneinfo import ZoneInfo

from bot.digest.page import page
from bot.digest.table import sheet_of
from bot.digest.text import text
from bot.digest.workbook import workbook

FORMATS = ("text", "json", "html", "xlsx")
__all__ = ["FORMATS", "rendered"]


def rendered(content: dict[str, Any], form: str, zone: ZoneInfo) -> bytes:
    """The digest as a file's bytes."""
    if form == "json":
        return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()
    sheet = sheet_of(content, zone)
    if form == "xlsx":
        return workbook(sheet)
    return (page(sheet) if form == "html" else text(sheet)).encode()

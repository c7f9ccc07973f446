"""What every page wears: headers that let a browser do nothing but show it, and the words around its contents."""

import tomllib
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web

from bot.wording import filters

HERE = Path(__file__).parent
# Nothing from elsewhere, no script at all, no frame around us, forms only to ourselves.
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; media-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
SCRIPT = (
    "; script-src 'self'; connect-src 'self'"  # where a page has one: from our own address, none in the page
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # with "no-referrer" a browser sends our own forms with Origin: null
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "X-Robots-Tag": "noindex",
    "Server": "lianxin",
}
UNITS = (("days", 24 * 60), ("hours", 60), ("minutes", 1))  # minutes each
A_YEAR = 31_536_000  # seconds


def dressed(
    response: web.Response, *, is_secure: bool, kept: bool = False, script: bool = False
) -> web.Response:
    """The response with every header. `kept`: a browser may keep it an hour; `script`: ours may run."""
    response.headers.update(HEADERS)
    if script:
        response.headers["Content-Security-Policy"] = POLICY + SCRIPT
    response.headers["Cache-Control"] = "max-age=3600" if kept else "no-store"
    if is_secure:
        response.headers["Strict-Transport-Security"] = f"max-age={A_YEAR}"
    return response


@cache
def words() -> dict[str, Any]:
    return tomllib.loads((HERE / "words.toml").read_text(encoding="utf-8"))


def page_filters(zone: ZoneInfo) -> dict[str, Callable[..., str]]:
    """How codes and instants are said on the pages."""

    def instant(at: str | datetime | None) -> str:
        moment = datetime.fromisoformat(at) if isinstance(at, str) else at
        return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}" if moment else ""

    def lasting(span: timedelta) -> str:
        """A length of time as one says it: the largest unit alone."""
        named = words()["lasting"]
        minutes = int(span.total_seconds()) // 60
        unit, size = next((pair for pair in UNITS if minutes >= pair[1]), UNITS[-1])
        return str(named[unit]).format(count=max(1, minutes // size))

    return filters(zone) | {"instant": instant, "lasting": lasting}

"""Calls to one platform's API: every trouble on the way becomes an Outcome, no exception comes out."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import aiohttp
import structlog
from yarl import URL

from bot.wire.content import type_of
from bot.wire.outcome import NO_ANSWER, REST, STALE_TOKEN, TOKEN_RULES, Outcome, Rules, outcome_of
from bot.wire.token import AccessToken, Fresh, TokenUnavailable

MOST_JSON = 1024 * 1024  # bytes; an answer is a few hundred
MOST_MEDIA = 20 * 1024 * 1024  # bytes; the platforms' own limit is 10 MiB, WeCom's files 20
LONGEST_TOKEN = 2048  # characters; the platforms ask for room for 512
TOKEN_PATIENCE = 10.0  # seconds until a token is asked for again after silence
TOO_LARGE = "too large"
NO_MEDIA = "neither recording, picture nor film"
JSON_TYPES = ("application/json", "text/plain", "text/json", "text/javascript")

JSON_HEADERS = {"Content-Type": "application/json; charset=utf-8"}

Json = dict[str, Any]

# The platforms show \u escapes as they stand, so text goes out as it is; one encoder, for making one takes longer than
# a letter's text.
_written = json.JSONEncoder(ensure_ascii=False).encode

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Call:
    """One call: where to, with what, and how its codes are read.

    `repeatable`: a second copy does no harm, so that silence may be answered by sending again.
    `question`: it asks for something, and a good answer has no errcode. `media`: the answer is a file.
    """

    path: str
    rules: Rules
    body: Json | None = None
    query: Mapping[str, str] | None = None
    form: Callable[[], aiohttp.FormData] | None = None
    repeatable: bool = False
    question: bool = False
    media: bool = False


@dataclass(frozen=True, slots=True)
class Media:
    """A file, of the type its content has; a name is never kept. A video of the official account comes as a link."""

    content: bytes
    content_type: str
    link: str | None = None


class Unanswered(Exception):
    """No answer that can be read. `arrived` is True where the call may have taken effect all the same."""

    def __init__(self, reason: str, *, arrived: bool, seconds: float = 30.0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.arrived = arrived
        self.seconds = seconds


class Account:
    """An account at a platform: its token, and the calls that rest after an error only a person can mend."""

    def __init__(
        self,
        http: aiohttp.ClientSession,
        base_url: str,
        token_call: Call,
        *,
        clock: Callable[[], datetime],
        alarm: Callable[[str], None],
        timeout: float,
    ) -> None:
        self._http = http
        self._base_url = base_url.rstrip("/")
        self._timeout = aiohttp.ClientTimeout(total=timeout)
        self._clock = clock
        self._alarm = alarm
        self._token_call = token_call
        self._rests: dict[str, tuple[datetime, Outcome]] = {}
        self.token = AccessToken(self._fetch_token, clock, alarm)

    async def send(self, call: Call) -> tuple[Outcome, Json]:
        """Call with the token; the outcome, and the answer where there was one. Never raises."""
        outcome, answer = await self._resting(call.path, call, self._with_token)
        return outcome, answer if isinstance(answer, dict) else {}

    async def send_keyed(self, call: Call, key: str) -> tuple[Outcome, Json]:
        """Call with a group robot's own key instead of the token."""

        async def with_key(call: Call) -> tuple[Outcome, Json | Media]:
            answer = await self._ask(call, {"key": key})
            return self._judged(call, answer), answer

        outcome, answer = await self._resting(f"{call.path} {key}", call, with_key)
        return outcome, answer if isinstance(answer, dict) else {}

    async def download(self, call: Call) -> Media | Outcome:
        """Fetch a file."""
        outcome, answer = await self._resting(call.path, call, self._with_token)
        if isinstance(answer, Media):
            return answer
        if outcome.kind == "sent" and isinstance(answer.get("video_url"), str):
            return Media(b"", "", answer["video_url"])
        return outcome if outcome.kind != "sent" else Outcome("never", "no file")

    async def _resting(
        self,
        name: str,
        call: Call,
        ask: Callable[[Call], Awaitable[tuple[Outcome, Json | Media]]],
    ) -> tuple[Outcome, Json | Media]:
        until, outcome = self._rests.get(name, (None, None))
        if until is not None and outcome is not None and self._clock() < until:
            return outcome, {}
        answer: Json | Media = {}
        try:
            outcome, answer = await ask(call)
        except TokenUnavailable as unavailable:
            return unavailable.outcome, {}  # the token's owner has its own rest
        except Unanswered as silence:
            outcome = _unanswered(silence, call)
        if outcome.kind == "stop":
            self._rests[name] = (self._clock() + timedelta(seconds=outcome.seconds), outcome)
            log.error("channel stopped", path=call.path, reason=outcome.reason, code=outcome.code)
            self._alarm(outcome.reason)
        return outcome, answer

    async def _with_token(self, call: Call) -> tuple[Outcome, Json | Media]:
        """Once; and once more with a renewed token where the first was refused. Never a third time."""
        held = await self.token.get()
        answer = await self._ask(call, {"access_token": held.value})
        if _code(answer) in STALE_TOKEN:
            held = await self.token.renew(held)
            answer = await self._ask(call, {"access_token": held.value})
            if _code(answer) in STALE_TOKEN:
                raise TokenUnavailable(self.token.distrust(held))
        return self._judged(call, answer), answer

    def _judged(self, call: Call, answer: Json | Media) -> Outcome:
        reference = None
        if isinstance(answer, dict):
            number = answer.get("msgid")
            reference = str(number) if isinstance(number, int | str) else None
        return outcome_of(_code(answer), call.rules, self._clock(), reference)

    async def _fetch_token(self) -> Fresh:
        try:
            answer = await self._ask(self._token_call, {})
        except Unanswered as silence:
            outcome = _unanswered(silence, self._token_call)
            raise TokenUnavailable(
                replace(outcome, seconds=min(outcome.seconds, TOKEN_PATIENCE))
            ) from silence
        code = _code(answer)
        if code:
            raise TokenUnavailable(outcome_of(code, TOKEN_RULES, self._clock()))
        found = answer if isinstance(answer, dict) else {}
        value, seconds = found.get("access_token"), found.get("expires_in")
        if not isinstance(value, str) or not 0 < len(value) <= LONGEST_TOKEN or not isinstance(seconds, int):
            raise TokenUnavailable(Outcome("later", "malformed token", TOKEN_PATIENCE))
        return Fresh(value, seconds)

    async def _ask(self, call: Call, secret: Mapping[str, str]) -> Json | Media:
        """One HTTP request. Its errors are never logged: their text shows the address with the secret."""
        query = (*(call.query or {}).items(), *secret.items())
        data: bytes | aiohttp.FormData | None = call.form() if call.form else None
        headers: Mapping[str, str] = {}
        if call.body is not None:
            data = _written(call.body).encode("utf-8", "replace")
            headers = JSON_HEADERS
        try:
            async with self._http.request(
                "GET" if data is None else "POST",
                _address(self._base_url + call.path, *query),
                data=data,
                headers=headers,
                timeout=self._timeout,
                allow_redirects=False,
            ) as response:
                return await _read(response, call)
        except (
            aiohttp.ClientConnectorError,
            aiohttp.ConnectionTimeoutError,
            ValueError,
        ) as error:  # no such address
            raise Unanswered("no connection", arrived=False) from error
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise Unanswered(NO_ANSWER, arrived=True) from error


@lru_cache(maxsize=64)
def _address(base: str, *query: tuple[str, str]) -> URL:
    """Put together once for as long as a token lives: that takes a tenth of a call."""
    return URL(base).with_query(query)


async def _read(response: aiohttp.ClientResponse, call: Call) -> Json | Media:
    if response.status in (408, 429):
        raise Unanswered("busy", arrived=False, seconds=60)
    if 300 <= response.status < 500:
        raise Unanswered(f"http {response.status}", arrived=False, seconds=REST)
    if response.status != 200:
        raise Unanswered(NO_ANSWER, arrived=True)
    is_file = call.media and response.content_type not in JSON_TYPES
    most = MOST_MEDIA if is_file else MOST_JSON
    content = bytearray()
    async for chunk in response.content.iter_any():
        content += chunk
        if len(content) > most:
            raise Unanswered(TOO_LARGE, arrived=True)
    if is_file:
        return _media(bytes(content))
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise Unanswered(NO_ANSWER, arrived=True) from error
    if not isinstance(answer, dict) or not _readable(answer, call):
        raise Unanswered(NO_ANSWER, arrived=True)
    return answer


def _media(content: bytes) -> Media:
    """A file by what it contains: the platform's word for it is the sender's."""
    media_type = type_of(content)
    if media_type is None:
        raise Unanswered(NO_MEDIA, arrived=True)
    return Media(content, media_type)


def _readable(answer: Json, call: Call) -> bool:
    """A whole number as errcode; or none, where the call is a question and the answer says something else."""
    code = answer.get("errcode", 0 if call.question and answer else None)
    return isinstance(code, int) and not isinstance(code, bool)


def _code(answer: Json | Media) -> int:
    return int(answer.get("errcode", 0)) if isinstance(answer, dict) else 0


def _unanswered(silence: Unanswered, call: Call) -> Outcome:
    if silence.reason.startswith("http 4"):
        return Outcome("stop", silence.reason, REST)
    if not silence.arrived:
        return Outcome("later", silence.reason, silence.seconds)
    if silence.reason in (TOO_LARGE, NO_MEDIA):
        return Outcome("never", silence.reason)
    return Outcome("later", NO_ANSWER, 60) if call.repeatable else Outcome("next_channel", NO_ANSWER)

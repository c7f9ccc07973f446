"""A request's body, read with a limit while it arrives, and JSON in which nothing is said twice."""

import asyncio
import json
from collections.abc import Collection
from typing import Any

from aiohttp import web
from aiohttp.http import HttpProcessingError

from bot.wire.envelope import CallbackRejected

MOST_BODY = 64 * 1024  # bytes
READ_SECONDS = 5.0  # the platform itself hangs up after five
XML_TYPES = ("", "text/xml", "application/xml")  # "" is no Content-Type at all
JSON_TYPES = ("", "application/json", "application/octet-stream")


async def read_body(request: web.Request, types: Collection[str]) -> bytes:
    """At most 64 KiB, counted as it arrives: Content-Length may be missing or wrong. Raises CallbackRejected."""
    content_type = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if content_type not in types or request.headers.get("Content-Encoding", "identity") != "identity":
        raise CallbackRejected(415, "content type")
    if (request.content_length or 0) > MOST_BODY:
        raise CallbackRejected(413, "size")
    try:
        if (
            request.content.is_eof()
        ):  # it came together with its head, as nearly all do: there is nothing to wait for
            return await _all_of(request)
        async with asyncio.timeout(READ_SECONDS):
            return await _all_of(request)
    except TimeoutError as error:
        raise CallbackRejected(400, "slow body") from error
    except (HttpProcessingError, web.RequestPayloadError, OSError) as error:
        raise CallbackRejected(400, "broken body") from error


async def _all_of(request: web.Request) -> bytes:
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > MOST_BODY:
            raise CallbackRejected(413, "size")
    return bytes(body)


def read_json(body: str | bytes) -> dict[str, Any]:
    """A JSON object whose keys stand there once and whose text can be stored. Raises CallbackRejected (400)."""
    try:
        content = json.loads(body, object_pairs_hook=_once, parse_constant=_refuse)
        json.dumps(content, ensure_ascii=False).encode()  # half a surrogate pair is no text
    except (ValueError, RecursionError) as error:
        raise CallbackRejected(400, "json") from error
    if not isinstance(content, dict):
        raise CallbackRejected(400, "json")
    return content


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) != len(pairs):
        raise ValueError("a key repeated")
    return content


def _refuse(constant: str) -> None:
    raise ValueError(constant)

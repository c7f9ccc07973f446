"""Speech recognition as the county has it: a command or an HTTP service. Without either, a person listens."""

import asyncio
import json
from collections.abc import Sequence
from contextlib import suppress

import aiohttp
import structlog

from bot.wire.account import Media
from bot.wire.content import type_of
from bot.wire.wechat import WechatClient
from bot.wire.wecom import WecomClient
from scheduler.media import File, Heard, Missed

MOST_WORDS = 4000  # characters
MOST_ANSWER = 64 * 1024  # bytes

log = structlog.get_logger(__name__)


class PlatformEars:
    """Files from the platforms; speech by `command` (file on stdin) or `url` (file as the body).

    Either answers `{"text": "...", "confidence": 0.0-1.0}`; with the environment or header it learns the media type.
    """

    def __init__(
        self,
        http: aiohttp.ClientSession,
        wechat: WechatClient | None,
        wecom: WecomClient | None = None,
        *,
        command: Sequence[str] = (),
        url: str = "",
        convert: Sequence[str] = (),
        timeout: float = 60.0,
        least: float = 0.6,
    ) -> None:
        self._http = http
        self._platforms = {"wechat": wechat, "wecom": wecom}
        self._command = tuple(command)
        self._url = url
        self._convert = tuple(convert)
        self._timeout = timeout
        self.least = least

    async def fetch(self, handle: str, channel: str) -> File | Missed:
        platform = self._platforms.get(channel)
        if platform is None:
            return Missed("channel is off")
        found = await platform.fetch_media(handle)
        if isinstance(found, Media):
            return await self._playable(File(found.content, found.content_type))
        again = found.kind in ("later", "stop")
        return Missed(found.reason, max(60.0, found.seconds) if again else 0.0)

    async def _playable(self, file: File) -> File:
        """The same recording as a browser plays it, where there is something that can do that; else as it came."""
        if not self._convert or not file.media_type.startswith("audio/"):
            return file
        try:
            async with asyncio.timeout(self._timeout):
                content = await self._run(self._convert, file)
        except (OSError, TimeoutError) as error:
            log.warning("recording not converted", error=type(error).__name__)
            return file
        media_type = type_of(content)
        return File(content, media_type) if media_type and media_type.startswith("audio/") else file

    async def hear(self, file: File) -> Heard | None:
        try:
            async with asyncio.timeout(self._timeout):
                if self._command:
                    return _read(await self._run(self._command, file))
                return _read(await self._post(file)) if self._url else None
        except (OSError, TimeoutError, aiohttp.ClientError, ValueError) as error:
            log.warning("speech not recognised", error=type(error).__name__)
            return None

    async def _run(self, command: Sequence[str], file: File) -> bytes:
        """The command gets the recording and nothing else of ours."""
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8", "MEDIA_TYPE": file.media_type},
        )
        try:
            said, _ = await process.communicate(file.content)
        finally:
            with suppress(ProcessLookupError):
                process.kill()
        return said if process.returncode == 0 else b""

    async def _post(self, file: File) -> bytes:
        headers = {"Content-Type": file.media_type}
        async with self._http.post(
            self._url, data=file.content, headers=headers, allow_redirects=False
        ) as response:
            return await _whole(response.content) if response.status == 200 else b""


async def _whole(answer: aiohttp.StreamReader) -> bytes:
    """However many pieces it comes in. ValueError: more than an answer can be."""
    read = b""
    async for piece in answer.iter_any():
        read += piece
        if len(read) > MOST_ANSWER:
            raise ValueError("too long for an answer")
    return read


def _read(answer: bytes) -> Heard | None:
    """ValueError: not what was agreed on."""
    if not answer:
        return None
    content = json.loads(answer[:MOST_ANSWER])
    if not isinstance(content, dict):
        raise ValueError("an object is needed")  # noqa: TRY004 - as below
    words, confidence = content.get("text"), content.get("confidence")
    if not isinstance(words, str) or isinstance(confidence, bool) or not isinstance(confidence, int | float):
        raise ValueError("text and confidence are needed")  # noqa: TRY004 - one error for whatever is wrong with it
    return Heard(words.strip()[:MOST_WORDS], min(1.0, max(0.0, float(confidence))))

"""A recogniser behind HTTP, and what makes a recording one that a browser plays."""

import json
import sys
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web

from bot.speech import PlatformEars
from scheduler.media import File, Heard
from tests.world import free_port

RECORDING = File(b"#!AMR\n1234", "audio/amr")
SAID = json.dumps({"text": "\u5927\u576a\u6751\u505c\u6c34", "confidence": 0.8}).encode()
MP3 = b"\xff\xfb\x90\x00" + bytes(200)


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def heard(
    http: aiohttp.ClientSession, *pieces: bytes, status: int = 200
) -> tuple[Heard | None, list[tuple]]:
    """What is made of an answer that comes in these pieces, and what the recogniser was sent."""
    asked: list[tuple] = []

    async def answer(request: web.Request) -> web.StreamResponse:
        asked.append((await request.read(), request.content_type))
        response = web.StreamResponse(status=status)
        await response.prepare(request)
        for piece in pieces:
            await response.write(piece)
        return response

    app = web.Application()
    app.router.add_post("/hear", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        return await PlatformEars(http, None, url=f"http://127.0.0.1:{port}/hear").hear(RECORDING), asked
    finally:
        await runner.cleanup()


async def test_a_recogniser_gets_the_recording_and_its_type_and_is_heard_in_however_many_pieces(http):
    said, asked = await heard(http, SAID[:7], SAID[7:20], SAID[20:])
    assert said == Heard(json.loads(SAID)["text"], 0.8)
    assert asked == [(RECORDING.content, "audio/amr")]


@pytest.mark.parametrize(
    "pieces",
    [
        (b"",),
        (b"<html>busy</html>",),
        (b"[]",),
        (b'"words"',),
        (b'{"text": 7, "confidence": 1}',),
        (b'{"text": "x", "confidence": true}',),
        (b'{"text": "x"}',),
        (SAID[:-4],),
        (b" " * 70_000, SAID),
    ],
)
async def test_what_is_no_answer_leaves_the_recording_to_a_person(http, pieces):
    assert (await heard(http, *pieces))[0] is None


async def test_a_recogniser_that_refuses_or_is_away_leaves_it_to_a_person_too(http):
    assert (await heard(http, SAID, status=503))[0] is None
    away = PlatformEars(http, None, url=f"http://127.0.0.1:{free_port()}/hear")
    assert await away.hear(RECORDING) is None


async def test_a_recording_is_made_one_that_a_browser_plays_or_stays_as_it_came(http):
    writes = f"import sys; sys.stdin.buffer.read(); sys.stdout.buffer.write({MP3!r})"
    ears = PlatformEars(http, None, convert=[sys.executable, "-c", writes])
    assert await ears._playable(RECORDING) == File(MP3, "audio/mpeg")
    for broken in ("raise SystemExit(1)", "print('no recording')"):
        ears = PlatformEars(http, None, convert=[sys.executable, "-c", broken])
        assert await ears._playable(RECORDING) == RECORDING
    ears = PlatformEars(http, None, convert=["no-such-program"])
    assert await ears._playable(RECORDING) == RECORDING

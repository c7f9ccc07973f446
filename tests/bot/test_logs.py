"""What becomes of the service when its log does."""

import io
import json

import structlog

from bot.logs import Lines, configure_logs
from tests.stories.test_petition import told
from tests.world import World


class Gone(io.StringIO):
    """A log whose reader hung up."""

    def write(self, _: str) -> int:
        raise BrokenPipeError

    def flush(self) -> None:
        raise BrokenPipeError


def test_a_log_that_cannot_be_written_stops_nothing(monkeypatch) -> None:
    configuration = structlog.get_config()
    monkeypatch.setattr("sys.stderr", Gone())
    try:
        configure_logs()
        structlog.get_logger("x").error("answer failed", platform="wechat")
        structlog.get_logger("x").info("callback refused", status=401)
    finally:
        structlog.configure(**configuration)


def test_a_log_that_can_be_written_holds_every_line() -> None:
    file = io.StringIO()
    log = Lines(file)
    log.error("one")
    log.info("two")
    assert file.getvalue() == "one\ntwo\n"


async def test_one_id_leads_from_a_callback_to_the_letters_that_came_of_it(world: World, monkeypatch) -> None:
    written, configuration = io.StringIO(), structlog.get_config()
    monkeypatch.setattr("sys.stderr", written)
    try:
        configure_logs()
        await told(world)
        await world.villager("b").says("大坪村路灯坏了")
        await world.tick(seconds=91)
    finally:
        structlog.configure(**configuration)
    lines = [json.loads(line) for line in written.getvalue().splitlines() if line.startswith("{")]
    first, other = [line["trace"] for line in lines if line["event"] == "callback answered"]
    letters = [line for line in lines if line["event"] == "letter settled"]
    assert len({first, other}) == 2
    assert {line["trace"] for line in letters} == {first, other}
    assert all(line["how"] == "sent" for line in letters)

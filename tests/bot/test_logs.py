"""What becomes of the service when its log does."""

import io

import structlog

from bot.logs import Lines, configure_logs


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

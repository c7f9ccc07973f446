"""Logs: one line of JSON an event, on stderr. Nothing personal is ever handed to them."""

import json
import logging
import sys
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager, suppress
from secrets import token_hex
from typing import Any

import structlog

TRACING = ("aiohttp.server", "asyncio")  # who logs errors nobody else caught: a broken request, a lost task


def configure_logs() -> None:
    """Structured logs for a process; libraries' own lines only from warnings on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(_without_text)
    logging.basicConfig(handlers=[handler], level=logging.WARNING, format="%(message)s")
    for name in TRACING:
        logging.getLogger(name).addFilter(_without_text)
    logging.getLogger("apscheduler").setLevel(
        logging.ERROR
    )  # "still running" is no fault: the bell rings again
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _line,
        ],
        logger_factory=lambda *_: Lines(sys.stderr),  # as it is at that moment
    )


@contextmanager
def traced() -> Iterator[None]:
    """A message has come in: each line of the log about it, up to the letters it causes, has one `trace`.

    Drawn by lot: of who sent it or what was said it tells nothing.
    """
    with structlog.contextvars.bound_contextvars(trace=token_hex(4)):
        yield


def trace() -> str:
    """The trace of the message that is being taken in; nothing where there is none."""
    return str(structlog.contextvars.get_contextvars().get("trace", ""))


# One encoder for all lines: making one takes longer than writing with it.
_written = json.JSONEncoder(ensure_ascii=False, default=repr).encode


def _line(_: object, __: str, event: MutableMapping[str, Any]) -> str:
    return _written(event)


class Lines(structlog.WriteLogger):
    """A log nobody can write to any more - the reader hung up, the disk is full - costs nobody his answer."""

    def msg(self, message: str) -> None:
        with suppress(OSError):
            super().msg(message)

    log = debug = info = warn = warning = msg
    fatal = failure = err = error = critical = exception = msg


def _without_text(record: logging.LogRecord) -> bool:
    """A library's traceback is cut down to the error's type: its text may be what somebody sent."""
    if record.exc_info:
        error = record.exc_info[0]
        record.msg, record.args = f"{record.getMessage()}: {error.__name__ if error else ''}", ()
        record.exc_info = record.exc_text = None
    return True

"""Logs: one line of JSON an event, on stderr. Nothing personal is ever handed to them."""

import logging
import sys

import structlog


def configure_logs() -> None:
    """Structured logs for a process; libraries' own lines only from warnings on."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(message)s")
    logging.getLogger("apscheduler").setLevel(
        logging.ERROR
    )  # "still running" is no fault: the bell rings again
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )

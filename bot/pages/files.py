"""The files the pages bring with them."""

from functools import cache
from pathlib import Path

from bot.pages.visit import Answer, Sent, Visit

HERE = Path(__file__).parent


def stylesheet(visit: Visit) -> Answer:
    return Sent(_read("console.css"), "text/css")


def desk_script(visit: Visit) -> Answer:
    return Sent(_read("desk.js"), "text/javascript")


def slip_stylesheet(visit: Visit) -> Answer:
    return Sent(_read("slip.css"), "text/css")


def figures_stylesheet(visit: Visit) -> Answer:
    return Sent(_read("figures.css"), "text/css")


def mark(visit: Visit) -> Answer:
    return Sent(_read("mark.svg"), "image/svg+xml")


@cache
def _read(name: str) -> bytes:
    return (HERE / "static" / name).read_bytes()

"""`lianxin qr`: for every village a poster to hang up, and a notice with the same QR to post in its group by hand."""

import sys
import tomllib
from collections.abc import Awaitable, Callable, Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jinja2
import segno

from models.errors import LianxinError
from models.place import Place

CreateTicket = Callable[[str], Awaitable[str]]


def scene_of(village: Place) -> str:
    """The scene a village's QR carries. WeChat: `scene_str` has 1 to 64 characters."""
    return f"v:{village.code}"


async def run(villages: Sequence[Place], create_ticket: CreateTicket, directory: Path) -> int:
    """Writes `<code>.html`, `.txt` and `.png` for each village that has no poster yet; 1 where a QR could not be had.

    `create_ticket` takes the scene and gives the `url` of the platform's answer, which is what the QR
    says. It is not asked for a village whose poster is already there; run again, it goes on where it stopped.
    """
    if not villages:
        return _stop("no_villages")
    if not _prepare(directory):
        return _stop("unwritable", path=directory)
    kept = 0
    for village in villages:
        file = directory / f"{quote(village.code, safe='')}.html"
        told = {"code": village.code, "village": village.name, "file": file.name}
        if _exists(file):
            kept += 1
            print(_printed("kept", **told))
            continue
        try:
            url = await create_ticket(scene_of(village))
        except LianxinError as error:
            return _stop("failed", **told, reason=error)
        file.with_suffix(".txt").write_text(_words()["notice"].format(village=village.name), encoding="utf-8")
        _code(url).save(str(file.with_suffix(".png")), scale=12, border=4)
        _write(file, poster(village, url))
        print(_printed("written", **told))
    print(_printed("done", written=len(villages) - kept, kept=kept))
    return 0


def poster(village: Place, url: str) -> str:
    """One A4 page as HTML that needs nothing else: the QR is drawn in it."""
    words: dict[str, Any] = {name: value for name, value in _words().items() if isinstance(value, str | list)}
    words["foot"] = words["foot"].format(village=village.name)
    # Level M survives a torn corner; four modules of quiet border are what ISO/IEC 18004 wants.
    code = _code(url).svg_inline(border=4, omitsize=True)
    return _page().render(village=village.name, code=code, **words)


def _code(url: str) -> segno.QRCode:
    return segno.make(url, error="m", micro=False)


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads(resources.files("bot.commands").joinpath("poster.toml").read_text("utf-8"))


@cache
def _page() -> jinja2.Template:
    source = resources.files("bot.commands").joinpath("poster.html").read_text("utf-8")
    return jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined).from_string(source)


def _printed(name: str, **fields: Any) -> str:
    sentence: str = _words()["printed"][name]
    return sentence.format(**fields)


def _stop(name: str, **fields: Any) -> int:
    print(_printed(name, **fields), file=sys.stderr)
    return 1


def _prepare(directory: Path) -> bool:
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return True


def _exists(file: Path) -> bool:
    return file.exists()


def _write(file: Path, page: str) -> None:
    with file.open("x", encoding="utf-8") as out:  # never over another's file
        out.write(page)

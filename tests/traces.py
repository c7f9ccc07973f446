"""Everything a service leaves behind, as bytes in which a test can look for what must not be there."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO, StringIO
from pathlib import Path

import aiohttp
import openpyxl
import structlog
from sqlalchemy import inspect, text
from sqlmodel import select

from bot.digest import FORMATS, rendered
from bot.logs import configure_logs
from handlers.digest.compose import basis, compose
from handlers.digest.period import Kind, Period
from models.message import Message
from models.text import Text, read
from tests.bot.pages.browser import Browser, add_user
from tests.world import World

ROLES = {
    "operator": "weizhiyuan",
    "supervisor": "lubaichuan",
    "dispatcher": "tangxiaoyu",
    "discipline": "yanqingfeng",
    "cadre": "mengxi",
}
PAGES = (
    "/console/",
    "/console/petitions?state=all",
    "/console/retention",
    "/console/rules",
    "/console/export",
)


@contextmanager
def kept_logs() -> Iterator[StringIO]:
    """The service's own log lines, as a service writes them."""
    lines = StringIO()
    configure_logs()  # its filters stay on the libraries' loggers, and are the same ones each time
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(lines))
    try:
        yield lines
    finally:
        structlog.reset_defaults()


def found_in(what: bytes, words: Iterable[str]) -> list[str]:
    """Which of the words stand in there, in any encoding a file or an answer could have."""
    forms = {one: {one.encode(), one.encode("utf-16-le"), one.encode("unicode_escape")} for one in words}
    return [one for one, encoded in forms.items() if any(form in what for form in encoded)]


def stored(world: World, folder: Path) -> dict[str, bytes]:
    """What lies on disk: the files with their journals; of PostgreSQL every row of every table."""
    written = {file.name: file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    if world.service.database.is_sqlite:
        assert {"lianxin.db", "lianxin.db-wal"} <= written.keys()
        return written
    with world.service.database.engine.connect() as connection:
        for table in inspect(connection).get_table_names():
            rows = connection.execute(text(f'SELECT * FROM "{table}"')).all()  # noqa: S608 - our own tables
            written[f"table {table}"] = b"\n".join(
                cell if isinstance(cell, bytes) else str(cell).encode() for row in rows for cell in row
            )
    assert {"table petition", "table message", "table letter", "table digest"} <= written.keys()
    return written


def opened(world: World) -> dict[str, bytes]:
    """What is sealed on disk, in clear: every letter with its fields, every text, every reply."""
    letters = [str(letter).encode() for letter in world.letters()]
    with world.service.database.reading() as session:
        keys = world.service.knowledge.keys(session, world.clock.now())
        texts = [read(session, keys, one) or "" for one in session.exec(select(Text))]
        replies = [
            keys.opened(session, one.key_id, one.reply) if one.key_id else keys.opened_here(one.reply)
            for one in session.exec(select(Message))
            if one.reply
        ]
    return {
        "letters": b"\n".join(letters),
        "texts": "\n".join(texts).encode(),
        "replies": "\n".join(replies).encode(),
    }


def digests(world: World) -> dict[str, bytes]:
    """The digests of all periods that run, in all forms, as anybody may export them."""
    made: dict[str, bytes] = {}
    at, zone = world.clock.now(), world.settings.zone
    with world.service.database.reading() as session:
        county = world.service.knowledge.county(session, at)
        for kind in Kind:
            period = Period.of(kind, at.astimezone(zone).date())
            content = compose(session, county, period, basis(session, county, period, at), at, "")
            for form in FORMATS:
                made[f"{kind} as {form}"] = _unzipped(form, rendered(content, form, zone))
    return made


def _unzipped(form: str, content: bytes) -> bytes:
    if form != "xlsx":
        return content
    book = openpyxl.load_workbook(BytesIO(content))
    return json.dumps(
        [[str(cell) for cell in row] for sheet in book for row in sheet.iter_rows(values_only=True)],
        ensure_ascii=False,
    ).encode()


async def pages(world: World, *further: str) -> dict[str, bytes]:
    """What every role is shown at the console, and what a stranger is answered elsewhere."""
    shown: dict[str, bytes] = {}
    for role, person in ROLES.items():
        browser = Browser(world)
        await browser.log_in(add_user(world, f"traces-{role}", role, person))
        for path in (*PAGES, *further):
            shown[f"{path} for {role}"] = (await browser.get(path)).text.encode()
    address = f"http://127.0.0.1:{world.settings.service.port}"
    async with aiohttp.ClientSession() as http:
        for path in ("/metrics", "/readyz", "/healthz", "/none"):
            shown[path] = await (await http.get(address + path)).read()
    assert b"lianxin_petitions" in shown["/metrics"]
    return shown


def chats(world: World) -> dict[str, bytes]:
    """Everything that stands on the telephones of the staff."""
    return {
        f"chat of {account}": "\n".join(world.cadre(account).chat.texts()).encode()
        for account in world.staff()
    }

"""A large county, served over HTTP for figures.

`LIANXIN_BENCH_KEEP` names a SQLite file that is laid out once and used again, with its settings beside it (their key
opens it); a PostgreSQL database called after it is kept too.
"""

import json
import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from sqlalchemy import create_engine, make_url, text

from benchmarks.layout import PETITIONS, lay_out
from bot.settings import Settings
from tests.postgresql import SERVER, fresh_postgresql
from tests.world import Template, World, make_template, start

KEEP = os.environ.get("LIANXIN_BENCH_KEEP", "")


@asynccontextmanager
async def large(name: str) -> AsyncIterator[World | None]:
    """The county served on that database; None where no PostgreSQL is named."""
    with tempfile.TemporaryDirectory() as made, tempfile.TemporaryDirectory() as used, _url(name) as url:
        if url is None:
            yield None
            return
        known = _settings(name)
        template = make_template(Path(made), url if known is None else "sqlite:///lianxin.db")
        settings = known or template.settings
        in_place = Template(Path(used), settings, template.reader)  # the folder is empty: nothing is copied
        world = await start(in_place, Path(used), database_url=url)
        if known is None:
            took = lay_out(world)
            print(f"{name}: {PETITIONS:,} petitions laid out in {took:.0f} s", flush=True)
            _note(name, settings)
        yield world
        await world.close()


def _settings(name: str) -> Settings | None:
    """Those of a kept database: its keys are opened by them."""
    noted = Path(f"{KEEP}.{name}.json")
    if not KEEP or not noted.exists():
        return None
    return Settings.model_validate(json.loads(noted.read_text("utf-8")))


def _note(name: str, settings: Settings) -> None:
    noted = Path(f"{KEEP}.{name}.json")
    if KEEP:
        noted.touch(mode=0o600)
        noted.write_text(settings.model_dump_json(), "utf-8")


@contextmanager
def _url(name: str) -> Iterator[str | None]:
    if name == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{KEEP or Path(folder) / 'lianxin.db'}"
    elif not os.environ.get(SERVER):
        yield None
    elif not KEEP:
        with fresh_postgresql() as url:
            yield url
    else:
        server = make_url(os.environ[SERVER])
        kept = f"lianxin_bench_{Path(KEEP).stem}"
        engine = create_engine(server.set(drivername="postgresql+pg8000"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            there = connection.execute(
                text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": kept}
            )
            if there.first() is None:
                made = (
                    f"CREATE DATABASE {kept} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"
                )
                connection.execute(text(made))
        engine.dispose()
        yield server.set(database=kept).render_as_string(hide_password=False)

"""The database's schema: Alembic owns it on both databases; this is the one door to it."""

from pathlib import Path
from typing import TYPE_CHECKING

from bot.settings import Settings
from models.database import Database
from scheduler.clock import wall_clock

if TYPE_CHECKING:
    from alembic.config import Config

SCRIPTS = Path(__file__).parent.parent / "models" / "migrations"


def configuration(database: Database) -> "Config":
    from alembic.config import Config  # noqa: PLC0415 - as below

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["engine"] = database.engine
    return config


def migrate(database: Database, revision: str = "head") -> None:
    """Brings the database to this version's schema."""
    from alembic import command  # noqa: PLC0415 - brings its comparison of schemas, which most starts can do without

    command.upgrade(configuration(database), revision)


def open_database(settings: Settings) -> Database:
    """The database of the settings, with its folder, at this version's schema."""
    settings.path(settings.service.data_dir).mkdir(mode=0o700, parents=True, exist_ok=True)
    database = Database(settings.database_url, wall_clock)
    if not is_current(database):
        migrate(database)
    return database


def is_current(database: Database) -> bool:
    """Whether the database has this version's schema."""
    return database.revision() == newest()


def newest() -> str:
    """The revision of this version: the scripts are numbered, and a file begins with its number."""
    return max(file.name for file in (SCRIPTS / "versions").glob("[0-9]*.py")).partition("_")[0]

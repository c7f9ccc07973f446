"""The database's schema: Alembic owns it on both databases; this is the one door to it."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from bot.settings import Settings
from models.database import Database
from scheduler.clock import wall_clock

SCRIPTS = Path(__file__).parent.parent / "models" / "migrations"


def configuration(database: Database) -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["engine"] = database.engine
    return config


def migrate(database: Database, revision: str = "head") -> None:
    """Brings the database to this version's schema."""
    command.upgrade(configuration(database), revision)


def open_database(settings: Settings) -> Database:
    """The database of the settings, with its folder, at this version's schema."""
    settings.path(settings.service.data_dir).mkdir(mode=0o700, parents=True, exist_ok=True)
    database = Database(settings.database_url, wall_clock)
    migrate(database)
    return database


def is_current(database: Database) -> bool:
    """Whether the database has this version's schema."""
    head = ScriptDirectory(str(SCRIPTS)).get_current_head()
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == head

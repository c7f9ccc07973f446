"""The subcommands that read messages: where they would go, and what is learnt from them."""

import argparse
import sys
from pathlib import Path

from bot.commands import learn as learning
from bot.commands import replay as replaying
from bot.commands import route as routing
from bot.knowledge import place_names
from bot.logs import configure_logs
from bot.schema import open_database
from bot.settings import load as load_settings
from handlers.topic import PlaceName
from models.database import existing
from scheduler.clock import wall_clock


def route(given: argparse.Namespace) -> int:
    if given.text is None and given.jsonl is None:
        return _replay(given)
    return routing.run(
        given.text, given.jsonl, rules=_rules(given), as_json=given.json, places=_places(given)
    )


def _replay(given: argparse.Namespace) -> int:
    if given.rules is None:
        sys.stderr.write(
            "lianxin route: a text, --jsonl FILE, or --rules DIR to replay the stored messages\n"
        )
        return 2
    configure_logs()
    settings = load_settings(given.config)
    database = open_database(settings)
    try:
        return replaying.run(database, settings, given.rules, wall_clock(), as_json=given.json)
    finally:
        database.close()


def learn(given: argparse.Namespace) -> int:
    if not given.confirmed:
        return learning.run(given.file, given.rules, at=wall_clock())
    configure_logs()
    settings = load_settings(given.config)
    database = open_database(settings)
    try:
        return learning.confirmed(database, settings, given.rules, given.config, at=wall_clock())
    finally:
        database.close()


def _places(given: argparse.Namespace) -> list[PlaceName]:
    """The directory's places, where there is a configuration and a database; `route` needs neither, writes to none."""
    if not given.config.exists():
        return []
    database = existing(load_settings(given.config).database_url)
    if database is None:
        return []
    with database.reading() as session:
        names = place_names(session)
    database.close()
    return names


def _rules(given: argparse.Namespace) -> Path | None:
    """The rule set named on the command line, else the configured one, else the one shipped."""
    named: Path | None = given.rules
    if named or not given.config.exists():
        return named
    return load_settings(given.config).rule_set

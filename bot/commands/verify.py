"""`lianxin verify`: walks the ledger and every stored digest. Reads only, also of a database it must not touch."""

import sys
from pathlib import Path

from bot.schema import is_current
from bot.settings import Settings
from bot.settings import load as load_settings
from handlers.digest.compose import differs, window_of
from models.database import Database
from models.key import Keyring, decode_data_key
from models.verification import SHORTEST, verify
from scheduler.clock import wall_clock

DIGITS = frozenset("0123456789abcdef")
LONGEST = 64


def run(config: Path, wanted: str) -> int:
    """0 and one line: nothing was changed. 1 and the place of the first difference."""
    wanted = wanted.lower()
    if wanted and (not set(wanted) <= DIGITS or not SHORTEST <= len(wanted) <= LONGEST):
        sys.stderr.write(
            f"lianxin verify: --checkpoint: {SHORTEST} to {LONGEST} digits of 0-9a-f, as a digest prints them\n"
        )
        return 2
    settings = load_settings(config)
    database = _opened(settings)
    if database is None:
        sys.stderr.write("lianxin verify: no database of this version; run `lianxin migrate`\n")
        return 1
    with database.reading(one_instant=True) as session:
        keys = Keyring.of(session, decode_data_key(settings.service.data_key), wall_clock())
        difference, walk = verify(session, keys, window_of, differs, wanted)
    digests = len(walk.windows)
    database.close()
    if difference is not None:
        print(difference)
        return 1
    print(
        f"ok: {walk.petitions} petitions, {walk.events} events, {walk.checkpoints} checkpoints, "
        f"{digests} digests; {walk.head}"
    )
    return 0


def _opened(settings: Settings) -> Database | None:
    """The database, which is not made where there is none."""
    url = settings.database_url
    if url.startswith("sqlite:///") and not Path(url.removeprefix("sqlite:///")).exists():
        return None
    database = Database(url)
    return database if is_current(database) else None

"""`lianxin backup`, `restore` and `rotate-key`: what keeps the data, and keeps it to ourselves."""

import base64
import os
import re
import secrets
import sys
from datetime import datetime
from pathlib import Path

from bot.schema import migrate, open_database
from bot.settings import PREFIX, Settings
from models import processing
from models.backup import BadCopy, copy_from, copy_to
from models.database import Database
from models.errors import Unreadable
from models.key import SECRET_BYTES, Keyring, decode_data_key, rewrap
from models.place import county
from models.processing import Ground

NO_COUNTY = "-"
ENTRY = re.compile(r'(?m)^(data_key\s*=\s*)"[^"]*"')
VARIABLE = f"{PREFIX}SERVICE__DATA_KEY"


def backup(settings: Settings, file: Path, at: datetime) -> int:
    """The copy is sealed like the database: worth nothing without `data_key`, which is not in it."""
    database = open_database(settings)
    try:
        copy_to(database, file)
        _log(database, "backup", at)
    except BadCopy as fault:
        return _failed("backup", fault)
    finally:
        database.close()
    print(f"{file}: written; keep data_key, without which it cannot be read, somewhere else")
    return 0


def restore(settings: Settings, file: Path, at: datetime) -> int:
    """Into an empty database only. BadKey where the copy was made with another data_key."""
    database = open_database(settings)
    try:
        copy_from(file, database, decode_data_key(settings.service.data_key))
        migrate(database)
        _log(database, "restore", at)
    except BadCopy as fault:
        return _failed("restore", fault)
    finally:
        database.close()
    print(f"{file}: restored")
    return 0


def rotate_key(settings: Settings, config: Path, at: datetime, *, write: bool) -> int:
    """Wraps every key anew in one transaction. The new one is one line of stdin, else a fresh one.

    BadKey: what stands on stdin is no key, or the configured one is not this database's.
    """
    if write and VARIABLE in os.environ:
        sys.stderr.write(f"lianxin rotate-key: --write: data_key stands in {VARIABLE}; change it there\n")
        return 2
    given = "" if sys.stdin.isatty() else sys.stdin.readline().strip()
    fresh = given or base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()
    old, new = decode_data_key(settings.service.data_key), decode_data_key(fresh)
    database = open_database(settings)
    try:
        with database.transaction() as session:
            Keyring.of(session, old, at)
            count = rewrap(session, old, new)
            changed = _rewritten(config, fresh) if write else None
        _log(database, "rotate_key", at, count)
    except (BadCopy, Unreadable) as fault:
        return _failed("rotate-key", fault)
    finally:
        database.close()
    if changed is not None:
        changed.replace(config)
    _tell(config, fresh, count, written=write, given=bool(given))
    return 0


def _rewritten(config: Path, fresh: str) -> Path:
    """The configuration with the new key, beside the old one until the database has it too."""
    text, count = ENTRY.subn(lambda found: f'{found[1]}"{fresh}"', config.read_text("utf-8"))
    if count != 1:
        message = f"{config}: data_key does not stand there once"
        raise BadCopy(message)
    beside = config.with_name(f"{config.name}.new")
    with os.fdopen(
        os.open(beside, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w", encoding="utf-8"
    ) as file:
        file.write(text)
    return beside


def _tell(config: Path, fresh: str, count: int, *, written: bool, given: bool) -> None:
    print(f"{count} keys wrapped anew")
    if written:
        print(f"{config}: data_key replaced")
    elif given:
        print(f"now write the new data_key into {config}")
    else:
        print(f'now write into {config}, under [service]:\ndata_key = "{fresh}"')
    print("restart every process of the service; destroy the old key once no backup needs it")


def _log(database: Database, kind: str, at: datetime, count: int = 1) -> None:
    with database.transaction() as session:
        top = county(session)
        code = top.code if top else NO_COUNTY
        processing.log(session, code, kind, Ground.SECURITY, at, count=count)


def _failed(command: str, fault: BadCopy | Unreadable) -> int:
    sys.stderr.write(f"lianxin {command}: {fault}\n")
    return 1

"""Receipts: messages that were answered before they were decided, on disk until the database has them.

They lie in a file of their own, for they are made where the database cannot be written or not in time. Each is on disk
before its answer leaves, sealed, and deleted once it is decided; the same message decided twice does no harm, for the
database knows it by its key. Several processes on one machine have one file: what one promised, the others know.
"""

import asyncio
import json
import os
import sqlite3
from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from operator import itemgetter
from pathlib import Path
from threading import Lock
from typing import Any

import structlog
from prometheus_client import Gauge

from bot.receipt import CONTEXT, Row, opened, sealed, sender_hash
from handlers.turn import Mail
from models.errors import Unreadable, Unserved
from models.key import Keyring, unseal

MOST_KEPT = 1_000_000  # about 1 KB each; past them a message is refused: nothing grows without bound
SHORT = 64  # pages
LOT = 1000  # rows in one statement: some builds of SQLite take 32,766 values
BUSY = 5.0  # seconds another process may have the file

_SCHEMA = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA secure_delete = ON;
CREATE TABLE IF NOT EXISTS receipt (
    place INTEGER PRIMARY KEY AUTOINCREMENT,
    name BLOB NOT NULL UNIQUE,
    sender BLOB NOT NULL,
    petition INTEGER,
    sealed BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS receipt_sender ON receipt (sender);
"""
_INSERT = "INSERT OR REPLACE INTO receipt (name, sender, petition, sealed) VALUES (?)"
_DELETE = "DELETE FROM receipt WHERE name IN (?)"
_BY_NAME = "SELECT name, sealed FROM receipt WHERE name IN (?)"
_BY_SENDER = "SELECT sender, sealed FROM receipt WHERE sender IN (?) ORDER BY place"
_HOLDS = "SELECT EXISTS (SELECT 1 FROM receipt WHERE sender = ?)"

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Promised:
    """A message that was answered and is not known to be decided. `place`: in the order they were promised."""

    place: int
    name: str
    mail: Mail
    at: datetime  # when it came


@dataclass(frozen=True, slots=True)
class Some:
    """Some of them in their order. `last`: the place of the last one looked at."""

    promised: list[Promised]
    last: int
    is_more: bool


@dataclass(frozen=True, slots=True)
class Known:
    """What is on disk of those who ask just now."""

    told: dict[str, str]  # what was said, by the name of the message
    said: dict[str, list[tuple[Mail, datetime]]]  # by each sender, in order, with when it came


class Receipts:
    """The file of them. Whatever cannot be read or written raises `sqlite3.Error`; nothing is then promised."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = Lock()
        self._decided: deque[str] = deque()
        self.many = 0  # not less than one while any is there; with several processes, as of the last `count`
        self._state = 0  # of the file, as changed by other processes, when it was looked at
        self.figure = Gauge(
            "lianxin_promised_waiting",
            "Messages that were answered and wait on disk to be decided.",
            registry=None,
        )
        self.figure.set_function(lambda: self.many)

    def open(self, keys: Keyring) -> None:
        """Makes the file where there is none, and takes in what versions before left in theirs.

        Raises Unserved where the file is none of ours.
        """
        try:
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(self._file, os.O_CREAT | os.O_RDWR, 0o600))
            self._base = sqlite3.connect(
                self._file, timeout=BUSY, isolation_level=None, check_same_thread=False
            )
            self._base.executescript(_SCHEMA)
            self.count()
        except (OSError, sqlite3.Error) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            message = (
                f"{self._file}: {reason}; it must be a file this service may write. A damaged one is to be put aside, "
                "not deleted: what was promised and not decided yet lies there"
            )
            raise Unserved(message) from error
        self._take_in(keys, self._file.parent / "receipts")

    @property
    def is_full(self) -> bool:
        return self.many >= MOST_KEPT

    @property
    def is_empty(self) -> bool:
        """Whether surely nothing lies here, of another process's either. Does not wait for the disk."""
        if self.many or not self._lock.acquire(blocking=False):
            return False
        try:
            return self._state_now() == self._state
        finally:
            self._lock.release()

    def count(self) -> None:
        """Those of other processes too."""
        with self._lock:
            self._state = self._state_now()
            [(self.many,)] = self._base.execute("SELECT COUNT(*) FROM receipt").fetchall()

    def keep(self, rows: Sequence[Row]) -> None:
        """On disk, all of them, when it returns."""
        if not rows:
            return
        # One statement: each further one gives the interpreter away, in a storm for milliseconds.
        insert = _INSERT.replace("(?)", ", ".join(["(?, ?, ?, ?)"] * len(rows)))
        with self._lock:
            self._base.execute(insert, [*chain.from_iterable(rows)])
            self.many += len(rows)

    def known(self, keys: Keyring, mails: Collection[tuple[str, Mail]]) -> Known:
        """Of these messages, each with its name, and of those who sent them."""
        names = {bytes.fromhex(name): name for name, _ in mails}
        senders = {sender_hash(keys, mail): mail.sender for _, mail in mails}
        told = self._all(_among(_BY_NAME, names), names)
        said: defaultdict[str, list[tuple[Mail, datetime]]] = defaultdict(list)
        for sender, row in self._all(_among(_BY_SENDER, senders), senders):
            if (read := opened(keys, row)) is not None:
                said[senders[sender]].append(read)
        return Known(
            {names[name]: read[0].told for name, row in told if (read := opened(keys, row)) is not None},
            said,
        )

    def holds(self, keys: Keyring, mail: Mail) -> bool:
        """Whether anything of this sender lies here."""
        with self._lock:
            self._state = self._state_now()
            self._note_some(0)
            [(holds,)] = self._base.execute(_HOLDS, [sender_hash(keys, mail)]).fetchall()
        return bool(holds)

    def of(self, keys: Keyring, mail: Mail) -> list[Promised]:
        """All of whoever sent this, in their order."""
        found = self._all(
            "SELECT place, name, sealed FROM receipt WHERE sender = ? ORDER BY place",
            [sender_hash(keys, mail)],
        )
        return _promised(keys, found)

    def after(self, keys: Keyring, place: int, many: int) -> Some:
        """The next so many after a place; unreadable ones are passed over."""
        found = self._all(
            "SELECT place, name, sealed FROM receipt WHERE place > ? ORDER BY place LIMIT ?", [place, many]
        )
        last = found[-1][0] if found else place
        return Some(_promised(keys, found), last, is_more=len(found) == many)

    def numbers(self) -> set[int]:
        """The ids of petitions that were told and are not there yet."""
        return {
            petition for (petition,) in self._all("SELECT petition FROM receipt WHERE petition IS NOT NULL")
        }

    def drop(self, name: str) -> None:
        """The database has it: it goes before long, together with others. Called where asyncio runs."""
        self._decided.append(name)
        if len(self._decided) == 1:
            asyncio.get_running_loop().run_in_executor(None, self._drop_decided)

    def close(self) -> None:
        self._drop_decided()
        self._base.close()

    def _drop_decided(self) -> None:
        names = []
        while self._decided:
            names.append(bytes.fromhex(self._decided.popleft()))
        try:
            self._delete(names)
        except sqlite3.Error:  # decided once more at the next start, and known then
            log.exception("receipts not deleted")

    def _delete(self, names: Collection[bytes]) -> None:
        with self._lock:
            gone = self._base.execute(_among(_DELETE, names), [*names])
            if not self._note_some(gone.rowcount):
                self._tidy()

    def _note_some(self, gone: int) -> bool:
        """Whether any is there; so many fewer are."""
        [(some,)] = self._base.execute("SELECT EXISTS (SELECT 1 FROM receipt)").fetchall()
        self.many = max(1, self.many - gone) if some else 0
        return bool(some)

    def _state_now(self) -> int:
        """Another number after each change that another process makes (`PRAGMA data_version`)."""
        [(state,)] = self._base.execute("PRAGMA data_version").fetchall()
        return int(state)

    def _tidy(self) -> None:
        """Nothing waits: the file is as short again as an unused one, and its journal empty."""
        [(pages,)] = self._base.execute("PRAGMA page_count").fetchall()
        if pages > SHORT:
            self._base.execute("VACUUM")
        self._base.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def _all(self, asked: str, given: Iterable[object] = ()) -> list[Any]:
        with self._lock:
            return self._base.execute(asked, [*given]).fetchall()

    def _take_in(self, keys: Keyring, folder: Path) -> None:
        """Versions before had a folder, with a file for each round of receipts. Another key's stay where they are."""
        found, read = list[tuple[str, str, Mail, datetime]](), list[Path]()
        for file in folder.iterdir() if folder.is_dir() else ():
            if file.suffix != ".part":  # else half written, and promised to nobody
                try:
                    promised = json.loads(unseal(keys.directory_key, file.read_bytes(), CONTEXT))
                except Unreadable:
                    continue
                if isinstance(promised[0], dict):  # older still: one message a file
                    promised = [[file.name, *promised]]
                found += [(at, name, Mail(**said), datetime.fromisoformat(at)) for name, said, at in promised]
            read.append(file)
        in_order = [one[1:] for one in sorted(found, key=itemgetter(0))]
        for first in range(0, len(in_order), LOT):
            self.keep(sealed(keys, in_order[first : first + LOT]))
        for file in read:
            file.unlink()
        with suppress(OSError):  # there is none, or something is left in it
            folder.rmdir()


def _among(asked: str, given: Collection[object]) -> str:
    return asked.replace("(?)", f"({', '.join('?' * len(given))})")


def _promised(keys: Keyring, found: Iterable[tuple[int, bytes, bytes]]) -> list[Promised]:
    return [
        Promised(place, name.hex(), *read)
        for place, name, row in found
        if (read := opened(keys, row)) is not None
    ]

"""Messages that were answered before they were decided: a sealed file a round of them until the database has all.

The file is on disk before the answer leaves. Whoever finds files when it starts decides them then; a message the
database has already is known by its key, so one too many does no harm.
"""

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from secrets import token_hex
from threading import Lock

from handlers.turn import Mail
from models.errors import Unreadable
from models.key import Keyring, seal, unseal

CONTEXT = "receipt"
UNFINISHED = ".part"  # its answer never left


class Receipts:
    """The folder of them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = Lock()
        self._held: dict[str, set[str]] = {}  # by file, the names of what it holds that is not decided yet
        self._file_of: dict[str, str] = {}  # by name

    def keep(self, keys: Keyring, promised: Sequence[tuple[str, Mail, datetime]]) -> None:
        """On disk, all in one file, when it returns. OSError: they are not, and nothing may be promised."""
        self._folder.mkdir(mode=0o700, exist_ok=True)
        file = token_hex(16)
        unfinished = self._folder / (file + UNFINISHED)
        plain = json.dumps(
            [[name, asdict(mail), at.isoformat()] for name, mail, at in promised], ensure_ascii=False
        )
        with os.fdopen(os.open(unfinished, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "wb") as writing:
            writing.write(seal(keys.directory_key, plain, CONTEXT))
            writing.flush()
            os.fsync(writing.fileno())
        unfinished.rename(self._folder / file)
        self._sync()
        with self._lock:
            self._know(file, [name for name, _, _ in promised])

    def drop(self, name: str) -> None:
        """The database has it; the file goes with the last of those it holds."""
        with self._lock:
            file = self._file_of.pop(name, None)
            if file is None:
                return
            self._held[file].discard(name)
            if self._held[file]:
                return
            del self._held[file]
        (self._folder / file).unlink(missing_ok=True)

    def clear_away(self) -> None:
        """What a power cut left half written was promised to nobody."""
        for file in self._folder.glob(f"*{UNFINISHED}"):
            file.unlink(missing_ok=True)

    def left(self, keys: Keyring) -> Iterator[tuple[str, Mail, datetime]]:
        """What was answered and is not known to be decided, in the order it came. Unreadable ones are passed over."""
        if not self._folder.is_dir():
            return
        found = []
        for file in self._folder.iterdir():
            if file.name.endswith(UNFINISHED):
                continue
            try:
                promised = json.loads(unseal(keys.directory_key, file.read_bytes(), CONTEXT))
                if isinstance(promised[0], dict):  # as versions before wrote it: one message a file
                    promised = [[file.name, *promised]]
            except (Unreadable, OSError):  # another key's, or decided this moment
                continue
            with self._lock:
                if file.name not in self._held:  # an earlier process's
                    self._know(file.name, [name for name, _, _ in promised])
                undecided = self._held[file.name]
            found += [
                (datetime.fromisoformat(at), name, Mail(**said))
                for name, said, at in promised
                if name in undecided
            ]
        for came, name, mail in sorted(found, key=lambda one: one[:2]):
            yield name, mail, came

    def _know(self, file: str, names: Sequence[str]) -> None:
        self._held[file] = set(names)
        self._file_of.update(dict.fromkeys(names, file))

    def _sync(self) -> None:
        """The name is on disk too."""
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

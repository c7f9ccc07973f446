"""Messages that were answered before they were decided: each a sealed file of its own until the database has it.

The file is on disk before the answer leaves. Whoever finds files when it starts decides them then; a message the
database has already is known by its key, so one too many does no harm.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from handlers.turn import Mail
from models.errors import Unreadable
from models.key import Keyring, seal, unseal

CONTEXT = "receipt"
UNFINISHED = ".part"  # its answer never left


class Receipts:
    """The folder of them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, keys: Keyring, name: str, mail: Mail, at: datetime) -> None:
        """On disk when it returns. OSError: it is not, and nothing may be promised."""
        self._folder.mkdir(mode=0o700, exist_ok=True)
        unfinished = self._folder / (name + UNFINISHED)
        plain = json.dumps([asdict(mail), at.isoformat()], ensure_ascii=False)
        with os.fdopen(os.open(unfinished, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as file:
            file.write(seal(keys.directory_key, plain, CONTEXT))
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(self._folder / name)
        self._sync()

    def drop(self, name: str) -> None:
        """The database has it."""
        (self._folder / name).unlink(missing_ok=True)

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
                said, at = json.loads(unseal(keys.directory_key, file.read_bytes(), CONTEXT))
            except (Unreadable, OSError):  # another key's, or decided this moment
                continue
            found.append((datetime.fromisoformat(at), file.name, Mail(**said)))
        for came, name, mail in sorted(found, key=lambda one: one[:2]):
            yield name, mail, came

    def _sync(self) -> None:
        """The name is on disk too."""
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

"""Who has a phone, kept in a file so that letters still find them when the demo starts again.

Chats are not kept: what somebody wrote here may be an accusation, and that is never written anywhere.
"""

import json
import os
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.simulator.simulator import Simulator


class Memory:
    """The villagers of a simulator in one file, readable by its owner only."""

    def __init__(self, simulator: Simulator, file: Path) -> None:
        self._simulator = simulator
        self._file = file
        self._kept = ""

    def start(self) -> None:
        """Recalls the last time, and from now on keeps every change."""
        self.recall()
        self._simulator.watchers.append(self.keep)

    def recall(self) -> None:
        """Makes the phones of the last time again; an absent or spoilt file means there were none."""
        try:
            people: list[dict[str, Any]] = json.loads(self._file.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return
        for person in people:
            villager = self._simulator.villager(person["openid"], person["name"])
            villager.following = person["following"]
            villager.templates_refused = person["templates_refused"]
            villager.consents = person["consents"]
            villager.window.remaining = person["remaining"]
            until = person["until"]
            villager.window.until = None if until is None else datetime.fromisoformat(until)

    def keep(self) -> None:
        """Writes the file where something in it is different."""
        people = [
            {
                "openid": villager.user,
                "name": villager.name,
                "following": villager.following,
                "templates_refused": villager.templates_refused,
                "consents": villager.consents,
                "remaining": villager.window.remaining,
                "until": None if villager.window.until is None else villager.window.until.isoformat(),
            }
            for villager in self._simulator.villagers.values()
        ]
        text = json.dumps(people, ensure_ascii=False)
        if text == self._kept:
            return
        self._file.parent.mkdir(parents=True, exist_ok=True)
        beside = self._file.with_name(self._file.name + ".new")
        beside.unlink(missing_ok=True)
        with os.fdopen(
            os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
        ) as out:
            out.write(text)
        beside.replace(self._file)
        self._kept = text

"""The few words and figures of the lanes that are no rules: labels of kinds, exact commands, the floor."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from handlers.lanes.lane import Command, Kind
from handlers.lanes.rulebook import SETTINGS
from handlers.topic.data import Entry, table_of


@dataclass(frozen=True, slots=True)
class Settings:
    """`matter_from`: the leaf score from which a text without any rule is a matter and no chat."""

    matter_from: float
    labels: dict[Kind, str]
    commands: dict[str, Command]

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Raises `RuleSetError`."""
        file = table_of(folder / SETTINGS)
        file.only("matter_from", "kinds", "commands")
        labels = _table(file, "kinds").value
        commands: dict[str, Command] = {}
        for command in Command:
            forms = _table(file, "commands").texts(command.value)
            if not forms:
                raise file.refuse(f"[commands] lacks {command.value}")
            for form in forms:
                if form in commands:
                    raise file.refuse(f"{form} is already {commands[form].value}")
                commands[form] = command
        kinds = {kind: _label(file, labels, kind) for kind in Kind}
        return cls(file.number("matter_from"), kinds, commands)


def _table(file: Entry, key: str) -> Entry:
    value = file.value.get(key)
    if not isinstance(value, dict):
        raise file.refuse(f"[{key}] is missing")
    return Entry(file.file, file.line, value)


def _label(file: Entry, labels: dict[str, object], kind: Kind) -> str:
    label = labels.get(kind.value)
    if not isinstance(label, str) or not label:
        raise file.refuse(f"[kinds] lacks {kind.value}")
    return label

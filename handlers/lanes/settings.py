"""The few words and figures of the lanes that are no rules: labels of kinds, exact commands, the floor."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from handlers.lanes.lane import Command, Kind, Lane
from handlers.lanes.rulebook import SETTINGS
from handlers.topic.data import Entry, table_of


@dataclass(frozen=True, slots=True)
class Settings:
    """How far the weights must lean where no rule speaks: `matter_lead` to a matter, before chat; `leads` to a lane,
    before a matter (a lane that is not listed is never taken so); `floors`: how much must speak for a lane besides,
    lest a bit of an answer be danger or guilt. `named`: how far where the words clearly name a matter far from danger.
    `outweigh`: how far elsewhere to set a rule aside; `surely`: the same for a text of at most `few` characters, or one
    that names a matter near danger.
    """

    matter_lead: float
    few: float
    leads: dict[Lane, float]
    floors: dict[Lane, float]
    named: dict[Lane, float]
    outweigh: dict[Lane, float]
    surely: dict[Lane, float]
    labels: dict[Kind, str]
    commands: dict[str, Command]

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Raises `RuleSetError`."""
        file = table_of(folder / SETTINGS)
        file.only(
            *("matter_lead", "few", "leads", "floors", "named", "outweigh", "surely", "kinds", "commands")
        )
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
        return cls(
            file.number("matter_lead", least=-10.0),
            file.number("few"),
            _leads(file, "leads"),
            _leads(file, "floors"),
            _leads(file, "named"),
            _leads(file, "outweigh"),
            _leads(file, "surely"),
            kinds,
            commands,
        )


def _table(file: Entry, key: str) -> Entry:
    value = file.value.get(key)
    if not isinstance(value, dict):
        raise file.refuse(f"[{key}] is missing")
    return Entry(file.file, file.line, value)


def _leads(file: Entry, key: str) -> dict[Lane, float]:
    table = _table(file, key)
    for lane in table.value:
        if lane not in set(Lane):
            raise file.refuse(f"[{key}] names {lane}, which is no lane")
    return {Lane(lane): table.number(lane, least=-10.0) for lane in table.value}


def _label(file: Entry, labels: dict[str, object], kind: Kind) -> str:
    label = labels.get(kind.value)
    if not isinstance(label, str) or not label:
        raise file.refuse(f"[kinds] lacks {kind.value}")
    return label

"""From wordings to Chinese: the text files, rendered with the fields an act gave."""

import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, StrictUndefined, Template

from handlers.turn import Reply
from models.number import in_pairs
from models.refusal import Refusal
from models.wording import Wording

TEXTS = Path(__file__).parent / "texts"
NAMES = Path(__file__).parent / "words" / "names.toml"
HOURS = ((5, "night"), (8, "morning"), (12, "forenoon"), (13, "noon"), (18, "afternoon"), (24, "evening"))


@dataclass(frozen=True)
class Chinese:
    """Every sentence of the bot. Each is made ready when it is first said: all at once would hold up a start."""

    sentences: dict[Wording | Refusal, str]
    _environment: Environment
    _ready: dict[Wording | Refusal, Template] = field(default_factory=dict)
    _fixed: dict[Wording | Refusal, str] = field(default_factory=dict)
    _evenings: dict[str, str] = field(default_factory=dict)

    @classmethod
    @cache
    def load(cls, zone: ZoneInfo) -> "Chinese":
        """Reads the text files, once; a file that names an unknown wording, or misses one, is refused."""
        sentences = {name: text for file in sorted(TEXTS.glob("*.toml")) for name, text in _sentences(file)}
        known = {wording.value: wording for wording in (*Wording, *Refusal)}
        if sentences.keys() != known.keys():
            odd = sorted(sentences.keys() ^ known.keys())
            message = f"bot/texts differs from models/wording.py and refusal.py: {', '.join(odd)}"
            raise ValueError(message)
        return cls({known[name]: text for name, text in sentences.items()}, _environment(zone))

    def say(self, wording: Wording | Refusal, fields: dict[str, Any]) -> str:
        """One sentence. Fields are data: whatever stands in them is printed as it is."""
        if wording is Wording.OFFICE_CLOSED:  # the same to all who write on one evening
            return self._closed_until(str(fields["open"]))
        if fields:
            return self._rendered(wording, fields)
        if wording not in self._fixed:  # it says the same each time
            self._fixed[wording] = self._rendered(wording, fields)
        return self._fixed[wording]

    def _closed_until(self, opens: str) -> str:
        if opens not in self._evenings:
            self._evenings.clear()
            self._evenings[opens] = self._rendered(Wording.OFFICE_CLOSED, {"open": opens})
        return self._evenings[opens]

    def _rendered(self, wording: Wording | Refusal, fields: dict[str, Any]) -> str:
        """As `render` does, without a copy of jinja's own names (range, namespace ...), which no sentence uses: that
        takes longer than the sentence.
        """
        template = self._template(wording)
        context = template.new_context(fields, shared=True)
        return "".join(template.root_render_func(context)).strip()

    def _template(self, wording: Wording | Refusal) -> Template:
        ready = self._ready.get(wording)
        if ready is None:
            ready = self._ready[wording] = self._environment.from_string(self.sentences[wording])
        return ready

    def reply(self, reply: Reply) -> str:
        """All parts of a reply, one below the other."""
        return "\n".join(filter(None, (self.say(part.wording, part.fields) for part in reply.parts)))


def _sentences(file: Path) -> Iterator[tuple[str, str]]:
    def flat(table: dict[str, Any], name: str) -> Iterator[tuple[str, str]]:
        for key, value in table.items():
            if isinstance(value, dict):
                yield from flat(value, f"{name}.{key}")
            else:
                yield f"{name}.{key}", value

    return flat(tomllib.loads(file.read_text(encoding="utf-8")), file.stem)


@cache
def names_of_codes() -> dict[str, Any]:
    """How codes are said, by kind of code."""
    return tomllib.loads(NAMES.read_text(encoding="utf-8"))


def filters(zone: ZoneInfo) -> dict[str, Callable[..., str]]:
    """How numbers, instants and codes are said, in chats and on pages alike."""
    names = names_of_codes()
    spoken = names["when"]
    coded = (
        "state",
        "standing",
        "clock",
        "hazard",
        "event",
        "purpose",
        "holds",
        "role",
        "outcome",
        "fault",
        "door",
    )
    study = ("way", "member_kind", "reason", "change", "form", "arrival")
    return {
        "pairs": in_pairs,
        "brief": _brief,
        "day": lambda at: _day(at, zone, spoken),
        "date": lambda at: _date(at, zone, spoken),
        "moment": lambda at: f"{_day(at, zone, spoken)}{_hour(at, zone, spoken)}",
        **{name: _named(names[name]) for name in coded + study},
    }


def _environment(zone: ZoneInfo) -> Environment:
    # Plain text for chats: nothing to escape; the pages have an environment of their own that does.
    environment = Environment(undefined=StrictUndefined, autoescape=False)  # noqa: S701 - see above
    environment.filters |= filters(zone)
    return environment


def _named(table: dict[str, str]) -> Callable[[str | None], str]:
    return lambda code: table.get(code or "none", code or "")


def _brief(text: str, most: int = 12) -> str:
    """What somebody typed, or a name, so short that the sentence around it stays one."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _local(at: str, zone: ZoneInfo) -> datetime:
    moment = datetime.fromisoformat(at)
    return moment if moment.tzinfo is None else moment.astimezone(zone)


def _day(at: str, zone: ZoneInfo, spoken: dict[str, str]) -> str:
    moment = _local(at, zone)
    return spoken["day"].format(month=moment.month, day=moment.day)


def _date(at: str, zone: ZoneInfo, spoken: dict[str, str]) -> str:
    """With its year: of what lies far ahead a day alone would sound over."""
    moment = _local(at, zone)
    return spoken["date"].format(year=moment.year, month=moment.month, day=moment.day)


def _hour(at: str, zone: ZoneInfo, spoken: dict[str, str]) -> str:
    """As people say it: afternoon, half past five."""
    moment = _local(at, zone)
    part = next(name for until, name in HOURS if moment.hour < until)
    hour = moment.hour - 12 if moment.hour > 12 and part in ("noon", "afternoon", "evening") else moment.hour
    form = {0: "full", 30: "half"}.get(moment.minute, "other")
    return spoken[part] + spoken[form].format(hour=hour, minute=f"{moment.minute:02}")

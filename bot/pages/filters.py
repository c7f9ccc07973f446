"""What a list is narrowed to, as it stands in an address: read, resolved to codes, said again in the form."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from bot.pages.visit import Visit
from handlers.digest.period import DAY, Kind, Period, midnight
from handlers.lanes import Kind as Matter
from models.listing import Clock, Key, Sort, Wanted, Which
from models.office import offices
from models.officer import officers
from models.petition import State
from models.place import below, places

CHANNELS = ("wechat", "relay")
TYPED = (
    "state",
    "category",
    "place",
    "office",
    "owner",
    "clock",
    "kind",
    "channel",
    "from",
    "to",
    "sort",
    "q",
)
# A figure's own name for what it counts, where a list without the figure's code can follow it.
MEASURES = {"late": "late", "due": "due"}


@dataclass(frozen=True)
class Filters:
    """`said`: as typed, what was left empty left out. `unknown`: names of fields that nothing on file fits."""

    said: Mapping[str, str]
    wanted: Wanted
    unknown: tuple[str, ...] = ()

    @property
    def query(self) -> str:
        return urlencode(self.said)

    @property
    def is_narrow(self) -> bool:
        return bool(self.said.keys() - {"sort", "q"})


@dataclass
class _Reading:
    visit: Visit
    said: dict[str, str]
    unknown: list[str] = field(default_factory=list)

    def codes(self, name: str, found: frozenset[str]) -> frozenset[str] | None:
        if name not in self.said:
            return None
        if not found:
            self.unknown.append(name)
        return found

    def day(self, name: str) -> date | None:
        try:
            return date.fromisoformat(self.said.get(name, "")) if name in self.said else None
        except ValueError:
            self.unknown.append(name)
            return None


def filters_of(visit: Visit) -> Filters:
    """Whatever is not understood narrows to nothing and is named, rather than silently left out."""
    said = {name: text[:100] for name in TYPED if (text := visit.query.get(name, "").strip())}
    said |= _figure(visit, said)
    reading = _Reading(visit, said)
    state, which = said.get("state", Which.OPEN.value), Which.OPEN
    if state in set(Which):
        which, state = Which(state), ""
    first, last = reading.day("from"), reading.day("to")
    zone = visit.county.zone
    wanted = Wanted(
        which=which,
        state=State(state) if state in set(State) else None,
        leaves=reading.codes("category", _leaves(visit, said.get("category", ""))),
        places=reading.codes("place", _places(visit, said.get("place", ""))),
        owners=_owners(reading),
        kind=said.get("kind", "") if said.get("kind") in set(Matter) else "",
        channel=said.get("channel", "") if said.get("channel") in CHANNELS else "",
        clock=Clock(said["clock"]) if said.get("clock") in set(Clock) else None,
        received_from=midnight(first, zone) if first else None,
        received_before=midnight(last + DAY, zone) if last and last < date.max else None,
        sort=Sort(said["sort"]) if said.get("sort") in set(Sort) else Sort.URGENT,
    )
    return Filters(said, wanted, tuple(reading.unknown))


def due_by(visit: Visit) -> datetime:
    """The end of the next working day: what falls due by then is due."""
    day = visit.at.astimezone(visit.county.zone).date() + timedelta(days=1)
    while not visit.county.working.is_workday(day):
        day += timedelta(days=1)
    return midnight(day + DAY, visit.county.zone)


def key_of(text: str) -> Key | None:
    """Where a page starts, as the link of the page before says it: an id, perhaps an instant."""
    found = re.fullmatch(r"(\d{1,18})(?:@([0-9T:.+-]{10,40}))?", text, re.ASCII)
    if found is None:
        return None
    try:
        due = datetime.fromisoformat(found[2]) if found[2] else None
    except ValueError:
        return None
    return Key(int(found[1]), due if due and due.tzinfo else None)


def key_text(key: Key) -> str:
    return f"{key.id}@{key.due.isoformat()}" if key.due else str(key.id)


def _figure(visit: Visit, said: Mapping[str, str]) -> dict[str, str]:
    """A number in a digest links here with its measure and period: as far as these say it, the list behind it."""
    measure = visit.query.get("measure", "")
    if not measure:
        return {}
    found: dict[str, str] = {}
    if measure in MEASURES:
        found["clock"] = MEASURES[measure]
    elif measure in set(State):
        found["state"] = measure
    elif measure != "open":
        found["state"] = Which.ALL.value
    try:
        period = Period.of(Kind(visit.query.get("period", "")), date.fromisoformat(visit.query["on"]))
    except (ValueError, KeyError, OverflowError):
        return found | dict(said)
    if measure in ("new", "people"):
        found |= {"from": period.first.isoformat(), "to": period.last.isoformat()}
    return found | dict(said)


def _leaves(visit: Visit, typed: str) -> frozenset[str]:
    """A leaf, a top with all its leaves, or a piece of a name."""
    codes = visit.county.reader.category_codes
    under = frozenset(code for code in codes if len(typed) == 2 and code.startswith(typed))
    return under or frozenset(visit.county.reader.find_category(typed) if typed else ())


def _places(visit: Visit, typed: str) -> frozenset[str]:
    """Places of that code or name, each with what lies below; those outside the visitor's area are cut by scope."""
    if not typed:
        return frozenset()
    named = [
        place.code
        for place in places(visit.session)
        if typed in (place.code, place.name, *place.aliases) or (len(typed) > 1 and typed in place.name)
    ]
    return frozenset().union(*(below(visit.session, code) for code in named[:20]))


def _owners(reading: _Reading) -> frozenset[str] | None:
    said, session = reading.said, reading.visit.session
    if "office" not in said and "owner" not in said:
        return None
    people = officers(session)
    found = frozenset(person.account for person in people)
    if "office" in said:
        codes = {one.code for one in offices(session) if said["office"] in (one.code, one.name, *one.aliases)}
        found &= (
            reading.codes("office", frozenset(one.account for one in people if one.office in codes)) or set()
        )
    if "owner" in said:
        named = frozenset(one.account for one in people if said["owner"] in (one.account, one.name))
        found &= reading.codes("owner", named) or set()
    return found

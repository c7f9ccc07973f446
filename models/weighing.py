"""What one petition's events add to the figures of a window: a pure fold, the measure of every faster way to count.

`lianxin verify` recounts stored digests with it; `models.counting` sums the same from the tally.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from models.figure import ANSWERS, ENDS, FIGURES, Figure, How
from models.history import FIRST_CONTACT, KINDS, Happening, Standing
from models.move import Verb
from models.petition import State
from models.stroke import relabels

UNKNOWN = ""  # the group of matters without a place, office or category
SEALED = "*"  # the group of matters that are told in figures only
GROUPS = ("place", "office", "category")
# What a villager may still add, or the service note, while it is nobody's yet: who is meant is found out after.
TELLING = frozenset(
    {Verb.RECEIVE, Verb.SORT, Verb.HEAR, Verb.HIDE, Verb.CONTACT, Verb.URGE}
    | {Verb.ASK_WITHDRAW, Verb.KEEP, Verb.LEAVE, Verb.RETURN}
)


@dataclass(frozen=True)
class Window:
    """From `since` up to, not including, `until`, as the ledger stood when its latest event was `up_to`."""

    since: datetime
    until: datetime
    due_until: datetime
    up_to: int
    guards: bool = (
        True  # whether what somebody must not hear of is told in figures only, as in digests since 2026-12
    )
    waits: bool = True  # whether what is still being told is, too

    def sees(self, event: Happening) -> bool:
        return event.id <= self.up_to and event.at < self.until

    def reaches(self, first: Happening, last: Happening, *, is_open: bool) -> bool:
        """Whether a matter told from `first` to `last`, open or not today, may add to its figures."""
        was_open = is_open or last.id > self.up_to  # what was written since may have closed it
        return first.at < self.until and (was_open or last.at >= self.since - FIRST_CONTACT)


class Matter(NamedTuple):
    """What one petition adds."""

    counts: Counter[str]
    groups: dict[str, str]


@dataclass
class _Heard:
    """What was heard of one petition within the window."""

    verbs: set[Verb]
    times: Counter[str]
    relabelled: bool = False
    end: Verb | None = None
    end_in_time: bool = False
    answer: Verb | None = None
    mark: str | None = None

    def hear(self, event: Happening, standing: Standing) -> None:
        self.times["rehearsed"] += bool(event.data.get("rehearsed"))
        verb = KINDS.get(event.kind)
        if verb is None:
            return
        self.verbs.add(verb)
        self.times[verb] += 1
        self.relabelled |= relabels(event.kind, event.data)
        if verb in ENDS:
            self.end, self.end_in_time = verb, standing.in_time
        if verb in ANSWERS:
            self.answer, self.mark = verb, standing.mark


def weigh(events: Iterable[Happening], window: Window) -> Matter | None:
    """What one petition adds to the figures of a window; None: nothing."""
    standing, heard = Standing(), _Heard(set(), Counter())
    for event in filter(window.sees, events):
        standing.hear(event)
        if event.at >= window.since:
            heard.hear(event, standing)
    if standing.received_at is None:
        return None
    counts = +Counter({name: _number(one, heard, standing, window) for name, one in FIGURES.items()})
    return Matter(counts, groups_of(standing, window)) if counts else None


def _number(figure: Figure, heard: _Heard, standing: Standing, window: Window) -> int:
    match figure.how:
        case How.ONCE:
            only = figure.only != "relabels" or heard.relabelled
            return int(only and bool(heard.verbs & figure.events))
        case How.TIMES:
            return heard.times[figure.only] if figure.only else sum(heard.times[one] for one in figure.events)
        case How.LAST_END:
            in_time = {"": True, "in_time": heard.end_in_time, "too_late": not heard.end_in_time}
            return int(heard.end in figure.events and in_time[figure.only])
        case How.LAST_ANSWER:
            # The last word counts: confirmed, brought back and confirmed again is one matter, solved once.
            return int(heard.answer in figure.events and figure.only in ("", heard.mark))
        case How.STANDING:
            return int(_stands(figure.only, heard, standing, window))
        case How.PERSONS:
            return 0  # of several matters one person may be behind: `Tally` knows


def _stands(what: str, heard: _Heard, standing: Standing, window: Window) -> bool:
    due = standing.contact_by
    # The first 24 hours; whoever ended before they were over, without contact, was never due.
    contact_due = due is not None and window.since <= due < window.until
    contact_due = contact_due and (standing.is_contacted_in_time or not standing.ended_early)
    known = {
        "open": standing.is_open,
        "late": standing.is_late(window.until),
        "due": standing.is_due(window.until, window.due_until),
        "contact_due": contact_due,
        "contacted": contact_due and standing.is_contacted_in_time,
        "in_work": standing.is_open or heard.end is not None,
    }
    return known[what]


def groups_of(standing: Standing, window: Window) -> dict[str, str]:
    """By which codes a matter is told: none where it is told in figures only."""
    guarded = window.guards and standing.guarded
    if standing.sealed or guarded or (window.waits and _is_still_told(standing)):
        return dict.fromkeys(GROUPS, SEALED)
    return {
        "place": standing.place or UNKNOWN,
        "office": standing.office or UNKNOWN,
        "category": standing.leaf or UNKNOWN,
    }


def _is_still_told(standing: Standing) -> bool:
    """Nobody was given it yet, and nothing but the telling of it happened last."""
    is_new = standing.state is State.RECEIVED and standing.finish_due is None
    return is_new and standing.latest in TELLING

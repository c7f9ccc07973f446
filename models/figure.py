"""What is counted: each figure a record that says from which events and how, so that nothing is counted in two ways.

The words people read beside a figure, and the rates made of figures, are data of `handlers/digest/measures.toml`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from models.move import Verb


class How(StrEnum):
    """In which way a figure is counted from one matter's events in a window."""

    ONCE = "once"  # one a matter that had any of these events
    TIMES = "times"  # every such event
    LAST_END = "last_end"  # one a matter whose last end was one of these
    LAST_ANSWER = "last_answer"  # one a matter whose villager's last word was one of these
    STANDING = "standing"  # one a matter that stands so when the window ends
    PERSONS = "persons"  # the persons behind the matters, each once


@dataclass(frozen=True)
class Figure:
    """One figure. `only`: what must hold besides the event; `models.weighing` and `models.counting` know each."""

    how: How
    events: frozenset[Verb] = frozenset()
    only: str = ""
    is_count: bool = False  # printed by itself; the others are parts of rates


ENDS: Mapping[Verb, str] = {
    Verb.CONFIRM: "confirmed",
    Verb.UNANSWERED: "unanswered",
    Verb.WITHDRAW: "withdrawn",
    Verb.DECLINE: "declined",
    Verb.REDIRECT: "redirected",
    Verb.MERGE: "merged",
}
ANSWERS = frozenset({Verb.CONFIRM, Verb.HALF, Verb.DISPUTE, Verb.REOPEN})


def _figure(how: How, *events: Verb, only: str = "") -> Figure:
    return Figure(how, frozenset(events), only)


def _count(how: How, *events: Verb, only: str = "") -> Figure:
    return Figure(how, frozenset(events), only, is_count=True)


FIGURES: Mapping[str, Figure] = {
    "new": _count(How.ONCE, Verb.RECEIVE),
    "people": _count(How.PERSONS, Verb.RECEIVE),
    "closed": _count(How.LAST_END, *ENDS),
    "confirmed": _count(How.LAST_END, Verb.CONFIRM),
    "half": _count(How.TIMES, Verb.HALF),
    "disputed": _count(How.TIMES, Verb.DISPUTE),
    "unanswered": _count(How.LAST_END, Verb.UNANSWERED),
    "withdrawn": _count(How.LAST_END, Verb.WITHDRAW),
    "declined": _count(How.LAST_END, Verb.DECLINE),
    "redirected": _count(How.LAST_END, Verb.REDIRECT),
    "merged": _count(How.LAST_END, Verb.MERGE),
    "joined": _count(How.ONCE, Verb.JOIN),
    "reopened": _count(How.ONCE, Verb.REOPEN),
    "relabelled": _count(How.ONCE, Verb.SORT, only="relabels"),
    "revealed": _count(How.TIMES, Verb.REVEAL, Verb.EXPORT),
    "review_asked": _count(How.TIMES, Verb.ASK_REVIEW),
    "review_answered": _count(How.TIMES, Verb.REVIEW),
    "review_late": _count(How.TIMES, Verb.REVIEW_LATE),
    "reexamination_asked": _count(How.TIMES, Verb.ASK_REEXAMINATION),
    "reexamination_answered": _count(How.TIMES, Verb.REEXAMINE),
    "reexamination_late": _count(How.TIMES, Verb.REEXAMINATION_LATE),
    "rehearsed": _count(How.TIMES, only="rehearsed"),
    "open": _count(How.STANDING, only="open"),
    "due": _count(How.STANDING, only="due"),
    "late": _count(How.STANDING, only="late"),
    # What rates are made of besides.
    "contact_due": _figure(How.STANDING, only="contact_due"),  # its first 24 hours ran out in the window
    "contacted": _figure(How.STANDING, only="contacted"),  # of these, contacted in time
    "worked": _figure(How.LAST_END, Verb.CONFIRM, Verb.UNANSWERED),
    "worked_in_time": _figure(How.LAST_END, Verb.CONFIRM, Verb.UNANSWERED, only="in_time"),
    "worked_late": _figure(How.LAST_END, Verb.CONFIRM, Verb.UNANSWERED, only="too_late"),
    "answered": _figure(How.LAST_ANSWER, *ANSWERS),
    "solved": _figure(How.LAST_ANSWER, Verb.CONFIRM),
    "satisfied": _figure(How.LAST_ANSWER, Verb.CONFIRM, only="satisfied"),
    "mostly": _figure(How.LAST_ANSWER, Verb.CONFIRM, only="mostly"),
    "reworked": _figure(How.ONCE, Verb.HALF, Verb.DISPUTE),
    "rebounded": _figure(How.ONCE, Verb.REOPEN),
    "confirmed_once": _figure(How.ONCE, Verb.CONFIRM, Verb.REOPEN),
    "handed_out": _figure(How.ONCE, Verb.ASSIGN, Verb.REASSIGN, Verb.RULE, Verb.SEND_BACK),
    "sent_back": _figure(How.ONCE, Verb.SEND_BACK),
    "in_work": _figure(How.STANDING, only="in_work"),  # open at the end, or ended in the window
    "extended": _figure(How.ONCE, Verb.EXTEND),
    "urged": _figure(How.TIMES, Verb.URGE),
}
COUNTS = tuple(name for name, figure in FIGURES.items() if figure.is_count)
PARTS = tuple(name for name, figure in FIGURES.items() if not figure.is_count)

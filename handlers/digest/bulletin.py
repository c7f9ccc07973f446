"""The week's and the month's bulletin: what a leader reads on two pages, made from the same window as the digest."""

from collections import Counter, defaultdict
from datetime import datetime
from typing import Any

from handlers.county import County
from handlers.digest.appeal import said_of
from handlers.digest.compose import Names, basis, compose
from handlers.digest.law import law
from handlers.digest.measures import measures
from handlers.digest.period import Period
from handlers.digest.warning import warnings
from handlers.notices import about, lay_ready, may_know
from handlers.petition.exclusion import above_village
from models import appraisal, checkpoint
from models import digest as digests
from models.base import Session
from models.breakdown import Cell, break_down, by_day
from models.counting import count
from models.ledger import PetitionEvent, latest_of_kinds
from models.move import Verb
from models.petition import Petition, State
from models.scope import Scope, holds
from models.tally import Tally
from models.weighing import SEALED, UNKNOWN

TOPICS = 10
BOARD_PLACES, BOARD_CATEGORIES = 20, 12
UNSOLVED = 50
EXPLAINED = (Verb.PROGRESS, Verb.ASK_EXTENSION)  # where an owner tells why it takes so long
PAST = 12  # periods of a trend
OFFICE = ("handed_out", "worked_in_time", "late", "worked_late", "extended", "sent_back", "answered")


def bulletin(session: Session, county: County, period: Period, at: datetime, scope: Scope) -> dict[str, Any]:
    """Everything the layouts show; whoever `scope` is finds no matter in it that he must not know."""
    stored = digests.stored(session, period.kind.value, period.last, at)
    head = stored.checkpoint if stored else checkpoint.so_far(session)
    found = basis(session, county, period, at)
    counted = break_down(session, found.window)
    tally = counted.tally
    content = compose(session, county, period, found, at, head, tally)
    before = count(session, basis(session, county, Period.before(period.kind, period.first), at).window)
    names = Names(session, county)
    return content | {
        "before": {"counts": before.counts(), "rates": measures().of(before.total, found.mostly)},
        "offices": _offices(session, county, tally, before, names, period),
        "topics": topics(tally, before, counted.cells, names, found.mostly),
        "board": _board(counted.cells, names),
        "days": [
            (day.isoformat(), new, ended) for day, new, ended in by_day(session, found.window, county.zone)
        ],
        "ages": counted.ages,
        "trend": _trend(session, period, at),
        "unsolved": _unsolved(session, county, counted.late, scope),
        "law": law(session, counted),
    }


def _offices(
    session: Session, county: County, tally: Tally, before: Tally, names: Names, period: Period
) -> list[dict[str, Any]]:
    """The table of offices, the most late matters first; the code's order else. No ranking by content."""
    warned = warnings(session, county, period, tally, before)
    words = appraisal.of_period(session, period.kind.value, period.last)
    rows: list[dict[str, Any]] = []
    for office in [*tally.codes("office"), *sorted(warned.keys() - set(tally.codes("office")))]:
        figures = tally.by["office"][office]
        warning = warned.get(office)
        rows.append(
            {
                "code": office,
                "name": names.of("office", office),
                "counts": {name: figures[name] for name in OFFICE} | tally.counts("office", office),
                "rates": {one["id"]: one for one in measures().of(figures, county.mostly_weight)},
                "late_before": before.by["office"][office]["late"] if office in before.by["office"] else 0,
                "level": warning.level if warning else "",
                "reasons": list(warning.reasons) if warning else [],
                "lifted": bool(warning and warning.lifted),
            }
            | said_of(session, county, words.get(office))
        )
    rows.sort(key=lambda row: (row["code"] in (SEALED, UNKNOWN), -row["counts"]["late"], row["code"]))
    return rows


def topics(tally: Tally, before: Tally, cells: list[Cell], names: Names, mostly: float) -> dict[str, Any]:
    """The categories most is new of; says how many are left out."""
    villages: dict[str, set[str]] = defaultdict(set)
    joined: Counter[str] = Counter()
    for cell in cells:
        if cell.figures["new"] and cell.place:
            villages[cell.category].add(cell.place)
        joined[cell.category] += cell.figures["joined"]
    told = [code for code in tally.codes("category") if code not in (SEALED, UNKNOWN)]
    told = [code for code in told if tally.by["category"][code]["new"]]
    told.sort(key=lambda code: (-tally.by["category"][code]["new"], code))
    rows = [
        {
            "code": code,
            "name": names.of("category", code),
            "new": tally.by["category"][code]["new"],
            "before": before.by["category"][code]["new"] if code in before.by["category"] else 0,
            "villages": len(villages[code]),
            "joined": joined[code],
            "solved": measures().one("solved").of(tally.by["category"][code], mostly),
        }
        for code in told[:TOPICS]
    ]
    return {"rows": rows, "left_out": len(told) - len(rows)}


def _board(cells: list[Cell], names: Names) -> dict[str, Any]:
    """Villages by categories: red has something late, yellow something that runs out, green neither."""
    shown = [cell for cell in cells if cell.figures["open"] and cell.place and cell.category]
    weight: dict[str, Counter[str]] = {"place": Counter(), "category": Counter()}
    for cell in shown:
        heavy = cell.figures["late"] * 1000 + cell.figures["open"]
        weight["place"][cell.place] += heavy
        weight["category"][cell.category] += heavy
    places = [code for code, _ in weight["place"].most_common(BOARD_PLACES)]
    categories = [code for code, _ in weight["category"].most_common(BOARD_CATEGORIES)]
    rows = []
    for place in sorted(places):
        of_place = {cell.category: cell for cell in shown if cell.place == place}
        told = [_coloured(of_place.get(category)) for category in sorted(categories)]
        rows.append({"code": place, "name": names.of("place", place), "cells": told})
    return {
        "categories": [{"code": code, "name": names.of("category", code)} for code in sorted(categories)],
        "rows": rows,
        "places_left_out": len(weight["place"]) - len(places),
        "categories_left_out": len(weight["category"]) - len(categories),
    }


def _coloured(cell: Cell | None) -> dict[str, Any]:
    if cell is None:
        return {"colour": "", "open": 0, "late": 0, "due": 0}
    figures = cell.figures
    colour = "red" if figures["late"] else "yellow" if figures["due"] else "green"
    return {"colour": colour, "open": figures["open"], "late": figures["late"], "due": figures["due"]}


def _trend(session: Session, period: Period, at: datetime) -> list[dict[str, Any]]:
    """The county's own past, as it was published: nothing is counted again, nobody is compared with anybody."""
    told = []
    for one in digests.latest(session, period.kind.value, period.last, PAST, at):
        rates = {rate["id"]: rate["value"] for rate in one.content["rates"]}
        counts = one.content["counts"]
        told.append(
            {
                "first": one.first.isoformat(),
                "last": one.last.isoformat(),
                "satisfied": rates.get("satisfied"),
            }
            | {name: counts[name] for name in ("new", "closed", "open", "late")}
        )
    return told


def _unsolved(
    session: Session, county: County, late: list[tuple[int, datetime]], scope: Scope
) -> dict[str, Any]:
    """The matters longest late, where each stands, why, and its next date; none sensitive, none not his to know."""
    said = latest_of_kinds(session, [identity for identity, _ in late], EXPLAINED)
    found = {one.id: one for one in session.fetch(Petition, [identity for identity, _ in late])}
    lay_ready(session, list(found.values()))
    told = []
    for identity, since in late:
        one = found.get(identity)
        if one is None or not _is_told(county, scope, one):
            continue
        told.append(about(session, county, one) | {"state": one.state.value, "since": since.isoformat()})
        told[-1]["why"] = _why(one, said.get(identity))
        told[-1]["next"] = one.next_at.isoformat() if one.next_at else ""
        told[-1]["extended"] = one.extended
    return {"rows": told[:UNSOLVED], "left_out": max(0, len(told) - UNSOLVED)}


def _why(one: Petition, said: PetitionEvent | None) -> str:
    """What holds it up, as a code: nobody took it on, the villager is asked, or what its owner said last."""
    waits = {
        State.RECEIVED: "unsigned",
        State.ASSIGNED: "unsigned",
        State.WAITING: "asked",
        State.PROPOSED: "asked",
    }
    return waits.get(one.state) or (said.data.get("held") if said else None) or "unsaid"


def _is_told(county: County, scope: Scope, one: Petition) -> bool:
    known = holds(scope, one) and may_know(one, scope.account or "")
    return known and not one.excluded and not is_sensitive(county, one)


def is_sensitive(county: County, petition: Petition) -> bool:
    return petition.lane == "protection" or petition.hazard == "self_harm" or above_village(county, petition)

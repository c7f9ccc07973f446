"""The life of one made-up petition: about five events, and its row as they leave it."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from models.history import Happening, state_of
from models.petition import State

HOURS = (1, 3, 12, 40, 70)
STUCK = ("received", "assigned", "accepted", "accepted", "proposed")  # as what stays open for years stands
DECLINE = {"act": "decline", "by": "tangxiaoyu", "cause": "1", "text_id": 1}


@dataclass(frozen=True)
class Chosen:
    """What a life may hold."""

    places: list[list[str]]  # by township
    leaves: list[str]
    owners: list[tuple[str, str]]  # account and office


@dataclass(frozen=True)
class Lived:
    """Its events, and what its row says besides."""

    events: list[Happening]
    known: dict[str, Any]


def life(identity: int, at: datetime, now: datetime, chosen: Chosen, dice: random.Random) -> Lived:
    """What happened to it from `at` on and before `now`; two in a hundred stay open for good."""
    place, leaf = dice.choice(dice.choice(chosen.places)), dice.choice(chosen.leaves)
    owner, office = dice.choice(chosen.owners)
    events = [Happening(0, at, "receive", {"place": place, "leaf": leaf})]
    due = (at + timedelta(days=7)).isoformat()
    kept_from: list[str] = []
    if dice.randrange(150) == 0:
        kept_from = sorted({one for one, _ in dice.sample(chosen.owners, 2)} - {owner})
        events.append(Happening(0, at, "exclude", {"accounts": dict.fromkeys(kept_from, "office")}))
    for kind, data in _told(dice, {"owner": owner, "office": office, "finish_due": due}):
        at += timedelta(hours=dice.choice(HOURS))
        if at >= now:
            break
        events.append(Happening(0, at, kind, data))
    return Lived(events, _row(identity, events, kept_from, chosen, dice))


def _told(dice: random.Random, given: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    told: list[tuple[str, dict[str, Any]]] = [("assign", given), ("sign", {}), ("propose", {})]
    end = dice.random()
    if end < 0.02:
        stands = dice.choice(STUCK)
        return told[: {"received": 0, "assigned": 1, "accepted": 2, "proposed": 3}[stands]]
    if end < 0.05:
        return [*told, ("unanswered", {})]
    if end < 0.07:
        again: list[tuple[str, dict[str, Any]]] = [("reopen", {}), ("propose", {})]
        told += [("confirm", {"mark": "mostly"}), *again]
    elif end < 0.10:
        told += [("half", {"mark": "half"}), ("propose", {})]
    return [*told, ("confirm", {"mark": "satisfied" if end < 0.7 else "mostly"})]


def _row(
    identity: int, events: list[Happening], kept_from: list[str], chosen: Chosen, dice: random.Random
) -> dict[str, Any]:
    standing = state_of(events)
    state = standing.state or State.RECEIVED
    known: dict[str, Any] = {
        "state": state,
        "kind": "praise" if identity % 251 == 0 else "help",
        "place": standing.place,
        "leaf": standing.leaf,
        "owner": standing.owner,
        "finish_due": standing.finish_due,
        "closed_at": standing.closed_at,
        "proposed_at": next((one.at for one in events if one.kind == "propose"), None),
        "excluded": kept_from,
    }
    if identity % 500 == 7:
        known["hazard"] = "self_harm"
    others = [one for one, _ in dice.sample(chosen.owners, 2) if one not in kept_from]
    if dice.randrange(10) == 0:
        known["support"] = others[:1]
    if standing.is_open and identity % 11 == 0:
        known["told"] = others
    if state is State.ASSIGNED and identity % 40 == 0:
        known["pending"] = DECLINE
    if standing.is_open and identity % 300 == 0:
        known["unreachable_since"] = events[0].at
    return known

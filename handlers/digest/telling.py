"""What a supervisor is told of a digest in a chat: the first screen, without what he must not hear of."""

from datetime import date, datetime
from typing import Any

from handlers.county import County
from handlers.digest.bulletin import topics
from handlers.digest.compose import Basis, Names, basis, compose
from handlers.digest.period import DAY, Kind, Period, midnight
from handlers.digest.seen import rates_seen
from handlers.notices import about, may_know
from handlers.petition.exclusion import above_village
from handlers.turn import OfficerTurn, Reply
from models import checkpoint
from models.arrivals import arrivals
from models.base import Session
from models.breakdown import Breakdown, by_day
from models.officer import Role
from models.petition import Petition, overdue
from models.tally import Tally
from models.weighing import SEALED, UNKNOWN
from models.wording import Wording

DIGITS = 16  # of the checkpoint's hash: enough to find it again (`lianxin verify --checkpoint`)
SHOWN = 3
WORDINGS = {Kind.DAY: Wording.DIGEST_DAY}


def so_far(turn: OfficerTurn, kind: Kind) -> Reply:
    """The digest of the period that runs, on request. Nothing is stored."""
    session, county, at = turn.session, turn.county, turn.at
    period = Period.of(kind, at.astimezone(county.zone).date())
    # The ledger is not closed for a chat: the checkpoint told is the latest one taken.
    pinned = checkpoint.latest(session)
    head = pinned.hash if pinned else ""
    content = compose(session, county, period, basis(session, county, period, at), at, head)
    return Reply.of(wording(kind), **fields(session, county, content, turn.officer.account))


def wording(kind: Kind) -> Wording:
    return WORDINGS.get(kind, Wording.DIGEST_LONGER)


def fields(session: Session, county: County, content: dict[str, Any], account: str) -> dict[str, Any]:
    """The figures of a digest and, by the day, what is late that this officer may know of."""
    until = datetime.fromisoformat(content["basis"]["until"])
    running = until < midnight(date.fromisoformat(content["to"]) + DAY, county.zone)
    return {
        **content["counts"],
        "period": content["period"],
        "first": content["from"],
        "last": content["to"],
        "running": running,
        "until": until.isoformat(),
        "rates": rates_seen(content["rates"], Role.SUPERVISOR),
        "most": _most(content["by_category"]),
        "watch": _watch(session, county, account, content) if content["period"] == Kind.DAY else [],
        **_of_the_day(session, content),
        "checkpoint": content["checkpoint"][:DIGITS],
    }


def _of_the_day(session: Session, content: dict[str, Any]) -> dict[str, Any]:
    """By which doors it came, dangers, urges; what is sensitive is a number. A longer digest tells none of it."""
    if content["period"] != Kind.DAY:
        return {"doors": [], "emergencies": 0, "urges": 0, "sensitive": 0}
    since, until = (datetime.fromisoformat(content["basis"][name]) for name in ("since", "until"))
    known = arrivals(session, since, until)
    sensitive = [row["counts"]["new"] for row in content["by_category"] if row["code"] == SEALED]
    return {
        "doors": [{"door": door, "count": count} for door, count in known.doors.most_common()],
        "emergencies": known.emergencies,
        "urges": known.urges,
        "sensitive": sum(sensitive),
    }


def pictured(
    session: Session, county: County, content: dict[str, Any], found: Basis, counted: Breakdown, before: Tally
) -> dict[str, Any]:
    """What the picture of a digest is drawn from: figures in all and by category, nothing that is sensitive."""
    return {
        "period": content["period"],
        "first": content["from"],
        "last": content["to"],
        "charts": {
            "days": [
                (day.isoformat(), new, ended)
                for day, new, ended in by_day(session, found.window, county.zone)
            ],
            "ages": counted.ages,
            "topics": topics(counted.tally, before, counted.cells, Names(session, county), found.mostly),
            "trend": [],
        },
    }


def _most(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The categories most new matters are of."""
    told = [row for row in rows if row["code"] not in (SEALED, UNKNOWN) and row["counts"]["new"]]
    told.sort(key=lambda row: (-row["counts"]["new"], row["code"]))
    return [{"name": row["name"], "new": row["counts"]["new"]} for row in told[:SHOWN]]


def _watch(session: Session, county: County, account: str, content: dict[str, Any]) -> list[dict[str, Any]]:
    """The matters longest late and next due, as `about` tells them; none that is sensitive."""
    soon = datetime.fromisoformat(content["basis"]["due_until"])
    told = [one for one in overdue(session, soon) if may_know(one, account) and not _sensitive(county, one)]
    known = (about(session, county, one) for one in told[:SHOWN])
    return [
        {name: one[name] for name in ("number", "category", "place", "office", "finish_due")} for one in known
    ]


def _sensitive(county: County, petition: Petition) -> bool:
    return petition.lane == "protection" or petition.hazard == "self_harm" or above_village(county, petition)

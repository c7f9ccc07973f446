"""Looking once more: drawn by nobody, done by somebody without a part in it; what is not so opens again."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from handlers.county import County
from handlers.digest.period import Kind as Span
from handlers.digest.period import Period
from handlers.notices import may_know, tell
from handlers.petition.closing import again
from handlers.petition.saying import known_as
from handlers.petition.work import with_text
from models import checkpoint, eyes, recheck
from models.base import Session, month_of
from models.errors import Refused
from models.move import Actor, Capacity, Verb, move
from models.officer import Officer, Role
from models.petition import Petition
from models.place import Level, place_chain, places
from models.recheck import Kind, Outcome, Recheck, RecheckDraw
from models.refusal import Refusal
from models.scope import Scope, is_guarded
from models.view import Seen, note_view
from models.villager import Profile

PART = 10  # one in ten
A_VILLAGE = 2  # matters of a quarter to visit in each
SPANS = {Kind.TENTH: Span.MONTH, Kind.VISIT: Span.QUARTER}


def draw(session: Session, county: County, kind: Kind, at: datetime) -> int:
    """Draws for the last whole month or quarter, once; how many were taken."""
    period = Period.before(SPANS[kind], at.astimezone(county.zone).date())
    code = _code(kind, period)
    pinned = checkpoint.latest(session)
    if pinned is None or pinned.at < period.until(county.zone):
        return 0  # nothing of after the period is pinned yet: the seed could be guessed
    if recheck.draw_of(session, county.code, kind, code) is not None:
        return 0
    seed = recheck.seed_of(kind, code, pinned.hash)
    found = recheck.confirmed_between(session, period.since(county.zone), period.until(county.zone))
    found.sort(key=lambda one: recheck.rank(seed, one.number or ""))
    taken = found[: -(-len(found) // PART)] if kind is Kind.TENTH else list(_by_village(session, found))
    made = RecheckDraw(
        county=county.code,
        kind=kind.value,
        period=code,
        seed=seed,
        checkpoint=pinned.hash,
        population=len(found),
        made_at=at,
    )
    townships = [place.code for place in places(session) if place.level == Level.TOWNSHIP]
    rows = [
        Recheck(
            draw=0,
            petition=one.identity,
            county=county.code,
            month=month_of(at),
            township=_whose(session, one, kind, townships, seed),
        )
        for one in taken
    ]
    recheck.keep(session, made, rows)
    return len(rows)


def checks(officer: Officer) -> bool:
    """Whether he looks once more at anything at all."""
    return Role.DISPATCHER in officer.roles


def may_check(
    session: Session, scope: Scope, officer: Officer | None, row: Recheck, petition: Petition
) -> bool:
    """The desk it fell to; nobody who must not know of it, who wrote it down or who worked on it."""
    if officer is None or not checks(officer) or not may_know(petition, officer.account):
        return False
    if eyes.closed_to(session, petition, eyes.CALLER, officer.account, {}) is not None:
        return False
    return scope.is_county if row.township is None or scope.is_county else row.township in (scope.area or ())


def record(
    session: Session,
    county: County,
    officer: Officer,
    row: Recheck,
    petition: Petition,
    outcome: Outcome,
    words: str,
    at: datetime,
) -> None:
    """What was found. Rebound or unsolved: open again, one rung up, whatever time has passed."""
    if row.outcome is not None:
        raise Refused(Refusal.CHECKED_ALREADY, number=petition.number)
    by = Actor(Capacity.CALLER, officer.account)
    event = with_text(
        session, county, petition, Verb.RECHECK, by, words, at, outcome=outcome.value, draw=row.draw
    )
    row.outcome, row.account, row.at = outcome.value, officer.account, event.at
    session.add(row)
    if outcome is not Outcome.TRUE:
        again(session, county, petition, move(session, petition, Verb.REOPEN, by, at), at)


def telephone(
    session: Session, county: County, officer: Officer, petition: Petition, reason: str, at: datetime
) -> Profile:
    """Who it is, for whoever looks once more; the villager is told."""
    if not reason:
        raise Refused(Refusal.REASON_MISSING, number=petition.number)
    if petition.anonymous:
        raise Refused(Refusal.ANONYMOUS_STAYS, number=petition.number)
    by = Actor(Capacity.CALLER, officer.account)
    event = with_text(session, county, petition, Verb.REVEAL, by, reason, at)
    note_view(session, event, Seen.IDENTITY, officer.account, event.data["text_id"])
    tell(session, county, petition, event, at, text=reason)
    return known_as(session, county, petition)


def _by_village(session: Session, ranked: list[Petition]) -> Iterator[Petition]:
    taken: defaultdict[str, int] = defaultdict(int)
    for one in ranked:
        village = next(
            (place for place in place_chain(session, one.place) if place.level == Level.VILLAGE), None
        )
        if village is not None and taken[village.code] < A_VILLAGE:
            taken[village.code] += 1
            yield one


def _whose(session: Session, one: Petition, kind: Kind, townships: list[str], seed: str) -> str | None:
    """Another township than its own; for a visit its own. What a village must not hear of stays with the county."""
    if is_guarded(one) or one.excluded:
        return None
    own = next(
        (place.code for place in place_chain(session, one.place) if place.level == Level.TOWNSHIP), None
    )
    if kind is Kind.VISIT:
        return own
    others = [code for code in townships if code != own]
    return others[int(recheck.rank(seed, f"{one.number}:who"), 16) % len(others)] if others else None


def _code(kind: Kind, period: Period) -> int:
    first = period.first
    return first.year * 10 + (first.month + 2) // 3 if kind is Kind.VISIT else first.year * 100 + first.month

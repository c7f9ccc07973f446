"""From received to somebody's desk: by the rules, or to the human queue."""

from datetime import datetime

from handlers.clocks import QUEUE_HOURS
from handlers.county import County
from handlers.notices import tell
from handlers.petition.confirmation import count_words
from handlers.petition.exclusion import above_village, exclude
from models import agenda
from models.agenda import Item
from models.base import Session
from models.duty import owner_for, sealed_officers, supervision
from models.move import Actor, Capacity, Verb, move
from models.officer import Officer
from models.petition import Petition, State

SERVICE = Actor(Capacity.SERVICE)
WARNINGS = {
    "sign": (Item.WARN_SIGN_HALF, Item.WARN_SIGN_MOST),
    "contact": (Item.WARN_CONTACT_HALF, Item.WARN_CONTACT_MOST),
    "finish": (Item.WARN_FINISH_HALF, Item.WARN_FINISH_MOST),
}


def by_rules(session: Session, county: County, petition: Petition, at: datetime) -> bool:
    """Gives the matter to whom the division of work names; False: nobody, it went to the human queue."""
    agenda.strike(petition, Item.DISPATCH, Item.UNSORTED)
    vague = exclude(session, county, petition, at)
    if petition.leaf is None or vague:
        to_queue(session, county, petition, at, why="unsorted")
        return False
    if county.is_hardship(petition.leaf):
        to_queue(session, county, petition, at, why="hardship")
        return False
    if petition.route.get("ask") and petition.route.get("said_by"):  # the villager chose among leaves
        count_words(session, county, petition, at)
    found = whose(session, county, petition, at)
    if found is None:
        to_queue(session, county, petition, at, why="no_owner")
        return False
    lead, support, why = found
    assign(session, county, petition, lead, SERVICE, at, support=support, why=why)
    return True


def whose(
    session: Session, county: County, petition: Petition, at: datetime
) -> tuple[Officer, list[str], str] | None:
    """Lead, helpers and the rule that names them, around everybody who must not have it.

    Where a complaint leaves nobody: county supervision, and if that is excluded too, the sealed officer.
    """
    barred = barred_from(petition)
    found = owner_for(
        session,
        petition.place,
        petition.leaf or "",
        at,
        above_village=above_village(county, petition),
        excluded=barred,
    )
    if found is not None:
        return found.lead, [officer.account for officer in found.support], found.why.value
    if petition.excluded:
        for officer in (*supervision(session, at, barred), *sealed_officers(session, at, barred)):
            return officer, [], "nobody_left"
    return None


def barred_from(petition: Petition) -> frozenset[str]:
    """Who cannot own it: whoever must not know of it, and whoever wrote it down."""
    return frozenset(filter(None, [*petition.excluded, petition.creator]))


def to_queue(session: Session, county: County, petition: Petition, at: datetime, why: str) -> None:
    """A person decides, within four working hours."""
    agenda.strike(petition, Item.DISPATCH, Item.UNSORTED)
    vague = exclude(session, county, petition, at)
    event = move(session, petition, Verb.QUEUE, SERVICE, at, why="vague" if vague else why)
    agenda.put(petition, Item.QUEUE, county.working.add(at, QUEUE_HOURS))
    tell(session, county, petition, event, at)


def assign(
    session: Session,
    county: County,
    petition: Petition,
    owner: Officer,
    by: Actor,
    at: datetime,
    *,
    support: list[str] | None = None,
    why: str = "",
    verb: Verb = Verb.ASSIGN,
) -> None:
    """Makes `owner` answer for the matter. The first owner starts the clocks, all of them at receipt."""
    helpers = [one for one in support or [] if one not in petition.excluded]
    tier = county.reader.tier(petition.leaf or "")
    if petition.lane == "emergency":
        tier = "E0"
    event = move(
        session,
        petition,
        verb,
        by,
        at,
        owner=owner.account,
        support=helpers,
        leaf=petition.leaf,
        place=petition.place,
        tier=tier,
        kind=petition.kind,
        why=why,
        rules=petition.rules,
        giver=petition.owner,
        **new_dates(petition, county, tier),
    )
    petition.owner, petition.support, petition.offered_to = owner.account, helpers, None
    petition.pending = None  # what the one before had asked for is no longer wanted
    agenda.strike(petition, Item.QUEUE, Item.EXTENSION_LAPSES)
    if petition.tier != tier:
        set_clocks(petition, county, tier)
    arm(petition, county, at)
    tell(session, county, petition, event, at)


def new_dates(petition: Petition, county: County, tier: str) -> dict[str, str]:
    """The finish date a new tier sets, for the ledger; nothing where the tier stays."""
    if petition.tier == tier:
        return {}
    return {"finish_due": county.clocks.dues(tier, petition.received_at, county.working).finish.isoformat()}


def set_clocks(petition: Petition, county: County, tier: str) -> None:
    """Freezes the three dates: from receipt, by the tier of the leaf."""
    dues = county.clocks.dues(tier, petition.received_at, county.working)
    petition.tier = tier
    petition.sign_due, petition.contact_due, petition.finish_due = dues.sign, dues.contact, dues.finish
    petition.first_finish_due = petition.first_finish_due or dues.finish


def reset_clocks(session: Session, county: County, petition: Petition, at: datetime, why: str) -> bool:
    """Reckons the dates anew from receipt, as when the calendar changed; an event where one moved.

    Extensions and pauses are added to the new date as they were to the old one.
    """
    if petition.tier is None or petition.first_finish_due is None or petition.finish_due is None:
        return False
    dues = county.clocks.dues(petition.tier, petition.received_at, county.working)
    shift = dues.finish - petition.first_finish_due
    if not shift and dues.sign == petition.sign_due:
        return False
    move(
        session,
        petition,
        Verb.RESET_CLOCKS,
        SERVICE,
        at,
        why=why,
        sign=dues.sign.isoformat(),
        contact=dues.contact.isoformat(),
        finish=(petition.finish_due + shift).isoformat(),
    )
    petition.sign_due, petition.contact_due = dues.sign, dues.contact
    petition.finish_due += shift
    petition.first_finish_due = dues.finish
    arm(petition, county, at)
    return True


def arm(petition: Petition, county: County, at: datetime) -> None:
    """Puts on the agenda the clocks that still run, each with its two warnings."""
    running = {
        "sign": (Item.SIGN, petition.sign_due, petition.signed_at is None),
        "contact": (Item.CONTACT, petition.contact_due, petition.contacted_at is None),
        "finish": (Item.FINISH, petition.finish_due, petition.state is not State.PROPOSED),
    }
    for name, (item, due, runs) in running.items():
        agenda.strike(petition, item, *WARNINGS[name])
        if due is None or not runs or name in petition.breached:
            continue
        agenda.put(petition, item, due)
        for part, warning in zip(county.clocks.warnings, WARNINGS[name], strict=True):
            when = county.part_of(petition.received_at, due, part)
            if when > at:
                agenda.put(petition, warning, when)

"""Two pairs of eyes: who may not make a move because of who he is to the matter, whatever his capacity.

Creator, owner, call-back visitor and the person named are different people (`domain.md` F6, regulation on
petitions art. 28(3)); nobody decides alone, and nobody decides on his own matter. People are compared by their
directory account: two console accounts of one person are one.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from models.base import Session
from models.ledger import events_of, said_of
from models.petition import Petition
from models.refusal import Refusal

# Capacities in which one stands beside or above the owner, never in his place.
BESIDE_THE_OWNER = frozenset({"dispatcher", "second", "superior", "caller", "reviewer"})
OWNERS = frozenset({"owner", "signer"})
DISPATCHER, OWNER = "dispatcher", "owner"
SECOND = frozenset({"second", "reviewer"})  # somebody else began it
WITHOUT_A_PART = frozenset({"caller", "reviewer"})
CALLER = "caller"
WORKED = "worked"
RECEIVES = ("owner", "to")  # what an event says of who gets the matter


def closed_to(
    session: Session, petition: Petition, capacity: str, account: str | None, said: Mapping[str, Any]
) -> Refusal | None:
    """Why this person may not do it; None where he may."""
    if account is not None:
        refusal = _actor(session, petition, capacity, account, said)
        if refusal is not None:
            return refusal
    for receiver in (said.get(name) for name in RECEIVES):
        if receiver is None:
            continue
        if receiver in petition.excluded:
            return Refusal.MUST_NOT_KNOW
        if receiver == petition.creator:
            return Refusal.CREATOR_DOES_NOT_OWN
        if capacity == DISPATCHER and receiver == account:
            return Refusal.NOT_TO_YOURSELF
    return None


def lay_ready(session: Session, petitions: Collection[Petition]) -> None:
    """For a list that asks of each who worked on it: read in one statement. Not where anything is written besides."""
    found: dict[int, set[str]] = defaultdict(set)
    for petition, said in said_of(session, [one.identity for one in petitions]):
        found[petition] |= _worked(said)
    for one in petitions:
        session.hold((WORKED, one.identity), found[one.identity])


def _actor(
    session: Session, petition: Petition, capacity: str, account: str, said: Mapping[str, Any]
) -> Refusal | None:
    if account in petition.excluded:
        return Refusal.MUST_NOT_KNOW
    if capacity in BESIDE_THE_OWNER and account == petition.owner:
        return Refusal.NOT_YOUR_OWN
    if capacity == OWNER and petition.position and account != petition.owner:
        return Refusal.NOT_YOURS
    if capacity in SECOND and account == said.get("by_first"):
        return Refusal.SECOND_PERSON
    if capacity in WITHOUT_A_PART and (account == petition.creator or account in _workers(session, petition)):
        return Refusal.NOT_YOUR_OWN
    return None


def _workers(session: Session, petition: Petition) -> set[str]:
    """Whoever owned the matter at any time, or helps with it."""
    worked: set[str] | None = session.held((WORKED, petition.identity))
    if worked is None:
        worked = set().union(*(_worked(event.data) for event in events_of(session, petition.identity)))
    return {*petition.support, *worked}


def _worked(said: Mapping[str, Any]) -> set[str]:
    return {said.get("account", "")} if said.get("by") in OWNERS else set()

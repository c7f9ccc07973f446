"""What a cadres' group may hear: kind, place, dates and number of an ordinary matter; never who, never what was said.

Who is in a group nobody here knows, so whatever one person must not hear no group hears: no complaint about conduct,
nothing of protection and self-harm, nothing that starts above the village.
"""

from datetime import datetime

from handlers.county import County
from handlers.notices import SELF_HARM, about, tell_operators
from handlers.petition.exclusion import above_village
from models import agenda
from models import letter as outbox
from models.agenda import Item
from models.base import Session
from models.petition import Petition
from models.place import place_chain
from models.wording import Wording

LASTS = outbox.LEASE * 12  # an hour: later it would only confuse


def tell_group(
    session: Session, county: County, petition: Petition, wording: Wording, at: datetime, *, occasion: str
) -> None:
    """Into the nearest group of the matter's place, naming its owner there; nowhere where it may not be said."""
    if not county.groups or not may_be_said(county, petition):
        return
    for place in place_chain(session, petition.place):
        for name in county.groups.get(place.code, ()):
            outbox.post(
                session,
                county.keys,
                occasion=occasion,
                to=("robot", name),
                channels=("robot",),
                wording=wording,
                fields=about(session, county, petition)
                | {"hazard": petition.hazard, "mentioned": [petition.owner] if petition.owner else []},
                county=county.code,
                at=at,
                petition=petition.id,
                key_id=petition.key_id,
                too_late_after=at + LASTS,
            )
        if place.code in county.groups:
            return


def key_is_dead(session: Session, county: County, name: str, at: datetime) -> None:
    """The robot was taken out of its group: one alarm a day, however many letters fail."""
    day = at.astimezone(county.zone).date()
    tell_operators(
        session, county, Wording.GROUP_KEY_DEAD, at, occasion=f"robot:{name}:{day.isoformat()}", name=name
    )


def may_be_said(county: County, petition: Petition) -> bool:
    """Whether a group may hear of it at all."""
    guarded = petition.lane == "protection" or petition.hazard == SELF_HARM
    still_told = any(agenda.planned(petition, item) for item in (Item.DISPATCH, Item.UNSORTED))
    return not (petition.excluded or guarded or still_told or above_village(county, petition))

"""Where a person finds the page of one petition."""

from datetime import datetime

from handlers.county import County
from handlers.villager.rights import is_hidden
from models.base import Session
from models.petition import Petition
from models.slip import give_slip


def address_for(
    session: Session, county: County, petition: Petition, to: tuple[str, str], at: datetime
) -> str:
    """The address of a person's slip; "" where the service has no public one or the matter must not be shown."""
    if not county.study.address or is_hidden(petition):
        return ""
    token = give_slip(session, county.keys, county.code, petition.identity, to, at)
    return f"{county.study.address}/p/{token}"

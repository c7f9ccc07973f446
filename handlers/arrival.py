"""The directory changed: whoever has come since, or stands near somebody since, is held against what was said before.

A set of people who must not hear is made of those on file that day. A new stand-in, a new colleague, a name that was
nobody's when it was written: each would be let in by the next load, were the matters not looked at again.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from handlers.county import County
from handlers.notices import is_still_told
from handlers.petition.hearing import heard
from handlers.petition.naming import People
from models.base import Session
from models.petition import Petition, guarded_ids


def look_again(county: County) -> Callable[[Session, datetime], None]:
    """The hook of the directory's import: every open matter, and every ended one somebody is kept from."""

    def on_people(session: Session, at: datetime) -> None:
        known = replace(county, people=People.load(session, county.reader.plain))
        for identity in guarded_ids(session):
            petition = session.get_one(Petition, identity)
            if not is_still_told(petition):  # those are looked at when their burst is over
                heard(session, known, petition, at)

    return on_people

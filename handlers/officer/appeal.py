"""An office's word against the warning of the month that is over, from whoever works there."""

from handlers.digest.appeal import appeal
from handlers.digest.period import Kind, Period
from handlers.turn import OfficerTurn, Reply
from models.wording import Wording


def against(turn: OfficerTurn) -> Reply:
    """The reason; a supervisor of another office decides on the pages."""
    session, county, who = turn.session, turn.county, turn.officer
    month = Period.before(Kind.MONTH, turn.at.astimezone(county.zone).date())
    appeal(session, county, month, who.office or "", who, turn.rest, turn.at)
    return Reply.of(Wording.APPEAL_NOTED, first=month.first.isoformat())

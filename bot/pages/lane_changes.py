"""Changed words for danger, protection and accusation: an operator and a supervisor read them and agree."""

from bot.knowledge import lanes_of
from bot.pages.visit import NOT_FOUND, Answer, Moved, Shown, Visit
from handlers.lane_change import agree as agree_to
from handlers.lane_change import differences
from handlers.topic.ruleset import SHIPPED
from models.lane_change import LaneChange, agreed, waiting
from models.officer import Officer

HERE = "/console/rules"


def changes(visit: Visit) -> Answer:
    def name(account: str | None) -> str:
        officer = visit.session.get(Officer, account) if account else None
        return officer.name if officer else ""

    before = agreed(visit.session)
    rows = [
        {
            "id": change.id,
            "digest": change.digest[:16],
            "made_at": change.made_at.isoformat(),
            "files": list(differences(before.files if before else lanes_of(SHIPPED), change.files)),
            "operator": name(change.operator),
            "supervisor": name(change.supervisor),
            "mine": visit.who.officer is not None and getattr(change, visit.who.role.value, "") is None,
        }
        for change in waiting(visit.session)
    ]
    return Shown("rules.html", {"changes": rows})


def agree(visit: Visit) -> Answer:
    number = visit.path["change"]
    change = visit.session.get(LaneChange, int(number)) if number.isascii() and len(number) < 10 else None
    if change is None:
        return NOT_FOUND
    person = visit.who.officer.account if visit.who.officer else None
    agree_to(visit.session, visit.county, change, person, visit.who.role, visit.at)
    return Moved(HERE)

"""An officer asks the robot in a group: figures, no matter by name; for all else he is asked to come aside."""

from handlers.groups import may_be_said
from handlers.officer import reading
from handlers.officer.finding import may_see, scopes_of
from handlers.officer.words import words
from handlers.turn import OfficerTurn, Reply
from models.officer import Role
from models.petition import overdue, owned_by
from models.wording import Wording


def answer(turn: OfficerTurn) -> Reply:
    """Nothing of the question is repeated, and nobody is told that it was asked."""
    command, _ = words().command(turn.mail.text)
    watches = Role.SUPERVISOR in turn.officer.roles
    if command == "list":
        mine = [one for one in owned_by(turn.session, turn.officer.account) if may_be_said(turn.county, one)]
        late = [one for one in mine if one.finish_due is not None and one.finish_due < turn.at]
        return Reply.of(Wording.GROUP_TASKS, name=turn.officer.name, count=len(mine), late=len(late))
    if command == "late" and watches:
        scopes = scopes_of(turn.session, turn.officer)
        seen = [one for one in overdue(turn.session, turn.at) if may_see(scopes, turn.officer, one)]
        return Reply.of(Wording.GROUP_LATE, count=sum(may_be_said(turn.county, one) for one in seen))
    if command == "day" and watches:
        told = reading.day(turn).parts[0].fields
        return Reply.of(Wording.GROUP_DAY, **{name: told[name] for name in ("new", "closed", "open", "late")})
    return Reply.of(Wording.GROUP_ASIDE)

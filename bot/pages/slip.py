"""`/p/TOKEN`: one petition on one person's phone. Looking is free and shows nobody; an act needs a code."""

from collections.abc import Mapping
from dataclasses import replace

from bot.pages.visit import NOT_FOUND, Answer, Shown, Visit
from handlers.slip.page import act as do
from handlers.slip.page import look, may_look, send_code
from models.base import Session
from models.errors import Refused
from models.petition import Petition
from models.slip import Slip, slip_of


def show(visit: Visit) -> Answer:
    """Whoever or whatever opens the link, as often as it likes."""
    found = _found(visit, visit.session)
    return _page(visit, *found) if found else NOT_FOUND


def press(visit: Visit) -> Answer:
    """A button: send me a code, or do this with the code."""
    said, status = "", 200
    try:
        with visit.database.transaction() as session:
            found = _found(visit, session, for_update=True)
            if found is None:
                return NOT_FOUND
            said, status = _pressed(visit, session, *found)
    except Refused as refused:
        said, status = visit.chinese.say(refused.wording, refused.fields), 409
    with visit.database.reading() as session:
        found = _found(visit, session)
        if found is None:
            return NOT_FOUND
        typed = {} if status == 200 and "code" in visit.form else visit.form
        return _page(replace(visit, session_=session), *found, said=said, status=status, typed=typed)


def _pressed(visit: Visit, session: Session, slip: Slip, petition: Petition) -> tuple[str, int]:
    """What happened: a key of words.toml or a sentence, and the status."""
    wanted = visit.form.get("act", "")
    if "code" not in visit.form:
        sent = send_code(session, visit.county, slip, petition, visit.at)
        return ("code_sent", 200) if sent else ("code_enough", 429)
    code = visit.form["code"].strip()[:8]
    reply = do(session, visit.county, slip, petition, wanted, code, visit.form.get("words", ""), visit.at)
    return (visit.chinese.reply(reply), 200) if reply else ("code_wrong", 403)


def _found(visit: Visit, session: Session, *, for_update: bool = False) -> tuple[Slip, Petition] | None:
    """What is forged, over, or somebody else's meanwhile looks like nothing at all."""
    slip = slip_of(session, visit.county.keys, visit.path["token"], visit.at, for_update=for_update)
    petition = session.get(Petition, slip.petition, with_for_update=for_update or None) if slip else None
    if slip is None or petition is None or not may_look(session, slip, petition):
        return None
    return slip, petition


def _page(
    visit: Visit,
    slip: Slip,
    petition: Petition,
    *,
    said: str = "",
    status: int = 200,
    typed: Mapping[str, str] | None = None,
) -> Shown:
    fields = {
        "matter": look(visit.session, visit.county, slip, petition, visit.at),
        "address": f"/p/{visit.path['token']}",
        "large": visit.query.get("large") == "1" or visit.form.get("large") == "1",
        "told": said,
        "failed": status != 200,
        "typed": dict(typed or {}),
        "until": slip.until,
    }
    return Shown("slip.html", fields, status)

"""The telephone desk: one page, from the first ring to the number read aloud; without a script, by its buttons."""

from typing import Any

from bot.pages.visit import Answer, Shown, Visit
from handlers.telephone.elements import Elements
from handlers.telephone.filing import Call, Filed, file
from handlers.telephone.looking import Found, look
from handlers.turn import Reply, by_rule
from models.login import fresh_secret
from models.wording import Wording

ELEMENTS = ("who", "when", "where", "what", "how")


def page(visit: Visit) -> Answer:
    """Empty, for the next call."""
    return _shown(visit, {}, Found())


def look_up(visit: Visit) -> Answer:
    """What is known of the words so far: the part of the page that changes, or all of it without a script."""
    form = visit.form
    found = look(
        visit.session, visit.county, visit.who.scope, form.get("phone", ""), form.get("text", ""), visit.at
    )
    if form.get("part"):
        return Shown("desk_found.html", _found(visit, found))
    read = {name: getattr(found.elements, name) for name in ELEMENTS if name != "what"}
    return _shown(visit, {name: value for name, value in read.items() if value} | _given(form), found)


def file_call(visit: Visit) -> Answer:
    """Filed: what is read aloud."""
    form = visit.form
    if not form.get("text", "").strip():
        return Shown("desk_filed.html", {"filed": None}) if form.get("part") else _shown(visit, form, Found())
    filed = file(visit.session, visit.county, _call(form), visit.who.account, visit.at, visit.chinese.reply)
    fields = {"filed": filed, "once": fresh_secret()}
    if form.get("part"):
        return Shown("desk_filed.html", fields)
    found = look(visit.session, visit.county, visit.who.scope, form.get("phone", ""), "", visit.at)
    kept = {name: form.get(name, "") for name in ("phone", "talk", "who")}
    return _shown(visit, kept, found, filed)


def _call(form: Any) -> Call:
    elements = {name: form.get(name, "")[:200] for name in ELEMENTS if name != "what"}
    return Call(
        once=form.get("once", "") or fresh_secret(),
        talk=form.get("talk", "") or fresh_secret(),
        phone=form.get("phone", "")[:40],
        text=form["text"][:4000],
        elements=Elements(**elements),
        leaf=form.get("leaf", ""),
        handed_to=form.get("handed", ""),
    )


def _given(form: Any) -> dict[str, str]:
    names = ("phone", "text", "talk", "once", "leaf", *ELEMENTS)
    return {name: form[name] for name in names if form.get(name)}


def _shown(visit: Visit, given: Any, found: Found, filed: Filed | None = None) -> Answer:
    fields = {"once": fresh_secret(), "talk": fresh_secret(), "phone": "", "text": "", "leaf": ""}
    fields |= dict.fromkeys(ELEMENTS, "") | dict(given)
    fields_of_page = {"given": fields, "filed": filed, "once": fields["once"]}
    return Shown("desk.html", fields_of_page | _found(visit, found), script=True)


def _found(visit: Visit, found: Found) -> dict[str, Any]:
    danger = by_rule("hazard", found.rule, found.lane) if found.lane in ("emergency", "protection") else None
    accuses = found.lane == "accusation"
    said = Reply.of(Wording.ACCUSATION, address=visit.county.discipline_address) if accuses else None
    said = Reply.of(danger) if danger else said
    return {"found": found, "advice": visit.chinese.reply(said) if said else "", "accuses": accuses}

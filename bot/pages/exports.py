"""Lists with names: a dispatcher asks with a reason, another person agrees, the first takes the list once."""

from bot.digest.table import Sheet, Table
from bot.digest.workbook import workbook
from bot.pages.dress import words
from bot.pages.visit import NOT_FOUND, Answer, Moved, Sent, Shown, Visit
from handlers.petition import exporting
from models.identity_export import IdentityExport, open_exports
from models.officer import Officer, Role

HERE = "/console/export"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def lists(visit: Visit) -> Answer:
    account, keys = visit.who.scope.account, visit.county.keys

    def name(person: str | None) -> str:
        officer = visit.session.get(Officer, person) if person else None
        return officer.name if officer else ""

    rows = [
        {
            "id": one.id,
            "numbers": one.numbers,
            "reason": keys.opened_here(one.reason),
            "asked_by": name(one.asked_by),
            "agreed_by": name(one.agreed_by),
            "may_agree": one.agreed_by is None and account not in (None, one.asked_by),
            "may_take": one.agreed_by is not None and account == one.asked_by,
        }
        for one in open_exports(visit.session, visit.at - exporting.LASTS)
        if account == one.asked_by or exporting.concerns(visit.session, visit.who.scope, one)
    ]
    return Shown("export.html", {"exports": rows, "may_ask": visit.who.role is Role.DISPATCHER})


def ask(visit: Visit) -> Answer:
    numbers, reason = visit.form.get("numbers", ""), visit.form.get("reason", "")
    exporting.ask(visit.session, visit.county, visit.who.scope, numbers, reason, visit.at)
    return Moved(HERE)


def agree(visit: Visit) -> Answer:
    export = _meant(visit)
    if export is None:
        return NOT_FOUND
    exporting.agree(visit.session, visit.county, export, visit.who.scope, visit.at)
    return Moved(HERE)


def take(visit: Visit) -> Answer:
    export = _meant(visit)
    if export is None:
        return NOT_FOUND
    lines = exporting.take(visit.session, visit.county, export, visit.who.scope, visit.at)
    said = words()["export"]
    rows = tuple((one.number, one.category, one.place, one.name, one.phone) for one in lines)
    table = Table(said["table"], tuple(said["columns"]), rows)
    made = f"{visit.at.astimezone(visit.county.zone):%Y-%m-%d %H:%M}"
    return Sent(workbook(Sheet(said["title"], (made,), (table,))), XLSX, f"export-{export.id}.xlsx")


def _meant(visit: Visit) -> IdentityExport | None:
    number = visit.path["export"]
    return visit.session.get(IdentityExport, int(number)) if number.isascii() and len(number) < 10 else None

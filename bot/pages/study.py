"""Study for the people of a branch: today's visits and calls, what members said of themselves, the month's ledger."""

from collections.abc import Sequence
from datetime import date

from bot.digest.table import Sheet, Table
from bot.digest.workbook import workbook
from bot.pages.dress import words
from bot.pages.visit import NOT_FOUND, Answer, Moved, Sent, Shown, Visit
from bot.wording import names_of_codes
from handlers.study import changes, ledger, tasks
from handlers.study.material import is_last
from handlers.study.rating import rate_for
from handlers.study.showing import errands, proposal
from models.member import Member
from models.office import Office
from models.officer import Role, day_of
from models.study.change import Change, waiting_changes
from models.study.course import Lesson
from models.study.due import Due
from models.study.people import all_branches, branches_of
from models.study.task import Task, open_tasks_in, open_tasks_of

HERE = "/console/study"
SHOWN = 200
MONTHS = 12
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def branches(visit: Visit) -> list[str]:
    """The branches whose members are this person's business."""
    if visit.who.officer is not None:
        return branches_of(visit.session, visit.who.officer)
    return all_branches(visit.session) if visit.who.role is Role.OPERATOR else []


def visits(visit: Visit) -> Answer:
    """What is to be brought, the most urgent first: one's own, or with `all` the branches' too."""
    everybody = "all" in visit.query or visit.who.officer is None
    found = open_tasks_in(visit.session, branches(visit)) if everybody else _mine(visit)
    return Shown(
        "study.html",
        {
            "errands": errands(visit.session, visit.county, found[:SHOWN], visit.at),
            "count": len(found),
            "everybody": everybody,
            "waiting": len(waiting_changes(visit.session, branches(visit))),
        },
    )


def tick(visit: Visit) -> Answer:
    """It arrived, nobody was there, or the member wants none; by one tap."""
    task = _task(visit)
    if task is None:
        return NOT_FOUND
    how, by = visit.form.get("how", ""), visit.who.account
    if how == "missed":
        tasks.missed(visit.session, task, by, visit.at)
        return Moved(HERE)
    if how == "declined":
        changes.stop(visit.session, visit.session.get_one(Member, task.member), visit.at)
        return Moved(HERE)
    tasks.done(visit.session, visit.county, task, by, visit.at, visit.form.get("note", "")[:500])
    lesson = visit.session.get_one(Lesson, visit.session.get_one(Due, task.due).lesson)
    return Moved(f"{HERE}/rate/{task.id}" if is_last(visit.session, lesson) else HERE)


def ask(visit: Visit) -> Answer:
    """The three questions of a stage's end, for somebody who cannot type."""
    return Shown("study_rate.html", {"task": visit.path["task"]}) if _task(visit) else NOT_FOUND


def rate(visit: Visit) -> Answer:
    task = _task(visit)
    given = [visit.form.get(name, "") for name in ("useful", "timely", "fitting")]
    if task is None:
        return NOT_FOUND
    if all(one in ("1", "2", "3", "4", "5") for one in given):
        useful, timely, fitting = map(int, given)
        said = ((useful, timely, fitting), visit.form.get("word", "")[:200])
        rate_for(visit.session, visit.county, task, said, visit.at)
    return Moved(HERE)


def proposals(visit: Visit) -> Answer:
    """What members said of themselves."""
    found = waiting_changes(visit.session, branches(visit))
    shown = [proposal(visit.session, visit.county, change) for change in found[:SHOWN]]
    return Shown("study_changes.html", {"changes": shown})


def decide(visit: Visit) -> Answer:
    number = visit.path["change"]
    change = visit.session.get(Change, int(number)) if len(number) < 10 else None
    if change is None or change.branch not in branches(visit):
        return NOT_FOUND
    granted = visit.form.get("how") == "confirm"
    changes.decide(visit.session, visit.county, change, visit.who.account, visit.at, granted=granted)
    return Moved(f"{HERE}/changes")


def labels(visit: Visit) -> Answer:
    """Address labels of what is to be posted, to print."""
    found = [task for task in open_tasks_in(visit.session, branches(visit)) if task.way == "post"]
    return Shown("study_labels.html", {"errands": errands(visit.session, visit.county, found, visit.at)})


def book(visit: Visit) -> Answer:
    """The ledger of one branch and month."""
    found = _span(visit)
    names = _branch_names(visit, branches(visit))
    if found is None:
        return Shown(
            "study_ledger.html", {"branches": names, "branch": "", "lines": [], "month": "", "months": []}
        )
    branch, first, last = found
    lines = ledger.ledger(visit.session, visit.county, branch, first, last)
    today = day_of(visit.at)
    spans = [_month(today, back) for back in range(MONTHS)]
    return Shown(
        "study_ledger.html",
        {
            "branches": names,
            "branch": branch,
            "lines": lines,
            "month": f"{first:%Y-%m}",
            "months": [f"{one:%Y-%m}" for one in spans],
        },
    )


def book_file(visit: Visit) -> Answer:
    """The same as a workbook."""
    found = _span(visit)
    if found is None:
        return NOT_FOUND
    branch, first, last = found
    say, names = words(), names_of_codes()
    rows = tuple(
        (
            line.member,
            line.name,
            names["member_kind"][line.kind],
            line.course,
            line.lesson,
            line.title,
            line.day.isoformat(),
            names["arrival"][line.standing],
            names["way"].get(line.way, ""),
            f"{line.when.astimezone(visit.county.zone):%Y-%m-%d %H:%M}" if line.when else "",
            line.by,
        )
        for line in ledger.ledger(visit.session, visit.county, branch, first, last)
    )
    name = _branch_names(visit, [branch])[0][1]
    sheet = Sheet(
        name, (f"{first:%Y-%m}",), (Table(say["ledger"]["name"], tuple(say["ledger"]["columns"]), rows),)
    )
    return Sent(workbook(sheet), XLSX, f"ledger-{branch}-{first:%Y-%m}.xlsx")


def _mine(visit: Visit) -> list[Task]:
    return open_tasks_of(visit.session, visit.who.account)


def _task(visit: Visit) -> Task | None:
    """The task of the address, if it is this person's or of his branches."""
    number = visit.path["task"]
    task = visit.session.get(Task, int(number)) if len(number) < 10 else None
    if task is None or (task.account != visit.who.account and task.branch not in branches(visit)):
        return None
    return task


def _span(visit: Visit) -> tuple[str, date, date] | None:
    """Branch, first and last day; the first branch and this month where the address does not say."""
    mine = branches(visit)
    branch = visit.query.get("branch") or (mine[0] if mine else "")
    if branch not in mine:
        return None
    try:
        first = date.fromisoformat(f"{visit.query['month']}-01")
    except (KeyError, ValueError):
        first = day_of(visit.at).replace(day=1)
    return branch, first, ledger.last_of(first)


def _month(today: date, back: int) -> date:
    """The first day of the month `back` months ago."""
    months = today.year * 12 + today.month - 1 - back
    return date(months // 12, months % 12 + 1, 1)


def _branch_names(visit: Visit, codes: Sequence[str]) -> list[tuple[str, str]]:
    found = (visit.session.get(Office, code) for code in codes)
    return [(office.code, office.name) for office in found if office is not None]

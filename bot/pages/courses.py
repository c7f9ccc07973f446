"""Plans: what is coming, the next lesson of a template, and how a member would get it."""

from datetime import date, time
from typing import Any

from bot.pages.study import branches
from bot.pages.visit import NOT_FOUND, Answer, Moved, Shown, Visit
from handlers.study import planning
from handlers.study.adding import NewLesson, add
from handlers.study.changes import name_of
from handlers.study.material import address_of, page_of
from handlers.study.preview import meant, preview
from handlers.study.templates import suggest, templates
from models.member import Kind
from models.office import Office
from models.officer import day_of
from models.study.course import EVERYBODY, Course, Lesson, courses, lessons_of
from models.study.people import all_branches
from models.study.survey import free_words, total

HERE = "/console/study/plan"
SHOWN = 20  # courses


def plan(visit: Visit) -> Answer:
    """The courses with their lessons, and the form for one more."""
    today = day_of(visit.at)
    code = visit.query.get("template", "")
    suggestion = suggest(visit.session, code, today) if code in templates() else None
    shown = [_shown(visit, course) for course in courses(visit.session)[:SHOWN]]
    return Shown(
        "study_plan.html",
        {
            "shown": shown,
            "today": today,
            "templates": list(templates()),
            "template": code if suggestion else "",
            "suggestion": suggestion,
            "kinds": [kind.value for kind in Kind],
            "everybody": _may_plan(visit, EVERYBODY),
            "branches": [office for code in branches(visit) if (office := visit.session.get(Office, code))],
        },
    )


def _shown(visit: Visit, course: Course) -> dict[str, Any]:
    number = course.id or 0
    return {
        "course": course,
        "lessons": [(one, _may_plan(visit, one.branch)) for one in lessons_of(visit.session, number)],
        "total": total(visit.session, number),
        "words": free_words(visit.session, visit.county.keys, number),
    }


def _may_plan(visit: Visit, branch: str) -> bool:
    """One's own branches; for everybody only whoever looks after every branch."""
    mine = branches(visit)
    return mine == all_branches(visit.session) if branch == EVERYBODY else branch in mine


def add_lesson(visit: Visit) -> Answer:
    """Plans a lesson; what is wrong with it is told in one sentence, and nothing is planned."""
    form = visit.form
    if not _may_plan(visit, form.get("branch", EVERYBODY)):
        return NOT_FOUND
    kinds = [kind.value for kind in Kind if form.get(f"kind_{kind.value}")]
    add(
        visit.session,
        visit.county,
        NewLesson(
            course=form.get("course", "").strip(),
            title=form.get("title", "").strip(),
            day=_day(form.get("day", "")),
            hour=_hour(form.get("hour", "")),
            days_after=_days(form.get("days_after", "").strip()),
            kinds=kinds if len(kinds) < len(Kind) else [],
            branch=form.get("branch", EVERYBODY),
            place=form.get("place", "").strip(),
            text=form.get("text", "").strip(),
            link=form.get("link", "").strip(),
            audio=form.get("audio", "").strip(),
            picture=form.get("picture", "").strip(),
            printable=form.get("printable", "").strip(),
            template=form.get("template", ""),
        ),
        visit.at,
    )
    return Moved(HERE)


def take_out(visit: Visit) -> Answer:
    lesson = _lesson(visit)
    if lesson is None or not _may_plan(visit, lesson.branch):
        return NOT_FOUND
    planning.take_out(visit.session, lesson, visit.at)
    return Moved(HERE)


def show_preview(visit: Visit) -> Answer:
    """How would this member get it? One of the person's own branches."""
    lesson = _lesson(visit)
    if lesson is None:
        return NOT_FOUND
    said = visit.query.get("member", "").strip()[:20]
    found = meant(visit.session, visit.county, branches(visit), said)
    sure = len(found) == 1 and (said == found[0].code or said in name_of(visit.county, found[0]))
    member = found[0] if sure else None
    return Shown(
        "study_preview.html",
        {
            "lesson": lesson,
            "course": visit.session.get_one(Course, lesson.course),
            "said": said,
            "found": [(one, name_of(visit.county, one)) for one in found],
            "member": member,
            "name": name_of(visit.county, member) if member else "",
            "preview": preview(visit.session, visit.county, member, lesson, visit.at) if member else None,
            "audio": address_of(visit.county, lesson.audio),
            "page": page_of(visit.county, lesson),
        },
    )


def _lesson(visit: Visit) -> Lesson | None:
    number = visit.path["lesson"]
    lesson = visit.session.get(Lesson, int(number)) if len(number) < 10 else None
    return lesson if lesson is not None and lesson.ended_at is None else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _days(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else None


def _hour(text: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError:
        return time(9)

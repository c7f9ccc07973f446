"""What only shows when the whole directory is seen: unknown codes, circles, levels, impossible duties."""

from typing import Any

from handlers.directory.draft import Draft, Record
from handlers.directory.form import forms
from handlers.directory.standing import Standing, as_list, was_written_here
from models.advice import Advice
from models.duty import ANY, EMERGENCY, PROTECTION
from models.place import Level

RANK = {Level.COUNTY: 0, Level.TOWNSHIP: 1, Level.VILLAGE: 2, Level.GROUP: 3}
CIRCLES = (("place", "parent"), ("office", "parent"), ("officer", "superior"))


def check(draft: Draft, standing: Standing, categories: frozenset[str]) -> None:
    """Adds to the draft every problem that the rows make together. `categories`: all leaves and tops."""
    _check_references(draft, standing)
    _check_still_used(draft, standing)
    for sheet, field_name in CIRCLES:
        _check_circles(draft, sheet, field_name)
    _check_levels(draft)
    _check_stand_ins(draft)
    _check_avoided(draft, standing)
    _check_duties(draft, standing, categories)
    _check_questions(draft, standing)


def _check_references(draft: Draft, standing: Standing) -> None:
    for sheet, form in forms().items():
        for column in form.columns if draft.has(sheet) else ():
            if column.refers is None:
                continue
            known = standing.by_key(draft, column.refers).keys()
            for record in draft.of(sheet):
                for value in as_list(record.values.get(column.field)):
                    if value in known:
                        continue
                    left = column.refers == "officer" and (value,) in standing.rows["officer"]
                    code = "left_officer" if left else f"unknown_{column.refers}"
                    draft.complain(sheet, record.number, column.field, code, value=value)


def _check_still_used(draft: Draft, standing: Standing) -> None:
    """A place or office that vanished while a sheet that is not in the file still names it."""
    for target in ("place", "office"):
        if not draft.has(target):
            continue
        known = standing.by_key(draft, target).keys()
        for sheet, key, value in standing.references_to(draft, target):
            if value not in known:
                name = forms()[sheet].name
                draft.complain(target, 1, "code", "still_used", value=value, sheet=name, key=key)


def _check_circles(draft: Draft, sheet: str, field_name: str) -> None:
    key = forms()[sheet].key[0]
    above: dict[Any, Any] = {
        record.values.get(key): record.values.get(field_name) for record in draft.of(sheet)
    }
    for record in draft.of(sheet):
        start = record.values.get(key)
        path: list[Any] = [start]
        step = above.get(start)
        while step and step not in path:
            path.append(step)
            step = above.get(step)
        if start and step == start:
            draft.complain(sheet, record.number, field_name, "circle", path=" → ".join([*path, start]))


def _check_levels(draft: Draft) -> None:
    levels = {record.values.get("code"): record.values.get("level") for record in draft.of("place")}
    county: int | None = None
    for record in draft.of("place"):
        level, parent = record.values.get("level"), record.values.get("parent")
        if level == Level.COUNTY:
            if county is not None:
                draft.complain("place", record.number, "level", "county_twice", row=county)
            county = county or record.number
            if parent:
                draft.complain("place", record.number, "parent", "county_parent")
        elif level and "parent" in record.values:
            _check_parent(draft, record, levels.get(parent))
    if draft.has("place") and county is None:
        draft.complain("place", 1, "level", "county_missing")


def _check_parent(draft: Draft, record: Record, level_above: str | None) -> None:
    parent = record.values["parent"]
    if not parent:
        draft.complain("place", record.number, "parent", "parent_missing")
    elif level_above and RANK[Level(level_above)] >= RANK[Level(record.values["level"])]:
        draft.complain("place", record.number, "parent", "parent_level", value=parent)


def _check_stand_ins(draft: Draft) -> None:
    for record in draft.of("officer"):
        stand_in = record.values.get("stand_in")
        if stand_in and stand_in == record.values.get("account"):
            draft.complain("officer", record.number, "stand_in", "itself")


def _check_avoided(draft: Draft, standing: Standing) -> None:
    """An account must exist; a name need not be anybody's of the staff, but then it is said."""
    people = standing.by_key(draft, "officer")
    known = {*people, *(values.get("name") for values in people.values())}
    rows: dict[int, None] = {}
    for record in draft.of("officer"):
        for avoided in as_list(record.values.get("avoid")):
            if avoided in {record.values.get("account"), record.values.get("name")}:
                draft.complain("officer", record.number, "avoid", "itself")
            elif avoided not in known and avoided.isascii():
                draft.complain("officer", record.number, "avoid", "avoid_unknown", value=avoided)
            elif avoided not in known:
                rows[record.number] = None
    if rows:
        draft.note("avoid_name", rows=" ".join(map(str, rows)))


def _check_duties(draft: Draft, standing: Standing, categories: frozenset[str]) -> None:
    places = standing.by_key(draft, "place")
    for record in draft.of("duty"):
        category, place = record.values.get("category"), record.values.get("place")
        if category in {EMERGENCY, PROTECTION}:
            if place in places and places[place].get("level") != Level.COUNTY:
                draft.complain("duty", record.number, "place", "county_only")
        elif category and category != ANY and category not in categories:
            draft.complain("duty", record.number, "category", "category", value=category)


def _check_questions(draft: Draft, standing: Standing) -> None:
    """One question, one answer - where two of them hold, those written on the pages among them."""
    first: dict[tuple[str, str], tuple[int, str]] = {}
    here = {
        (row.place or "", question.casefold()): row.code
        for row in standing.live("advice").values()
        if isinstance(row, Advice) and was_written_here(row)
        for question in row.questions
    }
    for record in draft.of("advice"):
        place = record.values.get("place") or ""
        for question in as_list(record.values.get("questions")):
            code = here.get((place, question.casefold()))
            if code is not None and code != record.values.get("code"):
                draft.complain(
                    "advice", record.number, "questions", "answered_here", value=question, code=code
                )
            row, _ = first.setdefault((place, question.casefold()), (record.number, question))
            if row != record.number:
                draft.complain("advice", record.number, "questions", "same_question", value=question, row=row)

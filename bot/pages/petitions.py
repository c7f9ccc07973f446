"""The list of petitions somebody may see: narrowed, searched, sorted, a page at a time; never who a villager is."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from urllib.parse import urlencode

from bot.pages.filters import Filters, due_by, filters_of, key_of, key_text
from bot.pages.searches import kept
from bot.pages.visit import Answer, Moved, Shown, Visit
from handlers.commands import numbered
from handlers.digest.behind import behind, opens
from handlers.digest.period import Kind as Span
from handlers.digest.period import NotYet, Period
from handlers.officer.scope import all_shown, may_read, may_see
from handlers.searching import looked_up
from models.listing import MOST_COUNTED, Key, Page, Sort, Which, count_of, selected
from models.officer import Role
from models.petition import Petition, by_number
from models.weighing import GROUPS

SIZE = 50
BATCH, BATCHES = 200, 10  # of what holds the words looked for; what may not be read of it is passed over
HERE = "/console/petitions"
FIGURE = ("measure", "period", "on", *GROUPS)  # how a number in a digest says which it is


def petitions(visit: Visit) -> Answer:
    """Open matters, the most urgent first, unless the address says otherwise. A number opens its matter."""
    filters = filters_of(visit)
    typed = filters.said.get("q", "")
    number = numbered(typed)[1]
    if number is not None:
        found = by_number(visit.session, number)
        if found is not None and may_see(visit.who.scope, found):
            return Moved(f"/console/petition/{number}")
    searches = bool(typed) and number is None
    after = key_of(visit.query.get("after", ""))
    figure = visit.query.get("measure", "")
    if figure and opens(figure):
        page: Page | None = _behind(visit, figure, after)
    else:
        page = _with_words(visit, filters, typed, after) if searches else _page(visit, filters, after)
    rows = page.rows if page is not None else ()
    whole = after is None and page is not None and page.after is None
    count = len(rows) if whole else None
    if after is None and not whole and not searches and not figure and filters.wanted.is_open:
        count = count_of(visit.session, visit.who.scope, filters.wanted, visit.at, due_by(visit))
    return Shown(
        "petitions.html",
        {
            "petitions": all_shown(visit.session, visit.county, rows),
            "count": count,
            "most": MOST_COUNTED,
            "filters": filters,
            "said": defaultdict(str, filters.said),
            "missing": number,
            "wordless": page is None,
            "searches": searches,
            "saved": kept(visit),
            "figure": figure,
            "next": _next(visit, filters, page.after) if page is not None and page.after else "",
            "first": f"{HERE}?{filters.query}" if after else "",
        },
    )


def _page(visit: Visit, filters: Filters, after: Key | None) -> Page:
    scope = visit.who.scope
    page = selected(visit.session, scope, filters.wanted, visit.at, due_by(visit), after, SIZE)
    return replace(page, rows=[one for one in page.rows if may_see(scope, one)])


def _behind(visit: Visit, figure: str, after: Key | None) -> Page:
    """The matters one number of a digest counts: its measure, its period, the row it stands in."""
    asked = visit.query
    try:
        period = Period.of(
            Span(asked.get("period", Span.MONTH.value)), date.fromisoformat(asked.get("on", ""))
        )
        group = next((name for name in GROUPS if name in asked), "")
        code = asked.get(group, "") if group else ""
        bounds = {"after": after.id if after is not None else None, "most": SIZE + 1}
        scope = visit.who.scope
        ids = behind(visit.session, visit.county, scope, period, visit.at, figure, group, code, **bounds)
    except (ValueError, OverflowError, NotYet):
        return Page()
    rows = {one.id: one for one in visit.session.fetch(Petition, ids[:SIZE])}
    shown = [rows[one] for one in ids[:SIZE] if one in rows]
    return Page(shown, Key(ids[SIZE - 1]) if len(ids) > SIZE else None)


def _with_words(visit: Visit, filters: Filters, typed: str, after: Key | None) -> Page | None:
    """Matters this person may read that hold the words, the newest first; None where there is no word in it.

    Who may not read a matter does not find it by its words either: he could try out what stands in it.
    """
    session, who, dues = visit.session, visit.who, due_by(visit)
    rows: list[Petition] = []
    before = after.id if after else None
    # Without a state asked for, what has ended is looked through too: one remembers words, not ends.
    which = filters.wanted.which if "state" in filters.said else Which.ALL
    # Words are for the desk's dispatchers and whoever has a part in the matter: of others no row is read.
    concerned = who.role is not Role.DISPATCHER
    narrowed = replace(filters.wanted, which=which, sort=Sort.NEWEST, concerned=concerned)
    for _ in range(BATCHES):
        ids = looked_up(session, visit.county, typed, before, BATCH)
        if ids is None:
            return None
        wanted = replace(narrowed, ids=frozenset(ids))
        page = selected(session, who.scope, wanted, visit.at, dues, None, BATCH)
        rows += _readable(visit, page.rows)
        if len(rows) > SIZE:
            return Page(rows[:SIZE], Key(rows[SIZE - 1].identity))
        if len(ids) < BATCH:
            return Page(rows)
        before = ids[-1]
    return Page(rows, Key(before or 0))


def _readable(visit: Visit, rows: Sequence[Petition]) -> list[Petition]:
    return [one for one in rows if may_read(visit.session, visit.who.scope, visit.who.role, one)]


def _next(visit: Visit, filters: Filters, key: Key) -> str:
    figure = {name: visit.query[name] for name in FIGURE if name in visit.query}
    return f"{HERE}?{urlencode({**filters.said, **figure, 'after': key_text(key)})}"

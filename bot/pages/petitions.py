"""The list of petitions somebody may see: narrowed, sorted, a page at a time; never who a villager is."""

from collections import defaultdict
from urllib.parse import urlencode

from bot.pages.filters import due_by, filters_of, key_of, key_text
from bot.pages.visit import Answer, Moved, Shown, Visit
from handlers.commands import numbered
from handlers.officer.scope import may_see, shown
from models.listing import MOST_COUNTED, count_of, selected
from models.petition import by_number

SIZE = 50
HERE = "/console/petitions"


def petitions(visit: Visit) -> Answer:
    """Open matters, the most urgent first, unless the address says otherwise. A number opens its matter."""
    filters = filters_of(visit)
    number = numbered(filters.said.get("q", ""))[1]
    if number is not None:
        found = by_number(visit.session, number)
        if found is not None and may_see(visit.who.scope, found):
            return Moved(f"/console/petition/{number}")
    scope, dues = visit.who.scope, due_by(visit)
    page = selected(
        visit.session, scope, filters.wanted, visit.at, dues, key_of(visit.query.get("after", "")), SIZE
    )
    first = "after" not in visit.query
    count = count_of(visit.session, scope, filters.wanted, visit.at, dues) if first else None
    return Shown(
        "petitions.html",
        {
            "petitions": [
                shown(visit.session, visit.county, one) for one in page.rows if may_see(scope, one)
            ],
            "count": count,
            "most": MOST_COUNTED,
            "filters": filters,
            "said": defaultdict(str, filters.said),
            "missing": number,
            "next": f"{HERE}?{urlencode({**filters.said, 'after': key_text(page.after)})}"
            if page.after
            else "",
            "first": "" if first else f"{HERE}?{filters.query}",
        },
    )

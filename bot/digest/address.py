"""Where the list behind a number is opened."""

from urllib.parse import urlencode

from handlers.digest.period import Period

LIST = "/console/petitions"


def address(period: Period, measure: str, group: str = "", code: str = "") -> str:
    """Where that list is opened on the staff's pages; the same number has the same address for ever."""
    told = {"measure": measure, "period": period.kind.value, "on": period.first.isoformat()}
    if period.last != Period.of(period.kind, period.first).last:
        told["to"] = period.last.isoformat()  # a day's digest after a holiday covers several
    if group:
        told |= {group: code}
    return f"{LIST}?{urlencode(told)}"

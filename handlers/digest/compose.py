"""A digest, composed: the figures of a period with their rates, by place, office and category."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from handlers.county import County
from handlers.digest.measures import measures
from handlers.digest.period import DAY, Kind, NotYet, Period, midnight
from models.base import Session
from models.counting import count
from models.digest import Digest
from models.office import Office
from models.place import Place, names_of
from models.tally import Tally, accusations, latest_event, latest_message
from models.weighing import SEALED, UNKNOWN, Window

ROWS = {"by_place": "place", "by_office": "office", "by_category": "category"}


@dataclass(frozen=True)
class Basis:
    """What a digest is counted from: printed with it, so that anybody can count it again."""

    window: Window
    message: int  # the last message seen, for the accusations
    mostly: float  # what "mostly content" weighs
    definitions: str  # version of the rates

    def told(self) -> dict[str, Any]:
        window = self.window
        return {
            "since": window.since.isoformat(),
            "until": window.until.isoformat(),
            "due_until": window.due_until.isoformat(),
            "event": window.up_to,
            "message": self.message,
            "mostly_weight": self.mostly,
            "definitions": self.definitions,
            "guards": window.guards,
            "waits": window.waits,
        }

    @classmethod
    def read(cls, content: dict[str, Any]) -> "Basis":
        """The basis a digest was counted from. KeyError, ValueError: it has none."""
        told = content["basis"]
        since, until, due_until = (
            datetime.fromisoformat(told[name]) for name in ("since", "until", "due_until")
        )
        guards, waits = told.get("guards", False), told.get("waits", False)  # older digests had neither
        window = Window(since, until, due_until, told["event"], guards, waits)
        return cls(window, told["message"], told["mostly_weight"], told["definitions"])


def basis(session: Session, county: County, period: Period, at: datetime, up_to: int | None = None) -> Basis:
    """The window of a period as it stands at `at`: to its end, or to now while it runs. NotYet: in the future."""
    since, end = period.since(county.zone), period.until(county.zone)
    if since > at:
        message = f"{period.first} has not begun yet; the latest day is {at.astimezone(county.zone).date()}"
        raise NotYet(message)
    until = min(end, at.astimezone(UTC) + datetime.resolution)  # what is done at this very instant counts
    last = period.last if until == end else until.astimezone(county.zone).date()
    workday = last + DAY
    while not county.working.is_workday(workday):
        workday += DAY
    known = latest_event(session) if up_to is None else up_to
    window = Window(since, until, midnight(workday + DAY, county.zone), known)
    return Basis(window, latest_message(session), county.mostly_weight, measures().version)


def compose(
    session: Session,
    county: County,
    period: Period,
    found: Basis,
    at: datetime,
    head: str,
    tally: Tally | None = None,
) -> dict[str, Any]:
    """The digest of a period, as it is printed and stored. `head`: the ledger it was counted from."""
    figures = figured(session, period.kind, found, tally or count(session, found.window))
    names = Names(session, county)
    for rows, group in ROWS.items():
        figures[rows] = [
            {"code": row["code"], "name": names.of(group, row["code"])} | row for row in figures[rows]
        ]
    return {
        "period": period.kind.value,
        "from": period.first.isoformat(),
        "to": period.last.isoformat(),
        "made_at": at.astimezone(UTC).isoformat(),
        "checkpoint": head,
        **figures,
        "basis": found.told(),
    }


def figured(session: Session, kind: Kind, found: Basis, tally: Tally) -> dict[str, Any]:
    """All figures of a digest, without a name."""
    total = tally.counts()
    told = accusations(session, found.window, found.message) if kind is Kind.QUARTER else None
    return {
        "counts": {**total, "accusations": told},
        "rates": measures().of(tally.total, found.mostly),
        **{
            rows: [{"code": code, "counts": tally.counts(group, code)} for code in tally.codes(group)]
            for rows, group in ROWS.items()
        },
    }


def window_of(content: dict[str, Any]) -> Window:
    """What a stored digest was counted from."""
    return Basis.read(content).window


def differs(session: Session, digest: Digest, tally: Tally) -> str | None:
    """Which figure of a stored digest is not what the ledger says; None: all are.

    Figures that were not counted yet when it was made are not asked of it; nor are today's names.
    """
    content, found = digest.content, Basis.read(digest.content)
    again = figured(session, Kind(digest.period), found, tally)
    for name, value in content["counts"].items():
        if again["counts"].get(name) != value:
            return f"it says {name} {value}, the ledger {again['counts'].get(name)}"
    if found.definitions == measures().version and content["rates"] != again["rates"]:
        return "its rates are not what the ledger says"
    for rows in ROWS:
        counted = {row["code"]: row["counts"] for row in again[rows]}
        for row in content[rows]:
            known = counted.pop(row["code"], {})
            if row["counts"] != {name: known.get(name, 0) for name in row["counts"]}:
                return f"its {rows} {row['code']} is not what the ledger says"
        if any(known.get(name) for known in counted.values() for name in content["counts"]):
            return f"its {rows} leave something out"
    return None


@dataclass(frozen=True)
class Names:
    """What codes are called today."""

    session: Session
    county: County

    def of(self, group: str, code: str) -> str:
        odd = measures().groups
        if code == SEALED:
            return odd["sealed"]
        if code == UNKNOWN:
            return odd[f"unknown_{group}"]
        if group == "category":
            return self.county.category_name(code)
        table = Place if group == "place" else Office
        names = self.session.once(("names", group), lambda: names_of(self.session, table))
        return names.get(code, code)

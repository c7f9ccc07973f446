"""What of a digest somebody of a role may see: a measure says who, and it is left out wherever it would be shown."""

from typing import Any

from handlers.digest.measures import measures
from models.officer import Role

Content = dict[str, Any]


def seen_by(content: Content, role: Role) -> Content:
    """A bulletin without the measures that are not for this role: its rates, its offices' and topics', its trend."""
    seen = measures().seen_by(role)
    return content | {
        "rates": rates_seen(content["rates"], role),
        "before": content["before"] | {"rates": rates_seen(content["before"]["rates"], role)},
        "offices": [_office(row, seen) for row in content["offices"]],
        "topics": content["topics"]
        | {
            "rows": [one if "solved" in seen else one | {"solved": None} for one in content["topics"]["rows"]]
        },
        "trend": [_period(one, seen) for one in content["trend"]],
    }


def rates_seen(rates: list[Content], role: Role) -> list[Content]:
    seen = measures().seen_by(role)
    return [one for one in rates if one["id"] in seen]


def _period(one: Content, seen: frozenset[str]) -> Content:
    """Its counts, and the one rate it shows."""
    return {name: said for name, said in one.items() if name != "satisfied" or name in seen}


def _office(row: Content, seen: frozenset[str]) -> Content:
    """A warning's reason that is a measure goes with it; its colour stays."""
    return row | {
        "rates": {name: rate for name, rate in row["rates"].items() if name in seen},
        "reasons": [why for why in row["reasons"] if why["why"] not in measures().ids - seen],
    }

"""`/metrics`: how the service fares, in figures; nothing of anybody. For this machine, or with the token."""

import asyncio
import hmac
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from ipaddress import ip_address

from aiohttp import web
from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from models.backlog import count_breached, count_by_state, count_overdue, oldest_unrouted
from models.checkpoint import latest
from models.database import Database
from models.letter import count_letters, oldest_unsent
from models.petition import State
from models.tally import latest_event
from scheduler.clock import Clock

FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Via")


class Figures(Collector):
    """Counted anew at each look, so that every process says the same."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def collect(self) -> Iterator[Metric]:
        at = self._clock()
        with self._database.reading() as session:
            states, late, letters = (
                count_by_state(session),
                count_overdue(session, at),
                count_letters(session),
            )
            breached, head = count_breached(session), latest_event(session)
            unrouted, unsent = oldest_unrouted(session, at), oldest_unsent(session, at)
            pinned = latest(session)
        petitions = GaugeMetricFamily("lianxin_petitions", "Petitions by state.", labels=["state"])
        for state in State:
            petitions.add_metric([state.value], states.get(state, 0))
        yield petitions
        yield GaugeMetricFamily("lianxin_petitions_late", "Open petitions past their date.", late)
        yield GaugeMetricFamily(
            "lianxin_petitions_breached", "Open petitions with a clock that ran out.", breached
        )
        yield GaugeMetricFamily(
            "lianxin_oldest_unrouted_seconds",
            "How long the petition that has waited longest has had no owner.",
            unrouted.total_seconds(),
        )
        yield GaugeMetricFamily("lianxin_ledger_head", "Id of the ledger's last event.", head)
        yield GaugeMetricFamily(
            "lianxin_ledger_unpinned",
            "Events since the last checkpoint.",
            head - (pinned.up_to if pinned else 0),
        )
        outbox = GaugeMetricFamily("lianxin_letters", "Letters by state.", labels=["state"])
        for letter_state, count in letters.items():
            outbox.add_metric([letter_state.value], count)
        yield outbox
        yield GaugeMetricFamily(
            "lianxin_oldest_unsent_seconds",
            "How long the letter that has waited longest could have left already.",
            unsent.total_seconds(),
        )


class Tokens(Collector):
    """The platforms' tokens of this process."""

    def __init__(self, ages: Callable[[], dict[str, timedelta | None]]) -> None:
        self._ages = ages

    def collect(self) -> Iterator[Metric]:
        valid = GaugeMetricFamily("lianxin_token_valid", "1 with a token that works.", labels=["channel"])
        old = GaugeMetricFamily("lianxin_token_age_seconds", "How long it is in use.", labels=["channel"])
        for channel, age in self._ages().items():
            valid.add_metric([channel], age is not None)
            if age is not None:
                old.add_metric([channel], age.total_seconds())
        yield valid
        yield old


def metrics_routes(
    database: Database, clock: Clock, token: str, further: Iterable[Collector]
) -> list[web.RouteDef]:
    """The one route. `token`: from `[service] metrics_token`; empty: this machine alone. `further`: this process's."""
    registry = CollectorRegistry()
    for figures in (Figures(database, clock), *further):
        registry.register(figures)
    ProcessCollector(registry=registry)

    async def metrics(request: web.Request) -> web.Response:
        if not (_is_local(request) or _has_token(request, token)):
            return web.Response(status=403, text="Forbidden")
        body = await asyncio.to_thread(generate_latest, registry)
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE_LATEST})

    return [web.get("/metrics", metrics)]


def _is_local(request: web.Request) -> bool:
    """Straight from this machine: what a proxy passes on comes from elsewhere."""
    if any(name in request.headers for name in FORWARDED):
        return False
    try:
        return ip_address(request.remote or "").is_loopback
    except ValueError:
        return False


def _has_token(request: web.Request, token: str) -> bool:
    given = request.headers.get("Authorization", "")
    return bool(token) and hmac.compare_digest(given.encode(), f"Bearer {token}".encode())

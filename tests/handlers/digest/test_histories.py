"""Whatever happens to matters, in whatever order: events, rows and figures agree."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlmodel import col, select

from handlers.county import County
from handlers.digest.compose import basis, compose, differs, window_of
from handlers.digest.period import DAY, Kind, Period
from handlers.lanes import Satisfaction
from handlers.petition import clockwork, closing, desk, handing, review, work
from handlers.petition.review import Outcome
from models import checkpoint, digest
from models.base import Session
from models.counting import count
from models.errors import Refused
from models.figure import COUNTS
from models.history import Happening, state_of
from models.ledger import PetitionEvent, events_of
from models.move import Actor, Capacity, Verb, move
from models.officer import Officer
from models.petition import Petition
from models.tally import Tally, latest_event
from models.verification import verify
from models.weighing import GROUPS, SEALED, Window
from tests.handlers.digest.figures import rate
from tests.matters import DOLE, LAMP, WATER, Matters

Act = Callable[[Session, County, Petition, datetime], object]
VILLAGER, CLOCK, SERVICE = Actor(Capacity.VILLAGER), Actor(Capacity.CLOCK), Actor(Capacity.SERVICE)
DISPATCHER = Actor(Capacity.DISPATCHER, "heruoping")


def answering(said: Satisfaction) -> Act:
    return lambda session, county, one, at: closing.answer(session, county, one, said, VILLAGER, at)


def agree(session: Session, county: County, one: Petition, at: datetime) -> None:
    """Yes to whatever waits for a second person."""
    act = (one.pending or {}).get("act")
    if act == "extension":
        handing.extend(session, county, one, "lubaichuan", "", at)
    elif act == "decline":
        desk.decline(session, county, one, "", "tangxiaoyu", at)


def offer(session: Session, county: County, one: Petition, at: datetime) -> None:
    handing.offer(session, county, one, session.get_one(Officer, "gongqiao"), at)


def rule(session: Session, county: County, one: Petition, at: datetime) -> None:
    desk.rule(session, county, one, session.get_one(Officer, "mengxi"), "heruoping", at)


# Everything people and clocks do to a matter; most of it is refused most of the time.
ACTS: dict[str, Act] = {
    **{f"answer {said}": answering(said) for said in Satisfaction},
    "sign": lambda s, c, p, at: work.sign(s, c, p, p.offered_to or p.owner or "", at),
    "ask": lambda s, c, p, at: work.ask(s, c, p, "?", at),
    "answer the question": lambda s, c, p, at: work.resume(s, c, p, Verb.ANSWER, VILLAGER, at),
    "lapse": clockwork.lapse,
    "progress": lambda s, c, p, at: work.progress(s, c, p, "!", at),
    "contact": work.contacted,
    "propose": lambda s, c, p, at: work.propose(s, c, p, "done", at),
    "reopen": lambda s, c, p, at: closing.reopen(s, c, p, VILLAGER, at),
    "send back": lambda s, c, p, at: handing.send_back(s, c, p, "not ours", at),
    "offer": offer,
    "hand out": lambda s, c, p, at: desk.assign_by_hand(s, c, p, LAMP, None, "heruoping", at),
    "rule": rule,
    "ask extension": lambda s, c, p, at: handing.ask_extension(s, c, p, 1, "parts", at),
    "ask decline": lambda s, c, p, at: desk.ask_decline(s, c, p, "法院判决过", "heruoping", at),
    "agree": agree,
    "withdraw": closing.withdraw,
    "unanswered": lambda s, c, p, at: move(s, p, Verb.UNANSWERED, CLOCK, at),
    "breach": lambda s, c, p, at: clockwork.breach(s, c, p, "finish", at),
    "merge": lambda s, c, p, at: move(s, p, Verb.MERGE, DISPATCHER, at, into="100237"),
    "join": lambda s, c, p, at: move(s, p, Verb.JOIN, DISPATCHER, at, **{"with": "100237"}),
    "ask review": lambda s, c, p, at: review.ask(s, c, p, "not so", DISPATCHER, at),
    "answer review": lambda s, c, p, at: review.answer(s, c, p, Outcome.CHANGED, "right", "lubaichuan", at),
    "uphold": lambda s, c, p, at: review.answer(s, c, p, Outcome.UPHELD, "no", "lubaichuan", at),
    "review overdue": review.overdue,
    "redirect": lambda s, c, p, at: move(s, p, Verb.REDIRECT, SERVICE, at, why="accusation"),
}
STEPS = st.lists(st.tuples(st.sampled_from(sorted(ACTS)), st.integers(-2, 40)), min_size=3, max_size=25)
STORIES = st.lists(st.tuples(st.sampled_from([WATER, LAMP, DOLE]), STEPS), min_size=1, max_size=3)


@settings(
    max_examples=25,  # all in one database, which grows: what verifies is the whole of it, each time
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(stories=STORIES, cuts=st.tuples(st.integers(0, 400), st.integers(1, 400)))
def test_events_rows_and_figures_agree_over_any_history(
    matters: Matters, stories: list[tuple[str, list[tuple[str, int]]]], cuts: tuple[int, int]
) -> None:
    begin = matters.at
    told = [live(matters, leaf, steps, who=str(who)) for who, (leaf, steps) in enumerate(stories)]
    store_a_day(matters, days_ago=cuts[0] % 4)
    since = begin + timedelta(hours=cuts[0])
    with matters.reading() as (session, county):
        for number in told:
            check_row(session, number)
        latest = (
            session.exec(select(col(PetitionEvent.id)).order_by(col(PetitionEvent.id).desc())).first() or 0
        )
        window = Window(
            since, since + timedelta(hours=cuts[1]), since + timedelta(hours=cuts[1] + 24), latest - 3
        )
        figures, all_of_them = count(session, window), by_hand(session, window)
        assert figures.total == all_of_them.total
        for group in ("", *GROUPS):
            for code in figures.codes(group) if group else ("",):
                assert figures.counts(group, code) == all_of_them.counts(group, code)
        counts = figures.counts()
        ends = ("confirmed", "unanswered", "withdrawn", "declined", "redirected", "merged")
        assert counts["closed"] == sum(counts[name] for name in ends)
        assert counts.keys() == set(COUNTS)
        for parts, whole in (
            ("contacted", "contact_due"),
            ("worked_in_time", "worked"),
            ("solved", "answered"),
        ):
            assert figures.total[parts] <= figures.total[whole]
        for parts, whole in (("extended", "in_work"), ("sent_back", "handed_out"), ("late", "open")):
            assert figures.total[parts] <= figures.total[whole]
        assert verify(session, county.keys, window_of, differs)[0] is None


def test_a_day_s_digest_stays_true_where_a_matter_was_over_before_that_day_began(matters: Matters) -> None:
    """Its first 24 hours run out in the day all the same: it is one of those contacted in time."""
    number = matters.told()
    matters.contacted(number)
    matters.closed(number)
    matters.later(days=1)
    content = store_a_day(matters)
    assert rate(content, "response")[:2] == (1, 1)
    with matters.reading() as (session, county):
        assert verify(session, county.keys, window_of, differs)[0] is None


def test_a_day_s_digest_stays_true_where_what_closed_a_matter_that_day_was_written_later(
    matters: Matters,
) -> None:
    number = matters.told()
    matters.later(days=3)
    store_a_day(matters)
    matters.later(days=-3)
    matters.closed(number)
    with matters.reading() as (session, county):
        assert verify(session, county.keys, window_of, differs)[0] is None


def test_after_each_single_event_the_tally_and_the_fold_say_the_same_of_every_row(matters: Matters) -> None:
    """Also while a matter is only told, by words heard and sorted, before anybody was given it."""
    matters.closed(matters.told())
    matters.sent_back(matters.told(LAMP, who="b"))
    begin = matters.at - timedelta(days=1)
    with matters.reading() as (session, _):
        rows = set()
        for up_to in range(latest_event(session) + 1):
            window = Window(begin, begin + 2 * DAY, begin + 3 * DAY, up_to)
            figures, all_of_them = count(session, window), by_hand(session, window)
            for group in GROUPS:
                assert figures.codes(group) == all_of_them.codes(group)
                rows |= {*figures.codes(group)}
        assert {SEALED, WATER, LAMP} <= rows


def store_a_day(matters: Matters, days_ago: int = 0) -> dict[str, Any]:
    """The day's digest as it stands, stored where that day has none yet."""
    with matters.database.transaction() as session:
        county = matters.knowledge.county(session, matters.at)
        period = Period.of(Kind.DAY, matters.at.astimezone(county.zone).date() - days_ago * DAY)
        found = basis(session, county, period, matters.at)
        content = compose(session, county, period, found, matters.at, checkpoint.now(session).hash)
        digest.store(session, county.code, content, matters.at)
        return content


def live(matters: Matters, leaf: str, steps: list[tuple[str, int]], who: str) -> int:
    """One matter's life: each act some hours after the last; the clock may go back."""
    number = matters.told(leaf, who=who)
    with matters.database.transaction() as session:
        county = matters.knowledge.county(session, matters.at)
        petition = session.get_one(Petition, number)
        for name, hours in steps:
            matters.later(hours=hours)
            with suppress(Refused), session.begin_nested():
                ACTS[name](session, county, petition, matters.at)
    return number


def check_row(session: Session, number: int) -> None:
    row = session.get_one(Petition, number)
    events = events_of(session, number)
    standing = state_of(Happening(one.id or 0, one.at, one.kind, one.data) for one in events)
    assert (standing.state, standing.owner, standing.closed_at) == (row.state, row.owner, row.closed_at)
    assert standing.finish_due == row.finish_due
    assert (row.position, row.head, row.latest_at) == (len(events), events[-1].hash, events[-1].at)
    assert standing.is_open == row.is_open


def by_hand(session: Session, window: Window) -> Tally:
    """Every petition there is, one by one."""
    tally = Tally(window)
    for row in session.exec(select(Petition)).all():
        events = events_of(session, row.identity)
        tally.add([Happening(one.id or 0, one.at, one.kind, one.data) for one in events], row.villager)
    return tally

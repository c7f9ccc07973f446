"""What happens when a clock runs out: a warning to the owner, a breach once, then the ladder."""

from datetime import datetime, timedelta

from handlers.county import County
from handlers.groups import tell_group
from handlers.notices import desk_of, tell, tell_officer, tell_villager
from handlers.petition import work
from handlers.petition.desk import not_reached, tries_by_people
from handlers.petition.handing import refuse_extension
from handlers.petition.ladder import next_rung
from handlers.questions import VALID, drop_questions, next_question, put_question
from models import agenda
from models.agenda import Item
from models.base import Session
from models.letter import never_arrived
from models.move import Actor, Capacity, Verb, move
from models.petition import Petition, State
from models.text import Text, read
from models.wording import Wording

CLOCK = Actor(Capacity.CLOCK)
FROM_OFFICERS = {"officer": Wording.LETTER_ASK_VILLAGER, "closing": Wording.LETTER_PROPOSE_VILLAGER}
CLOSING = (Wording.LETTER_PROPOSE_VILLAGER, Wording.ASK_CLOSING)
TRIES = 3  # on three days, by another role
DUES = {"sign": "sign_due", "contact": "contact_due", "finish": "finish_due"}


def warn(session: Session, county: County, petition: Petition, clock: str, which: int, at: datetime) -> None:
    """Half or most of the time is gone: the owner alone hears, and only before the breach."""
    due: datetime | None = getattr(petition, DUES[clock])
    if due is None or due <= at or petition.owner is None:
        return
    part = round(county.clocks.warnings[which] * 100)
    event = move(session, petition, Verb.WARN, CLOCK, at, clock=clock, part=part)
    tell_officer(
        session,
        county,
        petition,
        petition.owner,
        Wording.LETTER_WARN_OWNER,
        at,
        occasion=event.hash,
        too_late_after=due,
        clock=clock,
        part=part,
        due=due.isoformat(),
    )


def breach(session: Session, county: County, petition: Petition, clock: str, at: datetime) -> None:
    """An event once per clock; the first one starts the petition's one ladder."""
    if clock in petition.breached:
        return
    due: datetime | None = getattr(petition, DUES.get(clock, ""), None)
    move(session, petition, Verb.BREACH, CLOCK, at, clock=clock, due=(due or at).isoformat())
    petition.breached = [*petition.breached, clock]
    if petition.climbing_since is None:
        petition.climbing_since, petition.climbing_for = due or at, clock
        petition.climbed = 0
        _plan_climb(petition, county)


def queue_overdue(session: Session, county: County, petition: Petition, at: datetime) -> None:
    """Four working hours in the human queue: it climbs like any other."""
    if petition.state is State.RECEIVED:
        breach(session, county, petition, "queue", at)


def climb(session: Session, county: County, petition: Petition, at: datetime) -> None:
    """The next rung that may know hears; the plan for the one after it stands in the same transaction."""
    if petition.climbed >= len(county.clocks.ladder):
        return
    petition.climbed += 1
    person = next_rung(session, petition, at)
    if person is None:
        event = move(session, petition, Verb.ALARM, CLOCK, at, why="nobody_left", rung=petition.climbed)
        tell(session, county, petition, event, at)
    else:
        event = move(
            session,
            petition,
            Verb.CLIMB,
            CLOCK,
            at,
            rung=petition.climbed,
            told=person.account,
            clock=petition.climbing_for,
        )
        petition.told = [*petition.told, person.account]
        tell(session, county, petition, event, at, clock=petition.climbing_for)
        if petition.climbed == 1:
            tell_group(session, county, petition, Wording.GROUP_OVERDUE_MATTER, at, occasion=event.hash)
    _plan_climb(petition, county)


def _plan_climb(petition: Petition, county: County) -> None:
    if petition.climbing_since is None or petition.climbed >= len(county.clocks.ladder):
        return
    hours = timedelta(hours=county.clocks.ladder[petition.climbed])
    since = petition.climbing_since
    wall = petition.tier in ("E0", "T1")
    agenda.put(petition, Item.CLIMB, since + hours if wall else county.working.add(since, hours))


def lapse(session: Session, county: County, petition: Petition, at: datetime) -> None:
    """The villager did not answer the question in time: the work goes on."""
    if petition.state is State.WAITING:
        event = work.resume(session, county, petition, Verb.LAPSE, CLOCK, at)
        drop_questions(session, petition, at, "officer")
        tell(session, county, petition, event, at)


def turn_comes(session: Session, county: County, petition: Petition, at: datetime) -> None:
    """An earlier question lapsed unanswered: the next one is asked, by letter."""
    question = next_question(session, petition.villager, at, FROM_OFFICERS)
    asked = session.get(Petition, question.petition) if question and question.petition else None
    if question is not None and asked is not None:
        text = session.get(Text, question.data.get("text"))
        words = (read(session, county.keys, text) if text else None) or ""
        wording = FROM_OFFICERS.get(question.kind)
        if wording is not None:
            tell_villager(session, county, asked, wording, at, occasion=f"question:{question.id}", text=words)
    if asked is not petition and petition.state in (State.WAITING, State.PROPOSED):
        agenda.put(petition, Item.ASK_TURN, at + VALID)


def call(session: Session, county: County, petition: Petition, at: datetime) -> None:
    """Silence to the closing question: asked again on three days; then unanswered, which is no satisfaction."""
    if petition.state is not State.PROPOSED:
        return
    if petition.lane in ("emergency", "protection"):  # never closed by silence
        agenda.put(petition, Item.CALL, county.working.add_workdays(at, 1))
        return
    if petition.unreachable_since is not None and tries_by_people(session, petition) < TRIES:
        return  # no letter arrives: it stays on the list of those to be called or visited
    if petition.call_tries >= TRIES:
        event = move(session, petition, Verb.UNANSWERED, CLOCK, at)
        drop_questions(session, petition, at)
        tell(session, county, petition, event, at)
        return
    if not put_question(session, petition.villager, petition, "closing", at):
        agenda.put(petition, Item.CALL, county.working.add_workdays(at, 1))  # another question stands open
        return
    if never_arrived(session, petition.identity, CLOSING, petition.proposed_at or petition.received_at):
        # No letter reaches the villager: silence says nothing. The desk is asked to call or visit.
        agenda.put(petition, Item.CALL, county.working.add_workdays(at, 1))
        for officer in desk_of(session, petition, at)[:1]:
            tell_officer(
                session,
                county,
                petition,
                officer.account,
                Wording.CALL_DESK,
                at,
                occasion=f"call:{petition.id}",
            )
        return
    not_reached(session, county, petition, CLOCK, at)
    tell_villager(session, county, petition, Wording.ASK_CLOSING, at, occasion=f"closing:{petition.head}")


def extension_lapses(session: Session, county: County, petition: Petition, at: datetime) -> None:
    """An extension nobody answered is not granted."""
    if (petition.pending or {}).get("act") == "extension" and petition.state in (
        State.ACCEPTED,
        State.WAITING,
        State.PROPOSED,
    ):
        refuse_extension(session, county, petition, CLOCK, "", at)

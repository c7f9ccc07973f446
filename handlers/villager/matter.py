"""A villager's words become a petition: a new one, more of the one just told, or a reminder of an open one."""

from datetime import datetime, timedelta

from handlers.county import County
from handlers.notices import is_still_told, tell_officer
from handlers.petition import dispatch, hazard
from handlers.petition.dispatch import SERVICE
from handlers.petition.exclusion import lacks_place, may_concern_staff, wishes_secrecy
from handlers.petition.hearing import heard
from handlers.petition.joining import offer_similar
from handlers.questions import drop_questions, put_question
from handlers.searching import note_words
from handlers.topic import Route
from handlers.turn import VillagerTurn
from handlers.villager import burst
from models import agenda
from models.agenda import Item
from models.base import Session
from models.media import expect
from models.move import Actor, Capacity, Verb, move
from models.petition import Petition, State, create, open_of
from models.text import Text, write
from models.villager import Villager
from models.wording import Wording

VILLAGER = Actor(Capacity.VILLAGER)
UNHEARD = frozenset({"voice"})  # a person has to listen first
ASK_BACK = timedelta(minutes=10)  # an ask-back unanswered this long after the burst goes to a person
SAME_DANGER = timedelta(hours=1)
HAZARDS = frozenset({"emergency", "protection"})


def keep_words(turn: VillagerTurn, key_id: int, petition: Petition | None = None) -> Text | None:
    """Seals what was said under the key of the matter (or person) it belongs to; a matter's files are fetched."""
    said = turn.mail.text or turn.mail.label
    if turn.mail.media:
        turn.message.media = turn.county.keys.sealed(turn.session, key_id, turn.mail.media)
        if petition is not None:
            expect(turn.session, turn.message.key, petition.id, key_id, turn.mail.kind, turn.at)
    turn.message.key_id = key_id
    if not said:
        return None
    text = write(turn.session, turn.county.keys, key_id, said, turn.at)
    turn.message.text = text.id
    return text


def open_new(turn: VillagerTurn, route: Route | None, *, told: Petition | None = None) -> Petition:
    """A petition with its number. `told`: a matter these words were first told in."""
    villager = turn.villager
    petition = create(
        turn.session,
        turn.county.keys,
        turn.county.code,
        villager.id or 0,
        turn.at,
        place=(route.place if route else None) or villager.scanned_place or villager.place,
        rules=route.rules if route else "",
        kind=turn.county.reader.kind(route).value if route else "help",
        lane=route.lane if route and route.lane in HAZARDS else "petition",
        hazard=(route.rule or None) if route and route.lane in HAZARDS else None,
        route=evidence(route) if route else {},
        anonymous=villager.anonymous,
        id=turn.mail.petition,
        creator=turn.mail.clerk or None,
    )
    text = keep_words(turn, petition.key_id, petition)
    turn.message.petition = petition.id
    said: dict[str, object] = {
        "channel": turn.mail.door or villager.channel,
        "message": turn.mail.kind,
        "place": petition.place,
    }
    if text is not None:
        said |= {"text": text.digest, "text_id": text.id}
    if told is not None:
        said["told_with"] = told.number
    by = Actor(Capacity.DISPATCHER, turn.mail.clerk) if turn.mail.clerk else SERVICE
    move(turn.session, petition, Verb.RECEIVE, by, turn.at, **said)
    if villager.anonymous:
        move(turn.session, petition, Verb.HIDE, VILLAGER, turn.at)
    if route is not None:
        if route.place:
            villager.place = route.place
        sort(turn.session, turn.county, petition, route, turn.at)
    return petition


def begin(turn: VillagerTurn, petition: Petition) -> None:
    """What follows receipt: danger at once, everything else when the burst is over."""
    burst.go_on(turn.villager, turn.at)
    turn.villager.burst_petition = petition.id
    if petition.lane in HAZARDS:
        hazard.raise_alarm(turn.session, turn.county, petition, turn.at)
    else:
        agenda.put(petition, Item.DISPATCH, burst.over_at(turn.villager) or turn.at)


def join(turn: VillagerTurn, petition: Petition, whole: Route | None) -> None:
    """More of the matter just told: sorted again by all that was said."""
    text = keep_words(turn, petition.key_id, petition)
    turn.message.petition = petition.id
    said: dict[str, object] = {"message": turn.mail.kind}
    if text is not None:
        said |= {"text": text.digest, "text_id": text.id}
    move(turn.session, petition, Verb.HEAR, VILLAGER, turn.at, **said)
    burst.go_on(turn.villager, turn.at)
    if whole is not None and whole.lane in HAZARDS and petition.lane not in HAZARDS:
        petition.lane, petition.hazard = whole.lane, whole.rule or None
        hazard.raise_alarm(turn.session, turn.county, petition, turn.at)
        return
    if petition.state is not State.RECEIVED:
        heard(turn.session, turn.county, petition, turn.at)
        if petition.lane in HAZARDS:
            hazard.more_heard(turn.session, turn.county, petition, turn.at)
        return
    if whole is not None:
        if whole.place and petition.place != whole.place:
            petition.place = turn.villager.place = whole.place
            drop_questions(turn.session, petition, turn.at, "place")
        sort(turn.session, turn.county, petition, whole, turn.at)
    if agenda.planned(petition, Item.DISPATCH):
        agenda.put(petition, Item.DISPATCH, burst.over_at(turn.villager) or turn.at)


def is_another(petition: Petition, route: Route) -> bool:
    """Whether these words alone tell a matter of another kind than the one the burst is about."""
    if petition.leaf is None or petition.lane in HAZARDS or route.ask or route.category is None:
        return False
    elsewhere = None not in (route.place, petition.place) and route.place != petition.place
    return route.lane == "petition" and (route.category[:2] != petition.leaf[:2] or elsewhere)


def sort(session: Session, county: County, petition: Petition, route: Route, at: datetime) -> None:
    """Takes over what the rules say it is about, unless a person already said so."""
    if petition.route.get("said_by"):
        return
    petition.rules, petition.route = route.rules, evidence(route)
    petition.kind = county.reader.kind(route).value
    leaf = None if route.ask else route.category
    if leaf == petition.leaf:
        return
    petition.leaf = leaf
    move(
        session,
        petition,
        Verb.SORT,
        SERVICE,
        at,
        leaf=leaf,
        by_rules=True,
        rules=route.rules,
        margin=route.margin,
    )
    if leaf is not None:
        drop_questions(session, petition, at, "category")


def evidence(route: Route) -> dict[str, object]:
    """Why it was sorted so: scores and positions for the clerk, none of the villager's words."""
    return {
        "category": route.category,
        "ask": route.ask,
        "margin": route.margin,
        "candidates": [[one.category, one.score] for one in route.candidates[:3]],
        "words": [[*word.at, word.category, word.weight] for word in route.words],
    }


def open_hazard(session: Session, person: Villager, route: Route, at: datetime) -> Petition | None:
    """Who writes again within the hour, and names no other place, means the same danger."""
    for petition in open_of(session, person.id or 0):
        same = petition.lane == route.lane and petition.hazard == (route.rule or None)
        here = route.place in (None, petition.place)
        if same and here and at - petition.received_at < SAME_DANGER:
            return petition
    return None


def same_open(session: Session, person: Villager, route: Route) -> Petition | None:
    """The person's open matter of the same leaf and place, if there is one."""
    if route.ask or route.category is None:
        return None
    place = route.place or person.scanned_place or person.place
    for petition in open_of(session, person.id or 0):
        if petition.leaf == route.category and petition.place == place and petition.lane not in HAZARDS:
            return petition
    return None


def urge(session: Session, county: County, petition: Petition, at: datetime, **said: object) -> None:
    """A reminder: logged, moves no clock; the owner hears of it once a day."""
    move(session, petition, Verb.URGE, VILLAGER, at, **said)
    heard(session, county, petition, at)
    day = at.astimezone(county.zone).date()
    if petition.owner:
        tell_officer(
            session,
            county,
            petition,
            petition.owner,
            Wording.URGED,
            at,
            occasion=f"urge:{petition.id}:{day.isoformat()}",
        )


def overheard(turn: VillagerTurn) -> None:
    """Thanks, a withdrawal, a wish: whatever it is said as, who must not know is looked at again by it.

    Of the matter it belongs to; what belongs to none, and a wish that somebody must not hear, is meant for all his.
    """
    said = turn.mail.text or turn.mail.label
    if not said or not may_concern_staff(turn.county, said):
        return
    about = None if wishes_secrecy(turn.county, said) else turn.message.petition
    for petition in open_of(turn.session, turn.villager.id or 0):
        if about is None or (petition.id == about and not is_still_told(petition)):
            heard(turn.session, turn.county, petition, turn.at, said)


def dispatch_burst(session: Session, county: County, petition: Petition, at: datetime) -> None:
    """The burst is over: to whom it belongs. What was asked back waits ten minutes for the villager's answer."""
    agenda.strike(petition, Item.DISPATCH)
    if petition.state is not State.RECEIVED:
        return
    note_words(session, county, petition)
    asked = petition.leaf is None and petition.route.get("ask")
    if asked or lacks_place(session, county, petition):
        agenda.put(petition, Item.UNSORTED, at + ASK_BACK)
        return
    dispatch.by_rules(session, county, petition, at)
    offer_similar(session, county, petition, at)


def ask_what(turn: VillagerTurn, petition: Petition, route: Route) -> bool:
    """Asks which of up to three it is; True where the question can be put in this reply."""
    choices = [one.category for one in route.candidates[:3]]
    return put_question(turn.session, petition.villager, petition, "category", turn.at, choices=choices)

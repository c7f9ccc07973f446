"""What a villager says to the one question that stands open. None: it was no answer, the words go on."""

from dataclasses import replace

from handlers.commands import tidy
from handlers.lanes import Lane, Satisfaction
from handlers.notices import tell, tell_officer
from handlers.petition import closing, dispatch, hazard, work
from handlers.petition.dispatch import SERVICE
from handlers.petition.hearing import heard
from handlers.questions import end, next_question, put_question
from handlers.topic import Route
from handlers.turn import Reply, VillagerTurn
from handlers.villager import advised, listening, matter, sensitive
from handlers.villager.replies import asked, closed_office, matter_reply, question_reply
from models import agenda
from models.agenda import Item
from models.message import of_petition
from models.move import Actor, Capacity, Verb, move
from models.petition import Petition, State
from models.text import Text, read
from models.villager import Question
from models.wording import Wording

VILLAGER = Actor(Capacity.VILLAGER)
MARKS = (Satisfaction.SATISFIED, Satisfaction.MOSTLY, Satisfaction.HALF, Satisfaction.DISSATISFIED)
SHORT = 12  # characters: an answer in words; a longer text tells something
FREE_WORDS = frozenset({Lane.PETITION, Lane.CHAT, Lane.THANKS, Lane.URGE, Lane.STUDY})


def answer(turn: VillagerTurn, question: Question, route: Route) -> Reply | None:
    petition = turn.session.get(Petition, question.petition) if question.petition else None
    kinds = {
        "category": _category,
        "place": _place,
        "closing": _closing,
        "officer": _officer,
        "urge_or_new": _urge_or_new,
        "others": _others,
        "insist": _insist,
        advised.KIND: _advised,
        "safe": _safe,
        sensitive.KIND: _sensitive,
        listening.KIND: _heard,
    }
    reply = kinds[question.kind](turn, question, petition, route)
    if reply is None:
        return None
    following = next_question(turn.session, turn.villager.id or 0, turn.at)
    if following is None:
        return reply
    about = turn.session.get(Petition, following.petition) if following.petition else None
    return reply + asked(turn, following, about)


def digit(turn: VillagerTurn) -> int | None:
    """The one digit somebody answers with; full width and a full stop are fine."""
    said = tidy(turn.mail.text).strip(" .。、,，!！")
    return int(said) if said.isascii() and said.isdigit() and len(said) == 1 else None


def _category(
    turn: VillagerTurn, question: Question, petition: Petition | None, route: Route
) -> Reply | None:
    choices: list[str] = question.data["choices"]
    chosen = digit(turn) or _named(turn, choices)
    if petition is None or petition.state is not State.RECEIVED or chosen is None:
        return None
    _keep(turn, petition)
    end(turn.session, question, turn.at)
    if not 1 <= chosen <= len(choices):
        dispatch.to_queue(turn.session, turn.county, petition, turn.at, why="none_of_these")
        return Reply.of(Wording.PERSON_WILL_SORT, number=petition.number)
    petition.leaf = choices[chosen - 1]
    petition.route = petition.route | {"said_by": "villager"}
    move(turn.session, petition, Verb.SORT, VILLAGER, turn.at, leaf=petition.leaf, by_rules=False)
    reply = Reply.of(
        Wording.SORTED, number=petition.number, category=turn.county.category_name(petition.leaf)
    )
    if petition.place is None:
        put_question(turn.session, petition.villager, petition, "place", turn.at, choices=[])
        reply += Reply.of(Wording.ASK_PLACE, number=petition.number, choices=[])
    else:
        reply += sensitive.ask(turn, petition)
    if agenda.planned(petition, Item.UNSORTED) or agenda.planned(petition, Item.QUEUE):
        dispatch.by_rules(turn.session, turn.county, petition, turn.at)
    return reply


def _named(turn: VillagerTurn, choices: list[str]) -> int | None:
    """Which choice a short answer names in words, from 1."""
    if len(turn.mail.text) > SHORT:
        return None
    named = [leaf for leaf in turn.county.reader.find_category(turn.mail.text) if leaf in choices]
    return choices.index(named[0]) + 1 if len(named) == 1 else None


def _place(turn: VillagerTurn, question: Question, petition: Petition | None, route: Route) -> Reply | None:
    choices: list[str] = question.data.get("choices", [])
    chosen = digit(turn)
    place = choices[chosen - 1] if chosen and 1 <= chosen <= len(choices) else None
    place = place or turn.county.reader.place_of(turn.mail.text)
    if petition is None or place is None:
        return None
    if route.category and not route.ask and len(turn.mail.text) > 12 and route.category != petition.leaf:
        return None  # names a place, but tells another matter
    _keep(turn, petition)
    end(turn.session, question, turn.at)
    petition.place = turn.villager.place = place
    move(turn.session, petition, Verb.HEAR, VILLAGER, turn.at, place=place)
    if petition.state is State.ASSIGNED and petition.lane not in matter.HAZARDS:
        _move_desk(turn, petition)
    elif petition.state is State.RECEIVED and petition.leaf and _waits(petition):
        dispatch.by_rules(turn.session, turn.county, petition, turn.at)
    noted = Reply.of(Wording.PLACE_NOTED, number=petition.number, place=turn.county.reader.place_name(place))
    return noted + sensitive.ask(turn, petition)


def _waits(petition: Petition) -> bool:
    """Whether it waits for a person, or for this very answer."""
    return any(agenda.planned(petition, item) for item in (Item.QUEUE, Item.UNSORTED))


def _move_desk(turn: VillagerTurn, petition: Petition) -> None:
    """Not signed yet, and the place makes it somebody else's."""
    heard(turn.session, turn.county, petition, turn.at)
    found = dispatch.whose(turn.session, turn.county, petition, turn.at)
    if found is not None and found[0].account != petition.owner:
        lead, support, _ = found
        dispatch.assign(
            turn.session,
            turn.county,
            petition,
            lead,
            SERVICE,
            turn.at,
            support=support,
            why="place_told",
            verb=Verb.REASSIGN,
        )


def _closing(turn: VillagerTurn, question: Question, petition: Petition | None, route: Route) -> Reply | None:
    chosen = digit(turn)
    said = MARKS[chosen - 1] if chosen and 1 <= chosen <= len(MARKS) else None
    said = said or turn.county.reader.satisfaction_of(turn.mail.text)
    if petition is None or said is None:
        return None
    return close(turn, petition, said)


def close(turn: VillagerTurn, petition: Petition, said: Satisfaction) -> Reply:
    """The answer to a proposed end, with the words that came with it."""
    turn.message.petition = petition.id
    turn.message.key_id = petition.key_id
    verb = closing.answer(turn.session, turn.county, petition, said, VILLAGER, turn.at, turn.mail.text)
    wording = {
        Verb.CONFIRM: Wording.CONFIRMED,
        Verb.HALF: Wording.HALF_SOLVED,
        Verb.DISPUTE: Wording.DISPUTED,
    }[verb]
    return Reply.of(wording, number=petition.number)


def _officer(turn: VillagerTurn, question: Question, petition: Petition | None, route: Route) -> Reply | None:
    if petition is None or not petition.is_open or Lane(route.lane) not in FREE_WORDS:
        return None
    text = _keep(turn, petition)
    answered(turn, question, petition)
    reply = Reply.of(Wording.ANSWER_PASSED_ON, number=petition.number)
    other = None if route.ask or len(turn.mail.text) <= SHORT else route.category
    if other and petition.leaf and other[:2] != petition.leaf[:2]:
        text_id = text.id if text else None
        if put_question(
            turn.session, petition.villager, petition, "others", turn.at, leaf=other, text=text_id
        ):
            reply += question_reply(turn, petition)
    return reply


def answered(turn: VillagerTurn, question: Question, petition: Petition) -> None:
    """The officer's question has its answer; the owner hears, also where the matter changed hands meanwhile."""
    end(turn.session, question, turn.at)
    if petition.state is State.WAITING:
        event = work.resume(turn.session, turn.county, petition, Verb.ANSWER, VILLAGER, turn.at)
        heard(turn.session, turn.county, petition, turn.at)
        tell(turn.session, turn.county, petition, event, turn.at)
        return
    event = move(turn.session, petition, Verb.HEAR, VILLAGER, turn.at, message=turn.mail.kind)
    if petition.owner:
        tell_officer(
            turn.session,
            turn.county,
            petition,
            petition.owner,
            Wording.LETTER_ANSWER_OWNER,
            turn.at,
            occasion=event.hash,
        )


def _urge_or_new(
    turn: VillagerTurn, question: Question, petition: Petition | None, route: Route
) -> Reply | None:
    return None if petition is None else _yes_or_no(turn, question, petition)


def _others(turn: VillagerTurn, question: Question, petition: Petition | None, route: Route) -> Reply | None:
    return None if petition is None else _yes_or_no(turn, question, petition)


def _insist(turn: VillagerTurn, question: Question, petition: Petition | None, route: Route) -> Reply | None:
    return _yes_or_no(turn, question, None)


def _advised(turn: VillagerTurn, question: Question, petition: Petition | None, route: Route) -> Reply | None:
    wanted = advised.wants_a_person(turn, question, route, digit(turn))
    if wanted is None:
        return None
    if wanted:
        return _register(turn, question, None)
    end(turn.session, question, turn.at)
    return Reply.of(Wording.ADVICE_GLAD)


def _yes_or_no(turn: VillagerTurn, question: Question, told: Petition | None) -> Reply | None:
    """1 or yes: a matter of its own. Another digit or no: left as it is. Anything else was no answer."""
    chosen, agrees = digit(turn), turn.county.reader.agrees(turn.mail.text)
    if chosen == 1 or agrees is True:
        return _register(turn, question, told)
    if chosen is None and agrees is None:
        return None
    end(turn.session, question, turn.at)
    return Reply.of(Wording.LEFT_AS_IS)


def _safe(turn: VillagerTurn, question: Question, petition: Petition | None, route: Route) -> Reply | None:
    chosen = digit(turn)
    if chosen not in (1, 2) or petition is None:
        return None
    _keep(turn, petition)
    end(turn.session, question, turn.at)
    if chosen == 1:
        return Reply.of(Wording.HAZARD_SAFE)
    hazard.still_unsafe(turn.session, turn.county, petition, turn.at)
    return Reply.of(Wording.HAZARD_UNSAFE)


def _sensitive(
    turn: VillagerTurn, question: Question, petition: Petition | None, route: Route
) -> Reply | None:
    return sensitive.answer(turn, question, petition)


def _heard(turn: VillagerTurn, question: Question, petition: Petition | None, route: Route) -> Reply | None:
    return None if petition is None else listening.answer(turn, question, petition, digit(turn))


def _register(turn: VillagerTurn, question: Question, told: Petition | None) -> Reply:
    """A matter of its own, in words said before."""
    end(turn.session, question, turn.at)
    words = _words(turn, question, told)
    route = turn.county.reader.route(words) if words else None
    # Kept as if they had been said now: whoever reads the matter, or looks whom it is about, finds them.
    spoken = replace(turn, mail=replace(turn.mail, text=words)) if words else turn
    fresh = matter.open_new(spoken, None, told=told)
    fresh.place = question.data.get("place") or (told.place if told else fresh.place)
    leaf = question.data.get("leaf")
    if leaf:
        fresh.leaf, fresh.route = leaf, {"said_by": "villager"}
        move(turn.session, fresh, Verb.SORT, VILLAGER, turn.at, leaf=leaf, by_rules=False)
    elif route is not None and question.kind != "insist":
        matter.sort(turn.session, turn.county, fresh, route, turn.at)
    turn.villager.burst_started_at = None
    matter.begin(turn, fresh)
    if question.kind == "insist":
        dispatch.to_queue(turn.session, turn.county, fresh, turn.at, why="insists")
        return Reply.of(Wording.PERSON_WILL_SORT, number=fresh.number) + closed_office(turn)
    return matter_reply(turn, fresh, None)


def _words(turn: VillagerTurn, question: Question, told: Petition | None) -> str:
    text_id = question.data.get("text")
    texts = [turn.session.get(Text, text_id)] if text_id else []
    if not texts and told is not None:
        texts = [
            turn.session.get(Text, said.text)
            for said in of_petition(turn.session, told.identity)
            if said.text
        ]
    found = (read(turn.session, turn.county.keys, text) for text in texts if text is not None)
    return "\n".join(text for text in found if text)


def _keep(turn: VillagerTurn, petition: Petition) -> Text | None:
    turn.message.petition = petition.id
    return matter.keep_words(turn, petition.key_id)

"""The parts replies are made of: short, one question at most, the number in each."""

from datetime import datetime

from handlers.county import County
from handlers.notices import about
from handlers.petition import work
from handlers.topic import Route
from handlers.turn import Part, Reply, VillagerTurn, by_rule
from models.petition import Petition
from models.place import Place
from models.text import Text, read
from models.villager import Question, open_question
from models.wording import Wording

FROM_OFFICERS = {
    "closing": Wording.LETTER_PROPOSE_VILLAGER,
    "officer": Wording.LETTER_ASK_VILLAGER,
}
QUESTIONS = frozenset(
    {Wording.ASK_CATEGORY, Wording.ASK_PLACE, Wording.ASK_OTHERS, Wording.ASK_SENSITIVE, Wording.ASK_OFFICER}
)
ALOUD = frozenset({"call", "desk"})  # doors whose replies somebody reads to the villager
HIDDEN = frozenset({"self_harm"})  # the number is told only on request, as in protection


def matter_reply(turn: VillagerTurn, petition: Petition, route: Route | None) -> Reply:
    """The receipt: number, what it is about and why we think so, where."""
    reply = Reply.of(
        Wording.RECEIVED,
        number=petition.number,
        category=turn.county.category_name(petition.leaf),
        why=route.why if route and petition.leaf and turn.mail.door != "sms" else "",
        place=turn.county.reader.place_name(petition.place) if petition.place else "",
    )
    return reply + closed_office(turn)


def closed_office(turn: VillagerTurn) -> Reply:
    """Outside working hours: when a person will read it."""
    return office_hours(turn.county, turn.at)


def office_hours(county: County, at: datetime) -> Reply:
    """The same, of a county."""
    opens = county.working.next_open(at)
    return Reply.of(Wording.OFFICE_CLOSED, open=opens.isoformat()) if opens > at else Reply()


def hazard_reply(lane: str, hazard: str | None, number: str | None) -> Reply:
    """The number to dial first. The bot never claims to have called anybody."""
    reply = Reply.of(by_rule("hazard", hazard or "", lane))
    if lane == "emergency" and hazard not in HIDDEN:
        reply += Reply.of(Wording.HAZARD_NUMBER, number=number)
    return reply


def question_reply(turn: VillagerTurn, petition: Petition | None) -> Reply:
    """The question that stands open now, as it is asked."""
    question = open_question(turn.session, turn.villager.id or 0, turn.at)
    return asked(turn, question, petition) if question else Reply()


def asked(turn: VillagerTurn, question: Question, petition: Petition | None) -> Reply:
    number = petition.number if petition else None
    if question.kind == "category":
        names = [turn.county.category_name(leaf) for leaf in question.data.get("choices", [])]
        return Reply.of(Wording.ASK_CATEGORY, number=number, choices=names)
    if question.kind == "place":
        places = [turn.session.get(Place, code) for code in question.data.get("choices", [])]
        names = [place.name for place in places if place]
        return Reply.of(Wording.ASK_PLACE, number=number, choices=names)
    if question.kind == "others":
        return Reply.of(
            Wording.ASK_OTHERS, number=number, category=turn.county.category_name(question.data.get("leaf"))
        )
    if question.kind == "sensitive":
        return Reply.of(Wording.ASK_SENSITIVE, number=number, holds=question.data.get("holds"))
    by_sms = turn.mail.door == "sms"  # never what was said: a telephone may be in other hands
    if petition is not None and question.kind in FROM_OFFICERS and question.data.get("text") and not by_sms:
        fields = about(turn.session, turn.county, petition) | {"text": _words(turn, question)}
        work.contacted(turn.session, turn.county, petition, turn.at)
        return Reply.of(FROM_OFFICERS[question.kind], **fields)
    wording = {"closing": Wording.ASK_CLOSING, "officer": Wording.ASK_OFFICER}.get(question.kind)
    return Reply.of(wording, number=number) if wording else Reply()


def _words(turn: VillagerTurn, question: Question) -> str:
    text = turn.session.get(Text, question.data["text"])
    return (read(turn.session, turn.county.keys, text) if text else None) or ""


def ending(turn: VillagerTurn, reply: Reply) -> Reply:
    """Adds the notice the privacy law wants to the first thing a person ever hears from us."""
    if turn.villager.noticed_at is None and reply.parts:
        turn.villager.noticed_at = turn.at
        said = [part for part in reply.parts if part.wording not in QUESTIONS]
        asked = [part for part in reply.parts if part.wording in QUESTIONS]
        return Reply((*said, Part(_notice(turn)), *asked))  # what is to be answered is read last
    return reply


def _notice(turn: VillagerTurn) -> Wording:
    """What is read aloud is short, and names no words to type."""
    return Wording.NOTICE_ALOUD if turn.mail.door in ALOUD else Wording.NOTICE

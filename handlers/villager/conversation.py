"""A villager's turn, from the words to the reply: danger first, then what was asked, then wishes, then matters."""

from dataclasses import replace

from handlers.lanes import Lane
from handlers.petition.dispatch import to_queue
from handlers.questions import put_question
from handlers.study import answers as study
from handlers.topic import Route
from handlers.turn import Reply, VillagerTurn, by_rule
from handlers.villager import advised, answers, burst, events, farewell, matter, one_person, sensitive, wishes
from handlers.villager.replies import closed_office, ending, hazard_reply, matter_reply, question_reply
from models.petition import Petition, open_of
from models.villager import open_question
from models.wording import Wording

MEDIA = frozenset({"image", "voice", "video"})
LINKS = frozenset({"location", "link"})


def answer(turn: VillagerTurn, route: Route | None, whole: Route | None) -> Reply:
    """What is said back. `route`: these words alone; `whole`: all words of the running burst with them."""
    kind = turn.mail.kind
    if turn.mail.event.lower() != "unsubscribe":
        farewell.welcome_back(turn)
    if kind == "event" and turn.mail.event.lower() == "click":  # a menu's key is the word it stands for
        said = replace(turn, mail=replace(turn.mail, text=turn.mail.event_key))
        return ending(turn, wishes.exact(said) or Reply.of(Wording.GREETING))
    if kind == "event":
        return events.answer(turn)
    if kind in MEDIA:
        return ending(turn, _media(turn))
    if kind in LINKS:
        return ending(turn, _link(turn))
    if kind != "text" or route is None:
        matter.keep_words(turn, turn.villager.key_id)
        return ending(turn, Reply.of(Wording.UNKNOWN_KIND))
    return ending(turn, _text(turn, route, whole or route))


def _text(turn: VillagerTurn, route: Route, whole: Route) -> Reply:
    bound = study.by_code(turn) or one_person.answer(turn) or study.of_himself(turn)
    if (
        bound is not None
    ):  # a word and eight digits, or old eyes, and nothing else: no danger sounds like that
        matter.keep_words(turn, turn.villager.key_id)
        return bound
    turn.message.lane = route.lane
    if route.lane in matter.HAZARDS:
        return _hazard(turn, route)
    wish = wishes.exact(turn)
    if wish is not None:
        return wish
    question = None if turn.mail.is_whole else open_question(turn.session, turn.villager.id or 0, turn.at)
    studied = study.first(turn, route, question)
    if studied is not None:
        matter.keep_words(turn, turn.villager.key_id)
        return studied
    if question is not None:
        replied = answers.answer(turn, question, route)
        if replied is not None:
            return replied
    if whole.lane in matter.HAZARDS:  # an answer to what was asked comes before: "2" is no new danger
        return _hazard(turn, whole)
    if answers.digit(turn) is not None:
        return Reply.of(Wording.NOTHING_ASKED)
    running = burst.petition_of(turn.session, turn.villager, turn.at)
    return advised.answer(turn, route, running) or _by_lane(turn, route, whole, running)


def _by_lane(turn: VillagerTurn, route: Route, whole: Route, running: Petition | None) -> Reply:
    lane = Lane(route.lane)
    nothing_open = running is None and not open_of(turn.session, turn.villager.id or 0)
    if lane is Lane.URGE and nothing_open and route.category is not None:
        return _new(turn, route)  # impatient from the first word: a matter all the same
    if lane in wishes.BY_LANE:
        return wishes.BY_LANE[lane](turn, route)
    if running is not None and lane not in (Lane.THANKS, Lane.OUT_OF_SCOPE):
        return _more(turn, running, route, whole)
    if lane is Lane.CHAT and whole.category is not None and whole.place is not None:
        return _new(turn, whole)
    if lane in (Lane.CHAT, Lane.THANKS, Lane.STUDY):
        matter.keep_words(turn, turn.villager.key_id)
        burst.go_on(turn.villager, turn.at)
        if lane is Lane.STUDY:
            return study.said(turn, route)
        return Reply.of({Lane.CHAT: Wording.GREETING, Lane.THANKS: Wording.THANKS}[lane])
    if lane is Lane.OUT_OF_SCOPE:
        text = matter.keep_words(turn, turn.villager.key_id)
        put_question(
            turn.session,
            turn.villager.id or 0,
            None,
            "insist",
            turn.at,
            text=text.id if text else None,
            rule=route.rule,
        )
        return Reply.of(by_rule("out_of_scope", route.rule or "", "other"))
    return _new(turn, whole if whole.category else route)


def _hazard(turn: VillagerTurn, dangerous: Route) -> Reply:
    running = burst.petition_of(turn.session, turn.villager, turn.at)
    if running is None:
        running = matter.open_hazard(turn.session, turn.villager, dangerous, turn.at)
    if running is None:
        running = matter.open_new(turn, dangerous)
        matter.begin(turn, running)
    else:
        matter.join(turn, running, dangerous)
    if running.lane == Lane.PROTECTION:
        put_question(turn.session, running.villager, running, "safe", turn.at)
    return hazard_reply(running.lane, running.hazard, running.number)


def _new(turn: VillagerTurn, route: Route) -> Reply:
    same = matter.same_open(turn.session, turn.villager, route)
    if same is not None:
        text = matter.keep_words(turn, same.key_id)
        turn.message.petition = same.id
        matter.urge(
            turn.session,
            turn.county,
            same,
            turn.at,
            **({"text": text.digest, "text_id": text.id} if text else {}),
        )
        put_question(
            turn.session,
            turn.villager.id or 0,
            same,
            "urge_or_new",
            turn.at,
            text=text.id if text else None,
        )
        return Reply.of(Wording.SAME_MATTER, number=same.number)
    petition = matter.open_new(turn, route)
    matter.begin(turn, petition)
    return matter_reply(turn, petition, route) + ask_missing(turn, petition, route)


def ask_missing(turn: VillagerTurn, petition: Petition, route: Route | None) -> Reply:
    """One thing at a time: first what it is about, then where, then whether the rest is wanted too."""
    villager = turn.villager.id or 0
    if route is not None and petition.leaf is None and route.candidates:
        if matter.ask_what(turn, petition, route):
            return question_reply(turn, petition)
        return Reply()
    if petition.place is None:
        choices = list(route.place_choices) if route else []
        if put_question(turn.session, villager, petition, "place", turn.at, choices=choices):
            return question_reply(turn, petition)
    elif route is not None and route.others:
        others = [one for one in route.others if one != petition.leaf][:1]
        if others and put_question(turn.session, villager, petition, "others", turn.at, leaf=others[0]):
            return question_reply(turn, petition) + sensitive.ask(turn, petition)  # the second waits its turn
    return sensitive.ask(turn, petition)


def _more(turn: VillagerTurn, petition: Petition, route: Route, whole: Route) -> Reply:
    had = petition.leaf
    if matter.is_another(petition, route):
        matter.join(turn, petition, None)
        asked_now = put_question(
            turn.session,
            petition.villager,
            petition,
            "others",
            turn.at,
            leaf=route.category,
            place=route.place,
            text=turn.message.text,
        )
        told = Reply.of(Wording.ADDED, number=petition.number)
        return told + (question_reply(turn, petition) if asked_now else Reply())
    matter.join(turn, petition, whole)
    reply = Reply.of(Wording.ADDED, number=petition.number)
    if petition.leaf is not None and petition.leaf != had:
        reply = Reply.of(
            Wording.ADDED_SORTED, number=petition.number, category=turn.county.category_name(petition.leaf)
        )
    return reply + (ask_missing(turn, petition, whole) if petition.state == "received" else Reply())


def _media(turn: VillagerTurn) -> Reply:
    """A picture or a recording is part of the running matter, or a matter of its own that a person looks at."""
    shown = _shown(turn)
    if shown is not None:
        return shown
    running = burst.petition_of(turn.session, turn.villager, turn.at)
    voice = turn.mail.kind == "voice"
    if voice and running is None:
        question = open_question(turn.session, turn.villager.id or 0, turn.at)
        heard = study.heard(turn, question)
        if heard is not None:
            return heard
    if running is not None:
        matter.join(turn, running, None)
    else:
        running = matter.open_new(turn, None)
        matter.begin(turn, running)
    if voice and running.state == "received":
        to_queue(turn.session, turn.county, running, turn.at, why="voice")
    until = turn.county.listened_by(turn.at).isoformat()
    wording = Wording.VOICE_KEPT if voice else Wording.PICTURE_KEPT
    return Reply.of(wording, number=running.number, until=until) + closed_office(turn)


def _shown(turn: VillagerTurn) -> Reply | None:
    """A picture, a recording or a place that answers an officer's question."""
    question = open_question(turn.session, turn.villager.id or 0, turn.at)
    petition = turn.session.get(Petition, question.petition) if question and question.petition else None
    if question is None or petition is None or question.kind != "officer" or not petition.is_open:
        return None
    matter.keep_words(turn, petition.key_id, petition)
    turn.message.petition = petition.id
    answers.answered(turn, question, petition)
    return Reply.of(Wording.ANSWER_PASSED_ON, number=petition.number)


def _link(turn: VillagerTurn) -> Reply:
    shown = _shown(turn)
    if shown is not None:
        return shown
    running = burst.petition_of(turn.session, turn.villager, turn.at)
    if running is None:
        running = matter.open_new(turn, None)
        matter.begin(turn, running)
        return Reply.of(
            Wording.PICTURE_KEPT, number=running.number, until=turn.county.listened_by(turn.at).isoformat()
        )
    matter.join(turn, running, None)
    return Reply.of(Wording.ADDED, number=running.number)

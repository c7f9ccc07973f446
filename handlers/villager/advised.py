"""A villager only wants to know something: the answer at once, and a person all the same if he wants one."""

from handlers.advice.telling import found_for, of_the_village
from handlers.lanes import Lane, Satisfaction
from handlers.questions import end, put_question
from handlers.topic import Route
from handlers.turn import Reply, VillagerTurn
from handlers.villager import matter
from handlers.villager.doors import RELAY
from models.advice import Told, tell
from models.book import household_by
from models.petition import Petition
from models.villager import Question, open_question
from models.wording import Wording

KIND = "advised"  # of the question whether that was enough
NOT_ENOUGH = frozenset({Satisfaction.UNSOLVED, Satisfaction.DISSATISFIED, Satisfaction.HALF})


def answer(turn: VillagerTurn, route: Route, running: Petition | None) -> Reply | None:
    """None: there is none, or it belongs to a matter just being told."""
    person = turn.villager
    home = person.scanned_place or person.place
    # A number somebody merely gives is nobody's proof: only who speaks on that very line is told of its household.
    on_the_line = person.phone_hash if turn.mail.channel == RELAY else None
    household = household_by(turn.session, on_the_line) if on_the_line else None
    local = of_the_village(turn.session, turn.county, turn.mail.text, route, home, turn.at, household)
    if local is not None:
        matter.keep_words(turn, person.key_id)
        return local
    if running is not None:
        return None
    found = found_for(turn.session, turn.county, turn.mail.text, route, route.place or home, turn.at)
    if found is None:
        return None
    text = matter.keep_words(turn, person.key_id)
    told = tell(turn.session, turn.county.code, found.code, route.place or home, turn.at)
    free = open_question(turn.session, person.id or 0, turn.at) is None
    if free:
        put_question(
            turn.session, person.id or 0, None, KIND, turn.at, text=text.id if text else None, told=told.id
        )
    return Reply.of(
        Wording.ADVICE if free else Wording.ADVICE_MORE,
        text=found.text,
        source=found.source,
        until=found.valid_until.isoformat(),
    )


def wants_a_person(turn: VillagerTurn, question: Question, route: Route, chosen: int | None) -> bool | None:
    """Whether it was not enough; None: these words answer nothing, they go on."""
    said = turn.county.reader.satisfaction_of(turn.mail.text)
    if chosen == 1 or said in NOT_ENOUGH or turn.county.reader.agrees(turn.mail.text) is True:
        told = turn.session.get(Told, question.data.get("told"))
        if told is not None:
            told.insisted = True
        return True
    if chosen is not None or said is not None or route.lane == Lane.THANKS:
        return False
    end(turn.session, question, turn.at)
    return None

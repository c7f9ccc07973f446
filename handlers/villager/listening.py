"""Whether a machine heard a recording rightly, and what follows from the villager's yes or no."""

from handlers.petition import dispatch
from handlers.questions import end
from handlers.topic import Route
from handlers.turn import Reply, VillagerTurn
from handlers.villager import matter
from models.message import drop_text
from models.petition import Petition, State
from models.text import Text, read
from models.villager import Question
from models.wording import Wording

KIND = "heard"  # of the question
YES, NO = 1, 2


def answer(turn: VillagerTurn, question: Question, petition: Petition, chosen: int | None) -> Reply | None:
    """Yes: the words are his own from now on; no: they are dropped, and a person listens. None: it was neither."""
    agrees = turn.county.reader.agrees(turn.mail.text)
    if chosen not in (YES, NO) and agrees is None:
        return None
    end(turn.session, question, turn.at)
    text = turn.session.get(Text, question.data.get("text"))
    if chosen == YES or agrees is True:
        words = read(turn.session, turn.county.keys, text) if text is not None else None
        _take(turn, petition, turn.county.reader.route(words) if words else None)
        return Reply.of(Wording.HEARD_RIGHTLY, number=petition.number)
    if text is not None:
        drop_text(turn.session, text)
    return Reply.of(Wording.HEARD_WRONGLY, number=petition.number)


def _take(turn: VillagerTurn, petition: Petition, route: Route | None) -> None:
    """Sorted and dispatched like a typed message; where it cannot be, it stays in the human queue."""
    if petition.state is not State.RECEIVED or route is None:
        return
    petition.place = route.place or petition.place
    matter.sort(turn.session, turn.county, petition, route, turn.at)
    if petition.leaf is not None:
        dispatch.by_rules(turn.session, turn.county, petition, turn.at)

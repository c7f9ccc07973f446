"""What a villager may wish at any time: how far it is, take it back, stay unnamed, no more letters."""

import re
from collections.abc import Callable

from handlers.commands import numbered, tidy
from handlers.lanes import Command, Lane, Satisfaction
from handlers.lanes.answer import MARKS
from handlers.notices import office_name
from handlers.petition import closing
from handlers.slip.address import address_for
from handlers.study import answers as study
from handlers.topic import Route
from handlers.turn import Part, Reply, VillagerTurn
from handlers.villager import answers, farewell, matter, reviewing, rights, sensitive
from handlers.villager.rights import is_hidden
from models import consent as consents
from models.consent import Purpose
from models.errors import Refused
from models.move import Actor, Capacity, Verb, move
from models.officer import Officer
from models.petition import OPEN, Petition, State, all_of, by_number, latest_of
from models.refusal import Refusal
from models.villager import open_question
from models.wording import Wording

VILLAGER = Actor(Capacity.VILLAGER)
SHOWN = 3  # matters in one reply


def exact(turn: VillagerTurn) -> Reply | None:
    """The reply to an exact command, with or without a number; None where the words are none."""
    words, number = numbered(tidy(turn.mail.text))
    command = turn.county.reader.command_of(words)
    if number is not None and not words:  # the number alone: how far is it?
        command = Command.PROGRESS
    if command is None:
        kept = keep(turn) if turn.county.reader.keeps(words) else next_page(turn)
        return kept or sensitive.change(turn) or reviewing.ask(turn)
    if command in MARKS:
        question = open_question(turn.session, turn.villager.id or 0, turn.at)
        if number is None and question is not None and question.kind in ("closing", "advised"):
            return None  # it answers what stands open
        return satisfaction(turn, MARKS[command], number)
    acts: dict[Command, Callable[[VillagerTurn, str | None], Reply]] = {
        Command.PROGRESS: progress,
        Command.WITHDRAW: withdraw,
        Command.ANONYMOUS: anonymous,
        Command.UNSUBSCRIBE: unsubscribe,
        Command.COPY: copy,
        Command.FORGET: forget,
    }
    matter.keep_words(turn, turn.villager.key_id)
    return acts[command](turn, number)


def progress(turn: VillagerTurn, number: str | None = None) -> Reply:
    """Where each of the person's matters stands; never by name or telephone number alone."""
    petitions = _mine(turn, number)
    if not petitions:
        return Reply.of(Wording.NO_MATTER)
    shown = [petition for petition in petitions if petition.is_open][:SHOWN] or petitions[:1]
    return Reply(tuple(_standing(turn, petition) for petition in shown))


def _standing(turn: VillagerTurn, petition: Petition) -> Part:
    officer = turn.session.get(Officer, petition.owner) if petition.owner else None
    return Part(
        Wording.STANDING,
        {
            "number": petition.number,
            "category": turn.county.category_name(petition.leaf),
            "state": petition.state.value,
            "owner": officer.name if officer else "",
            "office": office_name(turn.session, officer),
            "due": petition.finish_due.isoformat() if petition.finish_due else None,
            "hidden": is_hidden(petition),
            "review_until": reviewing.until(turn.session, turn.county, petition, turn.at),
            "link": address_for(
                turn.session, turn.county, petition, ("villager", str(turn.villager.id)), turn.at
            ),
        },
    )


def withdraw(turn: VillagerTurn, number: str | None = None) -> Reply:
    petition = _the_one(turn, number)
    until = closing.ask_withdraw(turn.session, petition, turn.at)
    return Reply.of(Wording.WITHDRAW_TOMORROW, number=petition.number, until=until.isoformat())


def keep(turn: VillagerTurn) -> Reply | None:
    """Taken back: whatever was to be withdrawn goes on."""
    kept = [petition for petition in _mine(turn, None) if closing.keep(turn.session, petition, turn.at)]
    if not kept:
        return None
    return Reply.of(Wording.KEPT, number=kept[0].number)


def satisfaction(turn: VillagerTurn, said: Satisfaction, number: str | None = None) -> Reply:
    """An answer to a closing question, or "not solved" within thirty days of a confirmation."""
    petitions = _mine(turn, number)
    proposed = [petition for petition in petitions if petition.state is State.PROPOSED]
    if len(proposed) > 1:
        raise Refused(Refusal.WHICH_ONE, numbers=[petition.number for petition in proposed])
    if proposed:
        return answers.close(turn, proposed[0], said)
    confirmed = [petition for petition in petitions if petition.state is State.CONFIRMED]
    if said in (Satisfaction.UNSOLVED, Satisfaction.DISSATISFIED) and confirmed:
        if len(confirmed) > 1 and number is None:
            recent = [one for one in confirmed if closing.may_be_reopened(one, turn.at)]
            if len(recent) > 1:
                raise Refused(Refusal.WHICH_ONE, numbers=[petition.number for petition in recent])
            confirmed = recent or confirmed
        closing.reopen(turn.session, turn.county, confirmed[0], VILLAGER, turn.at)
        turn.message.petition = confirmed[0].id
        return Reply.of(Wording.REOPENED, number=confirmed[0].number)
    return Reply.of(Wording.NOTHING_ASKED)


def said_satisfaction(turn: VillagerTurn, route: Route) -> Reply:
    """Free words of content or discontent, outside any question."""
    said = turn.county.reader.satisfaction_of(turn.mail.text)
    matter.keep_words(turn, turn.villager.key_id)
    return satisfaction(turn, said) if said else Reply.of(Wording.NOTHING_ASKED)


def urge(turn: VillagerTurn, route: Route) -> Reply:
    """Is nobody doing anything? The one named is meant, or the newest."""
    open_ones = [petition for petition in _mine(turn, None) if petition.is_open]
    if not open_ones:
        matter.keep_words(turn, turn.villager.key_id)
        return Reply.of(Wording.NO_MATTER)
    named = numbered(turn.mail.text)[1]
    petition = next((one for one in open_ones if one.number == named), open_ones[0])
    turn.message.petition = petition.id
    text = matter.keep_words(turn, petition.key_id)
    said = {"text": text.digest, "text_id": text.id} if text else {}
    matter.urge(turn.session, turn.county, petition, turn.at, **said)
    return Reply.of(Wording.URGE_NOTED, number=petition.number) + Reply((_standing(turn, petition),))


def anonymous(turn: VillagerTurn, number: str | None = None) -> Reply:
    """Nobody who works on it is told who it is; without a number also whatever is said later."""
    petitions = [petition for petition in _mine(turn, number) if petition.is_open]
    for petition in petitions:
        if not petition.anonymous:
            move(turn.session, petition, Verb.HIDE, VILLAGER, turn.at)
            petition.anonymous = True
    if number is None:
        turn.villager.anonymous = True
        consents.record(turn.session, turn.villager.id or 0, Purpose.IDENTITY, turn.at, given=False)
    return Reply.of(Wording.NOW_ANONYMOUS, numbers=[petition.number for petition in petitions])


def unsubscribe(turn: VillagerTurn, number: str | None = None) -> Reply:
    """No more letters that nobody asked for; a matter's own news still come."""
    turn.villager.stopped_at = turn.at
    study.stop(turn)
    consents.record(turn.session, turn.villager.id or 0, Purpose.REMINDERS, turn.at, given=False)
    return Reply.of(Wording.UNSUBSCRIBED)


def copy(turn: VillagerTurn, number: str | None = None, page: int = 1) -> Reply:
    """What is held about the person; with a number everything of that matter."""
    if turn.mail.door:  # who holds a telephone need not be who spoke on it
        raise Refused(Refusal.COPY_ELSEWHERE)
    mine = all_of(turn.session, turn.villager.id or 0)
    if number is None:
        return rights.overview(turn, mine, page)
    found = [petition for petition in mine if petition.number == number]
    if not found:
        raise Refused(Refusal.NO_SUCH_NUMBER, number=number)
    return rights.whole(turn, found[0], page)


def forget(turn: VillagerTurn, number: str | None = None) -> Reply:
    return farewell.forget(turn)


def next_page(turn: VillagerTurn) -> Reply | None:
    """`COPY [number] page`: the same command with one digit after it."""
    words, number = numbered(turn.mail.text)
    digit = words[-1:]
    if not digit.isdigit() or turn.county.reader.command_of(words[:-1].strip()) is not Command.COPY:
        return None
    matter.keep_words(turn, turn.villager.key_id)
    return copy(turn, number, max(1, int(digit)))


def consent(turn: VillagerTurn, route: Route) -> Reply:
    """Wishes about one's own data in free words; the lane's rule says which. What cannot be undone takes the word."""
    matter.keep_words(turn, turn.villager.key_id)
    if route.rule == "forget":
        return Reply.of(Wording.FORGET_BY_WORD)
    acts = {"unsubscribe": unsubscribe, "copy": copy}
    return acts.get(route.rule or "", anonymous)(turn)


def _mine(turn: VillagerTurn, number: str | None) -> list[Petition]:
    """The person's matters, newest first; with a number that one alone, and only if it is his."""
    if number is None:
        mine = latest_of(turn.session, turn.villager.id or 0)
        return [petition for petition in mine if petition.forgotten_at is None]
    petition = by_number(turn.session, number)
    if petition is None or petition.villager != turn.villager.id or petition.forgotten_at is not None:
        raise Refused(Refusal.NO_SUCH_NUMBER, number=number)
    return [petition]


def _the_one(turn: VillagerTurn, number: str | None) -> Petition:
    open_ones = [petition for petition in _mine(turn, number) if petition.state in OPEN]
    if not open_ones:
        raise Refused(Refusal.NO_MATTER)
    if len(open_ones) > 1:
        raise Refused(Refusal.WHICH_ONE, numbers=[petition.number for petition in open_ones])
    return open_ones[0]


def _progress(turn: VillagerTurn, route: Route) -> Reply:
    matter.keep_words(turn, turn.villager.key_id)
    return progress(turn, _number_said(turn))


def _withdraw(turn: VillagerTurn, route: Route) -> Reply:
    matter.keep_words(turn, turn.villager.key_id)
    return withdraw(turn, _number_said(turn))


def _number_said(turn: VillagerTurn) -> str | None:
    """The number in the words; a slip in it is refused, never read as none."""
    number = numbered(turn.mail.text)[1]
    wrong = re.search(r"\d{4,}", tidy(turn.mail.text))
    if number is None and wrong is not None:
        raise Refused(Refusal.NO_SUCH_NUMBER, number=wrong[0])
    return number


BY_LANE: dict[Lane, Callable[[VillagerTurn, Route], Reply]] = {
    Lane.PROGRESS: _progress,
    Lane.WITHDRAW: _withdraw,
    Lane.SATISFACTION: said_satisfaction,
    Lane.URGE: urge,
    Lane.CONSENT: consent,
}

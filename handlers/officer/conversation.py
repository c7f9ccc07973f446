"""An officer's turn: which command it is, whether the role may give it, what is answered."""

from collections.abc import Callable

from handlers.officer import appeal, book, cadre, desk, personal, reading, reviewing, study
from handlers.officer.words import words
from handlers.turn import SILENCE, OfficerTurn, Reply
from models.errors import Refused
from models.officer import Role
from models.refusal import Refusal
from models.wording import Wording

Act = Callable[[OfficerTurn], Reply]

EVERYBODY: dict[str, Act] = {
    "list": reading.tasks,
    "see": reading.see,
    "sign": cadre.sign,
    "ask": cadre.ask,
    "progress": cadre.progress,
    "reveal": cadre.reveal,
    "propose": cadre.propose,
    "send_back": cadre.send_back,
    "extend": cadre.extend,
    "hand_over": cadre.hand_over,
    "agree": cadre.agree,
    "refuse": cadre.refuse,
    "leave": personal.leave,
    "back": personal.back,
    "diary": book.diary,
    "raise": book.raise_note,
    "presence": book.presence,
    "absence": book.absence,
    "appeal": appeal.against,
    "help": personal.help_,
    "study": study.study,
    "delivered": study.delivered,
    "missed": study.missed,
    "declined": study.declined,
    "rate": study.rate,
    "changes": study.waiting,
    "confirm": study.confirm,
    "deny": study.deny,
    "code": study.code,
}
BY_ROLE: dict[Role, dict[str, Act]] = {
    Role.DISPATCHER: {
        "queue": reading.queue,
        "visit": reading.visits,
        "dispatch": desk.dispatch,
        "call_back": desk.call_back,
        "telephone": desk.telephone,
        "decline": desk.decline,
        "rule": desk.rule,
        "join": desk.join,
        "review": reviewing.ask,
        "review_answer": reviewing.answer,
    },
    Role.SUPERVISOR: {
        "review_answer": reviewing.answer,
        "late": reading.late,
        "day": reading.day,
        "week": reading.week,
        "month": reading.month,
    },
}


def answer(turn: OfficerTurn) -> Reply:
    """The reply to an officer; Refused where the act may not be done."""
    if turn.mail.kind == "event":
        return SILENCE if turn.mail.event.lower() != "enter_agent" else personal.help_(turn)
    if turn.mail.kind == "voice":
        return book.speak(turn)
    if turn.mail.kind != "text":
        return Reply.of(Wording.OFFICER_TEXT_ONLY)
    command, rest = words().command(turn.mail.text)
    if command is None:
        return Reply.of(Wording.OFFICER_NOT_UNDERSTOOD)
    return perform(OfficerTurn(turn.session, turn.county, turn.at, turn.mail, turn.officer, rest), command)


def perform(turn: OfficerTurn, command: str) -> Reply:
    """Does what the command says, if the role may give it. The pages come in here too."""
    act = EVERYBODY.get(command)
    if act is None:
        act = next(
            (
                BY_ROLE[role][command]
                for role in BY_ROLE
                if command in BY_ROLE[role] and role in turn.officer.roles
            ),
            None,
        )
    if act is None:
        raise Refused(Refusal.NOT_YOUR_ROLE, command=words().shown.get(command, ""))
    return act(turn)

"""What a bound member says: a code, an answer to what was last sent to him, a change, enough of it.

The last thing sent decides what "1" means: an open question about a matter that was asked later comes first.
"""

from datetime import timedelta

from handlers.lanes import Lane
from handlers.study import binding, changes
from handlers.study.words import words
from handlers.topic import Route
from handlers.turn import Reply, VillagerTurn
from handlers.villager import burst
from models import consent as consents
from models.consent import Purpose
from models.errors import Refused
from models.member import SPARED, Member
from models.study import survey
from models.study.attempt import End, finish, running
from models.study.binding import member_of
from models.study.due import Due, Standing, close, last_sent
from models.study.task import drop_tasks_of
from models.villager import Question
from models.wording import Wording

ANSWERED_WITHIN = timedelta(days=60)
VOICE_WITHIN = timedelta(hours=48)
CHANGE_LANES = frozenset({Lane.STUDY, Lane.CHAT})


def by_code(turn: VillagerTurn) -> Reply | None:
    """A branch's one-time code binds the account; None where the text is none."""
    code = words().code(turn.mail.text)
    return None if code is None else _bind(turn, code)


def of_himself(turn: VillagerTurn) -> Reply | None:
    """His eyes or ears are no good any more, says a member, and nothing else: before it is heard as a danger."""
    member = member_of(turn.session, turn.villager.id or 0) if words().is_outright(turn.mail.text) else None
    telling = member is not None and burst.petition_of(turn.session, turn.villager, turn.at) is not None
    return None if member is None or telling else _proposed(turn, member)


def first(turn: VillagerTurn, route: Route, question: Question | None) -> Reply | None:
    """Before anything else but danger and commands: an answer where a lesson was the last thing sent."""
    member = member_of(turn.session, turn.villager.id or 0)
    if member is None:
        return None
    if words().wants_again(turn.mail.text):
        return _again(turn, member)
    telling = burst.petition_of(turn.session, turn.villager, turn.at) is not None
    if telling or (question is not None and _asked_later(turn, member, question)):
        return None
    rated = _rated(turn, member)
    if rated is not None:
        return rated
    due = last_sent(turn.session, member.code)
    if due is not None and due.sent_at is not None and turn.at - due.sent_at < ANSWERED_WITHIN:
        said = words().answer(turn.mail.text)
        if said is not None:
            return _answered(turn, due, said)
    return _changed(turn, member, route)


def said(turn: VillagerTurn, route: Route) -> Reply:
    """Words of the study lane that answered nothing that was sent."""
    member = member_of(turn.session, turn.villager.id or 0)
    changed = _changed(turn, member, route) if member is not None else None
    return changed or Reply.of(Wording.STUDY_NOTED, asked=False)


def heard(turn: VillagerTurn, question: Question | None) -> Reply | None:
    """A recording soon after a lesson answers it, where the member can read what else it might be.

    Who cannot read is listened to by a person: the recording goes its ordinary way, and the lesson has arrived.
    """
    member = member_of(turn.session, turn.villager.id or 0)
    due = last_sent(turn.session, member.code) if member is not None else None
    if member is None or due is None or due.sent_at is None or not due.is_open:
        return None
    late = turn.at - due.sent_at >= VOICE_WITHIN
    if late or (question is not None and _asked_later(turn, member, question)):
        return None
    reply = _answered(turn, due, "arrived")
    if member.kind in SPARED or member.by_ear:
        return None
    turn.message.media = turn.county.keys.sealed(turn.session, turn.villager.key_id, turn.mail.media)
    return reply + Reply.of(Wording.STUDY_VOICE)


def stop(turn: VillagerTurn) -> None:
    """No more study from this moment on; nobody counts it."""
    member = member_of(turn.session, turn.villager.id or 0)
    if member is None:
        return
    changes.stop(turn.session, member, turn.at)


def _bind(turn: VillagerTurn, code: str) -> Reply:
    try:
        member = binding.bind(turn.session, turn.county, turn.villager, code, turn.at)
    except Refused as refused:
        binding.note_wrong(turn.session, turn.villager.id or 0, turn.at)
        return Reply.of(refused.wording, **refused.fields)
    return Reply.of(Wording.STUDY_BOUND, name=changes.name_of(turn.county, member))


def _again(turn: VillagerTurn, member: Member) -> Reply:
    member.stopped_at = turn.villager.stopped_at = None
    consents.record(turn.session, turn.villager.id or 0, Purpose.REMINDERS, turn.at, given=True)
    turn.session.add(member)
    return Reply.of(Wording.STUDY_AGAIN)


def _answered(turn: VillagerTurn, due: Due, said: str) -> Reply:
    attempt = running(turn.session, due)
    if said == "otherwise":
        if due.standing == Standing.UNDER_WAY:
            finish(attempt, End.OTHERWISE, turn.at)
            due.next_at = turn.at
            turn.session.add(due)
        return Reply.of(Wording.STUDY_OTHERWISE)
    if due.is_open:
        finish(attempt, End.ARRIVED, turn.at, reason=said if said == "busy" else "")
        close(due, Standing.ARRIVED, turn.at)
        drop_tasks_of(turn.session, due.member, turn.at, due.identity)
        turn.session.add(due)
    if said == "busy":
        return Reply.of(Wording.STUDY_BUSY)
    asked = survey.open_survey(turn.session, due.member, turn.at - ANSWERED_WITHIN)
    # A notice holds a title alone: whoever got the last lesson that way has not read the questions yet.
    return Reply.of(Wording.STUDY_NOTED, asked=asked is not None and asked.course == due.course)


def _rated(turn: VillagerTurn, member: Member) -> Reply | None:
    asked = survey.open_survey(turn.session, member.code, turn.at - ANSWERED_WITHIN)
    rated = words().rated(turn.mail.text) if asked is not None else None
    if asked is None or rated is None:
        return None
    asked.answered = True
    turn.session.add(asked)
    word = turn.county.keys.sealed_here(rated[1]) if rated[1] else b""
    survey.answer(turn.session, asked.course, member.branch, rated[0], word, turn.at)
    return Reply.of(Wording.STUDY_RATED)


def _changed(turn: VillagerTurn, member: Member, route: Route) -> Reply | None:
    return _proposed(turn, member) if Lane(route.lane) in CHANGE_LANES else None


def _proposed(turn: VillagerTurn, member: Member) -> Reply | None:
    changed = words().changed(turn.mail.text)
    if changed is None:
        return None
    changes.propose(turn.session, turn.county, member, changed, turn.mail.text, turn.at)
    return Reply.of(Wording.STUDY_CHANGE_NOTED, kind=changed.kind.value)


def _asked_later(turn: VillagerTurn, member: Member, question: Question) -> bool:
    """Whether the question came after the last lesson and the last survey."""
    due = last_sent(turn.session, member.code)
    asked = survey.open_survey(turn.session, member.code, turn.at - ANSWERED_WITHIN)
    sent = [due.sent_at if due else None, asked.sent_at if asked else None]
    latest = max((at for at in sent if at is not None), default=None)
    return latest is None or (question.asked_at is not None and question.asked_at > latest)

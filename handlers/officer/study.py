"""The contact person's words: whom to call or visit, it arrived, nobody was there; and what his branch confirms."""

import re

from handlers.study import binding, changes, tasks
from handlers.study.material import is_last
from handlers.study.rating import rate_for
from handlers.study.showing import Errand, errands, proposal
from handlers.study.words import words as study_words
from handlers.turn import OfficerTurn, Part, Reply
from models.errors import Refused
from models.member import Member
from models.refusal import Refusal
from models.study.change import Change, waiting_changes
from models.study.course import Lesson
from models.study.due import Due
from models.study.people import branches_of
from models.study.task import Task, open_tasks_of
from models.wording import Wording

SHOWN = 8  # a WeCom text holds 2,048 bytes
NUMBER = re.compile(r"(\d{1,9})\s*(.*)", re.DOTALL)


def study(turn: OfficerTurn) -> Reply:
    """What is to be brought, the most urgent first."""
    mine = open_tasks_of(turn.session, turn.officer.account)
    shown = errands(turn.session, turn.county, mine[:SHOWN], turn.at)
    lines = tuple(Part(Wording.STUDY_TASK, errand.fields()) for errand in shown)
    return Reply.of(Wording.STUDY_HEAD, count=len(mine), shown=len(lines)) + Reply(lines)


def delivered(turn: OfficerTurn) -> Reply:
    task, note = _task(turn)
    tasks.done(turn.session, turn.county, task, turn.officer.account, turn.at, note)
    errand = _errand(turn, task)
    lesson = turn.session.get_one(Lesson, turn.session.get_one(Due, task.due).lesson)
    return Reply.of(
        Wording.STUDY_DONE,
        task=task.id,
        name=errand.name,
        title=errand.title,
        last=is_last(turn.session, lesson),
    )


def missed(turn: OfficerTurn) -> Reply:
    task, _ = _task(turn)
    tries = tasks.missed(turn.session, task, turn.officer.account, turn.at)
    return Reply.of(Wording.STUDY_MISSED, tries=tries, ended=task.end is not None)


def declined(turn: OfficerTurn) -> Reply:
    """The member told his contact that he wants none."""
    task, _ = _task(turn)
    member = turn.session.get_one(Member, task.member)
    changes.stop(turn.session, member, turn.at)
    return Reply.of(Wording.STUDY_STOPPED, name=changes.name_of(turn.county, member))


def rate(turn: OfficerTurn) -> Reply:
    """The survey of somebody who cannot type, as he said it at the door."""
    number, rest = _number(turn)
    task = turn.session.get(Task, number)
    if task is None or turn.officer.account not in (task.account, task.by):
        raise Refused(Refusal.NO_SUCH_TASK, task=number)
    rated = study_words().rated(rest)
    if rated is None:
        raise Refused(Refusal.STUDY_RATING_MISSING, task=number)
    rate_for(turn.session, turn.county, task, rated, turn.at)
    return Reply.of(Wording.STUDY_RATING_NOTED)


def waiting(turn: OfficerTurn) -> Reply:
    """What members said about themselves, for the branch to confirm."""
    found = waiting_changes(turn.session, branches_of(turn.session, turn.officer))
    lines = tuple(
        Part(Wording.CHANGE_WAITING, proposal(turn.session, turn.county, change)) for change in found[:SHOWN]
    )
    return Reply.of(Wording.CHANGES_HEAD, count=len(found), shown=len(lines)) + Reply(lines)


def confirm(turn: OfficerTurn) -> Reply:
    member = _decided(turn, granted=True)
    return Reply.of(Wording.CHANGE_CONFIRMED, name=changes.name_of(turn.county, member))


def deny(turn: OfficerTurn) -> Reply:
    member = _decided(turn, granted=False)
    return Reply.of(Wording.CHANGE_DENIED, name=changes.name_of(turn.county, member))


def code(turn: OfficerTurn) -> Reply:
    """A one-time code for a member of one's own branch, to be handed to him in person."""
    member = turn.session.get(Member, turn.rest.upper()) or turn.session.get(Member, turn.rest)
    if member is None or member.left_at or member.branch not in branches_of(turn.session, turn.officer):
        raise Refused(Refusal.NO_SUCH_MEMBER, member=turn.rest[:20])
    digits = binding.new_code(turn.session, turn.county, member, turn.officer.account, turn.at)
    return Reply.of(
        Wording.BINDING_CODE,
        name=changes.name_of(turn.county, member),
        member=member.code,
        code=f"{digits[:4]} {digits[4:]}",
    )


def _task(turn: OfficerTurn) -> tuple[Task, str]:
    """The task meant and the words after its number; without a number the only one."""
    match = NUMBER.match(turn.rest)
    mine = open_tasks_of(turn.session, turn.officer.account)
    if match is None and len(mine) == 1:
        return mine[0], turn.rest
    number, rest = _number(turn)
    task = turn.session.get(Task, number)
    if task is None or turn.officer.account not in (task.account, task.by):
        raise Refused(Refusal.NO_SUCH_TASK, task=number)
    return task, rest


def _number(turn: OfficerTurn) -> tuple[int, str]:
    match = NUMBER.match(turn.rest)
    return (int(match[1]), match[2].strip()) if match else (0, turn.rest)


def _errand(turn: OfficerTurn, task: Task) -> Errand:
    return errands(turn.session, turn.county, [task], turn.at)[0]


def _decided(turn: OfficerTurn, *, granted: bool) -> Member:
    number, _ = _number(turn)
    change = turn.session.get(Change, number)
    if change is None or change.branch not in branches_of(turn.session, turn.officer):
        raise Refused(Refusal.NO_SUCH_CHANGE, change=number)
    return changes.decide(turn.session, turn.county, change, turn.officer.account, turn.at, granted=granted)

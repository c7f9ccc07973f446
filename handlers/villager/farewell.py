"""A person goes: asks to be forgotten, or leaves the account. And comes back, perhaps."""

import secrets
from datetime import datetime

from handlers.notices import tell
from handlers.petition.forgetting import forget as forget_matter
from handlers.study import binding
from handlers.turn import Reply, VillagerTurn
from models import consent, processing
from models.base import Session
from models.consent import Purpose
from models.joined import doors_of
from models.key import drop
from models.message import drop_words_outside_matters
from models.move import Actor, Capacity, Verb, move
from models.office import Office
from models.petition import all_of, open_of
from models.processing import Ground
from models.study.binding import member_of
from models.villager import Villager, drop_profile, seal_address
from models.wording import Wording

VILLAGER = Actor(Capacity.VILLAGER)


def forget(turn: VillagerTurn) -> Reply:
    """What the law lets go is gone at once; what is under way stays until it is done, and is then cut off."""
    session, person, at = turn.session, turn.villager, turn.at
    under_way = []
    for petition in all_of(session, person.id or 0):
        if petition.is_open:
            under_way.append(petition)
        elif petition.forgotten_at is None:
            forget_matter(session, petition, VILLAGER, at)
    drop_profile(person)
    member = member_of(session, person.id or 0)
    branch = session.get(Office, member.branch) if member is not None else None
    binding.release(session, person.id or 0)
    turn.message.key_id = None  # the reply outlives the person's key
    drop_words_outside_matters(session, person.id or 0)
    consent.record(session, person.id or 0, Purpose.PROFILE, at, given=False)
    processing.log(session, turn.county.code, "forget", Ground.REQUEST, at)
    person.forget_asked_at = at
    if not under_way:
        cut(session, person, at)
    return Reply.of(
        Wording.RIGHTS_FORGOTTEN,
        numbers=[petition.number for petition in under_way],
        office=branch.name if branch else "",
    )


def cut(session: Session, person: Villager, at: datetime) -> None:
    """No way leads from the row to the person any more, nor back: the same person is a new one from now on."""
    drop_profile(person)
    binding.release(session, person.id or 0)
    drop_words_outside_matters(session, person.id or 0)
    drop(session, person.key_id, at)
    person.address_sealed = b""
    person.address_hash = secrets.token_hex(32)  # nobody's
    person.burst_started_at = person.burst_last_at = person.burst_petition = None
    person.cut_at = at
    session.add(person)
    for door in doors_of(session, person.id or 0):
        if door.cut_at is None:
            cut(session, door, at)


def leave(turn: VillagerTurn) -> None:
    """The account was left: the profile goes, a keyed hash stays. What is open goes on, by call or visit."""
    session, person, at = turn.session, turn.villager, turn.at
    drop_profile(person)
    drop_words_outside_matters(session, person.id or 0)
    person.followed, person.window_left, person.address_sealed = False, 0, b""
    processing.log(session, turn.county.code, "leave", Ground.PLATFORM, at)
    for petition in open_of(session, person.id or 0):
        if petition.unreachable_since is None:
            event = move(session, petition, Verb.LEAVE, VILLAGER, at)
            petition.unreachable_since = at
            tell(session, turn.county, petition, event, at)


def welcome_back(turn: VillagerTurn) -> None:
    """Whoever writes again can be answered again: known by the hash that stayed."""
    person = turn.villager
    if person.address_sealed or turn.mail.door:
        return
    seal_address(turn.session, turn.county.keys, person, turn.mail.sender)
    person.followed = True
    for petition in open_of(turn.session, person.id or 0):
        if petition.unreachable_since is not None:
            move(turn.session, petition, Verb.RETURN, VILLAGER, turn.at)
            petition.unreachable_since = None

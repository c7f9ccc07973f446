"""How people are reached: what a courier asks of them, and the messages they may still be sent."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime

import sqlalchemy
from sqlalchemy import bindparam, update
from sqlmodel import col

from models.among import among
from models.base import Session
from models.key import Keyring, unseal
from models.session import FOLLOWING
from models.villager import Villager


@dataclass(slots=True)
class Reach:
    """What is asked of a person to send him something: no row, for hundreds are asked about a second."""

    id: int
    key_id: int
    channel: str
    address_sealed: bytes
    phone_sealed: bytes
    followed: bool
    window_until: datetime | None
    window_left: int


def reaches(session: Session, people: Iterable[int]) -> list[Reach]:
    """Many of them in one statement; `reach` finds each without asking again."""
    wanted = set(people)
    new = [one for one in wanted if session.held((_REACH, one)) is None]
    rows = session.connection().execute(_REACHES, {"people": new}) if new else ()
    session.hold_each(_REACH, new, {row.id: Reach(*row) for row in rows})
    return [found for one in wanted if (found := session.held((_REACH, one))) is not None]


def reach(session: Session, villager: int) -> Reach | None:
    """How one person is reached; None where there is no such row."""
    held: Reach | None = session.held((_REACH, villager))
    return held or next(iter(reaches(session, [villager])), None)


_REACH = "reach"
_REACHES = sqlalchemy.select(*(getattr(Villager, field.name) for field in fields(Reach))).where(
    among(col(Villager.id), "people")
)


def address_of(session: Session, keys: Keyring, person: Villager | Reach) -> str | None:
    """Where letters go; None once the person is forgotten or gone."""
    if not person.address_sealed:
        return None
    return unseal(keys.secret(session, person.key_id), person.address_sealed, "address")


def phone_of(session: Session, keys: Keyring, person: Reach) -> str:
    """His telephone number in clear; "" where none is held."""
    if not person.phone_sealed:
        return ""
    return unseal(keys.secret(session, person.key_id), person.phone_sealed)


def spend_window(session: Session, person: Reach) -> None:
    """One customer message less; written with the others of the transaction, and counted down where it lies: another
    process may spend one too.
    """
    person.window_left -= 1
    spent: Counter[int] = session.once(_SPENT, Counter[int])
    spent[person.id] += 1


def _write_spent(session: Session) -> None:
    spent: Counter[int] = session.held(_SPENT) or Counter()
    session.let_go(_SPENT)
    for times in set(spent.values()):
        alike = [one for one, spends in spent.items() if spends == times]
        session.connection().execute(_FEWER, {"people": alike, "times": times})


# Locked in the order of their ids, as everybody does, so that none waits in a circle.
_LOCKED = (
    sqlalchemy.select(col(Villager.id))
    .where(among(col(Villager.id), "people"))
    .order_by(col(Villager.id))
    .with_for_update()
)
_FEWER = (
    update(Villager.__table__)  # type: ignore[attr-defined]
    .where(col(Villager.id).in_(_LOCKED))
    .values(window_left=col(Villager.window_left) - bindparam("times"))
)
_SPENT = "spent windows"
FOLLOWING.append(_write_spent)

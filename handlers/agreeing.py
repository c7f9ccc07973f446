"""What an operator and a supervisor let happen together: two roles, two people, whatever accounts they use."""

from typing import Protocol

from models.errors import Refused
from models.officer import Role
from models.refusal import Refusal


class Pair(Protocol):
    """A row that waits for two yeses."""

    operator: str | None
    supervisor: str | None


def agree(pair: Pair, person: str | None, role: Role, *, waits: bool) -> None:
    """One of the two yeses. Refused: no person of the staff, another role, over already, the same person twice."""
    if person is None:
        raise Refused(Refusal.NEEDS_A_PERSON)
    if not waits or role not in (Role.OPERATOR, Role.SUPERVISOR):
        raise Refused(Refusal.NOT_YOUR_ROLE_HERE)
    if person in (pair.operator, pair.supervisor):
        raise Refused(Refusal.SECOND_PERSON_ELSEWHERE)
    if role is Role.OPERATOR:
        pair.operator = person
    else:
        pair.supervisor = person

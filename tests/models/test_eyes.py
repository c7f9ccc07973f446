"""Two pairs of eyes, held by the table of moves itself: whoever calls it, from whichever door."""

import pytest

from models.errors import Refused
from models.move import MOVES, Actor, Capacity, Verb, move
from models.petition import Petition, State
from models.refusal import Refusal
from tests.matters import Matters

pytestmark = pytest.mark.parametrize(
    "matters", ["sqlite"], indirect=True
)  # a rule of ours, not of a database
OWNER, CREATOR, NAMED, OTHER = "mengxi", "taowan", "shiyangeng", "tangxiaoyu"
SAID = {
    "owner": OTHER,
    "to": OTHER,
    "leaf": "0301",
    "tier": "T2",
    "text": "0" * 64,
    "by_first": "heruoping",
    "giver": "heruoping",
    "accounts": {},
}


def refusal(matters: Matters, verb: Verb, capacity: Capacity, account: str, **said: object) -> Refusal | None:
    """Why a move is refused that its state would allow."""
    number = matters.told()
    row = MOVES[verb]

    def tried(session, county, petition: Petition) -> Refusal | None:
        petition.creator, petition.excluded = CREATOR, [NAMED]
        petition.state = next(state for state in State if state in row.leaves)
        try:
            with session.begin_nested():
                needed = {need: SAID.get(need, "x") for need in row.needs}
                move(session, petition, verb, Actor(capacity, account), matters.at, **needed | said)
        except Refused as refused:
            return refused.wording
        return None

    return matters.do(number, tried)


BESIDE = [
    (verb, capacity)
    for verb, row in MOVES.items()
    for capacity in (Capacity.DISPATCHER, Capacity.SECOND, Capacity.SUPERIOR, Capacity.CALLER)
    if capacity in row.who and None not in row.leaves
]


@pytest.mark.parametrize(("verb", "capacity"), BESIDE, ids=[f"{verb} as {who}" for verb, who in BESIDE])
def test_an_owner_decides_nothing_about_his_own_matter(
    matters: Matters, verb: Verb, capacity: Capacity
) -> None:
    assert refusal(matters, verb, capacity, OWNER) == Refusal.NOT_YOUR_OWN


@pytest.mark.parametrize(("verb", "capacity"), BESIDE, ids=[f"{verb} as {who}" for verb, who in BESIDE])
def test_who_is_complained_about_does_nothing_with_it(
    matters: Matters, verb: Verb, capacity: Capacity
) -> None:
    assert refusal(matters, verb, capacity, NAMED) == Refusal.MUST_NOT_KNOW


@pytest.mark.parametrize("verb", [verb for verb, row in MOVES.items() if "owner" in row.needs])
@pytest.mark.parametrize(
    ("receiver", "wording"), [(NAMED, Refusal.MUST_NOT_KNOW), (CREATOR, Refusal.CREATOR_DOES_NOT_OWN)]
)
def test_nothing_is_given_to_its_creator_or_to_who_is_complained_about(
    matters: Matters, verb: Verb, receiver: str, wording: Refusal
) -> None:
    capacity = Capacity.SIGNER if verb is Verb.TAKE_OVER else Capacity.DISPATCHER
    assert refusal(matters, verb, capacity, OTHER, owner=receiver) == wording


def test_a_dispatcher_gives_nothing_to_himself(matters: Matters) -> None:
    assert refusal(matters, Verb.ASSIGN, Capacity.DISPATCHER, OTHER, owner=OTHER) == Refusal.NOT_TO_YOURSELF


@pytest.mark.parametrize(
    "verb", [verb for verb, row in MOVES.items() if "by_first" in row.needs and Capacity.SECOND in row.who]
)
def test_the_second_person_is_not_the_first(matters: Matters, verb: Verb) -> None:
    assert refusal(matters, verb, Capacity.SECOND, OTHER, by_first=OTHER) == Refusal.SECOND_PERSON


def test_who_wrote_it_down_does_not_call_back(matters: Matters) -> None:
    assert refusal(matters, Verb.CONFIRM, Capacity.CALLER, CREATOR) == Refusal.NOT_YOUR_OWN


def test_who_owned_it_once_does_not_call_back_either(matters: Matters) -> None:
    number = matters.told()
    first = matters.do(number, lambda session, county, one: one.owner)
    matters.signed(number)

    def called(session, county, petition: Petition) -> None:
        petition.owner, petition.state = OTHER, State.PROPOSED
        move(session, petition, Verb.CONFIRM, Actor(Capacity.CALLER, first), matters.at, mark="satisfied")

    with pytest.raises(Refused, match=Refusal.NOT_YOUR_OWN):
        matters.do(number, called)


def test_nobody_acts_as_the_owner_who_is_not(matters: Matters) -> None:
    assert refusal(matters, Verb.SIGN, Capacity.OWNER, OTHER) == Refusal.NOT_YOURS

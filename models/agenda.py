"""What time will do to a petition, and when: `next_at` is the earliest entry and the only column a sweep reads."""

from datetime import datetime
from enum import StrEnum

from models.petition import Petition


class Item(StrEnum):
    """The things that fall due."""

    DISPATCH = "dispatch"  # the burst is over
    UNSORTED = "unsorted"  # asked back, nobody answered: to the human queue
    QUEUE = "queue"  # the human queue's own clock
    SIGN = "sign"
    CONTACT = "contact"
    FINISH = "finish"
    WARN_SIGN_HALF = "warn_sign_50"
    WARN_SIGN_MOST = "warn_sign_80"
    WARN_CONTACT_HALF = "warn_contact_50"
    WARN_CONTACT_MOST = "warn_contact_80"
    WARN_FINISH_HALF = "warn_finish_50"
    WARN_FINISH_MOST = "warn_finish_80"
    CLIMB = "climb"  # the next rung
    ANSWER_LAPSES = "answer_lapses"  # a question to the villager stays open no longer
    ASK_TURN = "ask_turn"  # a question that waits for an earlier one
    CALL = "call"  # the next try to hear whether it is solved
    WITHDRAW = "withdraw"
    NEXT_RECEIVER = "next_receiver"  # an emergency nobody signed
    ASK_AGAIN = "ask_again"  # an emergency: is the villager safe?
    EXTENSION_LAPSES = "extension_lapses"
    REVIEW = "review"  # the body above was asked: its thirty days, then a reminder


LASTING = frozenset({Item.REVIEW.value})  # what an end of the matter does not end


def put(petition: Petition, item: Item, at: datetime) -> None:
    """Plans `item` for `at`; an earlier plan for the same item is replaced."""
    _set(petition, petition.agenda | {item.value: at.isoformat()})


def strike(petition: Petition, *items: Item) -> None:
    """Takes items off; those not planned are ignored."""
    gone = {item.value for item in items}
    if gone & petition.agenda.keys():
        _set(petition, {item: at for item, at in petition.agenda.items() if item not in gone})


def clear(petition: Petition) -> None:
    """The matter has ended: nothing is due any more but what outlasts an end."""
    _set(petition, {item: at for item, at in petition.agenda.items() if item in LASTING})


def planned(petition: Petition, item: Item) -> datetime | None:
    text = petition.agenda.get(item.value)
    return None if text is None else datetime.fromisoformat(text)


def first_due(petition: Petition, at: datetime) -> tuple[Item, datetime] | None:
    """The earliest item due at `at`. Ties go in the order of `Item`."""
    order = list(Item)
    entries = [
        (datetime.fromisoformat(text), order.index(Item(item))) for item, text in petition.agenda.items()
    ]
    if not entries:
        return None
    when, place = min(entries)
    return (order[place], when) if when <= at else None


def _set(petition: Petition, agenda: dict[str, str]) -> None:
    petition.agenda = agenda
    times = [datetime.fromisoformat(text) for text in agenda.values()]
    petition.next_at = min(times, default=None)

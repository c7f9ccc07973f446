"""What a villager does without words: follows, scans a village's sign, leaves."""

from datetime import timedelta

from handlers.turn import SILENCE, Reply, VillagerTurn
from handlers.villager import farewell
from models.place import Place
from models.study import subscription
from models.wording import Wording

SCENE = "v:"
AFTER_MESSAGE = (5, timedelta(hours=48))  # customer messages, wechat.md B
AFTER_TOUCH = (3, timedelta(minutes=1))  # scan, follow, menu


def open_window(turn: VillagerTurn) -> None:
    """What the platform now lets us send unasked: it resets to the new allowance, never to a smaller one."""
    left, lasts = AFTER_MESSAGE if turn.mail.kind != "event" else AFTER_TOUCH
    touches = {"subscribe", "subscribe_scan", "scan", "click"}
    if turn.mail.kind == "event" and turn.mail.event.lower() not in touches:
        return
    villager = turn.villager
    until = turn.at + lasts
    if villager.window_until is None or villager.window_until <= until or villager.window_left < left:
        villager.window_left = left
        villager.window_until = max(until, villager.window_until or until)


def answer(turn: VillagerTurn) -> Reply:
    event = turn.mail.event.lower()
    if event in ("subscribe", "subscribe_scan"):
        turn.villager.followed = True
        place = _scanned(turn)
        turn.villager.noticed_at = turn.at
        return Reply.of(Wording.WELCOME, place=place.name if place else "") + Reply.of(Wording.NOTICE)
    if event == "scan":
        place = _scanned(turn)
        return Reply.of(Wording.SCANNED, place=place.name) if place else Reply.of(Wording.GREETING)
    if event == "unsubscribe":
        farewell.leave(turn)
        return SILENCE
    for template, accepted in turn.mail.consents:
        subscription.note(turn.session, turn.villager.id or 0, template, turn.at, accepted=accepted)
    return SILENCE


def _scanned(turn: VillagerTurn) -> Place | None:
    """The village whose sign was scanned: it says where the sign stands, not who scanned it."""
    scene = turn.mail.event_key.removeprefix("qrscene_")
    if not scene.startswith(SCENE):
        return None
    place = turn.session.get(Place, scene.removeprefix(SCENE))
    if place is not None:
        turn.villager.scanned_place = place.code
    return place

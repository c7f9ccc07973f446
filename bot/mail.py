"""What comes in by any wire, as mail: one shape for a message, a relay's call and a question to the robot."""

from bot.logs import trace
from bot.wire.message import Incoming
from bot.wire.relay import Relayed
from bot.wire.robot import Asked
from handlers.officer.intake import GROUP
from handlers.turn import Mail
from handlers.villager.doors import RELAY, sender_of


def mail_of(incoming: Incoming) -> Mail:
    return Mail(
        channel=incoming.platform,
        sender=incoming.sender,
        key=incoming.key,
        kind=incoming.kind,
        text=incoming.text,
        event=incoming.event,
        event_key=incoming.event_key,
        media=incoming.media_id or "",
        label=" ".join(
            filter(None, [incoming.location.label if incoming.location else "", incoming.title, incoming.url])
        ),
        consents=tuple((one.template, one.accepted) for one in incoming.consents),
        trace=trace(),
    )


def relayed_mail(relayed: Relayed) -> Mail:
    return Mail(
        channel=RELAY,
        sender=sender_of(relayed.relay, relayed.kind, relayed.sender, relayed.phone),
        key=relayed.message_id,
        kind="text",
        text=relayed.text,
        relay=relayed.relay,
        door=relayed.kind,
        name=relayed.name,
        phone=relayed.phone,
        place=relayed.place,
        order=relayed.order,
        trace=trace(),
    )


def asked_mail(asked: Asked) -> Mail:
    return Mail(
        channel="wecom",
        sender=asked.sender,
        key=asked.key,
        later=asked.later,
        kind="event" if asked.event else "text",
        text=asked.text,
        event="enter_agent" if asked.event == "enter_chat" else asked.event,
        door=GROUP if asked.in_group else "single",
        trace=trace(),
    )

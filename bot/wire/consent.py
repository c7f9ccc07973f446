"""The events of subscription notices, which wechatpy 1.8.18 does not know.

Source: the official account's manual, subscription messages, event push (popup, change, sent).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from wechatpy.events import BaseEvent, register_event
from wechatpy.fields import BaseField

POPUP = "subscribe_msg_popup_event"
CHANGE = "subscribe_msg_change_event"
SENT = "subscribe_msg_sent_event"


@dataclass(frozen=True, slots=True)
class Consent:
    """What a villager decided about one template."""

    template: str
    accepted: bool


@register_event(POPUP)
class PopupEvent(BaseEvent):  # type: ignore[misc]  # wechatpy has no types
    event = POPUP
    entries = BaseField("SubscribeMsgPopupEvent", {})


@register_event(CHANGE)
class ChangeEvent(BaseEvent):  # type: ignore[misc]  # wechatpy has no types
    event = CHANGE
    entries = BaseField("SubscribeMsgChangeEvent", {})


@register_event(SENT)
class SentEvent(BaseEvent):  # type: ignore[misc]  # wechatpy has no types
    event = SENT
    entries = BaseField("SubscribeMsgSentEvent", {})


def entries_of(event: Any) -> Iterator[Mapping[str, str]]:
    """The `List` children of such an event, one or many; whatever is not a plain entry is passed over."""
    outer = event.entries
    listed = outer.get("List") if isinstance(outer, Mapping) else None
    for entry in listed if isinstance(listed, list) else [listed]:
        if isinstance(entry, Mapping):
            yield {name: value for name, value in entry.items() if isinstance(value, str)}


def consents_of(event: Any) -> tuple[Consent, ...]:
    """What was accepted or refused; empty for any other event."""
    if not isinstance(event, PopupEvent | ChangeEvent):
        return ()
    return tuple(
        Consent(entry["TemplateId"], entry.get("SubscribeStatusString") == "accept")
        for entry in entries_of(event)
        if entry.get("TemplateId")
    )

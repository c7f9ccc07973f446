"""The addresses others post to: each channel that is switched on, with its secrets."""

from collections.abc import Iterator

from aiohttp import web

from bot.intake import Intake
from bot.sections import WecomBotSettings
from bot.settings import Settings
from bot.wire.callback import Answer, Callback
from bot.wire.envelope import Envelope
from bot.wire.relay import Relay
from bot.wire.robot import Robot
from bot.wording import Chinese
from models.refusal import Refusal
from models.wording import Wording
from scheduler.clock import Clock


def inbound_routes(
    settings: Settings, chinese: Chinese, clock: Clock, intake: Intake
) -> Iterator[web.RouteDef]:
    """A channel left out has no address."""
    for callback, path in _callbacks(settings, chinese, clock, intake.answer):
        yield from callback.routes(path)
    if settings.wecom_bot is not None:
        yield from _robot(settings, settings.wecom_bot, clock, intake).routes("/wecom/bot")
    if settings.relays:
        yield from _relay(settings, clock, intake).routes("/relay")


def _callbacks(
    settings: Settings, chinese: Chinese, clock: Clock, answer: Answer
) -> list[tuple[Callback, str]]:
    failure = chinese.say(Refusal.TRY_AGAIN, {})
    late = chinese.say(Wording.RECEIVED_LATE, {})
    proxies = settings.service.trusted_proxies
    callbacks = []
    if settings.wechat is not None:
        wechat = settings.wechat
        keys = [key for key in (wechat.encoding_aes_key, wechat.previous_encoding_aes_key) if key]
        envelope = Envelope(wechat.token, keys, wechat.app_id) if wechat.mode == "aes" else None
        callbacks.append(
            (
                Callback(
                    "wechat",
                    token=wechat.token,
                    envelope=envelope,
                    answer=answer,
                    clock=clock,
                    trusted_proxies=proxies,
                    failure=failure,
                    late=late,
                ),
                "/wechat",
            )
        )
    if settings.wecom is not None:
        wecom = settings.wecom
        callbacks.append(
            (
                Callback(
                    "wecom",
                    token=wecom.token,
                    envelope=Envelope(wecom.token, [wecom.encoding_aes_key], wecom.corp_id),
                    answer=answer,
                    clock=clock,
                    trusted_proxies=proxies,
                    failure=failure,
                    late=late,
                ),
                "/wecom",
            )
        )
    return callbacks


def _robot(settings: Settings, bot: WecomBotSettings, clock: Clock, intake: Intake) -> Robot:
    return Robot(
        Envelope(bot.token, [bot.encoding_aes_key], ""),
        answer=intake.asked,
        clock=clock,
        trusted_proxies=settings.service.trusted_proxies,
    )


def _relay(settings: Settings, clock: Clock, intake: Intake) -> Relay:
    return Relay(
        {relay.id: relay.secrets for relay in settings.relays},
        answer=intake.relayed,
        is_new=intake.is_new,
        clock=clock,
        trusted_proxies=settings.service.trusted_proxies,
    )

"""The official account's API: texts inside the window, templates, subscription notices, media, menu, QR."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import aiohttp

from bot.wire.account import Account, Call, Json, Media
from bot.wire.outcome import WECHAT_RULES, Outcome
from bot.wire.reply import clean, cut

BASE_URL = "https://api.weixin.qq.com"
LONGEST_SCENE = 64  # characters

# Longest values by the kind a template field is named for (thing1, phrase2 ...); longer ones are error 47003.
_LONGEST = {"thing": 20, "phrase": 5, "name": 10, "character_string": 32}


@dataclass(frozen=True, slots=True)
class Ticket:
    """A QR code: `url` is what the code says, `ticket` fetches the platform's own picture of it."""

    ticket: str
    url: str


class WechatClient:
    """Calls for one official account. No method raises for what the network or the platform does.

    `resent` says that this letter was sent before and nobody knows whether it arrived: then silence is not
    answered by a third copy, but by the next channel.
    """

    def __init__(
        self,
        http: aiohttp.ClientSession,
        *,
        app_id: str,
        app_secret: str,
        clock: Callable[[], datetime],
        alarm: Callable[[str], None],
        base_url: str = BASE_URL,
        timeout: float = 10.0,
    ) -> None:
        # stable_token gives every process the same token; force_refresh would take it from the others
        credentials = {"grant_type": "client_credential", "appid": app_id, "secret": app_secret}
        token_call = Call(
            "/cgi-bin/stable_token",
            WECHAT_RULES,
            credentials | {"force_refresh": False},
            repeatable=True,
            question=True,
        )
        self._account = Account(http, base_url, token_call, clock=clock, alarm=alarm, timeout=timeout)

    @property
    def token_state(self) -> str:
        return self._account.token.state

    @property
    def token_age(self) -> timedelta | None:
        return self._account.token.age

    async def send_text(self, openid: str, text: str, *, resent: bool = False) -> Outcome:
        """A text by the customer service interface: only within 48 h of a message, five at most."""
        body = {"touser": openid, "msgtype": "text", "text": {"content": cut(clean(text))}}
        return await self._send("/cgi-bin/message/custom/send", body, repeatable=not resent)

    async def send_template(
        self,
        openid: str,
        template: str,
        fields: Mapping[str, str],
        *,
        url: str = "",
        letter: str = "",
        resent: bool = False,
    ) -> Outcome:
        """A template message. `reference` is the MsgID that templatesendjobfinish will bring.

        `letter` is our own id of it (at most 32 characters): within ten minutes the platform sends a person
        one message a letter, so that only with it may silence be answered by sending again.
        """
        body: Json = {"touser": openid, "template_id": template, "data": _data(fields)}
        if url:
            body["url"] = url
        if letter:
            body["client_msg_id"] = letter
        return await self._send(
            "/cgi-bin/message/template/send", body, repeatable=bool(letter) and not resent
        )

    async def send_subscription(
        self, openid: str, template: str, fields: Mapping[str, str], *, page: str = ""
    ) -> Outcome:
        """A subscription notice, which uses up one consent of the person."""
        body: Json = {"touser": openid, "template_id": template, "data": _data(fields)}
        if page:
            body["page"] = page
        return await self._send("/cgi-bin/message/subscribe/bizsend", body)

    async def fetch_media(self, media_id: str) -> Media | Outcome:
        """What a villager sent; the platform keeps it three days."""
        call = Call(
            "/cgi-bin/media/get", WECHAT_RULES, query={"media_id": media_id}, repeatable=True, question=True
        )
        return await self._account.download(replace(call, media=True))

    async def create_menu(self, menu: Json) -> Outcome:
        return await self._send("/cgi-bin/menu/create", menu, repeatable=True)

    async def create_qr(self, scene: str) -> Ticket | Outcome:
        """A permanent QR code; there may be 100,000 of them."""
        if not 0 < len(scene) <= LONGEST_SCENE:
            raise ValueError("a scene has 1 to 64 characters")
        body = {"action_name": "QR_LIMIT_STR_SCENE", "action_info": {"scene": {"scene_str": scene}}}
        call = Call("/cgi-bin/qrcode/create", WECHAT_RULES, body, repeatable=True, question=True)
        outcome, answer = await self._account.send(call)
        ticket, url = answer.get("ticket"), answer.get("url")
        if outcome.kind == "sent" and isinstance(ticket, str) and isinstance(url, str):
            return Ticket(ticket, url)
        return outcome if outcome.kind != "sent" else Outcome("later", "malformed ticket", 60)

    async def _send(self, path: str, body: Json, *, repeatable: bool = False) -> Outcome:
        outcome, _ = await self._account.send(Call(path, WECHAT_RULES, body, repeatable=repeatable))
        return outcome


def _data(fields: Mapping[str, str]) -> Json:
    return {name: {"value": _fitted(name, value)} for name, value in fields.items()}


def _fitted(name: str, value: str) -> str:
    value = clean(value)
    most = _LONGEST.get(name.rstrip("0123456789"), 200)
    return value if len(value) <= most else value[: most - 1] + "\u2026"

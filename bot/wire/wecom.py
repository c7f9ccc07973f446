"""WeCom's API: messages of our application to members, a group robot's messages, files."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import aiohttp

from bot.wire.account import Account, Call, Json, Media
from bot.wire.outcome import ROBOT_RULES, WECOM_RULES, Outcome
from bot.wire.reply import clean, cut

BASE_URL = "https://qyapi.weixin.qq.com"
SAME_MESSAGE = 1800  # seconds in which WeCom sends the same message to the same member once


class WecomClient:
    """Calls for one WeCom application and the group robots. No method raises for what the network does.

    `resent` as for the official account; WeCom itself drops the second copy of an application's message, so
    only the robot needs it.
    """

    def __init__(
        self,
        http: aiohttp.ClientSession,
        *,
        corp_id: str,
        agent_id: int,
        secret: str,
        clock: Callable[[], datetime],
        alarm: Callable[[str], None],
        base_url: str = BASE_URL,
        timeout: float = 10.0,
    ) -> None:
        self._agent_id = agent_id
        credentials = {"corpid": corp_id, "corpsecret": secret}
        token_call = Call("/cgi-bin/gettoken", WECOM_RULES, query=credentials, repeatable=True, question=True)
        self._account = Account(http, base_url, token_call, clock=clock, alarm=alarm, timeout=timeout)

    @property
    def token_state(self) -> str:
        return self._account.token.state

    @property
    def token_age(self) -> timedelta | None:
        return self._account.token.age

    async def send_text(self, userid: str, text: str) -> Outcome:
        """A text to one member; it also shows in the member's own WeChat, which markdown does not."""
        return await self._send(userid, {"msgtype": "text", "text": {"content": cut(clean(text))}})

    async def send_file(self, userid: str, media_id: str) -> Outcome:
        return await self._send(userid, {"msgtype": "file", "file": {"media_id": media_id}})

    async def send_robot(
        self, key: str, text: str, *, mentioned: Sequence[str] = (), resent: bool = False
    ) -> Outcome:
        """A text into a cadres' group. `key` is the robot's only secret; 20 messages a minute."""
        content: Json = {"content": cut(clean(text))}
        if mentioned:
            content["mentioned_list"] = list(mentioned)
        body = {"msgtype": "text", "text": content}
        call = Call("/cgi-bin/webhook/send", ROBOT_RULES, body, repeatable=not resent)
        outcome, _ = await self._account.send_keyed(call, key)
        return outcome

    async def send_image(self, userid: str, media_id: str) -> Outcome:
        return await self._send(userid, {"msgtype": "image", "image": {"media_id": media_id}})

    async def upload_file(self, name: str, content: bytes) -> str | Outcome:
        return await self.upload(name, content, "file")

    async def upload(self, name: str, content: bytes, kind: str) -> str | Outcome:
        """The media id of a file or an image (JPG or PNG, 10 MB), good for three days."""

        def form() -> aiohttp.FormData:
            data = aiohttp.FormData(quote_fields=False)  # WeCom shows a quoted name as it stands
            data.add_field("media", content, filename=name, content_type="application/octet-stream")
            return data

        call = Call("/cgi-bin/media/upload", WECOM_RULES, query={"type": kind}, form=form, repeatable=True)
        outcome, answer = await self._account.send(call)
        media_id = answer.get("media_id")
        if outcome.kind == "sent":
            return (
                media_id
                if isinstance(media_id, str) and media_id
                else Outcome("later", "malformed upload", 60)
            )
        return outcome

    async def fetch_media(self, media_id: str) -> Media | Outcome:
        call = Call(
            "/cgi-bin/media/get",
            WECOM_RULES,
            query={"media_id": media_id},
            repeatable=True,
            question=True,
            media=True,
        )
        return await self._account.download(call)

    async def _send(self, userid: str, message: Json) -> Outcome:
        once = {"enable_duplicate_check": 1, "duplicate_check_interval": SAME_MESSAGE}
        body = {"touser": userid, "agentid": self._agent_id, **message, **once}
        outcome, answer = await self._account.send(
            Call("/cgi-bin/message/send", WECOM_RULES, body, repeatable=True)
        )
        if outcome.kind != "sent":
            return outcome
        # errcode 0 does not say that this member got it
        for name, reason in (("invaliduser", "address"), ("unlicenseduser", "unlicensed")):
            missed = answer.get(name)
            if isinstance(missed, str) and userid.lower() in missed.lower().split("|"):
                return Outcome("next_channel", reason, code=0)
        return outcome

"""WeCom's intelligent robot as members meet it: named in a group, or written to alone (JSON, sealed to nobody)."""

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any

import aiohttp
from wechatpy.enterprise.crypto import WeChatCrypto

from bot.simulator.seal import parsed


@dataclass(frozen=True)
class RobotAccount:
    """What the service and the platform agreed on."""

    token: str
    encoding_aes_key: str


class RobotDoor:
    """Asks the service as the platform would; `url` is its `/wecom/bot`."""

    def __init__(
        self, account: RobotAccount, clock: Callable[[], datetime], url: str, late_url: str = ""
    ) -> None:
        self._crypto = WeChatCrypto(account.token, account.encoding_aes_key, "")
        self._clock = clock
        self._url = url
        self._late_url = late_url
        self._ids = count(1)

    async def asks(self, userid: str, text: str, *, group: bool = True, message_id: str = "") -> str | None:
        """What the robot answers at once; None: nothing."""
        content: dict[str, Any] = {
            "msgid": message_id or f"{secrets.token_hex(4)}-{next(self._ids)}",
            "aibotid": "robot",
            "chattype": "group" if group else "single",
            "from": {"userid": userid},
            "response_url": self._late_url,
            "msgtype": "text",
            "text": {"content": f"@robot {text}" if group else text},
        }
        if group:
            content["chatid"] = "chat-of-the-township"
        status, answer = await self.posts(content)
        return answer if status == 200 else None

    async def posts(self, content: dict[str, Any]) -> tuple[int, str | None]:
        """Any callback: the status, and the words of the answer."""
        stamp, nonce = str(int(self._clock().timestamp())), secrets.token_hex(5)
        plain = json.dumps(content, ensure_ascii=False)
        envelope = parsed(self._crypto.encrypt_message(plain, nonce, stamp))
        query = {"msg_signature": envelope["MsgSignature"], "timestamp": stamp, "nonce": nonce}
        async with (
            aiohttp.ClientSession() as http,
            http.post(self._url, params=query, json={"encrypt": envelope["Encrypt"]}) as response,
        ):
            body = await response.text()
            return response.status, self._opened(body) if response.status == 200 and body else None

    def _opened(self, body: str) -> str:
        answer = json.loads(body)
        sealed = {"Encrypt": answer["encrypt"]}
        signed = (answer["msgsignature"], str(answer["timestamp"]), answer["nonce"])
        said = json.loads(self._crypto.decrypt_message(sealed, *signed))
        return str(said["stream"]["content"])

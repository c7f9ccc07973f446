"""The SMS gateway: one signed POST a message, signed as `/relay` is (contract.md)."""

import hashlib
import hmac
import json
import secrets
from collections.abc import Callable
from datetime import datetime

import aiohttp

from bot.wire.outcome import NO_ANSWER, Outcome
from bot.wire.reply import clean

RELAY_ID = "lianxin"


class SmsClient:
    """Sends texts. Never raises for what the network or the gateway does."""

    def __init__(
        self,
        http: aiohttp.ClientSession,
        *,
        api_url: str,
        secret: str,
        clock: Callable[[], datetime],
        timeout: float = 10.0,
    ) -> None:
        self._http = http
        self._url = api_url
        self._secret = secret
        self._clock = clock
        self._timeout = aiohttp.ClientTimeout(total=timeout)

    async def send(self, message_id: str, phone: str, text: str) -> Outcome:
        """One text. The gateway knows a repeat by its `message_id`, so that silence may be answered by another try."""
        body = json.dumps(
            {"message_id": message_id, "to": phone, "text": clean(text)}, ensure_ascii=False
        ).encode()
        try:
            async with self._http.post(
                self._url, data=body, headers=self._headers(body), timeout=self._timeout
            ) as response:
                return _outcome(response.status)
        except (aiohttp.ClientError, TimeoutError):
            return Outcome("later", NO_ANSWER, 300)

    def _headers(self, body: bytes) -> dict[str, str]:
        stamp, nonce = str(int(self._clock().timestamp())), secrets.token_hex(16)
        signed = "\n".join((stamp, nonce, hashlib.sha256(body).hexdigest()))
        signature = hmac.new(self._secret.encode(), signed.encode(), hashlib.sha256).hexdigest()
        return {
            "Content-Type": "application/json; charset=utf-8",
            "X-Relay-Id": RELAY_ID,
            "X-Relay-Timestamp": stamp,
            "X-Relay-Nonce": nonce,
            "X-Relay-Signature": signature,
        }


def _outcome(status: int) -> Outcome:
    if status in (200, 201, 202, 204, 409):  # 409: had it before
        return Outcome("sent")
    if status in (401, 403, 404):
        return Outcome("stop", "configuration", 600)
    if status == 429 or status >= 500:
        return Outcome("later", "busy", 300)
    return Outcome("never", "address")

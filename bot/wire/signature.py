"""How two machines sign what one posts to the other (contract.md): the same inbound at `/relay` and outbound."""

import hashlib
import hmac
import json
import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any

import aiohttp

from bot.wire.outcome import NO_ANSWER, Outcome

RELAY_ID = "lianxin"


def signature(secret: str, stamp: str, nonce: str, body: bytes) -> str:
    """Hex HMAC-SHA256 over stamp, nonce and the hash of the body."""
    signed = "\n".join((stamp, nonce, hashlib.sha256(body).hexdigest()))
    return hmac.new(secret.encode(), signed.encode(), hashlib.sha256).hexdigest()


def headers(secret: str, relay: str, at: datetime, body: bytes) -> dict[str, str]:
    """What goes with a signed body."""
    stamp, nonce = str(int(at.timestamp())), secrets.token_hex(16)
    return {
        "Content-Type": "application/json; charset=utf-8",
        "X-Relay-Id": relay,
        "X-Relay-Timestamp": stamp,
        "X-Relay-Nonce": nonce,
        "X-Relay-Signature": signature(secret, stamp, nonce, body),
    }


class SignedClient:
    """Posts signed JSON to one address. Never raises for what the network or the other side does."""

    def __init__(
        self,
        http: aiohttp.ClientSession,
        *,
        url: str,
        secret: str,
        clock: Callable[[], datetime],
        timeout: float = 10.0,
    ) -> None:
        self._http = http
        self._url = url
        self._secret = secret
        self._clock = clock
        self._timeout = aiohttp.ClientTimeout(total=timeout)

    async def post(self, content: dict[str, Any]) -> Outcome:
        """The other side knows a repeat by its `message_id`, so that silence may be answered by another try."""
        body = json.dumps(content, ensure_ascii=False).encode()
        signed = headers(self._secret, RELAY_ID, self._clock(), body)
        try:
            async with self._http.post(
                self._url, data=body, headers=signed, timeout=self._timeout, allow_redirects=False
            ) as response:
                return _outcome(response.status)
        except (aiohttp.ClientError, TimeoutError):
            return Outcome("later", NO_ANSWER, 300)


def _outcome(status: int) -> Outcome:
    if status in (200, 201, 202, 204, 409):  # 409: had it before
        return Outcome("sent")
    if status in (401, 403, 404):
        return Outcome("stop", "configuration", 600)
    if status == 429 or status >= 500:
        return Outcome("later", "busy", 300)
    return Outcome("never", "address")

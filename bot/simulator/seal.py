"""The envelopes of the two platforms, made and opened with wechatpy's own cryptography, never with ours."""

import re
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

import xmltodict
from wechatpy.crypto import WeChatCrypto
from wechatpy.enterprise.crypto import WeChatCrypto as WeComCrypto
from wechatpy.utils import WeChatSigner

from bot.simulator.accounts import WeChatAccount, WeComAccount

ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")

Fields = Mapping[str, "str | int | Fields"]


class Seal(Protocol):
    """How one platform wraps a message and unwraps the answer."""

    def wrap(self, plain: str, sender: str, at: datetime) -> tuple[dict[str, str], bytes]:
        """Query and body of a callback. Each call makes a new nonce and a new envelope."""
        ...

    def unwrap(self, fields: dict[str, Any]) -> str: ...

    def hello(self, at: datetime) -> tuple[dict[str, str], str]:
        """Query of the verification request, and the plain echo the service must answer with."""
        ...

    def addressed(self, fields: dict[str, Any]) -> bool:
        """Whether a reply comes from this account."""
        ...


def rendered(fields: Fields) -> str:
    """A message as the platforms write it: numbers bare, texts in CDATA."""
    return f"<xml>{_inner(fields)}</xml>"


def _inner(fields: Fields) -> str:
    return "".join(f"<{name}>{_value(value)}</{name}>" for name, value in fields.items())


def _value(value: "str | int | Fields") -> str:
    if isinstance(value, int):
        return str(value)
    if not isinstance(value, str):
        return _inner(value)
    return "<![CDATA[" + ILLEGAL.sub("", value).replace("]]>", "]]]]><![CDATA[>") + "]]>"


def _stamp(at: datetime) -> str:
    return str(int(at.timestamp()))


def parsed(text: str) -> dict[str, Any]:
    root = xmltodict.parse(text)["xml"]
    if not isinstance(root, dict):
        raise TypeError("an empty message")
    return root


class WeChatSeal:
    """The safe mode of an official account: only `ToUserName` and `Encrypt` are readable."""

    def __init__(self, account: WeChatAccount) -> None:
        self._account = account
        self._crypto = WeChatCrypto(account.token, account.encoding_aes_key, account.app_id)

    def _signed(self, timestamp: str, nonce: str) -> str:
        signer = WeChatSigner()
        signer.add_data(self._account.token, timestamp, nonce)
        return str(signer.signature)

    def wrap(self, plain: str, sender: str, at: datetime) -> tuple[dict[str, str], bytes]:
        timestamp, nonce = _stamp(at), secrets.token_hex(5)
        envelope = parsed(self._crypto.encrypt_message(plain, nonce, timestamp))
        query = {
            "signature": self._signed(timestamp, nonce),
            "timestamp": timestamp,
            "nonce": nonce,
            "openid": sender,
            "encrypt_type": "aes",
            "msg_signature": envelope["MsgSignature"],
        }
        body = rendered({"ToUserName": self._account.original_id, "Encrypt": envelope["Encrypt"]})
        return query, body.encode()

    def unwrap(self, fields: dict[str, Any]) -> str:
        signature, timestamp, nonce = fields["MsgSignature"], fields["TimeStamp"], fields["Nonce"]
        return str(self._crypto.decrypt_message(fields, signature, timestamp, nonce))

    def hello(self, at: datetime) -> tuple[dict[str, str], str]:
        timestamp, nonce, echo = _stamp(at), secrets.token_hex(5), str(secrets.randbelow(10**18))
        signature = self._signed(timestamp, nonce)
        return {"signature": signature, "timestamp": timestamp, "nonce": nonce, "echostr": echo}, echo

    def addressed(self, fields: dict[str, Any]) -> bool:
        return fields.get("FromUserName") == self._account.original_id


class WeComSeal:
    """A WeCom application: always encrypted, and the verification's echo is encrypted too."""

    def __init__(self, account: WeComAccount) -> None:
        self._account = account
        self._crypto = WeComCrypto(account.token, account.encoding_aes_key, account.corp_id)

    def wrap(self, plain: str, sender: str, at: datetime) -> tuple[dict[str, str], bytes]:
        query, envelope = self._enveloped(plain, at)
        account = self._account
        fields = {"ToUserName": account.corp_id, "Encrypt": envelope, "AgentID": str(account.agent_id)}
        return query, rendered(fields).encode()

    def _enveloped(self, plain: str, at: datetime) -> tuple[dict[str, str], str]:
        timestamp, nonce = _stamp(at), secrets.token_hex(5)
        envelope = parsed(self._crypto.encrypt_message(plain, nonce, timestamp))
        query = {"msg_signature": envelope["MsgSignature"], "timestamp": timestamp, "nonce": nonce}
        return query, str(envelope["Encrypt"])

    def unwrap(self, fields: dict[str, Any]) -> str:
        signature, timestamp, nonce = fields["MsgSignature"], fields["TimeStamp"], fields["Nonce"]
        return str(self._crypto.decrypt_message(fields, signature, timestamp, nonce))

    def hello(self, at: datetime) -> tuple[dict[str, str], str]:
        echo = str(secrets.randbelow(10**18))
        query, envelope = self._enveloped(echo, at)
        return query | {"echostr": envelope}, echo

    def addressed(self, fields: dict[str, Any]) -> bool:
        return fields.get("FromUserName") == self._account.corp_id

"""One invented account, and the platform's side of it: independent of the code under test (wechatpy)."""

import hashlib
from typing import Any

from wechatpy.crypto import WeChatCrypto
from wechatpy.enterprise.crypto import WeChatCrypto as WecomCrypto

TOKEN = "a-token-of-ours"
KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
OLD_KEY = "GFEDCBA9876543210zyxwvutsrqponmlkjihgfedcba"
APP_ID = "wx0123456789abcdef"
CORP_ID = "ww0123456789abcdef"
STAMP, NONCE = "1763776800", "903210"
SENDER, RECEIVER = "oInventedVillager0000000001", "gh_0123456789ab"


def sign(*parts: str) -> str:
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()  # noqa: S324 - the platforms' own rule


def text_xml(content: str = "hello", message_id: int = 7_000_000_001, sender: str = SENDER) -> str:
    return message_xml(
        "text", f"<Content><![CDATA[{content}]]></Content><MsgId>{message_id}</MsgId>", sender=sender
    )


def message_xml(kind: str, rest: str = "", sender: str = SENDER, created: str = "1763776800") -> str:
    return (
        f"<xml><ToUserName><![CDATA[{RECEIVER}]]></ToUserName><FromUserName><![CDATA[{sender}]]></FromUserName>"
        f"<CreateTime>{created}</CreateTime><MsgType><![CDATA[{kind}]]></MsgType>{rest}</xml>"
    )


def wechat_crypto(key: str = KEY) -> Any:
    return WeChatCrypto(TOKEN, key, APP_ID)


def wecom_crypto(key: str = KEY) -> Any:
    return WecomCrypto(TOKEN, key, CORP_ID)


def posted(xml: str, crypto: Any = None) -> tuple[dict[str, str], str]:
    """The query and the body of a callback as wechatpy seals it."""
    sealed = (crypto or wechat_crypto()).encrypt_message(xml, NONCE, STAMP)
    encrypt = sealed.partition("<Encrypt><![CDATA[")[2].partition("]]>")[0]
    return seal_query(encrypt), f"<xml><ToUserName>{RECEIVER}</ToUserName><Encrypt>{encrypt}</Encrypt></xml>"


def seal_query(encrypt: str) -> dict[str, str]:
    return {
        "signature": sign(TOKEN, STAMP, NONCE),
        "timestamp": STAMP,
        "nonce": NONCE,
        "encrypt_type": "aes",
        "msg_signature": sign(TOKEN, STAMP, NONCE, encrypt),
    }

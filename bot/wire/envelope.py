"""The encrypted envelope of WeChat and WeCom callbacks: signature, AES-256-CBC, receiver."""

import base64
import hashlib
import hmac
import json
import re
import secrets
import struct
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

BLOCK = 32  # the platform pads to 32 bytes, not to AES's 16
PREFIX = 16  # random bytes before the length field
MOST_ENCRYPTED = 200_000  # characters of base64; far above any callback of 64 KiB
MOST_FIELD = 128  # characters of a signature, timestamp or nonce
PLAIN_FIELD = re.compile(r"[\w.:+=/-]+", re.ASCII)  # what may be repeated inside our own XML

_ENVELOPE = (
    "<xml><Encrypt><![CDATA[{encrypt}]]></Encrypt><MsgSignature><![CDATA[{signature}]]></MsgSignature>"
    "<TimeStamp>{timestamp}</TimeStamp><Nonce><![CDATA[{nonce}]]></Nonce></xml>"
)


class CallbackRejected(Exception):
    """A callback that is not believed.

    `status` is the HTTP status to answer with, `reason` a short word for the log, never personal data,
    `wait` the seconds after which a 429 may be tried again.
    """

    def __init__(self, status: int, reason: str, wait: float = 0.0) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Opened:
    """A decrypted callback and the key that opened it: the reply must use the same one."""

    text: str
    key: bytes


def signature_of(*parts: str) -> str:
    """The platform's signature: SHA-1 in hex over the sorted parts, the token among them."""
    joined = "".join(sorted(parts)).encode("utf-8", "surrogatepass")
    return hashlib.sha1(joined).hexdigest()  # noqa: S324 - the platforms sign with SHA-1, nothing else


def check_signature(given: str | None, *parts: str) -> None:
    """Compare in constant time; raise 401 when the signature is missing or wrong."""
    if not given:
        raise CallbackRejected(401, "signature missing")
    if not hmac.compare_digest(signature_of(*parts).encode(), given.encode("utf-8", "surrogatepass")):
        raise CallbackRejected(401, "signature")


def decode_key(encoding_aes_key: str) -> bytes:
    """The 32 bytes behind the 43 characters of an EncodingAESKey; ValueError for anything else."""
    if not re.fullmatch(r"[A-Za-z0-9+/]{43}", encoding_aes_key):
        raise ValueError("an EncodingAESKey has 43 letters and digits")
    return base64.b64decode(encoding_aes_key + "=")


class Envelope:
    """Opens callbacks and seals replies for one account.

    `keys` are the current and, during a change, the previous EncodingAESKey; `receiver` is the app id or
    corp id, or "" for the intelligent robot of WeCom.
    """

    def __init__(self, token: str, keys: Sequence[str], receiver: str) -> None:
        if not token or not keys:
            raise ValueError("an envelope needs a token and at least one EncodingAESKey")
        self._token = token
        self._ciphers = {
            key: Cipher(AES(key), CBC(key[:16])) for key in map(decode_key, keys)
        }  # the current first
        self._receiver = receiver.encode()

    def open(
        self, encrypt: str | None, signature: str | None, timestamp: str | None, nonce: str | None
    ) -> Opened:
        """Check everything, then decrypt. Raises CallbackRejected and nothing else."""
        _check_field(signature, "signature", 401)
        timestamp = _check_field(timestamp, "timestamp", 401)
        nonce = _check_field(nonce, "nonce", 401)
        if not isinstance(encrypt, str) or not encrypt.isascii() or not 0 < len(encrypt) <= MOST_ENCRYPTED:
            raise CallbackRejected(400, "encrypt")
        check_signature(signature, self._token, timestamp, nonce, encrypt)
        if not PLAIN_FIELD.fullmatch(nonce) or not timestamp.isdigit():
            raise CallbackRejected(400, "timestamp or nonce")
        try:
            sealed = base64.b64decode(encrypt, validate=True)
        except ValueError as error:
            raise CallbackRejected(400, "base64") from error
        if len(sealed) < BLOCK or len(sealed) % 16:
            raise CallbackRejected(400, "length")
        first: CallbackRejected | None = None
        for key in self._ciphers:
            try:
                return Opened(self._decrypt(sealed, key), key)
            except CallbackRejected as rejected:
                first = first or rejected
        raise first or CallbackRejected(400, "key")

    def seal(self, text: str, timestamp: str, nonce: str, key: bytes | None = None) -> str:
        """The XML answer to a callback; `key` is the one that opened it (default: the current one)."""
        return _ENVELOPE.format(**self._sealed(text, timestamp, nonce, key))

    def seal_json(self, text: str, timestamp: str, nonce: str, key: bytes | None = None) -> str:
        """The same for the intelligent robot of WeCom (document 101033), which speaks JSON."""
        sealed = self._sealed(text, timestamp, nonce, key)
        answer = {"encrypt": sealed["encrypt"], "msgsignature": sealed["signature"]}
        return json.dumps(answer | {"timestamp": int(timestamp), "nonce": nonce})

    def _sealed(self, text: str, timestamp: str, nonce: str, key: bytes | None) -> dict[str, str]:
        if not timestamp.isdigit() or not PLAIN_FIELD.fullmatch(nonce):
            raise ValueError("a timestamp is digits, a nonce holds no markup")
        body = text.encode()
        # the prefix takes the place of a random IV, so it comes from the system's generator
        plain = secrets.token_urlsafe(12).encode() + struct.pack(">I", len(body)) + body + self._receiver
        pad = BLOCK - len(plain) % BLOCK
        cipher = self._ciphers[key] if key else next(iter(self._ciphers.values()))
        encryptor = cipher.encryptor()
        sealed = encryptor.update(plain + bytes([pad]) * pad) + encryptor.finalize()
        encrypt = base64.b64encode(sealed).decode()
        signature = signature_of(self._token, timestamp, nonce, encrypt)
        return {"encrypt": encrypt, "signature": signature, "timestamp": timestamp, "nonce": nonce}

    def _decrypt(self, sealed: bytes, key: bytes) -> str:
        decryptor = self._ciphers[key].decryptor()
        plain = decryptor.update(sealed) + decryptor.finalize()
        pad = plain[-1]
        if not 1 <= pad <= BLOCK or plain[-pad:] != bytes([pad]) * pad:
            raise CallbackRejected(400, "padding")
        body = plain[PREFIX:-pad]
        if len(body) < 4:
            raise CallbackRejected(400, "length field")
        end = 4 + int(struct.unpack(">I", body[:4])[0])
        if end > len(body):
            raise CallbackRejected(400, "length field")
        if not hmac.compare_digest(body[end:], self._receiver):
            raise CallbackRejected(400, "receiver")
        try:
            return body[4:end].decode()
        except UnicodeDecodeError as error:
            raise CallbackRejected(400, "encoding") from error


def _check_field(value: str | None, name: str, status: int) -> str:
    if not isinstance(value, str) or not value:
        raise CallbackRejected(status, f"{name} missing")
    if not value.isascii() or len(value) > MOST_FIELD:
        raise CallbackRejected(status, name)
    return value

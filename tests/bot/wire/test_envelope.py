import base64
import contextlib
import json
import struct
import subprocess
from typing import Any

import pytest
import xmltodict
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from hypothesis import given, settings
from hypothesis import strategies as st
from wechatpy.crypto import PrpCrypto

from bot.wire.envelope import CallbackRejected, Envelope, decode_key
from tests.bot.wire.account import (
    APP_ID,
    CORP_ID,
    KEY,
    NONCE,
    OLD_KEY,
    STAMP,
    TOKEN,
    sign,
    wechat_crypto,
    wecom_crypto,
)

OURS = Envelope(TOKEN, [KEY, OLD_KEY], APP_ID)
# every padding length from 1 to 32, Han characters, emoji, markup
TEXTS = ["x" * length for length in range(34)] + [chr(0x6C34) * 700, "\U0001f6b0 & <b>]]></b>", "\n"]


def sealed(plain: bytes, key: str = KEY) -> str:
    """Encrypted without any padding of its own: the test decides every byte."""
    raw = decode_key(key)
    encryptor = Cipher(AES(raw), CBC(raw[:16])).encryptor()
    return base64.b64encode(encryptor.update(plain) + encryptor.finalize()).decode()


def body(text: bytes, receiver: bytes, length: int | None = None) -> bytes:
    return bytes(16) + struct.pack(">I", len(text) if length is None else length) + text + receiver


def padded(plain: bytes) -> bytes:
    pad = 32 - len(plain) % 32
    return plain + bytes([pad]) * pad


def opened(encrypt: Any, envelope: Envelope = OURS) -> str:
    return envelope.open(encrypt, sign(TOKEN, STAMP, NONCE, encrypt), STAMP, NONCE).text


def refusal(encrypt: Any, signature: Any = None, stamp: Any = STAMP, nonce: Any = NONCE) -> tuple[int, str]:
    with pytest.raises(CallbackRejected) as caught:
        OURS.open(encrypt, signature or sign(TOKEN, stamp, nonce, encrypt), stamp, nonce)
    return caught.value.status, caught.value.reason


@pytest.mark.parametrize("text", TEXTS, ids=len)
@pytest.mark.parametrize(("theirs", "receiver"), [(wechat_crypto, APP_ID), (wecom_crypto, CORP_ID)])
def test_wechatpy_reads_what_we_seal_and_we_read_what_it_seals(theirs: Any, receiver: str, text: str) -> None:
    ours = Envelope(TOKEN, [KEY], receiver)
    xml = ours.seal(text, STAMP, NONCE)
    fields = xmltodict.parse(xml)["xml"]
    assert theirs().decrypt_message(xml, fields["MsgSignature"], fields["TimeStamp"], fields["Nonce"]) == text
    fields = xmltodict.parse(theirs().encrypt_message(text, NONCE, STAMP))["xml"]
    assert (
        ours.open(fields["Encrypt"], fields["MsgSignature"], fields["TimeStamp"], fields["Nonce"]).text
        == text
    )


def test_openssl_reads_what_we_seal() -> None:
    key = decode_key(KEY)
    encrypt = xmltodict.parse(OURS.seal("for openssl", STAMP, NONCE))["xml"]["Encrypt"]
    command = ["openssl", "enc", "-d", "-aes-256-cbc", "-nopad", "-K", key.hex(), "-iv", key[:16].hex()]
    plain = subprocess.run(command, input=base64.b64decode(encrypt), capture_output=True, check=True).stdout  # noqa: S603 - a fixed command
    assert plain[16:20] == struct.pack(">I", 11)
    assert plain[20:].rstrip(plain[-1:]) == b"for openssl" + APP_ID.encode()


def test_the_robot_gets_json_and_has_no_receiver() -> None:
    robot = Envelope(TOKEN, [KEY], "")
    answer = json.loads(robot.seal_json("{}", STAMP, NONCE))
    assert (
        robot.open(answer["encrypt"], answer["msgsignature"], str(answer["timestamp"]), answer["nonce"]).text
        == "{}"
    )
    assert PrpCrypto(decode_key(KEY)).decrypt(answer["encrypt"], "") == "{}"
    endless = sealed(padded(body(b"{}", b"", length=0xFFFFFFFF)))
    with pytest.raises(CallbackRejected, match="length field"):
        opened(endless, robot)


def test_a_callback_under_the_previous_key_is_read_and_answered_with_that_key() -> None:
    fields = xmltodict.parse(wechat_crypto(OLD_KEY).encrypt_message("old", NONCE, STAMP))["xml"]
    found = OURS.open(fields["Encrypt"], fields["MsgSignature"], STAMP, NONCE)
    assert (found.text, found.key) == ("old", decode_key(OLD_KEY))
    xml = OURS.seal("answer", STAMP, NONCE, found.key)
    fields = xmltodict.parse(xml)["xml"]
    assert wechat_crypto(OLD_KEY).decrypt_message(xml, fields["MsgSignature"], STAMP, NONCE) == "answer"


def test_no_two_seals_of_one_text_are_alike() -> None:
    assert len({OURS.seal("same", STAMP, NONCE) for _ in range(50)}) == 50


GOOD = sealed(padded(body(b"<xml/>", APP_ID.encode())))


@pytest.mark.parametrize(
    ("encrypt", "expected"),
    [
        ("", (400, "encrypt")),
        (None, (400, "encrypt")),
        (7, (400, "encrypt")),
        ("\u6c34", (400, "encrypt")),
        ("A" * 200_004, (400, "encrypt")),
        ("AAA", (400, "base64")),
        ("****", (400, "base64")),
        (GOOD[:20] + "\n" + GOOD[20:], (400, "base64")),
        (base64.b64encode(bytes(16)).decode(), (400, "length")),
        (base64.b64encode(bytes(33)).decode(), (400, "length")),
        (sealed(b"\x00" * 32), (400, "padding")),
        (sealed(b"x" * 31 + b"\x21"), (400, "padding")),
        (sealed(body(b"<xml/>", APP_ID.encode()) + b"\x01\x02" + b"\x04" * 2), (400, "padding")),
        (sealed(b"x" * 14 + b"\x12" * 18), (400, "length field")),
        (sealed(padded(body(b"<xml/>", APP_ID.encode(), length=2**32 - 1))), (400, "length field")),
        (sealed(padded(body(b"<xml/>", APP_ID.encode(), length=5))), (400, "receiver")),
        (sealed(padded(body(b"<xml/>", b"wx_of_someone_else"))), (400, "receiver")),
        (sealed(padded(body(b"<xml/>", b""))), (400, "receiver")),
        (sealed(padded(body(b"\xff\xfe", APP_ID.encode()))), (400, "encoding")),
        (sealed(padded(body(b"<xml/>", APP_ID.encode())), key=KEY.swapcase()), (400, "padding")),
    ],
    ids=repr,
)
def test_a_signed_but_broken_envelope_is_malformed(encrypt: Any, expected: tuple[int, str]) -> None:
    signature = sign(TOKEN, STAMP, NONCE, encrypt) if isinstance(encrypt, str) else "x"
    assert refusal(encrypt, signature) == expected


@pytest.mark.parametrize(
    ("signature", "stamp", "nonce", "status"),
    [
        ("0" * 40, STAMP, NONCE, 401),
        (sign(TOKEN, STAMP, NONCE, GOOD).upper(), STAMP, NONCE, 401),
        (sign(TOKEN, STAMP, NONCE), STAMP, NONCE, 401),  # the plain signature in the place of msg_signature
        (sign(TOKEN, STAMP, NONCE, GOOD), STAMP, "other", 401),
        ("\u6c34", STAMP, NONCE, 401),
        ("0" * 129, STAMP, NONCE, 401),
        ("0" * 40, None, NONCE, 401),
        ("0" * 40, STAMP, "", 401),
        (sign(TOKEN, STAMP, "]]>", GOOD), STAMP, "]]>", 400),
        (sign(TOKEN, "now", NONCE, GOOD), "now", NONCE, 400),
    ],
    ids=repr,
)
def test_a_wrong_or_missing_signature_is_not_believed(
    signature: Any, stamp: Any, nonce: Any, status: int
) -> None:
    assert refusal(GOOD, signature, stamp, nonce)[0] == status


FIELDS = st.one_of(st.none(), st.integers(), st.text(max_size=60), st.binary(max_size=20))


@settings(max_examples=1500, deadline=None)
@given(encrypt=FIELDS, signature=FIELDS, stamp=FIELDS, nonce=FIELDS)
def test_a_stranger_gets_nothing_but_a_refusal(encrypt: Any, signature: Any, stamp: Any, nonce: Any) -> None:
    with pytest.raises(CallbackRejected):
        OURS.open(encrypt, signature, stamp, nonce)


@settings(max_examples=3000, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=200),
        st.binary(min_size=32, max_size=320).map(lambda raw: raw[: len(raw) // 16 * 16]),
    )
)
def test_random_ciphertext_under_a_good_signature_is_refused(raw: bytes) -> None:
    with pytest.raises(CallbackRejected) as caught:
        opened(base64.b64encode(raw).decode())
    assert caught.value.status == 400


@settings(max_examples=1500, deadline=None)
@given(st.integers(0, len(GOOD) * 6 - 1), st.binary(max_size=64))
def test_a_flipped_bit_or_a_strange_plaintext_opens_or_is_refused(place: int, plain: bytes) -> None:
    raw = bytearray(base64.b64decode(GOOD))
    raw[place // 8 % len(raw)] ^= 1 << place % 8
    for encrypt in (base64.b64encode(raw).decode(), sealed(padded(plain))):
        with contextlib.suppress(CallbackRejected):  # CBC has no seal of its own: some flips still decode
            opened(encrypt)


@pytest.mark.parametrize("key", ["", KEY[:-1], KEY + "A", KEY[:-1] + "!", "0123456789abcdef" * 2])
def test_a_wrong_encoding_key_is_said_at_the_start(key: str) -> None:
    with pytest.raises(ValueError, match="43"):
        Envelope(TOKEN, [key], APP_ID)

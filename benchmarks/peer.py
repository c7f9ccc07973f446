"""What others begin with: Flask and wechatpy, which answer hello and keep nothing.

Neither Flask nor waitress is wanted by anything else here: `pip install flask waitress` has them measured.
"""

import logging
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from wechatpy.crypto import WeChatCrypto
from wechatpy.parser import parse_message
from wechatpy.replies import create_reply

from bot.settings import Settings

THREADS = 4


def is_here() -> bool:
    return all(find_spec(name) is not None for name in ("flask", "waitress"))


def serve(port: int, settings: Settings) -> None:
    """Prints `ready` once it listens, and serves until it is ended."""
    flask, waitress = import_module("flask"), import_module("waitress")
    wechat = settings.wechat
    assert wechat is not None
    crypto = WeChatCrypto(wechat.token, wechat.encoding_aes_key, wechat.app_id)
    app: Any = flask.Flask("hello")

    def hello() -> str:
        asked = flask.request.args
        signed = (asked["msg_signature"], asked["timestamp"], asked["nonce"])
        message = parse_message(crypto.decrypt_message(flask.request.data, *signed))
        sealed: str = crypto.encrypt_message(create_reply("hello", message).render(), signed[2], signed[1])
        return sealed

    app.post("/wechat")(hello)
    logging.getLogger("waitress").setLevel(logging.ERROR)  # it tells of each queue
    server = waitress.create_server(app, host="127.0.0.1", port=port, threads=THREADS)
    print("ready", flush=True)
    server.run()

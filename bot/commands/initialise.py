"""`lianxin init`: config.toml from the example, with fresh secrets, for nobody else's eyes."""

import base64
import os
import re
import secrets
import sys
from collections.abc import Callable
from importlib import resources
from pathlib import Path

import bot
from bot.keys import aes_key
from bot.settings import load

NAME = "config.example.toml"
TABLE = re.compile(r"#?\[+([a-z_.]+)\]+\s*(?:#.*)?")
ENTRY = re.compile(r'#?(?P<key>[a-z_]+) = \[?"(?P<value>[^"]*)"')


def _data_key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def _secret() -> str:
    return secrets.token_hex(16)  # 32 letters and digits: the longest token WeChat's console takes


# What we choose ourselves, also where the channel is still switched off: ready to be typed into a console.
FRESH: dict[str, Callable[[], str]] = {
    "service.data_key": _data_key,
    "wechat.token": _secret,
    "wechat.encoding_aes_key": aes_key,
    "wecom.token": _secret,
    "wecom.encoding_aes_key": aes_key,
    "wecom_bot.token": _secret,
    "wecom_bot.encoding_aes_key": aes_key,
    "relays.secrets": _secret,
    "sms.secret": _secret,
}


def run(file: Path) -> int:
    """Writes the file (0600) and the data directory (0700); never over a file that is there."""
    text = refreshed(example())
    try:
        handle = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        sys.stderr.write(f"lianxin init: {file} is there already; nothing was written\n")
        return 1
    except OSError as error:
        sys.stderr.write(f"lianxin init: {file}: {error.strerror}\n")
        return 1
    with os.fdopen(handle, "w", encoding="utf-8") as written:
        written.write(text)
    settings = load(file, {})
    settings.path(settings.service.data_dir).mkdir(mode=0o700, parents=True, exist_ok=True)
    print(f"{file}: written; fill in what the platforms' consoles say")
    return 0


def example() -> str:
    """The example: inside an installed package, at the top of a checkout."""
    packaged = resources.files("bot").joinpath("words", NAME)
    if packaged.is_file():
        return packaged.read_text("utf-8")
    return Path(bot.__file__).parents[1].joinpath(NAME).read_text("utf-8")


def refreshed(text: str) -> str:
    """The example with a new value for each key of FRESH. ValueError: one of them is not there exactly once."""
    lines, made, table = [], [], ""
    for line in text.splitlines(keepends=True):
        written = line
        if heading := TABLE.fullmatch(line.strip()):
            table = heading[1]
        elif (entry := ENTRY.match(line)) and (name := f"{table}.{entry['key']}") in FRESH:
            written = line[: entry.start("value")] + FRESH[name]() + line[entry.end("value") :]
            made.append(name)
        lines.append(written)
    if sorted(made) != sorted(FRESH):
        message = f"{NAME}: not once each: {', '.join(sorted(FRESH.keys() ^ set(made)) or made)}"
        raise ValueError(message)
    return "".join(lines)

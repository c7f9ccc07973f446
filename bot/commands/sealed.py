"""The sealed letters: `keygen` makes the pair, `sealed` hands the ciphertexts over, `unseal` opens them offline.

`keygen` and `unseal` are for the discipline office's own machine: they need no configuration and no network.
"""

import base64
import binascii
import json
import os
import sys
import unicodedata
from datetime import datetime
from pathlib import Path

from models.database import Database
from models.errors import BadKey, Unreadable
from models.sealed import Opened, as_lines, decode_key, make_keys, mark_handed_over, to_hand_over, unseal

KEPT = "\n\t"


def keygen(file: Path) -> int:
    """Writes the private half (0600), prints the public one; never over a key that is there."""
    public, private = make_keys()
    if not _written("keygen", file, f"{private}\n"):
        return 1
    print(public)
    sys.stderr.write(
        f"{file}: the private key; it stays with the discipline office and never goes to the service\n"
    )
    return 0


def hand_over(database: Database, file: Path, at: datetime, *, again: bool) -> int:
    """Writes what was not handed over yet, one object a line, and marks it in the same transaction."""
    with database.transaction() as session:
        letters = to_hand_over(session, again=again)
        if letters and not _written("sealed", file, as_lines(letters)):
            return 1
        mark_handed_over(session, letters, at)
    print(f"{len(letters)} letters" + (f" in {file}" if letters else "; nothing was written"))
    return 0


def open_letters(file: Path, key_file: Path) -> int:
    """Prints what people wrote, one burst after another. 1: a letter could not be opened; the others are shown."""
    try:
        private = decode_key(key_file.read_text(encoding="ascii").strip())
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        sys.stderr.write(f"lianxin unseal: not readable: {error}\n")
        return 2
    except BadKey as error:
        sys.stderr.write(f"lianxin unseal: {key_file}: {error}\n")
        return 2
    failed, bundle = 0, ""
    for number, line in enumerate(lines, start=1):
        try:
            opened = unseal(private, base64.b64decode(json.loads(line)["ciphertext"], validate=True))
        except (Unreadable, ValueError, KeyError, TypeError, binascii.Error) as error:
            sys.stderr.write(f"{file}:{number}: {error}\n")
            failed += 1
            continue
        print(_shown(opened, begins=opened.bundle != bundle))
        bundle = opened.bundle
    return 1 if failed else 0


def _shown(opened: Opened, *, begins: bool) -> str:
    """A text as a terminal may show it: whatever could steer the terminal is left out."""
    words = "".join(
        letter
        for letter in opened.words
        if letter in KEPT or unicodedata.category(letter) not in ("Cc", "Cf", "Cs")
    )
    heading = f"\n[{opened.at}]\n" if begins else ""
    return f"{heading}{words}"


def _written(command: str, file: Path, text: str) -> bool:
    try:
        handle = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        sys.stderr.write(f"lianxin {command}: {file} is there already; nothing was written\n")
        return False
    except OSError as error:
        sys.stderr.write(f"lianxin {command}: {file}: {error.strerror}\n")
        return False
    with os.fdopen(handle, "w", encoding="utf-8") as written:
        written.write(text)
        written.flush()
        os.fsync(written.fileno())
    return True

"""Passwords: argon2id with the library's own parameters (RFC 9106, the low-memory choice); never logged."""

import secrets
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 10
LONGEST = 1024
AT_ONCE = BoundedSemaphore(2)  # each takes 64 MiB and a core: guessers must not take them all

HASHER = PasswordHasher()  # a run that measures something else puts a cheap one in its place


def hashed(password: str) -> str:
    """What is stored."""
    with AT_ONCE:
        return HASHER.hash(password)


def fits(stored: str | None, password: str) -> bool:
    """Whether the password is the one that was stored. Without one it takes as long and says no."""
    if len(password) > LONGEST:
        return False
    with AT_ONCE:
        try:
            HASHER.verify(stored or _nobodys(), password)
            return stored is not None
        except (VerificationError, InvalidHashError):
            return False


def is_outdated(stored: str) -> bool:
    """Whether today's parameters are stronger than those it was stored with."""
    return HASHER.check_needs_rehash(stored)


@cache
def _nobodys() -> str:
    return HASHER.hash(secrets.token_urlsafe())

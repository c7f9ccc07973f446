"""Petition numbers: six digits in an order that tells neither count nor neighbour; eight when those are used up.

A keyed permutation (a four-round Feistel network, walked until it falls inside the range) of one database
sequence: processes never collide, a number is never reused, and the first digit is never zero.
"""

import hmac
from dataclasses import dataclass

ROUNDS = 4


@dataclass(frozen=True)
class Range:
    """Numbers from `first` on, `size` of them."""

    first: int
    size: int

    @property
    def half_bits(self) -> int:
        return (self.size.bit_length() + 1) // 2


SIX = Range(100_000, 900_000)
EIGHT = Range(10_000_000, 90_000_000)


def number_for(key: bytes, position: int) -> str:
    """The number of the petition that is `position`th (from 1) in the sequence."""
    index = position - 1
    if index < SIX.size:
        return str(SIX.first + _permuted(key, SIX, index))
    return str(EIGHT.first + _permuted(key, EIGHT, (index - SIX.size) % EIGHT.size))


def in_pairs(number: str) -> str:
    """`100237` as it is said: `10 02 37`."""
    return " ".join(number[start : start + 2] for start in range(0, len(number), 2))


def _permuted(key: bytes, numbers: Range, index: int) -> int:
    while True:
        index = _feistel(key, numbers.half_bits, index)
        if index < numbers.size:
            return index


def _feistel(key: bytes, half_bits: int, value: int) -> int:
    mask = (1 << half_bits) - 1
    left, right = value >> half_bits, value & mask
    for turn in range(ROUNDS):
        digest = hmac.digest(key, b"%d:%d:%d" % (half_bits, turn, right), "sha256")
        left, right = right, left ^ (int.from_bytes(digest[:4]) & mask)
    return (left << half_bits) | right

"""Reads the lines of a table of weights. All are read together where they are written plainly, as ours are: one by one
takes four times as long, and is left for finding what is wrong.
"""

import json
import sys
from array import array
from collections.abc import Mapping, Sequence
from itertools import chain, compress, repeat
from operator import add
from pathlib import Path
from struct import error as struct_error
from struct import pack

from handlers.topic.errors import RuleSetError

KINDS = ("w", "p", "c")
HALF = 1 << 31
SLICE = 2_000  # lines read together: all at once would be most of what a start needs to hold
BITS = 32  # of a field
BYTES = BITS // 8
_COMMAS = str.maketrans(": ", ",,")
_SIGNS = dict.fromkeys(map(ord, "-0123456789"))

Rows = dict[str, dict[str, int]]  # by kind and entry


def bias_of(width: int) -> int:
    """Half of every field, so that fields below nothing can be told apart."""
    return sum(HALF << (BITS * field) for field in range(width))


Shared = Mapping[
    int, int
]  # by a position, a whole number with a one in every field that its weight is added to as well


def rows_of(file: Path, lines: Sequence[tuple[int, str]], width: int, shared: Shared) -> Rows:
    """Each line as one whole number with `width` fields and one more for the measure; `lines` with their numbers.
    Raises `RuleSetError`.
    """
    rows: Rows = {kind: {} for kind in KINDS}
    for first in range(0, len(lines), SLICE):
        if not _together(rows, [line for _, line in lines[first : first + SLICE]], width, shared):
            return _one_by_one(file, lines, width, shared)
    return rows


def _together(rows: Rows, lines: Sequence[str], width: int, shared: Shared) -> bool:
    """Adds them to the rows. False: something is written otherwise, or wrong."""
    try:
        kinds, entries, measures, weights = zip(*[line.split("\t") for line in lines], strict=True)
        told = " ".join(weights)
        counts = [one.count(":") for one in weights]
        if told.translate(_SIGNS) != " ".join([":"] * sum(counts)):
            return False
        numbers = json.loads(
            f"[{told.translate(_COMMAS)}]"
        )  # in a third of the time that int takes piece by piece
        packed = _packed(list(map(int, measures)), counts, numbers, width)
    except (ValueError, IndexError, OverflowError):
        return False
    fields = list(map(shared.get, numbers[0::2]))
    of_rows = compress(chain.from_iterable(map(repeat, range(len(packed)), counts)), fields)
    for at, weight, field in zip(of_rows, compress(numbers[1::2], fields), filter(None, fields), strict=True):
        packed[at] += weight * field
    for kind, entry, row in zip(kinds, entries, packed, strict=True):
        if kind not in rows or entry in rows[kind]:
            return False
        rows[kind][entry] = row
    return True


def _packed(measures: list[int], counts: list[int], numbers: list[int], width: int) -> list[int]:
    """`numbers`: position and weight in turn, so many pairs a row as `counts` says. Raises where one does not fit."""
    if min(measures) < 0 or min(numbers[0::2]) < 0 or max(numbers[0::2]) >= width:
        raise ValueError
    step = width + 1
    fields = array("i", [0]) * (step * len(counts))
    fields[width::step] = array("i", measures)
    starts = chain.from_iterable(map(repeat, range(0, len(fields), step), counts))
    for at, weight in zip(map(add, starts, numbers[0::2]), numbers[1::2], strict=True):
        fields[at] += weight
    if sys.byteorder == "big":
        fields.byteswap()
    octets, length, bias = fields.tobytes(), step * BYTES, bias_of(step)
    # Half more of every field turns its first bit over.
    rows = [octets[at : at + length] for at in range(0, len(octets), length)]
    return [(int.from_bytes(row, "little") ^ bias) - bias for row in rows]


def _one_by_one(file: Path, lines: Sequence[tuple[int, str]], width: int, shared: Shared) -> Rows:
    form, bias = f"<{width + 1}I", bias_of(width + 1)
    rows: Rows = {kind: {} for kind in KINDS}
    for number, line in lines:
        row, more = [HALF] * width, 0
        try:
            kind, entry, measure, weights = line.split("\t")
            for told in weights.split(" "):
                position, _, value = told.partition(":")
                row[int(position)] += int(value)
                more += int(value) * shared.get(int(position), 0)
            packed = int.from_bytes(pack(form, *row, HALF + int(measure)), "little") - bias + more
            known = rows[kind]
        except (ValueError, KeyError, IndexError, struct_error) as error:
            raise RuleSetError(
                file, number, "expected w, p or c, an entry, its measure and its weights"
            ) from error
        if measure.startswith("-") or weights.startswith("-") or " -" in weights:
            raise RuleSetError(file, number, "neither a measure nor a position may be less than 0")
        if entry in known:
            raise RuleSetError(file, number, f"{entry} is listed twice")
        known[entry] = packed
    return rows

"""Files of one JSON object a line, read as a stream; a bad line is a row that says what is wrong with it."""

import json
from collections.abc import Iterator
from typing import Any, BinaryIO, NamedTuple

LONGEST_LINE = 1 << 20  # bytes; nothing that long is a message


class Row(NamedTuple):
    """Line `number` from 1. `error` is empty where `value` is the object."""

    number: int
    value: dict[str, Any]
    error: str = ""
    size: int = 0  # bytes read for it


def rows_of(file: BinaryIO) -> Iterator[Row]:
    """One row for every line, blank ones too."""
    for number, (line, size) in enumerate(_lines(file), 1):
        try:
            value = json.loads(line.decode("utf-8-sig" if number == 1 else "utf-8"))
        except UnicodeDecodeError:
            yield Row(number, {}, "not UTF-8", size)
        except json.JSONDecodeError as error:
            yield Row(number, {}, f"not JSON: {error.msg}", size)
        except (ValueError, RecursionError):  # a number of thousands of digits; brackets without end
            yield Row(number, {}, "not JSON that can be read", size)
        else:
            good = isinstance(value, dict)
            yield Row(number, value if good else {}, "" if good else "not an object", size)


def _lines(file: BinaryIO) -> Iterator[tuple[bytes, int]]:
    """Of an endless line only the beginning, which then is no JSON."""
    while line := file.readline(LONGEST_LINE):
        size, end = len(line), line
        while not end.endswith(b"\n") and (end := file.readline(LONGEST_LINE)):
            size += len(end)
        yield line.rstrip(b"\r\n"), size

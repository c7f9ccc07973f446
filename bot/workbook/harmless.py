"""A text that goes into a cell of a sheet stays a text there, whatever somebody wrote.

A spreadsheet program takes a cell that begins with one of these for a formula, in a csv file always and in a
workbook once it is saved as one; a formula can fetch, send and start things (OWASP: CSV injection).
"""

import unicodedata

STARTS = frozenset("=+-@\t\r\n|%")
MARK = "'"  # what spreadsheet programs themselves put before a text that must stay one


def harmless(cell: str) -> str:
    """The text, marked as text where its beginning could be taken for a formula's; full-width signs count."""
    first = unicodedata.normalize("NFKC", cell.lstrip(" \u3000\ufeff\u200b")[:1])
    return MARK + cell if first in STARTS and first else cell

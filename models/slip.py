"""Slips: an address that shows one petition to one person, and the code from the chat that an act on it needs."""

import hmac
import re
from datetime import datetime, timedelta

from sqlmodel import Field, col, select

from models.base import Session, Table, UtcDateTime
from models.key import Keyring

LASTS = timedelta(days=14)
CODE_LASTS = timedelta(minutes=10)
CODES_A_DAY = 5
WRONG_CODES = 3  # one in 10,000 each; then the code is void
TOKEN = re.compile(r"([0-9a-f]{1,12})-([0-9a-f]{24})")


class Slip(Table, table=True):
    """One address. Its token is made from a key, so that nobody who reads this row can write it."""

    __tablename__ = "slip"

    id: int | None = Field(default=None, primary_key=True)
    county: str = Field(max_length=20)
    petition: int = Field(foreign_key="petition.id", index=True)
    to_kind: str = Field(max_length=10)  # villager, officer
    to: str = Field(max_length=64)
    made_at: datetime = Field(sa_type=UtcDateTime)
    until: datetime = Field(sa_type=UtcDateTime)
    code_hash: str = Field(default="", max_length=64)  # none: no code is out
    code_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    wrong: int = 0  # tries at this code
    codes: int = 0  # given on the day of `codes_from`
    codes_from: datetime | None = Field(default=None, sa_type=UtcDateTime)


def give_slip(
    session: Session, keys: Keyring, county: str, petition: int, to: tuple[str, str], at: datetime
) -> str:
    """The token of this person's slip for this petition: the one he has while half its time is left, else a new one."""
    mine = select(Slip).where(Slip.petition == petition, Slip.to_kind == to[0], Slip.to == to[1])
    slip = session.exec(mine.order_by(col(Slip.id).desc())).first()
    if slip is None or slip.until - at < LASTS / 2:
        slip = Slip(county=county, petition=petition, to_kind=to[0], to=to[1], made_at=at, until=at + LASTS)
        session.add(slip)
        session.flush()
    return f"{slip.id:x}-{_mark(keys, slip)}"


def slip_of(
    session: Session, keys: Keyring, token: str, at: datetime, *, for_update: bool = False
) -> Slip | None:
    """The slip of a token that we made and that has not run out."""
    match = TOKEN.fullmatch(token)
    if match is None:
        return None
    slip = session.get(Slip, int(match[1], 16), with_for_update=for_update or None)
    if slip is None or slip.until <= at or not hmac.compare_digest(_mark(keys, slip), match[2]):
        return None
    return slip


def put_code(slip: Slip, keys: Keyring, code: str, at: datetime) -> bool:
    """The code that the next act needs; the one before is void. False: too many for one day."""
    if slip.codes_from is None or at - slip.codes_from >= timedelta(days=1):
        slip.codes, slip.codes_from = 0, at
    if slip.codes >= CODES_A_DAY:
        return False
    slip.codes += 1
    slip.code_hash, slip.code_until, slip.wrong = _hash(keys, slip, code), at + CODE_LASTS, 0
    return True


def burn_code(slip: Slip, keys: Keyring, code: str, at: datetime) -> bool:
    """Whether that is the code; it opens one act. A wrong one is counted, and the third voids it."""
    if not slip.code_hash or slip.code_until is None or slip.code_until <= at:
        return False
    if hmac.compare_digest(_hash(keys, slip, code), slip.code_hash):
        slip.code_hash = ""
        return True
    slip.wrong += 1
    if slip.wrong >= WRONG_CODES:
        slip.code_hash = ""
    return False


def _mark(keys: Keyring, slip: Slip) -> str:
    return keys.lookup("slip", f"{slip.id}\n{slip.petition}\n{slip.to_kind}\n{slip.to}")[:24]


def _hash(keys: Keyring, slip: Slip, code: str) -> str:
    return keys.lookup("slip:code", f"{slip.id}\n{code}")

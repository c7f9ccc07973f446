"""Whose account of the console was opened, changed or ended hears of it: nobody is two people by himself."""

from datetime import datetime

from models import letter
from models.base import Session
from models.key import Keyring
from models.place import county
from models.user import User
from models.wording import Wording

MOST_NAME = 64


def tell(session: Session, keys: Keyring, user: User, act: str, at: datetime) -> None:
    """`act`: add, password or end."""
    top = county(session)
    if user.person is None or top is None:
        return
    letter.post(
        session,
        keys,
        occasion=f"account:{user.name}:{at.isoformat()}",
        to=("officer", user.person),
        channels=("wecom",),
        wording=Wording.ACCOUNT_CHANGED,
        fields={"name": user.name, "act": act, "role": user.role},
        county=top.code,
        at=at,
    )

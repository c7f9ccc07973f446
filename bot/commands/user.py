"""`lianxin user`: console accounts. The password is asked for, or is one line of stdin where that is no terminal."""

import argparse
import getpass
import sys
from datetime import datetime

from bot.pages.passwords import LONGEST, SHORTEST, hashed
from handlers.accounts import MOST_NAME, tell
from handlers.directory.form import label
from models.base import Session
from models.database import Database
from models.key import Keyring
from models.login import close_logins_of
from models.officer import Officer, Role
from models.user import User

ROLES = {label("officer", "roles", role): role for role in Role}


class Fault(Exception):
    """One line on stderr, and the exit code."""

    def __init__(self, code: int, line: str) -> None:
        super().__init__(line)
        self.code = code


def run(database: Database, data_key: bytes, given: argparse.Namespace, at: datetime) -> int:
    """0: done. 1: the account or the person is not as the act needs it. 2: no such role, no such password.

    Whose account it is hears of it in WeCom: nobody opens a second person's account to be two people himself.
    """
    name: str = given.name.strip()
    try:
        if given.act == "add":
            _check(database, name, given)
        else:
            with database.reading() as session:
                _known(session, name)
        stored = "" if given.act == "end" else hashed(_asked())
        with database.transaction() as session:
            if given.act == "add":
                role = ROLES[given.role].value
                session.add(User(name=name, role=role, person=given.person, password_hash=stored, made_at=at))
            else:
                _change(session, name, stored, at)
            tell(session, Keyring.of(session, data_key, at), _known(session, name, ended=True), given.act, at)
    except Fault as fault:
        sys.stderr.write(f"lianxin user {given.act}: {fault}\n")
        return fault.code
    return 0


def _check(database: Database, name: str, given: argparse.Namespace) -> None:
    if not name or len(name) > MOST_NAME:
        raise Fault(2, f"NAME: 1 to {MOST_NAME} characters are needed")
    if given.role not in ROLES:
        raise Fault(2, f"--role {given.role}: no such role; there are {', '.join(ROLES)}")
    with database.reading() as session:
        if session.get(User, name) is not None:
            raise Fault(1, f"{name}: there is such an account already")
        officer = session.get(Officer, given.person) if given.person else None
        if given.person and (officer is None or officer.left_at is not None):
            raise Fault(1, f"--person {given.person}: not in the directory; load it first, or leave it out")


def _known(session: Session, name: str, *, ended: bool = False) -> User:
    user = session.get(User, name)
    if user is None or (user.ended_at is not None and not ended):
        raise Fault(1, f"{name}: there is no such account")
    return user


def _change(session: Session, name: str, stored: str, at: datetime) -> None:
    """A new password, or none any more: either way whoever is logged in is out.

    A name that ended stays taken: a trace in the ledger means one person for ever.
    """
    user = _known(session, name)
    if stored:
        user.password_hash = stored
    else:
        user.ended_at = at
    session.add(user)
    close_logins_of(session, name)


def _asked() -> str:
    """The password; Fault says why it cannot be one."""
    if sys.stdin.isatty():
        password = getpass.getpass("password: ")
        if getpass.getpass("again: ") != password:
            raise Fault(2, "password: the two differ")
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    if not SHORTEST <= len(password) <= LONGEST:
        raise Fault(2, f"password: {SHORTEST} to {LONGEST} characters are needed")
    return password

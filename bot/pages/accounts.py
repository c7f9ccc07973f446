"""Accounts of the console and the roles of their people. Whose account it is hears of every change."""

import secrets

from bot.pages.passwords import hashed
from bot.pages.visit import NOT_FOUND, Answer, Moved, Shown, Visit
from handlers.accounts import MOST_NAME, tell
from models.errors import Refused
from models.login import close_logins_of
from models.officer import Officer, Role
from models.refusal import Refusal
from models.user import User, user_named, users

HERE = "/console/accounts"
PASSWORD_BYTES = 12


def accounts(visit: Visit) -> Answer:
    return _page(visit)


def add(visit: Visit) -> Answer:
    """A new account with a password that is shown this once; its owner changes it with an operator."""
    form = {name: visit.form.get(name, "").strip() for name in ("name", "role", "person")}
    officer = visit.session.get(Officer, form["person"]) if form["person"] else None
    known = not form["person"] or (officer is not None and officer.left_at is None)
    if not known or form["role"] not in set(Role) or not 0 < len(form["name"]) <= MOST_NAME:
        raise Refused(Refusal.ACCOUNT_INCOMPLETE)
    if visit.session.get(User, form["name"]) is not None:
        raise Refused(Refusal.ACCOUNT_TAKEN, name=form["name"])
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    person = officer.account if officer else None
    user = User(
        name=form["name"], role=form["role"], person=person, password_hash=hashed(password), made_at=visit.at
    )
    visit.session.add(user)
    visit.session.flush()
    tell(visit.session, visit.county.keys, user, "add", visit.at)
    return _page(visit, name=user.name, password=password)


def end(visit: Visit) -> Answer:
    user = user_named(visit.session, visit.form.get("name", ""))
    if user is None:
        return NOT_FOUND
    if user.name == visit.who.user.name:
        raise Refused(Refusal.NOT_YOUR_OWN_ACCOUNT)
    user.ended_at = visit.at
    visit.session.add(user)
    close_logins_of(visit.session, user.name)
    tell(visit.session, visit.county.keys, user, "end", visit.at)
    return Moved(HERE)


def _page(visit: Visit, **fresh: str) -> Shown:
    rows = [
        {"user": user, "officer": visit.session.get(Officer, user.person) if user.person else None}
        for user in users(visit.session)
    ]
    fields = {"rows": rows, "roles": [role.value for role in Role], "name": "", "password": ""} | fresh
    return Shown("accounts.html", fields | {"may_change": visit.who.role is Role.OPERATOR})

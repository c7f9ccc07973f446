"""Coming in and going out; and coming back, where a login ran out over a form: what was typed is not lost."""

import base64
import json
from dataclasses import dataclass, field, replace

import structlog

from bot.pages import passwords
from bot.pages.visit import Answer, Moved, Shown, Visit
from models import login
from models.base import Session
from models.errors import Unreadable
from models.user import user_named

HOME = "/console/"
LOGIN = "/console/login"
NOT_TYPED = frozenset({"token", "password"})
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Kept:
    """A form that came too late: whose it is, where it goes, what stands in it."""

    user: str
    path: str
    form: dict[str, str] = field(repr=False)


def ask(visit: Visit) -> Answer:
    """The form; whoever is in already goes on."""
    to = _own(visit.query.get("to", ""))
    return Moved(to) if visit.staff else _door(to=to)


def interrupted(visit: Visit, session: Session, path: str) -> Answer:
    """The login ran out while a form was filled in: it is sealed into the page, for the same account alone."""
    user = login.last_user(session, visit.secret)
    if user is None:
        return Moved(LOGIN)
    form = {name: text for name, text in visit.form.items() if name not in NOT_TYPED}
    sealed = visit.county.keys.sealed_here(json.dumps([user, path, form]))
    return _door(kept=base64.urlsafe_b64encode(sealed).decode(), late=True, status=401)


def resumed(path: str, form: dict[str, str], secret: str | None = None) -> Shown:
    """What was typed, to be looked at and sent once more."""
    typed = [(name, text) for name, text in form.items() if name not in NOT_TYPED]
    return Shown("resume.html", {"path": path, "typed": typed}, secret=secret)


def refused_with(said: str, path: str, form: dict[str, str]) -> Shown:
    """Why it was not done, and what was typed, to be changed and sent once more."""
    typed = [(name, text) for name, text in form.items() if name not in NOT_TYPED]
    return Shown("refused.html", {"why": "said", "said": said, "path": path, "typed": typed}, status=409)


def _door(*, kept: str = "", to: str = "", late: bool = False, status: int = 200) -> Shown:
    return Shown("login.html", {"kept": kept, "to": to, "late": late}, status)


def _own(address: str) -> str:
    """An address of ours to go on to; anything else leads home."""
    return address if address.startswith("/console/") and "\\" not in address else HOME


def _kept(visit: Visit) -> Kept | None:
    try:
        sealed = base64.urlsafe_b64decode(visit.form.get("kept", ""))
        return Kept(*json.loads(visit.county.keys.opened_here(sealed)))
    except (ValueError, Unreadable):
        return None


def enter(visit: Visit) -> Answer:
    """Name and password. An account nobody has takes as long, and counts, as a wrong password."""
    name, password = visit.form.get("name", "").strip()[:64], visit.form.get("password", "")
    account = visit.county.keys.lookup("login:account", name)
    with visit.database.reading() as session:
        until = login.barred_until(session, [account, visit.address], visit.at)
        user = user_named(session, name)
    if until is not None:
        seconds = max(1, round((until - visit.at).total_seconds()))
        return replace(_again(visit, wait=-(-seconds // 60)), status=429, retry_after=seconds)
    if not passwords.fits(user.password_hash if user else None, password) or user is None:
        with visit.database.transaction() as session:
            login.note_failure(session, account, "account", visit.at)
            login.note_failure(session, visit.address, "address", visit.at)
        log.info("login refused")
        return replace(_again(visit, wrong=True), status=403)
    fresh = passwords.hashed(password) if passwords.is_outdated(user.password_hash) else None
    secret = login.fresh_secret()
    with visit.database.transaction() as session:
        login.forgive(session, account)
        login.close_login(session, visit.secret)
        login.open_login(session, user.name, secret, visit.at)
        if fresh is not None:
            session.merge(user).password_hash = fresh
    kept = _kept(visit)
    if kept is not None and kept.user == user.name:
        return resumed(kept.path, kept.form, secret)
    return Moved(_own(visit.form.get("to", "")), secret)


def _again(visit: Visit, **why: object) -> Shown:
    """The form once more, with whatever it carried."""
    known = {"kept": visit.form.get("kept", ""), "to": _own(visit.form.get("to", "")), "late": False}
    return Shown("login.html", known | why)


def leave(visit: Visit) -> Answer:
    login.close_login(visit.session, visit.secret)
    return Moved(LOGIN, "")

"""Coming in and going out."""

import structlog

from bot.pages import passwords
from bot.pages.visit import Answer, Moved, Shown, Visit
from models import login
from models.user import user_named

HOME = "/console/"
LOGIN = "/console/login"
log = structlog.get_logger(__name__)


def ask(visit: Visit) -> Answer:
    """The form; whoever is in already goes on."""
    return Moved(HOME) if visit.staff else Shown("login.html")


def enter(visit: Visit) -> Answer:
    """Name and password. An account nobody has takes as long, and counts, as a wrong password."""
    name, password = visit.form.get("name", "").strip()[:64], visit.form.get("password", "")
    account = visit.county.keys.lookup("login:account", name)
    with visit.database.reading() as session:
        until = login.barred_until(session, [account, visit.address], visit.at)
        user = user_named(session, name)
    if until is not None:
        seconds = max(1, round((until - visit.at).total_seconds()))
        return Shown("login.html", {"wait": -(-seconds // 60)}, status=429, retry_after=seconds)
    if not passwords.fits(user.password_hash if user else None, password) or user is None:
        with visit.database.transaction() as session:
            login.note_failure(session, account, "account", visit.at)
            login.note_failure(session, visit.address, "address", visit.at)
        log.info("login refused")
        return Shown("login.html", {"wrong": True}, status=403)
    fresh = passwords.hashed(password) if passwords.is_outdated(user.password_hash) else None
    secret = login.fresh_secret()
    with visit.database.transaction() as session:
        login.forgive(session, account)
        login.close_login(session, visit.secret)
        login.open_login(session, user.name, secret, visit.at)
        if fresh is not None:
            session.merge(user).password_hash = fresh
    return Moved(HOME, secret)


def leave(visit: Visit) -> Answer:
    login.close_login(visit.session, visit.secret)
    return Moved(LOGIN, "")

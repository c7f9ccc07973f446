"""The one way in: who is it, may he, does the request come from our own page; then the view, then the headers.

Fail closed: only rows of the table are reached, each through `_admit`. Views run in a thread, away from the loop.
"""

import asyncio
import hmac
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import aiohttp_jinja2
import jinja2
import structlog
from aiohttp import web

from bot.knowledge import Knowledge
from bot.pages.dress import dressed, page_filters, words
from bot.pages.entry import HOME, LOGIN, interrupted, refused_with, resumed
from bot.pages.routes import ANYBODY, ROUTES, Row
from bot.pages.visit import NOT_FOUND, Answer, Means, Moved, Sent, Shown, Staff, Visit
from bot.settings import Settings
from bot.wire.limit import networks, origin
from bot.wording import Chinese
from handlers.county import County
from handlers.officer.scope import scope_of
from models import login
from models.base import Session
from models.database import Database
from models.errors import Refused
from models.officer import Officer
from models.user import role_of, user_named
from scheduler.clock import Clock

MOST_FORM = 64 * 1024  # bytes
FORM = "application/x-www-form-urlencoded"
REFUSED = Shown("refused.html", {"why": "forbidden"}, status=403)
FOREIGN = Shown("refused.html", {"why": "foreign"}, status=403)
TOO_BIG = Shown("refused.html", {"why": "too_big"}, status=413)
BROKEN = Shown("refused.html", {"why": "broken"}, status=500)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Door:
    """Guards the pages of one service."""

    settings: Settings
    database: Database
    knowledge: Knowledge
    chinese: Chinese
    clock: Clock

    @property
    def is_secure(self) -> bool:
        return self.settings.service.public_url.startswith("https://")

    @property
    def cookie(self) -> str:
        """With `__Host-` no neighbouring site can plant it; browsers take that only over https."""
        return "__Host-lianxin" if self.is_secure else "lianxin"

    def mount(self, app: web.Application, rows: tuple[Row, ...] = ROUTES) -> None:
        """Adds every row, and a plain page for whatever else is asked for below `/console`."""
        environment = aiohttp_jinja2.setup(
            app,
            loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.filters |= page_filters(self.settings.zone)
        for row in rows:
            app.router.add_route(row.method, row.path, self._guarded(row))
        app.router.add_get("/console", self._slash)
        app.router.add_route("*", "/console/{rest:.*}", self._unknown)

    def _guarded(self, row: Row) -> Handler:
        async def handle(request: web.Request) -> web.Response:
            try:
                form = await _form(request) if row.method == "POST" else {}
            except ValueError:
                return self._response(request, TOO_BIG, None)
            try:
                answer, visit = await asyncio.to_thread(self._admit, row, request, form)
                return self._response(request, answer, visit)
            except Exception as error:  # noqa: BLE001 - never a traceback: it may hold what a villager wrote
                log.error("page broke", path=row.path, error=type(error).__name__)  # noqa: TRY400 - as above
                return self._response(request, BROKEN, None)

        return handle

    async def _slash(self, request: web.Request) -> web.Response:
        return self._response(request, Moved("/console/"), None)

    async def _unknown(self, request: web.Request) -> web.Response:
        return self._response(request, NOT_FOUND, None)

    def _admit(self, row: Row, request: web.Request, form: Mapping[str, str]) -> tuple[Answer, Visit | None]:
        """The view's answer, or why there is none."""
        at = self.clock()
        visit = self._visit(row, request, form, at)
        if ANYBODY not in row.roles:
            if visit.staff is None:
                return self._to_the_door(row, request, visit), visit
            if visit.staff.role not in row.roles:
                return REFUSED, visit
        if row.method != "GET" and not (self._is_own(request) and self._has_token(visit)):
            if visit.staff is not None and request.headers.get("Sec-Fetch-Site") == "same-origin":
                return resumed(request.path_qs, dict(visit.form)), visit  # a page from before the last login
            return FOREIGN, visit
        try:
            return self._view(row, visit), visit
        except Refused as refused:
            said = self.chinese.say(refused.wording, refused.fields)
            return refused_with(said, request.path_qs, dict(visit.form)), visit

    def _to_the_door(self, row: Row, request: web.Request, visit: Visit) -> Answer:
        if row.method == "GET":
            there = "" if request.path == HOME else f"?{urlencode({'to': request.path_qs[:500]})}"
            return Moved(LOGIN + there)
        if not (self._is_own(request) and self._has_token(visit)):
            return Moved(LOGIN)
        with self.database.reading() as session:
            return interrupted(visit, session, request.path_qs)

    def _view(self, row: Row, visit: Visit) -> Answer:
        if row.means is Means.OWN:
            return row.view(visit)
        opening: AbstractContextManager[Session] = (
            self.database.transaction() if row.means is Means.WRITE else self.database.reading()
        )
        with opening as session:
            return row.view(replace(visit, session_=session))

    def _visit(self, row: Row, request: web.Request, form: Mapping[str, str], at: datetime) -> Visit:
        secret = request.cookies.get(self.cookie, "")[:100]
        with self.database.reading() as session:
            county = self.knowledge.county(session, at)
            staff, stale = self._staff(session, secret, at)
        if stale:
            with self.database.transaction() as session:
                login.note_look(session, secret, at)
        return Visit(
            at=at,
            county=county,
            database=self.database,
            data_dir=self.settings.path(self.settings.service.data_dir),
            address=self._address(request, county),
            secret=secret or login.fresh_secret(),
            staff=staff,
            chinese=self.chinese,
            knowledge=self.knowledge,
            path=dict(request.match_info),
            query=dict(request.query),
            form=form,
        )

    def _staff(self, session: Session, secret: str, at: datetime) -> tuple[Staff | None, bool]:
        """Whoever the cookie belongs to, and whether it is time to note that he is still there."""
        found = login.login_of(session, secret, at) if secret else None
        user = user_named(session, found.user) if found else None
        if found is None or user is None:
            return None, False
        officer = session.get(Officer, user.person) if user.person else None
        return Staff(user, officer, scope_of(session, role_of(user), officer)), login.is_to_be_noted(
            found, at
        )

    def _address(self, request: web.Request, county: County) -> str:
        trusted = networks(self.settings.service.trusted_proxies)
        address = origin(request.remote, request.headers.getall("X-Forwarded-For", []), trusted)
        return county.keys.lookup("login:address", address)

    def _is_own(self, request: web.Request) -> bool:
        """Whether a browser says that our own page sent it. Very old ones say nothing: then the token decides."""
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            return False
        said = request.headers.get("Origin")
        own = {request.host, urlsplit(self.settings.service.public_url).netloc}
        return said is None or (bool(urlsplit(said).netloc) and urlsplit(said).netloc in own)

    def _has_token(self, visit: Visit) -> bool:
        return hmac.compare_digest(_token(visit).encode(), visit.form.get("token", "").encode())

    def _response(self, request: web.Request, answer: Answer, visit: Visit | None) -> web.Response:
        if isinstance(answer, Sent):
            charset = "utf-8" if answer.content_type.startswith("text/") else None
            response = web.Response(body=answer.body, content_type=answer.content_type, charset=charset)
            if answer.saved_as:
                response.headers["Content-Disposition"] = f'attachment; filename="{answer.saved_as}"'
            return dressed(response, is_secure=self.is_secure, kept=not (answer.saved_as or answer.private))
        if isinstance(answer, Moved):
            response = web.Response(status=303, headers={"Location": answer.to})
            if answer.secret is not None:
                self._set_cookie(response, answer.secret)
            return dressed(response, is_secure=self.is_secure)
        if answer.secret is not None and visit is not None:
            visit = replace(visit, secret=answer.secret)  # its form carries the new login's token
        fields = _shared(visit) | dict(answer.fields)
        response = aiohttp_jinja2.render_template(answer.template, request, fields, status=answer.status)
        if answer.retry_after is not None:
            response.headers["Retry-After"] = str(answer.retry_after)
        if visit is not None and (answer.secret is not None or self.cookie not in request.cookies):
            self._set_cookie(response, visit.secret)
        return dressed(response, is_secure=self.is_secure, script=answer.script)

    def _set_cookie(self, response: web.Response, secret: str) -> None:
        flags = {"path": "/", "httponly": True, "samesite": "Lax", "secure": self.is_secure}
        if secret:
            response.set_cookie(self.cookie, secret, **flags)  # type: ignore[arg-type] # one table for both
        else:
            response.del_cookie(self.cookie, **flags)  # type: ignore[arg-type]


def _token(visit: Visit) -> str:
    """What a form of ours carries: made from the cookie, and of no use with another."""
    return visit.county.keys.lookup("form", visit.secret)


def _shared(visit: Visit | None) -> dict[str, object]:
    """What every page may show."""
    staff = visit.staff if visit else None
    nav = [(row.path, row.nav) for row in ROUTES if staff and row.nav and staff.role in row.roles]
    return {
        "staff": staff,
        "nav": nav,
        "token": _token(visit) if visit else "",
        "say": words(),
        "typed": [],
        "path": "",
        "wait": None,
        "wrong": False,
        "said": "",
    }


async def _form(request: web.Request) -> dict[str, str]:
    """The fields of a form of ours; ValueError where it is too large or no form at all."""
    if request.content_type != FORM or (request.content_length or 0) > MOST_FORM:
        raise ValueError(request.content_type)
    body = await request.content.read(MOST_FORM + 1)
    while len(body) <= MOST_FORM and (more := await request.content.read(MOST_FORM + 1 - len(body))):
        body += more
    if len(body) > MOST_FORM:
        raise ValueError(len(body))
    return dict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True, max_num_fields=200))

"""The page with the three phones: forms that work without a script, and fragments for those that have one."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import jinja2
from aiohttp import web
from aiohttp.web_request import FileField

from bot.simulator.clock import SimulatedClock
from bot.simulator.deeds import Deeds, Form
from bot.simulator.faults import Fault
from bot.simulator.interface import Call
from bot.simulator.loopback import loopback_only, own_pages_only
from bot.simulator.screen import SIDES, Cast, Member, Side, safe
from bot.simulator.simulator import Simulator
from bot.simulator.telephone import Short
from bot.simulator.wording import CHOICES, WORDING, shown_instant

HERE = Path(__file__).parent
LARGEST = 3 * 1024 * 1024
RECENT = 40
SHORTS = 20


def page_app(
    simulator: Simulator,
    clock: SimulatedClock,
    moved: Callable[[datetime], Awaitable[str]],
    *,
    cadres: Callable[[], Sequence[Member]],
    zone: tzinfo,
    supervisors: Callable[[], Sequence[Member]] | None = None,
    villages: Callable[[], Sequence[tuple[str, str]]] = tuple,
) -> web.Application:
    """The page, to be mounted at `/sim`.

    `moved` is awaited after each move with the new instant and answers a sentence about what came of it.
    `cadres` and `supervisors` list who may hold the second and third phone (all cadres for both where only
    the first is given); `villages` lists code and name of the villages whose signs can be scanned.
    """
    cast = Cast(simulator, cadres, supervisors or cadres, zone)
    page = Page(simulator, clock, cast, Deeds(simulator, clock, moved, cast, zone), villages)
    app = web.Application(middlewares=[loopback_only, own_pages_only])
    app.router.add_get("", page.slash)
    app.router.add_get("/", page.show)
    app.router.add_get("/live", page.live)
    app.router.add_get("/media/{media_id}", page.media)
    app.router.add_static("/static", HERE / "static")
    deeds = page.deeds
    acts: dict[str, Callable[[Form], Awaitable[str]]] = {
        "say": deeds.say,
        "do": deeds.do,
        "clock": deeds.move,
        "fault": deeds.fault,
        "lift": deeds.lift,
        "disturb": deeds.disturb,
        "expire": deeds.expire,
        "call": deeds.call,
        "hear": deeds.hear,
    }
    for name, act in acts.items():
        app.router.add_post(f"/{name}", page.after(act))
    app.router.add_post("/person", page.person)
    return app


class Page:
    """What is asked for is drawn anew each time; only the last sentence at the top is remembered."""

    def __init__(
        self,
        simulator: Simulator,
        clock: SimulatedClock,
        cast: Cast,
        deeds: Deeds,
        villages: Callable[[], Sequence[tuple[str, str]]],
    ) -> None:
        self.deeds = deeds
        self._simulator = simulator
        self._clock = clock
        self._cast = cast
        self._villages = villages
        self._note = ""
        self._templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader(HERE / "templates"),
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            undefined=jinja2.StrictUndefined,
        )

    async def slash(self, request: web.Request) -> web.StreamResponse:
        """Every address on the page is relative, so it must end in a slash."""
        raise web.HTTPFound(f"{request.path}/")

    async def show(self, request: web.Request) -> web.Response:
        html = self._templates.get_template("page.html").render(self._context(request.query))
        return web.Response(text=html, content_type="text/html")

    async def live(self, request: web.Request) -> web.Response:
        """What changed since `seen`: 204 for nothing, else the fragments by the id they belong to."""
        await self._simulator.report_templates()
        if request.query.get("seen") == self._seen():
            return web.Response(status=204)
        return self._fragments(request.query)

    async def media(self, request: web.Request) -> web.Response:
        media_id = request.match_info["media_id"]
        file = self._simulator.wechat.shelf.get(media_id) or self._simulator.wecom.shelf.get(media_id)
        if file is None or not file.content_type.startswith("image/"):
            raise web.HTTPNotFound
        # A media id always means the same bytes, so a chat drawn again does not ask for them again.
        headers = {"Cache-Control": "private, max-age=3600"}
        return web.Response(body=file.content, content_type=file.content_type, headers=headers)

    def after(
        self, act: Callable[[Form], Awaitable[str]]
    ) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        """A form's handler: the act, then the page again, or its fragments for the script."""

        async def handle(request: web.Request) -> web.StreamResponse:
            form = await _form(request)
            self._note = await act(form)
            self._simulator.changed()
            texts = {name: value for name, value in form.items() if isinstance(value, str)}
            return self._again(request, texts)

        return handle

    async def person(self, request: web.Request) -> web.StreamResponse:
        form = await _form(request)
        texts = {name: value for name, value in form.items() if isinstance(value, str)}
        return self._again(request, texts | {"villager": await self.deeds.person(form)})

    def _again(self, request: web.Request, texts: Mapping[str, str]) -> web.StreamResponse:
        if "application/json" in request.headers.get("Accept", ""):
            return self._fragments(texts)
        side = texts.get("side", "")
        anchor = f"#{side}" if side in SIDES else ""
        raise web.HTTPSeeOther(f"./?{urlencode(self._cast.seated(texts))}{anchor}")

    def _seen(self) -> str:
        return f"{self._simulator.changes}.{int(self._clock.now().timestamp()) // 60}"

    def _fragments(self, wanted: Mapping[str, str]) -> web.Response:
        context = self._context(wanted)
        # The macros see the same values as the page they were written for.
        parts: Any = self._templates.get_template("parts.html").make_module(context)
        phone: Any = self._templates.get_template("phone.html").make_module(context)
        drawn = {
            "now": parts.now(),
            "notice": parts.notice(),
            "faults": parts.faults(),
            "calls": parts.calls(),
            "groups": parts.groups(),
            "texts": parts.texts(),
        }
        for side in context["sides"]:
            drawn[f"badge-{side.id}"] = parts.badge(side)
            drawn[f"others-{side.id}"] = parts.others(side)
            drawn[f"time-{side.id}"] = context["short_now"]
            drawn[f"chat-{side.id}"] = phone.chat(side)
            drawn[f"chips-{side.id}"] = phone.chips(side)
            drawn[f"extras-{side.id}"] = phone.extras(side)
        return web.json_response({"seen": context["seen"], "parts": {k: str(v) for k, v in drawn.items()}})

    def _context(self, wanted: Mapping[str, str]) -> dict[str, Any]:
        selection = self._cast.seated(wanted)
        sides: list[Side] = self._cast.sides(selection, WORDING["sides"], wanted)
        local = self._clock.now().astimezone(self._cast.zone)
        simulator, names = self._simulator, WORDING["names"]["invented"]
        return {
            "query": urlencode(selection),
            "seen": self._seen(),
            "sides": sides,
            "note": self._note,
            "shown_now": shown_instant(local),
            "short_now": local.strftime("%H:%M"),
            "local_now": local.strftime("%Y-%m-%d %H:%M"),
            "choices": list(CHOICES.values()),
            "disturbance": simulator.disturbance,
            "active": [{"label": _label(fault), "left": fault.left} for fault in simulator.faults.waiting],
            "recent": [self._call(call) for call in reversed(simulator.calls[-RECENT:])],
            "robots": [self._cast.bubbles(chat) for chat in simulator.wecom.groups.values()],
            "shorts": [self._short(one) for one in simulator.telephones.latest(SHORTS)],
            "telephone": bool(simulator.telephones.secret),
            "hears": simulator.telephones.hears,
            "villages": list(self._villages()),
            "menu": simulator.wechat.menu,
            "safe": safe,
            "new_name": names[len(simulator.villagers) % len(names)],
        }

    def _short(self, one: Short) -> dict[str, Any]:
        time = one.at.astimezone(self._cast.zone).strftime("%H:%M:%S")
        return {"time": time, "to": one.to, "text": one.text, "parts": one.parts}

    def _call(self, call: Call) -> dict[str, Any]:
        time = call.at.astimezone(self._cast.zone).strftime("%H:%M:%S")
        return {"time": time, "platform": call.platform, "path": call.path, "errcode": call.errcode}


async def _form(request: web.Request) -> Form:
    # The limit of the application this one is mounted in would count, and it knows no photos.
    form: dict[str, str | bytes] = {}
    for name, value in (await request.clone(client_max_size=LARGEST).post()).items():
        if isinstance(value, FileField):
            with value.file as file:
                form[name] = file.read()
        else:
            form[name] = value if isinstance(value, str) else bytes(value)
    return form


def _label(fault: Fault) -> str:
    """The page's own words for a trouble; one that a test asked for is named by its path."""
    mine = (fault.platform, fault.path, fault.trouble, fault.errcode)
    for choice in CHOICES.values():
        if mine == (choice.platform, choice.path, choice.trouble, choice.errcode):
            return choice.label
    return f"{fault.path} {fault.trouble}"

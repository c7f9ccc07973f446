"""Both platforms and all their phones in one object: what a test holds and what the demo serves."""

from collections.abc import Callable
from datetime import datetime
from types import TracebackType
from typing import Self

from aiohttp import web

from bot.simulator.accounts import WeChatAccount, WeComAccount
from bot.simulator.cadre import Cadre
from bot.simulator.callback import Callback
from bot.simulator.faults import Disturbance, Fault, Faults, Trouble
from bot.simulator.interface import Call
from bot.simulator.loopback import loopback_only
from bot.simulator.phone import Chat, Line, message_ids
from bot.simulator.seal import WeChatSeal, WeComSeal
from bot.simulator.telephone import Telephones
from bot.simulator.villager import Villager
from bot.simulator.wechat import Template, WeChat
from bot.simulator.wecom import WeCom


class Simulator:
    """WeChat and WeCom, offline.

    `members` names the userids WeCom knows; without it everybody is a member. `patience` is how long, in
    seconds of real time, the platforms wait for the service's answer.
    """

    def __init__(
        self,
        wechat: WeChatAccount,
        wecom: WeComAccount,
        clock: Callable[[], datetime],
        *,
        members: Callable[[str], bool] | None = None,
        patience: float = 5.0,
    ) -> None:
        self.clock = clock
        self.calls: list[Call] = []
        self.faults = Faults()
        self.disturbance = Disturbance()
        self.changes = 0
        self.watchers: list[Callable[[], None]] = []
        self.villagers: dict[str, Villager] = {}
        self.cadres: dict[str, Cadre] = {}
        self.telephones = Telephones(clock, changed=self.changed)
        self._is_member = members
        self.wechat = WeChat(wechat, clock, self.calls, self.faults, self.villagers)
        self.wecom = WeCom(wecom, clock, self.calls, self.faults, self._member)
        self.wechat_callback = Callback(WeChatSeal(wechat), clock, patience)
        self.wecom_callback = Callback(WeComSeal(wecom), clock, patience)
        ids, trouble = message_ids(), self.disturbance
        self._villagers_line = Line(
            wechat.original_id, self.wechat_callback, clock, ids, self.wechat.shelf, self.changed, trouble
        )
        self._cadres_line = Line(
            wecom.corp_id,
            self.wecom_callback,
            clock,
            ids,
            self.wecom.shelf,
            self.changed,
            trouble,
            {"AgentID": wecom.agent_id},
        )

    def changed(self) -> None:
        """Something visible happened."""
        self.changes += 1
        for watcher in self.watchers:
            watcher()

    def serve_at(self, url: str) -> None:
        """Where the service is: callbacks go to `/wechat` and `/wecom` under this address."""
        self.wechat_callback.url = f"{url.rstrip('/')}/wechat"
        self.wecom_callback.url = f"{url.rstrip('/')}/wecom"

    def wechat_app(self) -> web.Application:
        """The official account's API, for `[wechat] api_base_url`."""
        return self.wechat.app()

    def wecom_app(self) -> web.Application:
        """The WeCom API, for `[wecom] api_base_url`."""
        return self.wecom.app()

    def platform_app(self) -> web.Application:
        """Both, under `/wechat` and `/wecom`."""
        app = web.Application(middlewares=[loopback_only])
        app.add_subapp("/wechat", self.wechat_app())
        app.add_subapp("/wecom", self.wecom_app())
        return app

    def villager(self, openid: str, name: str = "") -> Villager:
        """The phone of a villager, made at the first call."""
        if openid not in self.villagers:
            self.villagers[openid] = Villager(self._villagers_line, openid, name)
            self.changed()
        return self.villagers[openid]

    def cadre(self, userid: str, name: str = "") -> Cadre:
        """The phone of a cadre, made at the first call."""
        if userid not in self.cadres:
            self.cadres[userid] = Cadre(self._cadres_line, userid, name)
        return self.cadres[userid]

    def group(self, key: str) -> Chat:
        """The chat of the cadres' group whose robot has this key; a key never asked for is 93000."""
        return self.wecom.groups.setdefault(key, Chat(self.changed))

    def template(self, template_id: str, title: str = "", fields: tuple[str, ...] = ()) -> None:
        """Adds a template to the account's list; any other id is 40037."""
        self.wechat.templates[template_id] = Template(template_id, title, fields)

    def fault(
        self,
        path: str,
        trouble: Trouble = "errcode",
        *,
        errcode: int = -1,
        seconds: float = 8.0,
        times: int | None = 1,
        platform: str | None = None,
    ) -> Fault:
        """The next `times` calls of a path go wrong (None: all, until `faults.lift`).

        `errcode`, `html` and `timeout` befall the call before anything is done; with `truncated`, `dropped`
        and `slow` (answering after `seconds`) it is done and only the answer goes astray.
        """
        self.changed()
        return self.faults.add(Fault(path, trouble, errcode, seconds, times, platform))

    def expire_tokens(self) -> None:
        """Every token handed out is spent: 42001."""
        self.wechat.tokens.expire()
        self.wecom.tokens.expire()

    async def verify(self) -> bool:
        """Both callback addresses prove to be ours."""
        return await self.wechat_callback.verify() and await self.wecom_callback.verify()

    async def report_templates(self) -> int:
        """Tells the service the fate of the template messages since the last time; answers how many."""
        reports, self.wechat.reports = self.wechat.reports, []
        for report in reports:
            await self.villagers[report.openid].told_of_template(report.message_id, report.status)
        return len(reports)

    def called(self, path: str) -> list[Call]:
        """The calls of one path, the oldest first."""
        return [call for call in self.calls if call.path == path]

    async def close(self) -> None:
        await self.wechat_callback.close()
        await self.wecom_callback.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    def _member(self, userid: str) -> Cadre | None:
        if self._is_member is not None and not self._is_member(userid):
            return None
        return self.cadre(userid)

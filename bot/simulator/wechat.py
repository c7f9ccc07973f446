"""The official account's API: tokens, messages to followers, media, menu, codes."""

import itertools
import re
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.simulator.accounts import WeChatAccount
from bot.simulator.faults import Faults
from bot.simulator.interface import Act, Answer, Asked, Call, Interface, Refused
from bot.simulator.phone import Said
from bot.simulator.quota import Quota, Quotas
from bot.simulator.villager import Villager

LONGEST_TEXT = 2048
# Longest values by kind of field; the kinds not named here are not measured.
LONGEST_VALUE = {
    "thing": 20,
    "character_string": 32,
    "number": 32,
    "phrase": 5,
    "name": 10,
    "phone_number": 17,
}
# A new account's quotas a day ("API Call Limits"). No page names a rate a minute for templates and notices; the one
# the platform does name, for tokens, is taken for them too, and 45011 is what it answers above one.
QUOTAS = {
    "/cgi-bin/stable_token": Quota(a_minute=10_000, a_day=500_000),
    "/cgi-bin/message/custom/send": Quota(a_day=500_000),
    "/cgi-bin/message/template/send": Quota(a_minute=10_000),
    "/cgi-bin/message/subscribe/bizsend": Quota(a_minute=10_000),
    "/cgi-bin/media/get": Quota(a_day=200_000),
    "/cgi-bin/menu/create": Quota(a_day=1_000),
    "/cgi-bin/qrcode/create": Quota(a_day=100_000),
}
# Still accepted in a call, filtered out of what is shown since 2023-05.
FILTERED = frozenset({"first", "remark"})
KINDS = frozenset(
    {"text", "image", "voice", "video", "music", "news", "mpnews", "msgmenu", "miniprogrampage"}
)


@dataclass(frozen=True)
class Template:
    """A template of the account's list: the title on its card, and the fields it must be given."""

    template_id: str
    title: str = ""
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class Report:
    """The fate of a template message, not yet told to the service."""

    openid: str
    message_id: int
    status: str


class WeChat(Interface):
    """`https://api.weixin.qq.com`, as far as this service uses it."""

    def __init__(
        self,
        account: WeChatAccount,
        clock: Callable[[], datetime],
        calls: list[Call],
        faults: Faults,
        villagers: dict[str, Villager],
    ) -> None:
        super().__init__("wechat", clock, calls, faults)
        self._account = account
        self.quotas = Quotas(QUOTAS)
        self._villagers = villagers
        self.templates: dict[str, Template] = {}
        self.menu: list[dict[str, Any]] = []
        self.scenes: dict[str, str] = {}
        self.reports: list[Report] = []
        self._message_ids: Iterator[int] = itertools.count(secrets.randbelow(2**60))
        self._known_ids: set[str] = set()

    def routes(self) -> list[tuple[str, str, Act]]:
        return [
            ("POST", "/cgi-bin/stable_token", self._token),
            ("POST", "/cgi-bin/message/custom/send", self._custom),
            ("POST", "/cgi-bin/message/template/send", self._template),
            ("POST", "/cgi-bin/message/subscribe/bizsend", self._notice),
            ("GET", "/cgi-bin/media/get", self.got),
            ("POST", "/cgi-bin/menu/create", self._menu),
            ("POST", "/cgi-bin/qrcode/create", self._code),
        ]

    def _token(self, asked: Asked) -> Answer:
        body = asked.json
        if body.get("grant_type") != "client_credential":
            raise Refused(40002, "invalid grant_type")
        if body.get("appid") != self._account.app_id:
            raise Refused(40013, "invalid appid")
        if body.get("secret") != self._account.app_secret:
            raise Refused(40125, "invalid appsecret")
        token, seconds = self.tokens.issue(fresh=body.get("force_refresh") is True)
        return {"access_token": token, "expires_in": seconds}

    def _custom(self, asked: Asked) -> Answer:
        self.granted(asked)
        villager, kind = self._follower(asked, unfollowed=45015), asked.json.get("msgtype")
        if kind not in KINDS:
            raise Refused(40008, "invalid message type")
        body = asked.json.get(kind)
        if not isinstance(body, dict):
            raise Refused(44004, "empty content")
        text, link = _shown(kind, body)
        errcode = villager.window.take(self.clock())
        if errcode:
            raise Refused(
                errcode, "response out of time limit" if errcode == 45015 else "out of response count limit"
            )
        media = str(body.get("media_id") or "")
        villager.receives(Said(self.clock(), "service", text, kind, link, media))
        return {"errcode": 0, "errmsg": "ok"}

    def _template(self, asked: Asked) -> Answer:
        self.granted(asked)
        villager = self._follower(asked, unfollowed=43004)
        template, values = self._filled(asked)
        if villager.templates_refused:
            raise Refused(43101, "user refuse to accept the msg")
        message_id = next(self._message_ids)
        known = asked.json.get("client_msg_id")
        if known not in self._known_ids:
            self._show(villager, "template", template, values, asked.json)
            self.reports.append(Report(villager.user, message_id, "success"))
        if known:
            self._known_ids.add(str(known))
        return {"errcode": 0, "errmsg": "ok", "msgid": message_id}

    def _notice(self, asked: Asked) -> Answer:
        self.granted(asked)
        villager = self._follower(asked, unfollowed=43101)
        template, values = self._filled(asked)
        if not villager.use_consent(template.template_id):
            raise Refused(43101, "user refuse to accept the msg")
        self._show(villager, "notice", template, values, asked.json)
        return {"errcode": 0, "errmsg": "ok"}

    def _follower(self, asked: Asked, *, unfollowed: int) -> Villager:
        """Whom the message is for; a stranger is 40003, one who does not follow the code given."""
        villager = self._villagers.get(str(asked.json.get("touser")))
        if villager is None:
            raise Refused(40003, "invalid openid")
        if not villager.following:
            raise Refused(unfollowed, "require subscribe")
        return villager

    def _filled(self, asked: Asked) -> tuple[Template, dict[str, str]]:
        template = self.templates.get(str(asked.json.get("template_id")))
        if template is None:
            raise Refused(40037, "invalid template_id")
        data = asked.json.get("data")
        if not isinstance(data, dict):
            raise Refused(47003, "argument invalid! data")
        values: dict[str, str] = {}
        for field in template.fields or data:
            value = data.get(field)
            text = value.get("value") if isinstance(value, dict) else None
            if field in FILTERED:
                continue
            if not isinstance(text, str | int) or not _fits(field, str(text)):
                raise Refused(47003, f"argument invalid! data.{field}.value")
            values[field] = str(text)
        return template, values

    def _show(
        self, villager: Villager, kind: str, template: Template, values: dict[str, str], body: dict[str, Any]
    ) -> None:
        lines = [template.title, *values.values()]
        text = "\n".join(line for line in lines if line)
        villager.receives(Said(self.clock(), "service", text, kind, str(body.get("url") or "")))

    def _menu(self, asked: Asked) -> Answer:
        self.granted(asked)
        buttons = asked.json.get("button")
        if not isinstance(buttons, list) or not 1 <= len(buttons) <= 3:
            raise Refused(40016, "invalid button size")
        for button in buttons:
            _check_button(button)
        self.menu = buttons
        return {"errcode": 0, "errmsg": "ok"}

    def _code(self, asked: Asked) -> Answer:
        self.granted(asked)
        kind, info = asked.json.get("action_name"), asked.json.get("action_info")
        scene = info.get("scene") if isinstance(info, dict) else None
        if kind not in ("QR_SCENE", "QR_STR_SCENE", "QR_LIMIT_SCENE", "QR_LIMIT_STR_SCENE") or not scene:
            raise Refused(40053, "invalid action info")
        value = str(scene.get("scene_str" if "STR" in kind else "scene_id") or "")
        if not 1 <= len(value) <= 64:
            raise Refused(40053, "invalid action info")
        ticket = secrets.token_urlsafe(64)
        self.scenes[ticket] = value
        answer: dict[str, Any] = {"ticket": ticket, "url": f"http://weixin.qq.com/q/{ticket[:24]}"}
        if "LIMIT" not in kind:
            answer["expire_seconds"] = min(int(asked.json.get("expire_seconds", 60)), 30 * 24 * 3600)
        return answer


def _shown(kind: str, body: dict[str, Any]) -> tuple[str, str]:
    """What the phone shows of a customer message, and where it leads."""
    if kind == "text":
        text = str(body.get("content") or "")
        if not text:
            raise Refused(44004, "empty content")
        if len(text.encode()) > LONGEST_TEXT:
            raise Refused(45002, "content size out of limit")
        return text, ""
    if kind == "msgmenu":
        choices = [str(choice.get("content")) for choice in body.get("list", [])]
        lines = [str(body.get("head_content") or ""), *choices, str(body.get("tail_content") or "")]
        return "\n".join(line for line in lines if line), ""
    if kind == "news":
        article = (body.get("articles") or [{}])[0]
        return f"{article.get('title', '')}\n{article.get('description', '')}", str(article.get("url") or "")
    return str(body.get("title") or ""), ""


def _fits(field: str, text: str) -> bool:
    kind = re.sub(r"\d+$", "", field)
    return 0 < len(text) <= LONGEST_VALUE.get(kind, 200)


def _check_button(button: Any, *, deep: bool = False) -> None:
    if not isinstance(button, dict) or not button.get("name"):
        raise Refused(40018, "invalid button name size")
    if len(str(button["name"]).encode()) > (60 if deep else 16):
        raise Refused(40018, "invalid button name size")
    inner = button.get("sub_button") or []
    if len(inner) > 5 or (deep and inner):
        raise Refused(40023, "invalid sub button size")
    for below in inner:
        _check_button(below, deep=True)
    if not inner and len(str(button.get("key") or button.get("url") or "").encode()) not in range(1, 1025):
        raise Refused(40019, "invalid button key size")

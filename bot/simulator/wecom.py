"""The WeCom API: the application's messages to members, the robots of groups, media."""

import re
import secrets
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from bot.simulator.accounts import WeComAccount
from bot.simulator.cadre import Cadre
from bot.simulator.faults import Faults
from bot.simulator.interface import Act, Answer, Asked, Call, Interface, Refused
from bot.simulator.media import picture_type
from bot.simulator.phone import Chat, Said

LONGEST_TEXT = 2048
LONGEST_MARKDOWN = 4096
MOST_RECEIVERS = 1000
ROBOT_A_MINUTE = 20
MEMBER_A_MINUTE, MEMBER_AN_HOUR = 30, 1000
LARGEST = {
    "image": 10 * 1024 * 1024,
    "voice": 2 * 1024 * 1024,
    "video": 10 * 1024 * 1024,
    "file": 20 * 1024 * 1024,
}
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


class WeCom(Interface):
    """`https://qyapi.weixin.qq.com`, as far as this service uses it."""

    def __init__(
        self,
        account: WeComAccount,
        clock: Callable[[], datetime],
        calls: list[Call],
        faults: Faults,
        member: Callable[[str], Cadre | None],
    ) -> None:
        super().__init__("wecom", clock, calls, faults)
        self._account = account
        self._member = member
        self.groups: dict[str, Chat] = {}
        self._received: dict[str, list[datetime]] = defaultdict(list)
        self._seen: dict[tuple[str, str], datetime] = {}

    def routes(self) -> list[tuple[str, str, Act]]:
        return [
            ("GET", "/cgi-bin/gettoken", self._token),
            ("POST", "/cgi-bin/message/send", self._message),
            ("POST", "/cgi-bin/webhook/send", self._robot),
            ("POST", "/cgi-bin/media/upload", self._upload),
            ("GET", "/cgi-bin/media/get", self.got),
        ]

    def _token(self, asked: Asked) -> Answer:
        if asked.query.get("corpid") != self._account.corp_id:
            raise Refused(40013, "invalid corpid")
        if asked.query.get("corpsecret") != self._account.secret:
            raise Refused(40001, "invalid credential")
        token, seconds = self.tokens.issue()
        return {"errcode": 0, "errmsg": "ok", "access_token": token, "expires_in": seconds}

    def _message(self, asked: Asked) -> Answer:
        self.granted(asked)
        body = asked.json
        if str(body.get("agentid")) != str(self._account.agent_id):
            raise Refused(40056, "invalid agentid")
        said = self._said(body)
        wanted = [user for user in str(body.get("touser") or "").split("|") if user]
        if len(wanted) > MOST_RECEIVERS:
            raise Refused(40058, "touser exceed max length 1000")
        members = {user: self._member(user) for user in wanted}
        invalid = [user for user, member in members.items() if member is None or not member.employed]
        if len(invalid) == len(members):
            raise Refused(81013, "user & party & tag all invalid")
        for user, member in members.items():
            if (
                member is not None
                and user not in invalid
                and self._arrives(user, said.text or said.media, body)
            ):
                member.receives(said)
        answer: dict[str, Any] = {"errcode": 0, "errmsg": "ok", "msgid": secrets.token_urlsafe(32)}
        return answer | ({"invaliduser": "|".join(invalid)} if invalid else {})

    def _arrives(self, user: str, text: str, body: dict[str, Any]) -> bool:
        """Whether it is delivered: a repeat inside its interval, or one too many, is dropped in silence."""
        at = self.clock()
        if body.get("enable_duplicate_check"):
            before = self._seen.get((user, text))
            self._seen[user, text] = at
            interval = timedelta(seconds=int(body.get("duplicate_check_interval") or 1800))
            if before is not None and at - before < interval:
                return False
        recent = [then for then in self._received[user] if at - then < HOUR]
        self._received[user] = recent
        if len(recent) >= MEMBER_AN_HOUR or sum(at - then < MINUTE for then in recent) >= MEMBER_A_MINUTE:
            return False
        recent.append(at)
        return True

    def _robot(self, asked: Asked) -> Answer:
        group = self.groups.get(asked.query.get("key", ""))
        if group is None:
            raise Refused(93000, "invalid webhook url")
        at = self.clock()
        if sum(at - said.at < MINUTE for said in group.lines) >= ROBOT_A_MINUTE:
            raise Refused(45009, "api freq out of limit")
        group.add(self._said(asked.json, robot=True))
        return {"errcode": 0, "errmsg": "ok"}

    def _upload(self, asked: Asked) -> Answer:
        self.granted(asked)
        kind = asked.query.get("type", "")
        if kind not in LARGEST:
            raise Refused(40004, "invalid media type")
        if asked.file is None or len(asked.file[2]) < 5:
            raise Refused(41005, "missing media data")
        name, content_type, content = asked.file
        if len(content) > LARGEST[kind]:
            raise Refused(40006, "invalid media size")
        media_id = self.shelf.put(content, picture_type(content) or content_type, name)
        created = str(int(self.clock().timestamp()))
        return {"errcode": 0, "errmsg": "ok", "type": kind, "media_id": media_id, "created_at": created}

    def _said(self, body: dict[str, Any], *, robot: bool = False) -> Said:
        """What the phones show of a message. The application's long text is cut, a robot's is refused."""
        at = self.clock()
        kind = str(body.get("msgtype"))
        inner = body.get(kind)
        if not isinstance(inner, dict):
            raise Refused(40008, "invalid message type")
        if kind in ("text", "markdown", "markdown_v2"):
            return Said(at, "service", _written(kind, inner, robot=robot), kind)
        if kind == "textcard":
            return Said(at, "service", _card(inner), kind, str(inner["url"]))
        if kind == "news":
            article = (inner.get("articles") or [{}])[0]
            text = f"{article.get('title', '')}\n{article.get('description', '')}"
            return Said(at, "service", text, kind, str(article.get("url") or ""))
        if kind in ("image", "voice", "file"):
            media = str(inner.get("media_id") or "")
            if media and self.shelf.get(media) is None:
                raise Refused(40007, "invalid media_id")
            return Said(at, "service", "", kind, media=media)
        raise Refused(40008, "invalid message type")


def _written(kind: str, inner: dict[str, Any], *, robot: bool) -> str:
    text = str(inner.get("content") or "")
    if not text:
        raise Refused(44004, "text content is empty")
    longest = LONGEST_MARKDOWN if robot and kind != "text" else LONGEST_TEXT
    size = len(text.encode())
    if size > longest and (robot or kind != "text"):
        raise Refused(40058, f"{kind}.content exceed max length {longest}. invalid size is {size}")
    return text.encode()[:longest].decode(errors="ignore")


def _card(inner: dict[str, Any]) -> str:
    for field in ("title", "description", "url"):
        if not inner.get(field):
            raise Refused(40058, f"textcard.{field} missing")
    # The description may hold a few tags for colour; the phone shows the words.
    return f"{inner['title']}\n{re.sub(r'<[^>]*>', '', str(inner['description']))}"

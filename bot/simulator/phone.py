"""The phone of one person: the chat on it, and how it speaks to the service."""

import asyncio
import itertools
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from bot.simulator import media
from bot.simulator.callback import Callback, Delivery
from bot.simulator.faults import Disturbance
from bot.simulator.media import Shelf
from bot.simulator.seal import Fields, rendered

Speaker = Literal["me", "service", "platform"]


@dataclass(frozen=True)
class Said:
    """One bubble of a chat. `kind` is the message type, `media` an id, `link` where a card leads to.

    `text` of a bubble without words is empty; the page names its kind.
    """

    at: datetime
    who: Speaker
    text: str
    kind: str = "text"
    link: str = ""
    media: str = ""


@dataclass
class Chat:
    """Everything on one screen, the oldest first, and how much of it nobody has looked at yet."""

    changed: Callable[[], None]
    lines: list[Said] = field(default_factory=list)
    unread: int = 0

    def add(self, said: Said) -> None:
        self.lines.append(said)
        if said.who != "me":
            self.unread += 1
        self.changed()

    def texts(self, who: Speaker = "service") -> list[str]:
        """What one side said, for a test to look at."""
        return [line.text for line in self.lines if line.who == who]


def message_ids() -> Iterator[int]:
    """64-bit message ids, none twice; the start is random so that two simulators never share one."""
    return itertools.count(secrets.randbelow(2**62))


@dataclass(frozen=True)
class Line:
    """What connects a phone to the service: the account's address, the clock, the callback."""

    account: str
    callback: Callback
    clock: Callable[[], datetime]
    ids: Iterator[int]
    shelf: Shelf
    changed: Callable[[], None]
    disturbance: Disturbance
    further: Fields = field(default_factory=dict[str, str | int])


class Phone:
    """What both kinds of phone can do. Every method answers the texts the service replied with."""

    def __init__(self, line: Line, user: str, name: str = "") -> None:
        self.user = user
        self.name = name or user
        self.chat = Chat(line.changed)
        self.line = line
        self._last = ""
        self._late: list[str] = []

    @property
    def now(self) -> datetime:
        return self.line.clock()

    async def says(self, text: str, *, copies: int = 1, created: datetime | None = None) -> list[str]:
        """Writes. `copies` arrive at once, each in its own envelope; `created` back-dates the message."""
        return await self._message("text", {"Content": text}, text, copies=copies, created=created)

    async def sends_picture(self, content: bytes = b"", content_type: str = "image/png") -> list[str]:
        """A photo; a road with a puddle where none is given."""
        media_id = self.line.shelf.put(
            content or media.picture(), content_type, "image." + content_type.partition("/")[2]
        )
        address = f"http://mmbiz.qpic.cn/simulated/{media_id[:16]}"
        return await self._message("image", {"PicUrl": address, "MediaId": media_id}, media_id=media_id)

    async def sends_voice(self, content: bytes | None = None, *, shown: str = "") -> list[str]:
        """An AMR recording. `shown` is what the page writes on the bubble; the service never sees it."""
        media_id = self.line.shelf.put(
            media.voice() if content is None else content, "audio/amr", "voice.amr"
        )
        return await self._message("voice", {"MediaId": media_id, "Format": "amr"}, shown, media_id=media_id)

    async def sends_location(self, latitude: float, longitude: float, label: str = "") -> list[str]:
        fields: Fields = {
            "Location_X": f"{latitude:.6f}",
            "Location_Y": f"{longitude:.6f}",
            "Scale": 16,
            "Label": label,
        }
        return await self._message("location", fields, label)

    async def sends_link(self, title: str, description: str, url: str) -> list[str]:
        return await self._message("link", {"Title": title, "Description": description, "Url": url}, title)

    async def posts(self, xml: str, *, copies: int = 1) -> list[str]:
        """Sends any plaintext at all, well encrypted. Nothing of it is shown as said."""
        return await self._delivered(xml, copies)

    async def repeats(self) -> list[str]:
        """The platform delivers this phone's last message once more, in a new envelope."""
        return await self._delivered(self._last, 1)

    def receives(self, said: Said) -> None:
        """Something arrives that is no answer to a message."""
        self.chat.add(said)

    async def _message(
        self,
        kind: str,
        fields: Fields,
        shown: str = "",
        *,
        media_id: str = "",
        copies: int = 1,
        created: datetime | None = None,
    ) -> list[str]:
        self._speaks()
        self.chat.add(Said(self.now, "me", shown, kind, "", media_id))
        own = {"MsgType": kind, **fields, "MsgId": next(self.line.ids)}
        return await self._delivered(self._rendered(own, created), copies)

    async def _event(self, event: str, fields: Fields) -> list[str]:
        own = {"MsgType": "event", "Event": event, **fields}
        return await self._delivered(self._rendered(own, None), 1)

    def _speaks(self) -> None:
        """Comes before every message: what speaking means to the platform."""

    def _rendered(self, own: Fields, created: datetime | None) -> str:
        at = int((created or self.now).timestamp())
        common: Fields = {"ToUserName": self.line.account, "FromUserName": self.user, "CreateTime": at}
        return rendered({**common, **own, **self.line.further})

    async def _delivered(self, plain: str, copies: int) -> list[str]:
        """All copies at once; the phone shows the first answer, as a real one does."""
        self._last = plain
        post, trouble = self.line.callback.post, self.line.disturbance
        count = max(copies, trouble.copies)
        deliveries = await asyncio.gather(*(post(plain, self.user) for _ in range(count)))
        self._show(deliveries[0])
        late, self._late = self._late, [plain] if trouble.late else []
        for old in late:
            await post(old, self.user)
        return [done.last.reply.text for done in deliveries if done.last.reply is not None]

    def _show(self, delivery: Delivery) -> None:
        last = delivery.last
        if last.reply is not None:
            self.chat.add(Said(self.now, "service", last.reply.text, last.reply.kind, last.reply.link))
        elif last.trouble:
            self.chat.add(Said(self.now, "platform", "", "unavailable"))

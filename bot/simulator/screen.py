"""What stands on the three screens: plain values for the templates, no decision about anything."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from typing import Any, NamedTuple
from urllib.parse import urlencode

from bot.simulator.phone import Chat, Phone, Said
from bot.simulator.simulator import Simulator
from bot.simulator.villager import Villager
from bot.simulator.wording import offers, shown_instant

SIDES = ("villager", "cadre", "supervisor")
ADDRESS = re.compile(r"https?://[!-~]+")
# The page shows the end of a chat; all of it stays in the simulator.
LONGEST_CHAT = 120
# As in the real application, an hour is written where the talk paused for this long.
PAUSE = timedelta(minutes=5)


class Member(NamedTuple):
    """A person of the directory, as the page's lists name him."""

    userid: str
    name: str
    post: str
    office: str


@dataclass(frozen=True)
class Piece:
    """A run of text; with `link` it can be tapped."""

    text: str
    link: str = ""


@dataclass(frozen=True)
class Bubble:
    """One message as drawn. `time` is written above it where it is not empty."""

    who: str
    kind: str
    text: str
    title: str
    pieces: list[Piece]
    link: str
    picture: str
    time: str


@dataclass(frozen=True)
class Person:
    """A line of a list of people, or a hint that his phone has news."""

    user: str
    name: str
    title: str
    unread: int = 0


@dataclass
class Side:
    """One of the three seats: who sits there, and what his screen shows."""

    id: str
    selection: Mapping[str, str]
    people: list[Person]
    elsewhere: list[Person]
    label: str
    account: str
    empty: str
    user: str = ""
    name: str = ""
    post: str = ""
    following: bool = True
    letters_left: int = 0
    letters_until: str = ""
    bubbles: list[Bubble] = field(default_factory=list)
    offers: list[str] = field(default_factory=list)
    draft: str = ""

    @property
    def skin(self) -> str:
        return "green" if self.id == "villager" else "blue"

    @property
    def elsewhere_count(self) -> int:
        return sum(person.unread for person in self.elsewhere)

    def switch(self, user: str) -> str:
        """The query that seats another person here."""
        return urlencode({**self.selection, self.id: user})

    def draft_query(self, text: str) -> str:
        """The query that opens the page with a sentence already written."""
        return urlencode({**self.selection, f"draft_{self.id}": text})


@dataclass(frozen=True)
class Cast:
    """Who may sit where: the directory's people, read anew for every screen."""

    simulator: Simulator
    cadres: Callable[[], Sequence[Member]]
    supervisors: Callable[[], Sequence[Member]]
    zone: tzinfo

    def seated(self, wanted: Mapping[str, str]) -> dict[str, str]:
        """The person on each seat: the one asked for where there is such a one, else the first."""
        known: dict[str, list[str]] = {
            "villager": list(self.simulator.villagers),
            "cadre": [member.userid for member in self.cadres()],
            "supervisor": [member.userid for member in self.supervisors()],
        }
        return {
            side: user if (user := wanted.get(side, "")) in users else next(iter(users), "")
            for side, users in known.items()
        }

    def sides(
        self, selection: Mapping[str, str], labels: Mapping[str, Any], drafts: Mapping[str, str]
    ) -> list[Side]:
        """The three screens. Looking at a chat reads it."""
        phones = {side: self._phone(side, user) for side, user in selection.items() if user}
        for phone in phones.values():
            phone.chat.unread = 0
        people = {side: self._people(side) for side in SIDES}
        return [
            self._side(
                side,
                selection,
                phone=phones.get(side),
                people=people,
                labels=labels[side],
                draft=drafts.get(f"draft_{side}", ""),
            )
            for side in SIDES
        ]

    def phone(self, side: str, user: str) -> Phone | None:
        """The phone on a seat, None where nobody sits there."""
        return self._phone(side, user) if user else None

    def _phone(self, side: str, user: str) -> Phone:
        return self.simulator.villagers[user] if side == "villager" else self.simulator.cadre(user)

    def _people(self, side: str) -> list[Person]:
        if side == "villager":
            phones: list[Phone] = list(self.simulator.villagers.values())
            return [Person(phone.user, phone.name, phone.name, phone.chat.unread) for phone in phones]
        members = self.cadres() if side == "cadre" else self.supervisors()
        return [
            Person(
                member.userid,
                member.name,
                " · ".join(part for part in (member.name, member.post, member.office) if part),
                self.simulator.cadre(member.userid, member.name).chat.unread,
            )
            for member in members
        ]

    def _side(
        self,
        side: str,
        selection: Mapping[str, str],
        *,
        phone: Phone | None,
        people: dict[str, list[Person]],
        labels: Mapping[str, str],
        draft: str,
    ) -> Side:
        # A supervisor's news is announced on the supervisor's seat, not on the cadre's too.
        taken = {person.user for person in people["supervisor"]} if side == "cadre" else set()
        mine = people[side]
        if taken >= {person.user for person in mine}:
            taken = set()
        elsewhere = [person for person in mine if person.unread and person.user not in taken]
        drawn = Side(side, selection, mine, elsewhere, labels["label"], labels["account"], labels["empty"])
        drawn.offers = offers(side, None if phone is None else phone.chat)
        drawn.draft = draft
        if phone is not None:
            here = next(person for person in mine if person.user == phone.user)
            drawn.user, drawn.name = here.user, here.name
            drawn.post = here.title.removeprefix(here.name).removeprefix(" · ")
            drawn.bubbles = self.bubbles(phone.chat)
        if isinstance(phone, Villager):
            drawn.following = phone.following
            until = phone.window.until
            if until is not None and until > phone.now:
                drawn.letters_left = phone.window.remaining
                drawn.letters_until = shown_instant(until.astimezone(self.zone))
        return drawn

    def bubbles(self, chat: Chat) -> list[Bubble]:
        """The end of a chat, with the hours between."""
        drawn: list[Bubble] = []
        before: datetime | None = None
        for said in chat.lines[-LONGEST_CHAT:]:
            pause = before is None or said.at - before >= PAUSE
            time = shown_instant(said.at.astimezone(self.zone)) if pause else ""
            drawn.append(_drawn(said, time, self._picture(said)))
            before = said.at
        return drawn

    def _picture(self, said: Said) -> str:
        """Where the picture is while the platform keeps it."""
        if said.kind != "image" or not said.media:
            return ""
        shelves = (self.simulator.wechat.shelf, self.simulator.wecom.shelf)
        return f"media/{said.media}" if any(shelf.get(said.media) for shelf in shelves) else ""


def _drawn(said: Said, time: str, picture: str) -> Bubble:
    title, body = "", said.text
    if said.kind not in ("text", "markdown", "location", "voice"):
        title, _, body = said.text.partition("\n")
    return Bubble(said.who, said.kind, said.text, title, pieces(body), safe(said.link), picture, time)


def safe(link: str) -> str:
    """A link the page may offer: http and https only."""
    return link if ADDRESS.fullmatch(link) else ""


def pieces(text: str) -> list[Piece]:
    """The text cut where addresses stand in it."""
    found: list[Piece] = []
    end = 0
    for match in ADDRESS.finditer(text):
        address = match.group().rstrip(".,;)")
        found.append(Piece(text[end : match.start()]))
        found.append(Piece(address, address))
        end = match.start() + len(address)
    found.append(Piece(text[end:]))
    return [piece for piece in found if piece.text]

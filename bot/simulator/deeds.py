"""What one can do on the page: every form, as a function that answers a sentence for the top of the page."""

import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo

from bot.simulator.cadre import Cadre
from bot.simulator.clock import SimulatedClock
from bot.simulator.media import picture_type
from bot.simulator.phone import Phone
from bot.simulator.screen import Cast
from bot.simulator.simulator import Simulator
from bot.simulator.telephone import KINDS
from bot.simulator.villager import Villager
from bot.simulator.wording import CHOICES, WORDING, notice, shown_instant

Form = Mapping[str, str | bytes]
STEPS = {
    "10m": timedelta(minutes=10),
    "2h": timedelta(hours=2),
    "1d": timedelta(days=1),
    "7d": timedelta(days=7),
}
MORNING = time(8, 30)
FARTHEST = timedelta(days=366)
LARGEST_PICTURE = 2 * 1024 * 1024


@dataclass
class Deeds:
    """The forms of the page. `moved` is told every new hour and says what came of it."""

    simulator: Simulator
    clock: SimulatedClock
    moved: Callable[[datetime], Awaitable[str]]
    cast: Cast
    zone: tzinfo

    async def say(self, form: Form) -> str:
        phone, text = self._phone(form), _text(form, "text").strip()
        if phone is None:
            return notice("no_person")
        if not text:
            return notice("empty")
        return await self._tried(phone, lambda: phone.says(text.replace("\r\n", "\n")))

    async def do(self, form: Form) -> str:
        phone, deed, value = self._phone(form), _text(form, "deed"), _text(form, "value")
        if phone is None:
            return notice("no_person")
        if deed == "picture":
            return await self._picture(phone, form)
        act = _acts(phone, value).get(deed)
        return "" if act is None else await self._tried(phone, act)

    async def call(self, form: Form) -> str:
        """Somebody calls, or writes a text message; what the clerk reads out."""
        phone, text, kind = _text(form, "phone").strip(), _text(form, "text").strip(), _text(form, "kind")
        if not text or not phone:
            return notice("empty")
        return await self.simulator.telephones.says(phone, text, kind if kind in KINDS else KINDS[0])

    async def hear(self, form: Form) -> str:
        """What the stand-in for speech understands from now on."""
        self.simulator.telephones.hears = _text(form, "hears").strip()
        return ""

    async def person(self, form: Form) -> str:
        """A new villager, who comes by a village's code or finds the account himself. Answers the openid."""
        names = WORDING["names"]["invented"]
        name = _text(form, "name").strip()[:20] or names[len(self.simulator.villagers) % len(names)]
        villager = self.simulator.villager(f"o{secrets.token_urlsafe(20)}", name)
        villager.following = False
        village = _text(form, "village")
        await (villager.scans(f"v:{village}") if village else villager.follows())
        return villager.user

    async def move(self, form: Form) -> str:
        now = self.clock.now()
        by = self._step(form, now)
        if by is None or by <= timedelta():
            return str(WORDING["clock"]["bad_instant"])
        if by > FARTHEST:
            return str(WORDING["clock"]["too_far"])
        at = self.clock.move(by)
        self.simulator.changed()
        result = await self.moved(at)
        return str(WORDING["clock"]["moved"]).format(
            instant=shown_instant(at.astimezone(self.zone)), result=result
        )

    async def fault(self, form: Form) -> str:
        choice, times = CHOICES.get(_text(form, "what")), _text(form, "times")
        if choice is not None and times in ("0", "1", "3"):
            self.simulator.fault(
                choice.path,
                choice.trouble,
                errcode=choice.errcode,
                times=int(times) or None,
                platform=choice.platform,
            )
        return ""

    async def lift(self, form: Form) -> str:
        place, waiting = _text(form, "fault"), self.simulator.faults.waiting
        if place.isdecimal() and int(place) < len(waiting):
            self.simulator.faults.lift(waiting[int(place)])
            self.simulator.changed()
        return ""

    async def disturb(self, form: Form) -> str:
        self.simulator.disturbance.copies = 3 if _text(form, "copies") else 1
        self.simulator.disturbance.late = bool(_text(form, "late"))
        return ""

    async def expire(self, form: Form) -> str:
        self.simulator.expire_tokens()
        return notice("expired")

    def _phone(self, form: Form) -> Phone | None:
        side = _text(form, "side")
        selection = {str(key): value for key, value in self.cast.seated(_texts(form)).items()}
        return self.cast.phone(side, selection.get(side, ""))

    def _step(self, form: Form, now: datetime) -> timedelta | None:
        by = _text(form, "by")
        local = now.astimezone(self.zone)
        if by == "morning":
            day = local.date() + timedelta(days=0 if local.time() < MORNING else 1)
            return datetime.combine(day, MORNING, self.zone) - now
        if by:
            return STEPS.get(by)
        try:
            return datetime.fromisoformat(_text(form, "to")).replace(tzinfo=self.zone) - now
        except (ValueError, OverflowError):
            return None

    async def _picture(self, phone: Phone, form: Form) -> str:
        content = form.get("picture", b"")
        if not isinstance(content, bytes) or not content:
            return await self._tried(phone, phone.sends_picture)
        kind = picture_type(content)
        if not kind or len(content) > LARGEST_PICTURE:
            return notice("too_big")
        return await self._tried(phone, lambda: phone.sends_picture(content, kind))

    async def _tried(self, phone: Phone, act: Callable[[], Awaitable[list[str]]]) -> str:
        try:
            await act()
        except ValueError:
            return notice("left")
        delivery = phone.line.callback.deliveries[-1]
        if delivery.last.trouble:
            return notice("not_answered", tries=len(delivery.tries), trouble=delivery.last.trouble)
        return ""


def _acts(phone: Phone, value: str) -> dict[str, Callable[[], Awaitable[list[str]]]]:
    place = WORDING["place"]
    acts: dict[str, Callable[[], Awaitable[list[str]]]] = {
        "voice": lambda: phone.sends_voice(shown=WORDING["seconds"]["voice"]),
        "location": lambda: phone.sends_location(place["latitude"], place["longitude"], place["label"]),
    }
    if isinstance(phone, Villager):
        acts |= {
            "scan": lambda: phone.scans(value),
            "follow": phone.follows,
            "leave": phone.leaves,
            "tap": lambda: phone.taps(value),
        }
    if isinstance(phone, Cadre):
        acts |= {"enter": phone.enters, "tap": lambda: phone.taps(value)}
    return acts


def _text(form: Form, name: str) -> str:
    value = form.get(name, "")
    return value if isinstance(value, str) else ""


def _texts(form: Form) -> dict[str, str]:
    return {name: value for name, value in form.items() if isinstance(value, str)}

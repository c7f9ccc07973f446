"""The access token of one account: fetched by one, used by all, renewed once, rested when it is no use."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.wire.outcome import Outcome

EARLY = 300.0  # seconds before its end at which a token is renewed; the old one works on for as long
JITTER = 60.0  # several processes should not all ask in the same second
SHORTEST = 60.0  # a token is never asked for more often than this
DISTRUST = 300.0  # seconds of rest after a token that was refused although it was just renewed

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Fresh:
    """A token as the platform gives it, and its life in seconds."""

    value: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Held:
    """A token in use. Two may have the same value: the platform gives the same one again near to its end."""

    value: str
    turn: int


class TokenUnavailable(Exception):
    """There is no token to send with; `outcome` is what that means for the letter (later or stop)."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.reason)
        self.outcome = outcome


class AccessToken:
    """The only owner of an account's token in this process.

    `fetch` asks the platform once, and raises TokenUnavailable where it gets none. `alarm` is told once each
    time the channel stops. `clock` gives aware instants.
    """

    def __init__(
        self,
        fetch: Callable[[], Awaitable[Fresh]],
        clock: Callable[[], datetime],
        alarm: Callable[[str], None],
    ) -> None:
        self._fetch = fetch
        self._clock = clock
        self._alarm = alarm
        self._lock = asyncio.Lock()
        self._held: Held | None = None
        self._turns = 0
        self._since: datetime | None = None
        self._renew_at: datetime | None = None
        self._ends_at: datetime | None = None
        self._rest_until: datetime | None = None
        self._rest = Outcome("later")

    @property
    def state(self) -> str:
        """For /readyz: valid, absent, or why it rests."""
        if self._rest_until is not None and self._clock() < self._rest_until:
            return self._rest.reason
        return "valid" if self._usable() else "absent"

    @property
    def age(self) -> timedelta | None:
        """For how long the token in hand has been in use; None: there is none that works."""
        return self._clock() - self._since if self._since is not None and self._usable() else None

    async def get(self) -> Held:
        """The token to use now; raises TokenUnavailable."""
        self._check_rest()
        if self._held is None or self._due():
            async with self._lock:
                self._check_rest()
                if self._held is None or self._due():
                    await self._replace()
        return self._in_hand()

    async def renew(self, refused: Held) -> Held:
        """Another token than the one refused, fetched unless somebody did so meanwhile."""
        async with self._lock:
            self._check_rest()
            if self._held is None or self._held.turn == refused.turn:
                self._ends_at = None  # a token that was refused is no reserve
                await self._replace()
        return self._in_hand()

    def distrust(self, refused: Held) -> Outcome:
        """A token just renewed was refused as well: all sending rests, so that no quota is burnt."""
        if self._held is not None and self._held.turn != refused.turn:
            return Outcome("later", "token changed", 1)
        if self._rest_until is None or self._clock() >= self._rest_until:
            self._rest_for(Outcome("stop", "token refused", DISTRUST))
        return self._rest

    async def _replace(self) -> None:
        now = self._clock()
        try:
            fresh = await self._fetch()
        except TokenUnavailable as unavailable:
            outcome = unavailable.outcome
            if outcome.kind == "later" and self._usable():
                self._renew_at = now + timedelta(seconds=max(outcome.seconds, 1.0))
                return
            self._rest_for(outcome)
            raise
        self._turns += 1
        self._held = Held(fresh.value, self._turns)
        self._since, self._ends_at = now, now + timedelta(seconds=fresh.seconds)
        life = max(SHORTEST, fresh.seconds - EARLY - random.uniform(0, JITTER))
        self._renew_at = now + timedelta(seconds=life)

    def _rest_for(self, outcome: Outcome) -> None:
        self._rest = outcome
        self._rest_until = self._clock() + timedelta(seconds=max(outcome.seconds, 1.0))
        if outcome.kind == "stop":
            log.error("channel stopped", reason=outcome.reason, code=outcome.code)
            self._alarm(outcome.reason)

    def _check_rest(self) -> None:
        if self._rest_until is not None and self._clock() < self._rest_until:
            raise TokenUnavailable(self._rest)

    def _due(self) -> bool:
        return self._renew_at is None or self._clock() >= self._renew_at

    def _usable(self) -> bool:
        return self._held is not None and self._ends_at is not None and self._clock() < self._ends_at

    def _in_hand(self) -> Held:
        if self._held is None:
            raise TokenUnavailable(Outcome("later", "no token", 1))
        return self._held

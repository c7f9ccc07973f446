"""Rate limits in memory: token buckets, a bounded number of them; and whose address counts."""

import math
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network


class Buckets:
    """One token bucket a key: `capacity` at once, `per_second` after that.

    `now` gives seconds of a steady clock. The least recently used of more than `most` keys is forgotten.
    """

    def __init__(
        self,
        capacity: float,
        per_second: float,
        now: Callable[[], float] = time.monotonic,
        most: int = 10_000,
    ) -> None:
        self._capacity = capacity
        self._per_second = per_second
        self._now = now
        self._most = most
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str) -> float:
        """Take one token: 0.0 when there was one, else the seconds until there is."""
        now = self._now()
        level, since = self._levels.pop(key, (self._capacity, now))
        level = min(self._capacity, level + max(0.0, now - since) * self._per_second)
        wait = 0.0 if level >= 1 else (1 - level) / self._per_second
        self._levels[key] = (level - 1 if level >= 1 else level, now)
        if len(self._levels) > self._most:
            self._levels.popitem(last=False)
        return wait


class CallbackLimits:
    """Refused callbacks count per address, accepted ones per sender.

    Accepted ones never count per address: all of WeChat comes from a few.
    """

    def __init__(self, refused: Buckets | None = None, accepted: Buckets | None = None) -> None:
        self.refused = refused or Buckets(capacity=300, per_second=2)
        self.accepted = accepted or Buckets(capacity=120, per_second=1)


def retry_after(wait: float) -> str:
    """The header's value: whole seconds, at least one."""
    return str(max(1, math.ceil(wait)))


def networks(addresses: Iterable[str]) -> tuple[Network, ...]:
    """The trusted proxies of the configuration: addresses or networks; ValueError for anything else."""
    return tuple(ip_network(address, strict=False) for address in addresses)


def origin(peer: str | None, forwarded: Sequence[str], trusted: Sequence[Network]) -> str:
    """The address a request counts for.

    `forwarded` are the X-Forwarded-For headers. They are read from the right, and only as far as the proxies
    we trust wrote them. An IPv6 customer owns a /64, so that is what counts.
    """
    hops = [hop.strip() for header in forwarded for hop in header.split(",")]
    address = peer or "local"
    while hops and _within(address, trusted):
        hop = hops.pop()
        if _parse(hop) is None:
            break
        address = hop
    parsed = _parse(address)
    if isinstance(parsed, IPv6Address):
        return str(ip_network((parsed, 64), strict=False))
    return str(parsed or address)


def _parse(address: str) -> object:
    try:
        parsed = ip_address(address)
    except ValueError:
        return None
    return (parsed.ipv4_mapped or parsed) if isinstance(parsed, IPv6Address) else parsed


def _within(address: str, trusted: Sequence[Network]) -> bool:
    parsed = _parse(address)
    return any(parsed in network for network in trusted)

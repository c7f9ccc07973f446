import pytest

from bot.wire.limit import Buckets, networks, origin, retry_after


class Steady:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_a_burst_is_let_through_and_then_a_steady_trickle() -> None:
    now = Steady()
    buckets = Buckets(capacity=3, per_second=0.5, now=now)
    assert [buckets.take("a") for _ in range(4)] == [0, 0, 0, 2]
    assert buckets.take("b") == 0
    now.seconds = 1.0
    assert buckets.take("a") == pytest.approx(1.0)
    now.seconds = 2.0
    assert [buckets.take("a"), buckets.take("a")] == [0, 2]
    now.seconds = -100.0  # a clock that goes back takes nothing away
    assert buckets.take("a") == 2
    now.seconds = 10_000.0
    assert [buckets.take("a") for _ in range(4)] == [0, 0, 0, 2]


def test_only_so_many_keys_are_remembered() -> None:
    buckets = Buckets(capacity=1, per_second=1, now=Steady(), most=100)
    for number in range(1000):
        buckets.take(str(number))
    assert len(buckets._levels) == 100
    assert buckets.take("999") == 1
    assert buckets.take("0") == 0


def test_retry_after_is_whole_seconds_and_never_zero() -> None:
    assert [retry_after(wait) for wait in (0.01, 1.0, 1.2)] == ["1", "1", "2"]


@pytest.mark.parametrize(
    ("peer", "forwarded", "counts"),
    [
        ("203.0.113.9", [], "203.0.113.9"),
        ("203.0.113.9", ["198.51.100.1"], "203.0.113.9"),  # a stranger says what he likes
        ("10.0.0.2", ["198.51.100.1"], "198.51.100.1"),
        ("10.0.0.2", ["1.2.3.4, 198.51.100.1"], "198.51.100.1"),
        ("10.0.0.2", ["1.2.3.4", "198.51.100.1, 10.0.0.3"], "198.51.100.1"),
        ("10.0.0.2", ["10.0.0.3"], "10.0.0.3"),
        ("10.0.0.2", ["nonsense"], "10.0.0.2"),
        ("10.0.0.2", [""], "10.0.0.2"),
        ("::ffff:10.0.0.2", ["198.51.100.1"], "198.51.100.1"),
        ("2001:db8:1:2:3:4:5:6", [], "2001:db8:1:2::/64"),
        (None, [], "local"),
    ],
)
def test_a_request_counts_for_the_address_our_own_proxies_saw(
    peer: str | None, forwarded: list[str], counts: str
) -> None:
    assert origin(peer, forwarded, networks(["10.0.0.0/8"])) == counts

"""How much one patient, and one address, may ask for in a while."""

import ipaddress
import math
import time
from collections.abc import Callable, Sequence

from pyrate_limiter import Rate, RateItem
from pyrate_limiter.buckets.in_memory_bucket import InMemoryBucket

SECOND, MINUTE = 1_000, 60_000
# A patient writes a few messages a minute; a whole street may share an address.
MESSAGES_OF_A_SESSION = (Rate(20, 10 * SECOND), Rate(60, MINUTE))
MESSAGES_OF_AN_ADDRESS = (Rate(300, MINUTE),)
SESSIONS_OF_AN_ADDRESS = (Rate(200, MINUTE),)
REQUESTS_OF_AN_ADDRESS = (Rate(1_200, MINUTE),)
# Buckets are looked through for empty ones when so many new ones have come.
TIDY = 1_000


def milliseconds() -> int:
    """A clock that is never set back."""
    return int(time.monotonic() * 1000)


class Limit:
    """One limit, with a bucket for each patient or address; holds for one process."""

    def __init__(self, rates: Sequence[Rate], now: Callable[[], int] = milliseconds) -> None:
        self.rates, self.now = list(rates), now
        self.buckets: dict[str, InMemoryBucket] = {}
        self.tidy_at = TIDY

    def wait(self, key: str) -> int:
        """Count one request; returns 0, or the seconds after which the next is let through."""
        now = self.now()
        bucket = self.buckets.setdefault(key, InMemoryBucket(self.rates))
        bucket.leak(now)
        self._tidy(now)
        if bucket.put(RateItem(key, now)):
            return 0
        # The oldest of those that fill the failing rate leaves first.
        rate = bucket.failing_rate or self.rates[-1]
        oldest: int = bucket.items[-rate.limit].timestamp
        return max(1, math.ceil((oldest + rate.interval - now) / SECOND))

    def _tidy(self, now: int) -> None:
        if len(self.buckets) < self.tidy_at:
            return
        for bucket in self.buckets.values():
            bucket.leak(now)
        self.buckets = {key: bucket for key, bucket in self.buckets.items() if bucket.items}
        self.tidy_at = len(self.buckets) + TIDY


def sender(peer: str, forwarded: str, proxies: int) -> str:
    """The address that a request came from. `forwarded` is the X-Forwarded-For header: it is
    believed only as far as the clinic's own proxies wrote it. Of IPv6 the network counts, because
    one machine has many addresses in it.
    """
    hops = [hop.strip() for hop in forwarded.split(",") if hop.strip()]
    found = hops[-proxies] if 0 < proxies <= len(hops) else peer
    try:
        address = ipaddress.ip_address(found.strip("[]"))
    except ValueError:
        return peer
    if address.version == 6:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)

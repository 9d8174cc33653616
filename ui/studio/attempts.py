"""Slows down whoever tries passwords: after five failures each further one doubles the wait."""

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address

_FREE = 5
_FIRST_WAIT_S, _LONGEST_WAIT_S = 30.0, 900.0
_FORGOTTEN_AFTER_S = 3600.0
_MAX_KEYS = 10_000


class TooManyAttempts(Exception):
    """Nothing is tried before `wait_s` seconds have passed."""

    def __init__(self, wait_s: int) -> None:
        super().__init__(f"too many attempts; wait {wait_s} s")
        self.wait_s = wait_s


class Attempts:
    """Counts by key (a name, an address), in memory; the keys seen longest ago are forgotten."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failures: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def begin(self, *keys: str) -> None:
        """Count an attempt as failed before it is made: many at once gain nothing.

        Raises:
            TooManyAttempts: one of the keys has to wait; nothing is counted.
        """
        now = self._clock()
        with self._lock:
            wait_s = max(self._wait_s(key, now) for key in keys)
            if wait_s > 0:
                raise TooManyAttempts(math.ceil(wait_s))
            for key in keys:
                self._failures[key] = (self._count(key, now) + 1, now)
                self._failures.move_to_end(key)
            while len(self._failures) > _MAX_KEYS:
                self._failures.popitem(last=False)

    def succeeded(self, name: str, client: str) -> None:
        """Forget the name's failures; the client has this one attempt back and no more."""
        with self._lock:
            self._failures.pop(name, None)
            count, at = self._failures.get(client, (0, 0.0))
            if count > 1:
                self._failures[client] = (count - 1, at)
            else:
                self._failures.pop(client, None)

    def __len__(self) -> int:
        return len(self._failures)

    def _count(self, key: str, now: float) -> int:
        count, at = self._failures.get(key, (0, now))
        return count if now - at < _FORGOTTEN_AFTER_S else 0

    def _wait_s(self, key: str, now: float) -> float:
        count = self._count(key, now)
        if count < _FREE:
            return 0.0
        # Past 2 ** 10 any first wait is longer than the longest.
        wait_s = min(_FIRST_WAIT_S * 2.0 ** min(count - _FREE, 10), _LONGEST_WAIT_S)
        return self._failures[key][1] + wait_s - now


def client_key(host: str) -> str:
    """Whose address it is: with IPv6 one household has 2 ** 64 of them."""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return f"{int(address) >> 64:x}::/64"
    return host

"""How fast one may post: token buckets, one for each rater and one for each address.

A bucket holds `burst` tokens and gets `rate` new ones a second; a request takes one, and waits for the next
where there is none. A rater's bucket is far larger than anyone can click; an address's is large enough for a
classroom behind one router. Addresses are held in memory for as long as their bucket is not full again, and
nowhere else.
"""

from __future__ import annotations

import time
from collections.abc import Callable

KEPT = 10_000  # buckets; beyond that the full ones are forgotten, which changes nothing


class Buckets:
    """Token buckets by name, for the one thread of an event loop."""

    def __init__(self, rate: float, burst: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.rate, self.burst, self._clock = rate, burst, clock
        self._left: dict[str, tuple[float, float]] = {}  # tokens left, and when that was

    def take(self, name: str) -> float:
        """Take a token for `name`; returns 0, or the seconds until there is one."""
        now = self._clock()
        if len(self._left) >= KEPT:
            self._left = {other: at for other, at in self._left.items() if self._level(at, now) < self.burst}
        level = self._level(self._left.get(name, (self.burst, now)), now)
        if level < 1:
            return (1 - level) / self.rate
        self._left[name] = (level - 1, now)
        return 0.0

    def _level(self, at: tuple[float, float], now: float) -> float:
        tokens, then = at
        return min(self.burst, tokens + (now - then) * self.rate)

"""How often somebody may try to sign in: an account is locked after a few wrong passwords, an address after many.

What is counted is the attempt, before its password is looked at, so that many sent at once gain nothing.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["LoginLimits"]

ACCOUNT_ATTEMPTS = 5
# One address may stand for a whole house.
ADDRESS_ATTEMPTS = 30
# The first lock; each further attempt doubles it, up to the longest.
LOCK_SECONDS = 30.0
LONGEST_LOCK_SECONDS = 15 * 60.0
# What is remembered at most; beyond it, the longest ago is forgotten first.
_REMEMBERED = 10_000


@dataclass(slots=True)
class _Attempts:
    count: int = 0
    last: float = 0.0
    locked_until: float = 0.0


class LoginLimits:
    """The attempts of one server since it was started. Safe from several threads.

    Example:
        >>> limits = LoginLimits(clock=lambda: 0.0)
        >>> [limits.attempt("ada", "192.0.2.1") for _ in range(7)]
        [0, 0, 0, 0, 0, 30, 30]
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._attempts: dict[tuple[str, str], _Attempts] = {}

    def attempt(self, name: str, address: str) -> int:
        """How many seconds to wait before the password may be tried; 0 lets it be tried, and counts it."""
        now = self._clock()
        with self._lock:
            tried = [
                (self._recall(("name", name), now), ACCOUNT_ATTEMPTS),
                (self._recall(("address", address), now), ADDRESS_ATTEMPTS),
            ]
            wait = max(attempts.locked_until - now for attempts, _ in tried)
            if wait > 0:
                return max(1, round(wait))
            for attempts, allowed in tried:
                attempts.count += 1
                attempts.last = now
                if attempts.count >= allowed:
                    seconds = min(LOCK_SECONDS * 2.0 ** min(attempts.count - allowed, 30), LONGEST_LOCK_SECONDS)
                    attempts.locked_until = now + seconds
            return 0

    def succeeded(self, name: str, address: str) -> None:
        """The last attempt was right: the account starts afresh, and the address is given that attempt back."""
        with self._lock:
            self._attempts.pop(("name", name), None)
            if attempts := self._attempts.get(("address", address)):
                attempts.count -= 1
                attempts.locked_until = 0.0

    def _recall(self, key: tuple[str, str], now: float) -> _Attempts:
        """What is remembered of a name or address; nothing once the longest lock has passed since its last attempt."""
        attempts = self._attempts.pop(key, None)
        if attempts is None or now - attempts.last > LONGEST_LOCK_SECONDS:
            attempts = _Attempts()
        self._attempts[key] = attempts  # at the end: what is first was used the longest ago
        while len(self._attempts) > _REMEMBERED:
            del self._attempts[next(iter(self._attempts))]
        return attempts

"""Limits on how often something may be tried.

The counts are those of one process: of several workers each counts on its own.
Behind a proxy, let the server trust its `X-Forwarded-For`, so that clients are told
apart.
"""

import math
import time
from collections import deque

from fastapi import HTTPException, Request, status


class RateLimiter:
    """Counts in a sliding window."""

    def __init__(self, limit: int, window: float) -> None:
        """Allow `limit` tries in `window` seconds, for each key."""
        self.limit = limit
        self.window = window
        self.tries: dict[str, deque[float]] = {}

    def hit(self, key: str) -> None:
        """Count a try; an error where there were too many."""
        now = time.monotonic()
        if len(self.tries) >= 10_000:
            self.forget(now)
        tries = self.tries.setdefault(key, deque())
        while tries and tries[0] <= now - self.window:
            tries.popleft()
        if len(tries) >= self.limit:
            seconds = math.ceil(tries[0] + self.window - now)
            raise HTTPException(
                status.HTTP_429_TOO_MANY_REQUESTS, "Too many requests", headers={"Retry-After": str(max(seconds, 1))}
            )
        tries.append(now)

    def forget(self, now: float) -> None:
        """Drop the keys that have not been tried for a whole window."""
        self.tries = {key: tries for key, tries in self.tries.items() if tries and tries[-1] > now - self.window}

    def reset(self) -> None:
        """Begin anew."""
        self.tries.clear()


client_limiter = RateLimiter(limit=30, window=60)
account_limiter = RateLimiter(limit=5, window=60)


def limit_client(request: Request) -> None:
    """Limit how often one client calls one path."""
    host = request.client.host if request.client else "unknown"
    client_limiter.hit(f"{request.url.path} {host}")


def limit_account(email: str) -> None:
    """Limit how often one account is tried, from wherever."""
    account_limiter.hit(email)

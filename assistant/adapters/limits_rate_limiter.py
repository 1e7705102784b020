"""Counts how often people, devices and addresses ask: in memory, or in a Redis that all gateways share."""

import logging
import math
import time
from collections.abc import Mapping

from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from limits.errors import StorageError
from redis.asyncio import ConnectionPool

from assistant.core.errors import TooOften
from assistant.core.ports import Counted
from assistant.core.pseudonyms import pseudonym

REDIS_SECONDS = 0.5
"""A Redis that answers later counts as down: a turn does not wait for its counter."""

_log = logging.getLogger("kratt.gateway")


class LimitsRateLimiter:
    """At most `per_minute[what]` a minute, 0 for any number, in a window that slides.

    `redis_url` is empty for memory. While Redis does not answer, each gateway counts for itself. `secret` keys the
    hashes that stand for people and addresses in Redis, which are so few that a plain hash would be guessed.
    """

    def __init__(self, per_minute: Mapping[Counted, int], secret: str, redis_url: str = "") -> None:
        self._limits = {what: RateLimitItemPerMinute(count) for what, count in per_minute.items() if count}
        self._secret = secret
        self._own = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._connections = _connections(redis_url) if redis_url else None
        self._shared = _shared(redis_url, self._connections) if self._connections else None

    async def close(self) -> None:
        """Give the connections to Redis back."""
        if self._connections:
            await self._connections.aclose()

    async def admit(self, what: Counted, who: str) -> None:
        """Count one more.

        Raises:
            TooOften: as in the port.
        """
        limit = self._limits.get(what)
        if limit is None:
            return
        key = pseudonym(self._secret, what.value, who)
        try:
            await _count(self._shared or self._own, limit, key)
        except StorageError as error:
            reason = type(error.storage_error).__name__
            _log.warning("the shared rate limits do not answer", extra={"facts": {"error": reason}})
            await _count(self._own, limit, key)


async def _count(limiter: SlidingWindowCounterRateLimiter, limit: RateLimitItemPerMinute, key: str) -> None:
    if await limiter.hit(limit, key):
        return
    window = await limiter.get_window_stats(limit, key)
    raise TooOften(retry_after_seconds=max(1, math.ceil(window.reset_time - time.time())))


def _connections(url: str) -> ConnectionPool:
    pool: ConnectionPool = ConnectionPool.from_url(
        url, socket_timeout=REDIS_SECONDS, socket_connect_timeout=REDIS_SECONDS
    )
    return pool


def _shared(url: str, connections: ConnectionPool) -> SlidingWindowCounterRateLimiter:
    storage = RedisStorage(
        f"async+{url}",
        wrap_exceptions=True,
        implementation="redispy",
        key_prefix="kratt",
        connection_pool=connections,  # type: ignore[arg-type]  # as its description says
    )
    return SlidingWindowCounterRateLimiter(storage)

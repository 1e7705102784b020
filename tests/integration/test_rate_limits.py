"""Rate limits that gateways share: a real Redis, which may be missing or go away."""

import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis

from assistant.adapters.limits_rate_limiter import LimitsRateLimiter
from assistant.core.errors import TooOften
from assistant.core.ports import Counted

pytestmark = pytest.mark.integration

START_SECONDS = 20
TWICE = {Counted.TURN_OF_PERSON: 2}
MARY = "EE60001019906"


@pytest.fixture
def server(tmp_path: Path, find_free_ports: Callable[[int], list[int]]) -> Iterator[redis.Redis]:
    program = shutil.which("redis-server")
    assert program, "`apt-get install redis-server` brings what this test needs"
    (port,) = find_free_ports(1)
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        with redis.Redis(port=port) as client:
            wait_for(client)
            yield client
    finally:
        process.kill()
        process.wait()


def wait_for(client: redis.Redis) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        try:
            client.ping()
        except redis.ConnectionError:
            time.sleep(0.02)
        else:
            return
    pytest.fail("Redis does not start")


async def test_gateways_when_they_share_a_redis_then_count_together_and_name_nobody(server: redis.Redis) -> None:
    port = server.connection_pool.connection_kwargs["port"]
    first, second = (LimitsRateLimiter(TWICE, "secret", f"redis://127.0.0.1:{port}") for _ in range(2))
    await first.admit(Counted.TURN_OF_PERSON, MARY)
    await second.admit(Counted.TURN_OF_PERSON, MARY)
    with pytest.raises(TooOften):
        await first.admit(Counted.TURN_OF_PERSON, MARY)
    for limiter in (first, second):
        await limiter.close()
    keys = b" ".join(server.keys())
    assert keys
    assert MARY[2:].encode() not in keys


async def test_redis_when_it_is_down_then_the_gateway_counts_for_itself(
    find_free_ports: Callable[[int], list[int]],
) -> None:
    limiter = LimitsRateLimiter(TWICE, "secret", f"redis://127.0.0.1:{find_free_ports(1)[0]}")
    for _ in range(2):
        await limiter.admit(Counted.TURN_OF_PERSON, MARY)
    with pytest.raises(TooOften):
        await limiter.admit(Counted.TURN_OF_PERSON, MARY)
    await limiter.close()

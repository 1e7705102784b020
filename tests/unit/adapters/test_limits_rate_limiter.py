import pytest

from assistant.adapters.limits_rate_limiter import LimitsRateLimiter
from assistant.core.errors import TooOften
from assistant.core.ports import Counted

pytestmark = pytest.mark.unit

TWICE = {Counted.TURN_OF_PERSON: 2, Counted.TURN_OF_ADDRESS: 0}


async def test_act_when_done_more_often_than_allowed_then_says_when_to_return() -> None:
    limiter = LimitsRateLimiter(TWICE, "secret")
    for _ in range(2):
        await limiter.admit(Counted.TURN_OF_PERSON, "mary")
    with pytest.raises(TooOften) as refused:
        await limiter.admit(Counted.TURN_OF_PERSON, "mary")
    assert 1 <= refused.value.retry_after_seconds <= 60


async def test_acts_when_of_others_or_of_another_kind_then_are_counted_apart() -> None:
    limiter = LimitsRateLimiter({Counted.TURN_OF_PERSON: 1, Counted.TURN_OF_DEVICE: 1}, "secret")
    await limiter.admit(Counted.TURN_OF_PERSON, "mary")
    await limiter.admit(Counted.TURN_OF_PERSON, "jaak")
    await limiter.admit(Counted.TURN_OF_DEVICE, "mary")


@pytest.mark.parametrize("act", [Counted.TURN_OF_ADDRESS, Counted.LOGIN_OF_ADDRESS])
async def test_act_when_it_has_no_limit_then_is_always_admitted(act: Counted) -> None:
    limiter = LimitsRateLimiter(TWICE, "secret")
    for _ in range(100):
        await limiter.admit(act, "mary")

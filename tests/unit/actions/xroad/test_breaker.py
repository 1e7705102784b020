import asyncio
from contextlib import AbstractContextManager, suppress

import pytest

from actions.xroad.breaker import OPEN_SECONDS, WINDOW_SECONDS, Breaker
from assistant.core.errors import ServiceRefused, ServiceUnavailable, ServiceUnintelligible

pytestmark = pytest.mark.unit


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> Breaker:
    return Breaker(failures=3, clock=clock)


def end_with(breaker: Breaker, error: BaseException | None) -> None:
    with suppress(type(error) if error else ()), breaker.attempt():
        if error:
            raise error


def fail(breaker: Breaker, times: int = 1) -> None:
    for _ in range(times):
        end_with(breaker, ServiceUnavailable("503"))


def seconds_to_wait(breaker: Breaker) -> float | None:
    call = breaker.attempt()
    try:
        call.__enter__()
    except ServiceUnavailable as error:
        return error.retry_after_seconds
    cancel(call)
    return 0


def cancel(call: AbstractContextManager[None]) -> None:
    assert not call.__exit__(asyncio.CancelledError, asyncio.CancelledError(), None)


def test_breaker_when_failures_are_few_then_everybody_calls(breaker: Breaker) -> None:
    fail(breaker, 2)
    assert breaker.is_closed
    assert seconds_to_wait(breaker) == 0


def test_breaker_when_failures_are_many_then_nobody_calls_until_the_time_is_over(
    breaker: Breaker, clock: Clock
) -> None:
    fail(breaker, 3)
    with pytest.raises(ServiceUnavailable) as caught, breaker.attempt():
        pass
    assert not caught.value.may_have_acted
    clock.now += 4
    assert seconds_to_wait(breaker) == OPEN_SECONDS - 4
    clock.now += OPEN_SECONDS
    assert seconds_to_wait(breaker) == 0


@pytest.mark.parametrize("end", [None, ServiceRefused("404"), ServiceUnintelligible("HTML")])
def test_breaker_when_service_answers_in_between_then_counts_anew(breaker: Breaker, end: Exception | None) -> None:
    fail(breaker, 2)
    end_with(breaker, end)
    fail(breaker, 2)
    assert breaker.is_closed


def test_breaker_when_call_is_cancelled_then_that_says_nothing(breaker: Breaker) -> None:
    fail(breaker, 2)
    end_with(breaker, asyncio.CancelledError())
    fail(breaker)
    assert not breaker.is_closed


def test_breaker_when_failures_are_long_ago_then_they_do_not_count(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, 2)
    clock.now += WINDOW_SECONDS
    fail(breaker, 2)
    assert breaker.is_closed


def test_breaker_when_half_open_then_one_calls_and_the_others_wait(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, 3)
    clock.now += OPEN_SECONDS
    with breaker.attempt():
        assert not breaker.is_closed
        assert seconds_to_wait(breaker) == 1
    assert breaker.is_closed
    assert seconds_to_wait(breaker) == 0


def test_breaker_when_the_one_call_fails_then_opens_again(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, 3)
    clock.now += OPEN_SECONDS
    fail(breaker)
    assert seconds_to_wait(breaker) == OPEN_SECONDS


def test_breaker_when_the_one_call_is_cancelled_then_the_next_is_the_one(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, 3)
    clock.now += OPEN_SECONDS
    end_with(breaker, asyncio.CancelledError())
    assert not breaker.is_closed
    end_with(breaker, None)
    assert breaker.is_closed


def test_breaker_when_an_old_call_ends_while_half_open_then_still_only_one_calls(
    breaker: Breaker, clock: Clock
) -> None:
    old = breaker.attempt()
    old.__enter__()
    fail(breaker, 3)
    clock.now += OPEN_SECONDS
    with breaker.attempt():
        cancel(old)
        assert seconds_to_wait(breaker) == 1


def test_breaker_when_told_never_to_open_then_never_does(clock: Clock) -> None:
    breaker = Breaker(failures=0, clock=clock)
    fail(breaker, 100)
    assert breaker.is_closed

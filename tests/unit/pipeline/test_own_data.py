import pytest

from assistant.pipeline.own_data import OwnData

pytestmark = pytest.mark.unit


async def test_forget_when_asked_then_every_memory_is_cleared_whatever_is_stored() -> None:
    cleared: list[str] = []
    own_data = OwnData({}, (lambda: cleared.append("voice"), lambda: cleared.append("questions")))
    assert await own_data.forget("EE60001019906") == {}
    assert cleared == ["voice", "questions"]

import pytest

from assistant.core.turn_counts import TurnKind

pytestmark = pytest.mark.unit


@pytest.fixture
async def counted(console) -> None:
    for intent in (*["pension"] * 6, "greet", "greet"):
        console.turn_counts.count(TurnKind("web", "en", intent, "answered"))
    await console.turn_counts.close()


async def test_insight_when_shown_then_tells_what_was_asked_most_first(console, counted) -> None:
    async with console.browser() as browser:
        page = (await browser.get("/insight")).text
    assert page.index("pension") < page.index("greet")


async def test_open_data_when_handed_out_then_leaves_small_numbers_out(console, counted) -> None:
    async with console.browser() as browser:
        text = (await browser.get("/insight/intent.csv")).text
    assert text.splitlines() == ["name,asked,answered,unanswered,handed_over,failed", "pension,6,6,0,0,0"]


async def test_insight_when_nobody_asked_then_says_so(console) -> None:
    async with console.browser() as browser:
        assert "Nobody asked anything." in (await browser.get("/insight")).text

import io
import wave

import pytest

pytestmark = pytest.mark.unit


@pytest.fixture
async def browser(console):
    async with console.browser() as browser:
        yield browser


async def test_text_when_listened_to_then_comes_as_a_sound_that_pages_may_play(browser) -> None:
    response = await browser.get("/listen", params={"text": "Tere.", "language": "et"})
    assert (response.status_code, response.headers["content-type"]) == (200, "audio/wav")
    with wave.open(io.BytesIO(response.content)) as sound:
        assert (sound.getnchannels(), sound.getframerate(), sound.getnframes() > 0) == (1, 16_000, True)
    assert "media-src 'self'" in response.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("text", "language", "status"),
    [("", "en", 400), ("...", "en", 400), ("a" * 5001, "en", 422), ("hello", "fi", 422), ("unspeakable", "en", 503)],
)
async def test_text_when_it_cannot_be_spoken_then_says_so(browser, text, language, status) -> None:
    response = await browser.get("/listen", params={"text": text, "language": language})
    assert response.status_code == status


async def test_listening_when_nobody_is_signed_in_then_nothing_is_spoken(console) -> None:
    async with console.browser(None) as browser:
        assert (await browser.get("/listen", params={"text": "hello", "language": "en"})).status_code == 401

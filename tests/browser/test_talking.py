import asyncio
import math

import pytest
from playwright.async_api import Page, expect

pytestmark = pytest.mark.browser

SPOKEN = "when does my passport expire"
UTTERANCE_SECONDS = 3.5  # the pause, the question, a moment

DENY = """() => {
  navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("", "NotAllowedError"));
}"""

RESAMPLE = """async ([hertz, fromHertz]) => {
  const { Resampler } = await import("/page/resampler.js");
  const resampler = new Resampler(fromHertz, 16000);
  const samples = [];
  for (let first = 0; first < fromHertz; first += 128) { // a second, in the blocks of an AudioWorklet
    const wave = (_, at) => 0.5 * Math.sin(2 * Math.PI * hertz * (first + at) / fromHertz);
    const block = Float32Array.from({ length: 128 }, wave);
    samples.push(...resampler.push(block));
  }
  return samples;
}"""


async def state(page: Page, name: str) -> None:
    await expect(page.locator("body")).to_have_attribute("data-state", name)


async def expect_spoken_reply(page: Page) -> None:
    await expect(page.locator(".message.you .text")).to_have_text(SPOKEN)
    await expect(page.locator(".message.kratt[data-outcome=asked_login]")).to_be_visible()
    await state(page, "speaking")
    await page.click("#hush")
    await state(page, "idle")


async def test_talking_when_held_by_pointer_then_words_appear_and_the_reply_is_spoken(open_page) -> None:
    page = await open_page()
    await page.hover("#talk")
    await page.mouse.down()
    await state(page, "listening")
    await expect(page.locator("#partial")).to_contain_text("passport")
    await asyncio.sleep(1)
    await page.mouse.up()
    await expect_spoken_reply(page)


async def test_talking_when_held_by_key_then_it_lasts_as_long_as_the_key(open_page) -> None:
    page = await open_page()
    await page.focus("#talk")
    await page.keyboard.down("Space")
    await state(page, "listening")
    await asyncio.sleep(UTTERANCE_SECONDS)
    await page.keyboard.up("Space")
    await expect_spoken_reply(page)


@pytest.mark.parametrize("key", ["Enter", "Space"])
async def test_talking_when_a_key_is_only_tapped_then_it_lasts_until_the_speaker_has_finished(
    open_page, key: str
) -> None:
    page = await open_page()
    await page.focus("#talk")
    await page.keyboard.press(key)
    await state(page, "listening")
    await expect(page.locator("#talk")).to_have_attribute("aria-pressed", "true")
    await expect_spoken_reply(page)


async def test_talking_when_a_screen_reader_clicks_then_it_lasts_until_the_speaker_has_finished(open_page) -> None:
    page = await open_page()
    await page.evaluate("document.getElementById('talk').click()")
    await state(page, "listening")
    await expect_spoken_reply(page)


async def test_talking_when_tapped_again_then_it_ends_there(open_page) -> None:
    page = await open_page()
    await page.evaluate("document.getElementById('talk').click()")
    await expect(page.locator("#partial")).to_contain_text("when")
    await page.evaluate("document.getElementById('talk').click()")
    await expect(page.locator(".message.you .text")).to_contain_text("when")


async def test_talking_when_taken_back_then_nothing_is_said(open_page) -> None:
    page = await open_page()
    await page.focus("#talk")
    await page.keyboard.press("Space")
    await state(page, "listening")
    await page.keyboard.press("Escape")
    await state(page, "idle")
    await expect(page.locator(".message")).to_have_count(0)


async def test_talking_when_the_microphone_is_denied_then_the_citizen_is_told_so(open_page) -> None:
    page = await open_page()
    await page.evaluate(DENY)
    await page.focus("#talk")
    await page.keyboard.press("Space")
    await expect(page.locator(".message.error")).to_contain_text("microphone")
    await state(page, "idle")


@pytest.mark.parametrize("microphone_hertz", [44100, 48000])
@pytest.mark.parametrize(
    ("tone_hertz", "is_kept"), [(300, True), (3000, True), (6000, True), (10000, False), (15700, False)]
)
async def test_resampler_when_a_tone_comes_then_speech_is_kept_and_nothing_folds_back(
    open_page, tone_hertz: int, is_kept: bool, microphone_hertz: int
) -> None:
    page = await open_page()
    samples = await page.evaluate(RESAMPLE, [tone_hertz, microphone_hertz])
    assert len(samples) == pytest.approx(16000, abs=40)
    loudness = math.sqrt(sum(sample * sample for sample in samples[200:]) / len(samples[200:]))
    assert loudness == pytest.approx(0.5 / math.sqrt(2) * 32767 if is_kept else 0, rel=0.03, abs=0 if is_kept else 60)

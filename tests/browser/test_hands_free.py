"""The chat widget without a button: it listens after each answer, and whoever speaks into one is not talked over."""

import base64
from collections.abc import Awaitable, Callable

import numpy as np
import pytest
from playwright.async_api import Page, expect

from assistant.adapters.espeak_voice import EspeakVoice
from assistant.core.audio import Pcm
from assistant.core.deadline import Deadline
from assistant.core.languages import Language
from tests.browser.conftest import SPOKEN
from tests.browser.widget import replies, state

pytestmark = pytest.mark.browser

WATCH = """() => {
  const panel = document.querySelector("kratt-chat").shadowRoot.getElementById("panel");
  window.states = [];
  new MutationObserver(() => states.at(-1) === panel.dataset.state || states.push(panel.dataset.state))
    .observe(panel, { attributes: true, attributeFilter: ["data-state"] });
}"""


async def test_hands_free_when_somebody_speaks_into_the_answer_then_it_stops_and_the_next_question_is_heard_whole(
    open_site,
) -> None:
    page = await open_site()
    await page.evaluate(WATCH)
    await page.click("#menu-open")
    await page.check("#hands-free")  # the microphone's file begins anew whenever the microphone is opened
    await expect(page.locator(".message.you .text")).to_have_text([SPOKEN, SPOKEN], timeout=20_000)
    await expect(replies(page, "asked_login")).to_have_count(2)
    states = await page.evaluate("states")
    # From the answer straight to listening: had it been heard to its end, there would be a pause without either.
    assert states[: states.index("speaking") + 2][-2:] == ["speaking", "listening"]
    await page.click("#hush")
    await state(page, "idle")
    await expect(page.locator("#hands-free")).not_to_be_checked()


HEAR_IN_TURN = """(sounds) => {
  window.sources = { started: 0, stopped: 0, ended: 0 };
  const { start, stop } = AudioBufferSourceNode.prototype;
  AudioBufferSourceNode.prototype.start = function (...when) {
    if (!this.isMicrophone) {
      sources.started += 1;
      this.addEventListener("ended", () => (sources.ended += 1));
    }
    return start.apply(this, when);
  };
  AudioBufferSourceNode.prototype.stop = function (...when) {
    sources.stopped += 1;
    return stop.apply(this, when);
  };
  navigator.mediaDevices.getUserMedia = async () => {
    const context = new AudioContext();
    const sound = sounds.length > 1 ? sounds.shift() : sounds[0];
    const file = Uint8Array.from(atob(sound), (character) => character.charCodeAt(0));
    const source = context.createBufferSource();
    source.isMicrophone = true;
    source.buffer = await context.decodeAudioData(file.buffer);
    const { stream } = source.connect(context.createMediaStreamDestination());
    source.start();
    return stream;
  };
}"""
"""The microphone hears one recording each time it is opened; what is played is counted."""


def cough() -> bytes:
    """Half a second of silence, and two bursts of noise as a throat makes them."""
    noise = np.random.default_rng(3).normal(0, 1, 6400)
    low = np.convolve(noise, np.ones(6) / 6, "same")
    bursts = [low[:2400] * np.exp(-np.arange(2400) / 700), low[2400:6400] * np.exp(-np.arange(4000) / 1100)]
    samples = np.concatenate([np.zeros(8000), *bursts, np.zeros(32_000)])
    return Pcm((samples / np.abs(samples).max() * 16_000).astype("<i2").tobytes(), 16_000).to_wav()


def hum() -> bytes:
    """ "Mhm": a voice with a closed mouth, in two syllables, of which the second rises."""

    def syllable(seconds: float, first_hertz: float, last_hertz: float) -> np.ndarray:
        count = int(seconds * 16_000)
        phase = 2 * np.pi * np.cumsum(np.linspace(first_hertz, last_hertz, count)) / 16_000
        return sum(np.sin(overtone * phase) / overtone**1.8 for overtone in range(1, 9)) * np.hanning(count)

    samples = np.concatenate([np.zeros(8000), syllable(0.16, 132, 120), np.zeros(600), syllable(0.28, 120, 168)])
    samples = np.concatenate([samples, np.zeros(32_000)])
    return Pcm((samples / np.abs(samples).max() * 12_000).astype("<i2").tobytes(), 16_000).to_wav()


async def said(text: str) -> bytes:
    voice = EspeakVoice()
    pcm = await voice.speak(text, Language.EN, Deadline.after(10))
    await voice.close()
    pause = bytes(pcm.rate_hertz)
    return Pcm(pause + pcm.samples + pause * 4, pcm.rate_hertz).to_wav()


@pytest.fixture
def talk_hands_free(open_site) -> Callable[[list[bytes]], Awaitable[Page]]:
    async def talk(sounds: list[bytes]) -> Page:
        page = await open_site()
        await page.evaluate(HEAR_IN_TURN, [base64.b64encode(sound).decode() for sound in sounds])
        await page.evaluate(WATCH)
        await page.click("#menu-open")
        await page.check("#hands-free")
        await state(page, "speaking")
        return page

    return talk


@pytest.mark.parametrize("sound", ["cough", "mhm"])
async def test_hands_free_when_it_is_no_word_that_is_heard_then_the_answer_goes_on_where_it_was(
    talk_hands_free, sound: str
) -> None:
    silence = Pcm(bytes(640_000), 16_000).to_wav()
    page = await talk_hands_free([await said(SPOKEN), cough() if sound == "cough" else hum(), silence])
    await state(page, "listening")
    await state(page, "speaking")
    await state(page, "listening", seconds=20)  # the next question: the answer has been heard to its end
    states = await page.evaluate("states")
    assert states[states.index("speaking") :] == ["speaking", "listening", "speaking", "connecting", "listening"]
    assert await page.evaluate("sources.started === sources.ended && sources.stopped === 0")
    await expect(page.locator(".message.you")).to_have_count(1)
    await page.click("#close")


async def test_hands_free_when_the_stop_word_is_said_then_the_answer_is_over(talk_hands_free) -> None:
    silence = Pcm(bytes(640_000), 16_000).to_wav()
    page = await talk_hands_free([await said(SPOKEN), await said("stop"), silence])
    await expect(page.locator(".message.you .text")).to_have_text([SPOKEN, "stop"])
    assert await page.evaluate("sources.stopped > 0")
    await page.click("#close")

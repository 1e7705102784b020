"""When somebody has finished, noticed in real sound by the real recogniser and voice detector; synthetic citizens."""

import functools
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import soxr

from assistant.adapters.sound_files import decode_wav
from assistant.adapters.sound_samples import SpeechSound
from assistant.adapters.vosk_speech import VoskSpeech
from assistant.adapters.webrtc_voice import WebRtcVoice
from assistant.core.audio import SoundFormat
from assistant.core.languages import Language
from assistant.core.ports import FRAME_SECONDS
from assistant.pipeline.end_of_speech import ORDINARY, SHORT, SPELLED, EndOfSpeech, Patience, Speech

pytestmark = pytest.mark.integration

MODEL = Path(__file__).resolve().parents[2] / "models" / "speech" / "en"
RATE = 16_000
CHUNK = RATE // 25  # 40 ms, as a page sends it
VOICES = ("slt", "rms", "espeak-ng")

Samples = npt.NDArray[np.float64]


@functools.cache
def said(text: str, voice: str) -> Samples:
    """The words alone, without the silence around them; about as loud as a citizen half a metre away."""
    if voice == "espeak-ng":
        command = ["espeak-ng", "-v", "en-gb", "--stdout", text]
    else:
        command = ["flite", "-voice", voice, "-t", text, "-o", "/dev/stdout"]
    pcm = decode_wav(subprocess.run(command, capture_output=True, check=True).stdout, 60)
    samples = soxr.resample(np.frombuffer(pcm.samples, "<i2").astype(float), pcm.rate_hertz, RATE)
    loud = np.flatnonzero(np.abs(samples) > 300)
    return samples[loud[0] : loud[-1] + 1] * (8000 / np.abs(samples).max())


def silence(seconds: float) -> Samples:
    return np.zeros(int(seconds * RATE))


def noise(seconds: float, loudness: float) -> Samples:
    return np.random.default_rng(4).normal(0, loudness, int(seconds * RATE))


@pytest.fixture(scope="module")
def speech() -> Iterator[VoskSpeech]:
    speech = VoskSpeech({Language.EN: MODEL}, streams=1)
    yield speech
    speech.close()


async def noticed(speech: VoskSpeech, samples: Samples, patience: Patience) -> tuple[Speech, float, str]:
    """The state at the end or when the end is noticed, the second at which that is, and the words by then."""
    stream = await speech.open_stream(Language.EN, RATE)
    end, voice, text = EndOfSpeech(patience), WebRtcVoice(), ""
    try:
        for start in range(0, len(samples), CHUNK):
            chunk = samples[start : start + CHUNK].clip(-32768, 32767).astype("<i2").tobytes()
            text = await stream.accept(chunk)
            for is_voice in voice.frames(chunk):
                end.hear(FRAME_SECONDS, is_voice=is_voice)
            if end.read(text) in {Speech.ENDED, Speech.MISSING}:
                break
        return end.state, (start + CHUNK) / RATE, text
    finally:
        await stream.abandon()


@pytest.mark.parametrize("voice", VOICES)
@pytest.mark.parametrize(
    ("text", "patience"),
    [("yes", SHORT), ("when does my passport expire", ORDINARY), ("pikk street five tallinn", SPELLED)],
)
async def test_end_when_somebody_has_spoken_then_it_is_noticed_soon_after(
    speech: VoskSpeech, text: str, patience: Patience, voice: str
) -> None:
    words = said(text, voice)
    ends = 1.0 + len(words) / RATE
    state, second, _ = await noticed(speech, np.concatenate([silence(1), words, silence(5)]), patience)
    assert state is Speech.ENDED
    # The recogniser is a quarter of a second behind, the detector lets go of a voice after about 0.2 s.
    assert patience.silence - 0.1 < second - ends < patience.silence + 0.7


@pytest.mark.parametrize("voice", VOICES)
async def test_end_when_the_speaker_pauses_for_half_a_second_then_the_second_half_is_heard(
    speech: VoskSpeech, voice: str
) -> None:
    halves = said("when does my", voice), said("passport expire", voice)
    state, _, text = await noticed(speech, np.concatenate([halves[0], silence(0.5), halves[1], silence(3)]), ORDINARY)
    assert state is Speech.ENDED
    assert "passport" in text


@pytest.mark.parametrize("sound", [silence(20), noise(20, 20), noise(20, 2000)], ids=["silence", "hiss", "roar"])
async def test_end_when_nobody_speaks_then_that_is_noticed_long_before_fifteen_seconds(
    speech: VoskSpeech, sound: Samples
) -> None:
    state, second, _ = await noticed(speech, sound, ORDINARY)
    assert state is Speech.MISSING
    assert second == pytest.approx(ORDINARY.start, abs=0.1)


@pytest.mark.parametrize("voice", VOICES)
async def test_end_when_a_fan_hums_behind_the_words_then_it_comes_nevertheless(speech: VoskSpeech, voice: str) -> None:
    words = said("when does my passport expire", voice)
    sound = np.concatenate([silence(1), words, silence(8)])
    loudness = np.sqrt((words**2).mean()) / 10  # 20 dB below the voice
    ends = 1.0 + len(words) / RATE
    state, second, _ = await noticed(speech, sound + noise(len(sound) / RATE, loudness)[: len(sound)], ORDINARY)
    assert state is Speech.ENDED
    assert second - ends < ORDINARY.words + 0.7


@pytest.mark.parametrize("rate", [8_000, 11_025, 16_000, 44_100, 48_000])
def test_voice_when_the_rate_is_any_then_a_sentence_is_voice_and_silence_is_none(rate: int) -> None:
    sentence = soxr.resample(said("when does my passport expire", "slt"), RATE, rate).astype("<i2").tobytes()
    sound = [SpeechSound(SoundFormat(rate)).take(samples) for samples in (sentence, bytes(2 * rate))]
    voiced, silent = (WebRtcVoice().frames(samples) for samples in sound)
    assert np.mean(voiced) > 0.7
    assert not any(silent[5:])
    assert len(silent) == pytest.approx(1 / FRAME_SECONDS, abs=5)  # the converter holds some back

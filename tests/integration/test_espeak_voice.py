"""The real espeak-ng in its worker processes, killed, stuck and abandoned."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest
import uvloop

from assistant.adapters.espeak_voice import WORKER, EspeakVoice
from assistant.adapters.worker_voice import PROJECT
from assistant.core.audio import Manner, Pcm
from assistant.core.deadline import Deadline
from assistant.core.errors import TextToSpeechFailed
from assistant.core.languages import Language

pytestmark = pytest.mark.integration

SENTENCES = {
    Language.EN: "Your passport expires on the fifth of May.",
    Language.ET: "Sinu pass aegub viiendal mail.",
    Language.RU: "Срок действия вашего паспорта истекает пятого мая.",
}
STUCK = (sys.executable, "-c", "import time; time.sleep(60)")
CRASHING = (sys.executable, "-c", "input()")
SECONDS = 8.0


@pytest.fixture
async def voice() -> AsyncIterator[EspeakVoice]:
    voice = EspeakVoice()
    yield voice
    await voice.close()


def worker_ids(voice: EspeakVoice) -> set[int]:
    return {process.pid for process in voice._idle}


def loudness(pcm: Pcm) -> float:
    return float(np.abs(np.frombuffer(pcm.samples, "<i2")).max())


def mean_loudness(pcm: Pcm) -> float:
    return float(np.abs(np.frombuffer(pcm.samples, "<i2").astype(float)).mean())


async def speak(voice: EspeakVoice, text: str, language: Language = Language.EN) -> Pcm:
    return await voice.speak(text, language, Deadline.after(SECONDS))


@pytest.mark.parametrize("language", Language)
async def test_speak_in_each_language_is_audible_and_of_sane_length(voice: EspeakVoice, language: Language) -> None:
    sound = await speak(voice, SENTENCES[language], language)
    assert sound.rate_hertz == 22_050
    assert 1.5 < sound.seconds < 5
    assert loudness(sound) > 3_000


async def test_speak_in_another_voice_of_the_language_sounds_otherwise(voice: EspeakVoice) -> None:
    other = EspeakVoice(workers=1, voices={Language.EN: "en-us+f3"})
    assert await speak(other, "passport") != await speak(voice, "passport")
    await other.close()


async def test_speak_in_a_voice_that_does_not_exist_fails() -> None:
    nobody = EspeakVoice(workers=1, voices={Language.EN: "nobody"})
    with pytest.raises(TextToSpeechFailed):
        await speak(nobody, "passport")
    await nobody.close()


async def test_speak_of_one_text_in_three_languages_sounds_three_ways(voice: EspeakVoice) -> None:
    lengths = sorted([(await speak(voice, "2027", language)).seconds for language in Language])
    assert lengths[1] - lengths[0] > 0.1
    assert lengths[2] - lengths[1] > 0.1


async def test_speak_when_slower_then_lasts_longer_and_when_louder_then_is_louder(voice: EspeakVoice) -> None:
    async def in_manner(**manner: float) -> Pcm:
        return await voice.speak(SENTENCES[Language.EN], Language.EN, Deadline.after(SECONDS), Manner(**manner))  # type: ignore[arg-type]

    plain, slow, loud, quiet = await asyncio.gather(
        in_manner(), in_manner(speed=0.6), in_manner(volume=1.9), in_manner(volume=0.4)
    )
    assert slow.seconds > 1.4 * plain.seconds
    assert loud.seconds == pytest.approx(plain.seconds, abs=0.1) == quiet.seconds
    assert mean_loudness(loud) > 1.2 * mean_loudness(plain) > 2 * mean_loudness(quiet)


async def test_speak_of_markup_reads_it_as_text(voice: EspeakVoice) -> None:
    plain = await speak(voice, "stop")
    marked = await speak(voice, '<speak><break time="1000ms"/>stop</speak>')
    phonemes = await speak(voice, "[[stQp]]")
    assert marked.seconds > plain.seconds + 1
    assert phonemes.seconds > plain.seconds + 0.3


@pytest.mark.parametrize("text", ["a\0b", "line\nbreak", "\ud800", "...", "🙂", "x" * 5_000])
async def test_speak_of_odd_text_gives_sound(voice: EspeakVoice, text: str) -> None:
    assert (await speak(voice, text)).samples


async def test_speak_of_a_book_refuses_it(voice: EspeakVoice) -> None:
    with pytest.raises(TextToSpeechFailed, match="5000"):
        await speak(voice, "a " * 5_000)


async def test_speak_with_many_requests_uses_no_more_workers_than_allowed(voice: EspeakVoice) -> None:
    texts = [f"number {number}" for number in range(20)]
    sounds = await asyncio.gather(*(speak(voice, text) for text in texts))
    assert len({sound.samples for sound in sounds}) == 20
    assert len(worker_ids(voice)) == 2


async def test_speak_after_the_worker_was_killed_answers_by_a_new_one(voice: EspeakVoice) -> None:
    before = await speak(voice, "one")
    [killed] = worker_ids(voice)
    os.kill(killed, signal.SIGKILL)
    assert (await speak(voice, "two")).samples != before.samples
    assert killed not in worker_ids(voice)
    await voice.check()


async def test_speak_while_the_worker_is_stopped_answers_by_a_new_one(voice: EspeakVoice) -> None:
    await speak(voice, "one")
    [stopped] = worker_ids(voice)
    os.kill(stopped, signal.SIGSTOP)
    assert (await speak(voice, "two")).samples
    with pytest.raises(ProcessLookupError):
        os.kill(stopped, 0)


@pytest.mark.parametrize("command", [STUCK, CRASHING, ("/nowhere/espeak",), (sys.executable, "-c", "print('[]'*9)")])
async def test_speak_by_a_voice_that_never_works_fails_and_leaves_no_process(command: tuple[str, ...]) -> None:
    broken = EspeakVoice(command=command)
    with pytest.raises(TextToSpeechFailed):
        await speak(broken, "one")
    assert not worker_ids(broken)
    with pytest.raises(TextToSpeechFailed):
        await broken.check()


async def test_speak_past_its_deadline_fails_in_time() -> None:
    stuck = EspeakVoice(command=STUCK)
    started = asyncio.get_running_loop().time()
    with pytest.raises(TextToSpeechFailed, match="late"):
        await stuck.speak("one", Language.EN, Deadline.after(0.3))
    assert asyncio.get_running_loop().time() - started < 1


async def test_speak_when_cancelled_leaves_a_voice_that_speaks(voice: EspeakVoice) -> None:
    await speak(voice, "one")
    task = asyncio.create_task(speak(voice, "x" * 5_000))
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (await speak(voice, "two")).seconds < 2


@pytest.mark.parametrize("seconds", [0.0, 0.3])
def test_speak_in_the_loop_of_the_gateway_after_the_workers_died_answers_by_a_new_one(seconds: float) -> None:
    async def outlive_a_worker() -> None:
        voice = EspeakVoice()
        await speak(voice, "one")
        [killed] = worker_ids(voice)
        os.kill(killed, signal.SIGKILL)
        await asyncio.sleep(seconds)
        assert (await speak(voice, "two")).samples
        assert killed not in worker_ids(voice)
        await voice.close()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(outlive_a_worker())


def test_worker_ends_when_its_input_does() -> None:
    done = subprocess.run(WORKER, input=b"", cwd=PROJECT, capture_output=True, timeout=10, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_worker_found_from_any_folder(tmp_path: Path) -> None:
    script = (
        "import asyncio; from assistant.adapters.espeak_voice import EspeakVoice;"
        "voice = EspeakVoice(); asyncio.run(voice.check())"
    )
    environment = {"PYTHONPATH": str(PROJECT)}
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, env=environment, timeout=20, check=False)
    assert done.returncode == 0

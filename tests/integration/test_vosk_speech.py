"""The real Vosk with the bundled model, on speech made by espeak-ng and flite."""

import asyncio
import functools
import io
import re
import shutil
import subprocess
import threading
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
import soundfile
import soxr

from assistant.adapters import vosk_speech
from assistant.adapters.decoding_threads import DecodingThreads
from assistant.adapters.espeak_voice import EspeakVoice
from assistant.adapters.sound_files import decode_wav
from assistant.adapters.vosk_models import LONGEST_WORD_SECONDS, VoskModel
from assistant.adapters.vosk_speech import MOST_ALTERNATIVES, MOST_LAG_SECONDS, SURE_CONFIDENCE, VoskSpeech
from assistant.content.pronunciations import read_wording
from assistant.core.audio import Pcm
from assistant.core.deadline import Deadline
from assistant.core.errors import Busy, SpeechToTextFailed, UnsupportedAudio
from assistant.core.languages import Language
from assistant.core.turns import Expected, Transcript
from assistant.pipeline.vocabulary import vocabulary
from assistant.settings import PROJECT

pytestmark = pytest.mark.integration

MODEL = Path(__file__).resolve().parents[2] / "models" / "speech" / "en"
QUESTION = "when does my passport expire"
VOICES = ("espeak-ng", "slt", "rms")
STREAMS = 3


@functools.cache
def said(text: str, voice: str = "espeak-ng") -> Pcm:
    if voice == "espeak-ng":
        command = ["espeak-ng", "-v", "en", "--stdout", text]
    else:
        command = ["flite", "-voice", voice, "-t", text, "-o", "/dev/stdout"]
    return decode_wav(subprocess.run(command, capture_output=True, check=True).stdout, 60)


def at_rate(pcm: Pcm, rate: int) -> Pcm:
    samples = soxr.resample(np.frombuffer(pcm.samples, "<i2"), pcm.rate_hertz, rate)
    return Pcm(samples.astype("<i2").tobytes(), rate)


def trimmed(pcm: Pcm) -> Pcm:
    samples = np.frombuffer(pcm.samples, "<i2")
    loud = np.flatnonzero(np.abs(samples.astype(int)) > 300)
    return Pcm(samples[loud[0] : loud[-1] + 1].tobytes(), pcm.rate_hertz)


@pytest.fixture
def speech() -> Iterator[VoskSpeech]:
    speech = VoskSpeech({Language.EN: MODEL}, streams=STREAMS)
    yield speech
    speech.close()


@pytest.fixture
async def voice() -> AsyncIterator[EspeakVoice]:
    voice = EspeakVoice()
    yield voice
    await voice.close()


async def recognise(speech: VoskSpeech, pcm: Pcm, chunk_bytes: int = 6_401, phrases: Sequence[str] = ()) -> Transcript:
    stream = await speech.open_stream(Language.EN, pcm.rate_hertz, phrases)
    for start in range(0, len(pcm.samples), chunk_bytes):
        await stream.accept(pcm.samples[start : start + chunk_bytes])
    return await stream.finish()


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("rate", [8_000, 16_000, 22_050, 44_100, 48_000])
@pytest.mark.parametrize("voice_name", VOICES)
async def test_recognise_a_wav_of_any_kind_hears_the_question(
    speech: VoskSpeech, voice_name: str, rate: int, channels: int
) -> None:
    samples = np.frombuffer(at_rate(said(QUESTION, voice_name), rate).samples, "<i2")
    file = io.BytesIO()
    soundfile.write(file, np.stack([samples] * channels, axis=1), rate, format="WAV", subtype="PCM_16")
    assert (await recognise(speech, decode_wav(file.getvalue(), 60))).text == QUESTION


async def test_recognise_gives_words_in_order_with_times_and_confidences(speech: VoskSpeech) -> None:
    pcm = said(QUESTION)
    transcript = await recognise(speech, pcm)
    assert [word.text for word in transcript.words] == QUESTION.split()
    edges = [edge for word in transcript.words for edge in (word.start_seconds, word.end_seconds)]
    assert edges == sorted(edges)
    assert 0 <= edges[0] < 0.4
    assert pcm.seconds - 0.6 < edges[-1] < pcm.seconds + 0.1
    assert 0.7 < transcript.confidence <= 1


async def test_recognise_what_our_own_voice_says_hears_it(speech: VoskSpeech, voice: EspeakVoice) -> None:
    sound = await voice.speak("When does my passport expire?", Language.EN, Deadline.after(5))
    assert (await recognise(speech, decode_wav(sound.to_wav(), 60))).text == QUESTION


async def test_words_when_the_model_of_any_language_is_asked_then_tells_those_that_it_lacks(speech: VoskSpeech) -> None:
    assert speech.lacking(Language.EN, ["passport", "zyzzyva", "#0", "<eps>", "expire"]) == ("zyzzyva", "#0", "<eps>")
    other = VoskSpeech({Language.RU: MODEL}, streams=1)  # whatever it was trained on, it is asked the same way
    assert other.lacking(Language.RU, ["passport", "паспорт"]) == ("паспорт",)
    other.close()
    with pytest.raises(SpeechToTextFailed, match="no speech model for et"):
        speech.lacking(Language.ET, ["pass"])


@pytest.mark.parametrize("chunk_bytes", [1, 333, 3_200, 1_000_000])
async def test_recognise_in_chunks_of_any_size_hears_the_same(speech: VoskSpeech, chunk_bytes: int) -> None:
    pcm = trimmed(at_rate(said(QUESTION), 8_000))
    assert (await recognise(speech, pcm, chunk_bytes)).text == (await recognise(speech, pcm)).text != ""


@pytest.mark.parametrize("voice_name", VOICES)
async def test_recognise_a_recording_that_ends_with_the_last_sound_hears_the_last_word(
    speech: VoskSpeech, voice_name: str
) -> None:
    assert (await recognise(speech, trimmed(said(QUESTION, voice_name)))).text.endswith("passport expire")


async def test_recognise_sentences_with_pauses_collects_all_of_them(speech: VoskSpeech) -> None:
    pcm = said(QUESTION)
    pause = bytes(pcm.rate_hertz * 2 * 3)
    transcript = await recognise(speech, Pcm(pause.join([pcm.samples] * 3), pcm.rate_hertz))
    assert transcript.text == " ".join([QUESTION] * 3)
    ends = [word.end_seconds for word in transcript.words if word.text == "expire"]
    assert [round(later - ends[0]) for later in ends] == [0, 5, 10]
    assert all(0 <= word.end_seconds - word.start_seconds <= LONGEST_WORD_SECONDS + 0.01 for word in transcript.words)


@pytest.mark.parametrize("voice_name", ["slt", "rms"])
async def test_recognise_what_is_misheard_tells_other_readings(speech: VoskSpeech, voice_name: str) -> None:
    # A name that is no word of the model is heard as some that are, without being sure of it.
    transcript = await recognise(speech, said("please register me at saareleht farm", voice_name))
    assert min(word.confidence for word in transcript.words) < SURE_CONFIDENCE
    assert 1 <= len(transcript.alternatives) <= MOST_ALTERNATIVES
    assert transcript.text not in transcript.alternatives
    assert len(set(transcript.alternatives)) == len(transcript.alternatives)


async def test_recognise_what_is_heard_surely_tells_no_other_readings(speech: VoskSpeech) -> None:
    transcript = await recognise(speech, said(QUESTION, "slt"))
    assert min(word.confidence for word in transcript.words) >= SURE_CONFIDENCE
    assert transcript.alternatives == ()


@pytest.mark.parametrize(
    ("asked", "answer", "voice_name"),
    [
        (Expected("plate"), "zero seven zero w f t", "slt"),
        (Expected("choice", ("Mari", "Liis", "Martin")), "martin", "awb"),
        (Expected("choice", ("Mari?", "Liis,", "Martin.")), "martin", "awb"),
    ],
)
async def test_recognise_an_answer_when_it_is_expected_hears_it_where_it_would_not(
    speech: VoskSpeech, asked: Expected, answer: str, voice_name: str
) -> None:
    pcm = said(answer, voice_name)
    assert (await recognise(speech, pcm)).text != answer
    transcript = await recognise(speech, pcm, phrases=vocabulary(asked, Language.EN))
    assert transcript.text == answer == " ".join(word.text for word in transcript.words)
    edges = [edge for word in transcript.words for edge in (word.start_seconds, word.end_seconds)]
    assert edges == sorted(edges)
    assert all(0.5 <= word.confidence <= 1 for word in transcript.words)
    assert transcript.alternatives  # what it was heard as at first


@pytest.mark.parametrize("voice_name", VOICES)
@pytest.mark.parametrize("kind", ["yes_no", "plate", "date", "money"])
async def test_recognise_another_request_when_an_answer_is_expected_hears_the_request(
    speech: VoskSpeech, kind: str, voice_name: str
) -> None:
    phrases = vocabulary(Expected(kind), Language.EN)
    assert (await recognise(speech, said(QUESTION, voice_name), phrases=phrases)).text == QUESTION


@pytest.mark.parametrize("phrases", [["xyzzy"], ["juku xyzzy", "$%&"], ["", " "]])
async def test_recognise_when_the_model_knows_no_phrase_hears_as_ever(
    speech: VoskSpeech, phrases: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    assert (await recognise(speech, said(QUESTION), phrases=phrases)).text == QUESTION
    assert "xyzzy" not in capfd.readouterr().err  # names of registers do not go into a log


@pytest.mark.parametrize("symbol", ["<eps>", "#0", "<s>", "</s>", "[unk]"])
def test_among_when_a_phrase_is_a_symbol_of_the_graph_then_it_is_no_word(symbol: str) -> None:
    assert VoskModel(MODEL).among([symbol, f"tartu {symbol}"]) is None


async def test_recognise_when_phrases_are_written_as_editors_do_hears_them_as_the_model_spells(
    speech: VoskSpeech,
) -> None:
    wordings = {Language.EN: read_wording(PROJECT / "nlu_data").words}
    spelling = VoskSpeech({Language.EN: MODEL}, streams=1, wordings=wordings)
    transcript = await recognise(spelling, said("i d card", "slt"), phrases=["ID card", "Passport"])
    assert transcript.text == "i d card"
    spelling.close()


async def test_recognise_when_it_is_always_sure_decodes_once() -> None:
    speech = VoskSpeech({Language.EN: MODEL}, streams=1, sure_confidence=0.0)
    assert (await recognise(speech, said("please register me at saareleht farm", "slt"))).alternatives == ()
    speech.close()


async def test_recognise_what_is_too_long_to_keep_decodes_once(
    speech: VoskSpeech, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vosk_speech, "KEPT_BYTES", 16_000)
    transcript = await recognise(speech, said("please register me at saareleht farm", "slt"))
    assert transcript.text
    assert transcript.alternatives == ()


async def test_accept_says_what_was_heard_so_far(speech: VoskSpeech) -> None:
    pcm = said(QUESTION)
    stream = await speech.open_stream(Language.EN, pcm.rate_hertz)
    partials = [await stream.accept(pcm.samples[start : start + 4_410]) for start in range(0, len(pcm.samples), 4_410)]
    assert partials[0] == ""
    assert "passport" in partials[-1]
    assert [len(partial) for partial in partials] == sorted(len(partial) for partial in partials)
    await stream.abandon()


def noise(kind: str, seconds: int = 4, rate: int = 16_000) -> Pcm:
    random = np.random.default_rng(1)
    count = seconds * rate
    white = random.standard_normal(count)
    time = np.arange(count) / rate
    samples = {
        "silence": np.zeros(count),
        "dither": random.integers(-1, 2, count) / 32_768,
        "white": white / 20,
        "brown": np.cumsum(white) / 2_000,
        "hum": 0.1 * sum(np.sin(2 * np.pi * 50 * harmonic * time) / harmonic for harmonic in range(1, 8)),
    }[kind]
    return Pcm((samples.clip(-1, 1) * 32_767).astype("<i2").tobytes(), rate)


@pytest.mark.parametrize("kind", ["silence", "dither", "white", "brown", "hum"])
async def test_recognise_sound_without_speech_hears_nothing(speech: VoskSpeech, kind: str) -> None:
    assert await recognise(speech, noise(kind)) == Transcript("", Language.EN)


@pytest.mark.parametrize("samples", [b"", b"\0", b"\0\0\0"])
async def test_recognise_next_to_nothing_hears_nothing(speech: VoskSpeech, samples: bytes) -> None:
    assert (await recognise(speech, Pcm(samples, 44_100))).text == ""


@pytest.mark.parametrize("rate", [0, 7_999, 48_001])
async def test_open_stream_at_another_rate_refuses_it(speech: VoskSpeech, rate: int) -> None:
    with pytest.raises(UnsupportedAudio):
        await speech.open_stream(Language.EN, rate)


async def test_open_stream_without_a_model_says_how_to_get_one(speech: VoskSpeech) -> None:
    assert speech.languages() == {Language.EN}
    with pytest.raises(SpeechToTextFailed, match="kratt speech pull ru"):
        await speech.open_stream(Language.RU, 16_000)


async def test_open_stream_beyond_the_limit_is_too_much_until_one_ends(speech: VoskSpeech) -> None:
    streams = [await speech.open_stream(Language.EN, 16_000) for _ in range(STREAMS)]
    with pytest.raises(Busy):
        await speech.open_stream(Language.EN, 16_000)
    await streams[0].finish()
    replacement = await speech.open_stream(Language.EN, 16_000)
    await streams[0].abandon()
    with pytest.raises(Busy):
        await speech.open_stream(Language.EN, 16_000)
    for stream in (*streams, replacement):
        await stream.abandon()
    assert (await recognise(speech, said(QUESTION))).text == QUESTION


async def test_open_stream_while_decoding_lags_behind_those_who_speak_is_refused() -> None:
    clock, threads_free = iter([0.0, 0.0, MOST_LAG_SECONDS + 1]), threading.Event()
    threads = DecodingThreads(1, lambda: next(clock, 9.0))
    speech = VoskSpeech({Language.EN: MODEL}, streams=STREAMS, threads=threads)
    work = [asyncio.create_task(threads.run(threads_free.wait)) for _ in range(2)]  # one is done, one waits
    await asyncio.sleep(0)
    with pytest.raises(Busy, match="lags"):
        await speech.open_stream(Language.EN, 16_000)
    threads_free.set()
    await asyncio.gather(*work)
    assert (await recognise(speech, said(QUESTION))).text == QUESTION
    speech.close()


async def test_streams_at_the_same_time_do_not_mix(speech: VoskSpeech) -> None:
    sentences = (QUESTION, "repeat that please", "do i have any fines")
    transcripts = await asyncio.gather(*(recognise(speech, said(text, "slt")) for text in sentences))
    assert tuple(transcript.text for transcript in transcripts) == sentences


async def test_stream_after_it_is_closed_refuses_to_go_on(speech: VoskSpeech) -> None:
    stream = await speech.open_stream(Language.EN, 16_000)
    await stream.finish()
    with pytest.raises(SpeechToTextFailed):
        await stream.accept(bytes(6_400))
    with pytest.raises(SpeechToTextFailed):
        await stream.finish()


async def test_abandon_while_a_minute_is_decoded_stops_soon_and_frees_the_stream(speech: VoskSpeech) -> None:
    pcm = at_rate(said(QUESTION), 16_000)
    stream = await speech.open_stream(Language.EN, 16_000)
    decoding = asyncio.create_task(stream.accept(pcm.samples * 30))
    await asyncio.sleep(0.1)
    await stream.abandon()
    streams = [await speech.open_stream(Language.EN, 16_000) for _ in range(STREAMS)]
    async with asyncio.timeout(1):
        with pytest.raises(SpeechToTextFailed):
            await decoding
    for stream in streams:
        await stream.abandon()


async def test_decoding_leaves_the_event_loop_free(speech: VoskSpeech) -> None:
    pcm = at_rate(said(QUESTION), 16_000)
    stream = await speech.open_stream(Language.EN, 16_000)
    decoding = asyncio.create_task(stream.accept(pcm.samples * 10))
    ticks = 0
    while not decoding.done():
        await asyncio.sleep(0.005)
        ticks += 1
    assert ticks > 10
    await stream.abandon()


def left_out(caplog: pytest.LogCaptureFixture) -> list[dict[str, str]]:
    return [record.facts for record in caplog.records if record.msg == "speech model left out"]


async def test_load_of_no_model_leaves_the_language_out_and_logs_folder_and_files(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    speech = VoskSpeech({Language.EN: MODEL, Language.RU: tmp_path / "absent"}, streams=1)
    assert speech.languages() == {Language.EN}
    assert (await recognise(speech, said(QUESTION))).text == QUESTION
    with pytest.raises(SpeechToTextFailed):
        await speech.open_stream(Language.RU, 16_000)
    with pytest.raises(SpeechToTextFailed, match="damaged speech model: ru"):
        await speech.check()
    [facts] = left_out(caplog)
    assert facts["language"] == "ru"
    assert re.search(r"absent is not a speech model: it lacks .*final\.mdl", facts["detail"])
    speech.close()


async def test_check_when_models_are_loaded_says_which(speech: VoskSpeech) -> None:
    assert await speech.check() == "en"


async def test_check_when_there_is_no_model_fails() -> None:
    with pytest.raises(SpeechToTextFailed, match="no speech model"):
        await VoskSpeech({}, streams=1).check()


@pytest.mark.parametrize("file", ["am/final.mdl", "graph/HCLr.fst", "graph/Gr.fst", "graph/phones/word_boundary.int"])
@pytest.mark.parametrize("size", [0, 100])
def test_load_of_a_damaged_model_logs_the_folder(
    tmp_path: Path, file: str, size: int, caplog: pytest.LogCaptureFixture
) -> None:
    model = shutil.copytree(MODEL, tmp_path / "en", ignore=shutil.ignore_patterns("source"))
    (model / file).write_bytes((MODEL / file).read_bytes()[:size])
    assert not VoskSpeech({Language.EN: model}, streams=1).languages()
    [facts] = left_out(caplog)
    assert str(model) in facts["detail"]

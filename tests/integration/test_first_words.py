"""The language of an utterance by its first words: the real recogniser with two models, one of them made here."""

import functools
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.adapters.sound_files import decode_wav
from assistant.adapters.vosk_speech import VoskSpeech
from assistant.core.audio import SPEECH_RATE_HERTZ, Pcm
from assistant.core.errors import Busy
from assistant.core.languages import Language
from assistant.core.ports import SpeechStream
from assistant.pipeline.first_words import open_any_language
from assistant.pipeline.listen import Listen
from assistant.settings import PROJECT

pytestmark = pytest.mark.integration

MODEL = PROJECT / "models" / "speech" / "en"
# What an Estonian would say, in phones of the English network; flite says it as it is written below.
ESTONIAN = {
    "palun": "P AA L UH N",
    "öelge": "ER L G EH",
    "millal": "M IY L AA L",
    "mu": "M UW",
    "pass": "P AA S",
    "aegub": "AY G UW B",
}
SAID = {
    Language.EN: ("when does my passport expire", "when does my passport expire"),
    Language.ET: ("palun öelge millal mu pass aegub", "pahloon erlgeh meelahl moo pahss igoob"),
}
PIECE = SPEECH_RATE_HERTZ // 5


@functools.cache
def sound_of(language: Language) -> bytes:
    command = ["flite", "-voice", "rms", "-t", SAID[language][1], "-o", "/dev/stdout"]
    pcm = decode_wav(subprocess.run(command, capture_output=True, check=True).stdout, 60)
    assert pcm.rate_hertz == SPEECH_RATE_HERTZ
    return pcm.samples


@pytest.fixture(scope="module")
def estonian(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models") / "et"
    shutil.copytree(MODEL, folder, ignore=shutil.ignore_patterns("source", "graph"))
    (folder / "graph").mkdir()
    subprocess.run(
        [sys.executable, str(Path(__file__).with_name("small_graph.py")), str(folder / "graph")],
        cwd=PROJECT,
        env={"PYTHONPATH": str(PROJECT)},
        input="".join(f"{word}\t{phones}\n" for word, phones in ESTONIAN.items()),
        text=True,
        check=True,
    )
    return folder


@pytest.fixture(scope="module")
def speech(estonian: Path) -> Iterator[VoskSpeech]:
    speech = VoskSpeech({Language.EN: MODEL, Language.ET: estonian}, streams=2)
    yield speech
    speech.close()


async def say(stream: SpeechStream, language: Language) -> None:
    sound = sound_of(language)
    for start in range(0, len(sound), PIECE):
        await stream.accept(sound[start : start + PIECE])


@pytest.mark.parametrize("likely", SAID)
@pytest.mark.parametrize("spoken", SAID)
async def test_utterance_of_either_language_is_heard_in_that_one_whichever_is_likely(
    speech: VoskSpeech, spoken: Language, likely: Language
) -> None:
    stream = await open_any_language(speech, likely, SPEECH_RATE_HERTZ)
    await say(stream, spoken)
    transcript = await stream.finish()
    assert transcript.language is spoken
    assert transcript.text.split()[-2:] == SAID[spoken][0].split()[-2:]


class Sounds:
    """What a file holds that was decoded already."""

    async def decode(self, data: bytes) -> Pcm:
        return Pcm(data, SPEECH_RATE_HERTZ)


@pytest.mark.parametrize("spoken", SAID)
async def test_recording_of_either_language_is_heard_in_that_one_if_it_may_be_any(
    speech: VoskSpeech, spoken: Language
) -> None:
    listen = Listen(Sounds(), speech)
    transcript = await listen(sound_of(spoken), Language.EN, is_any_language=True)
    assert transcript.language is spoken
    assert transcript.text.split()[-2:] == SAID[spoken][0].split()[-2:]


async def test_utterance_while_it_is_undecided_takes_a_place_in_each_language(speech: VoskSpeech) -> None:
    undecided = await open_any_language(speech, Language.EN, SPEECH_RATE_HERTZ)
    with pytest.raises(Busy):
        await speech.open_stream(Language.EN, SPEECH_RATE_HERTZ)
    await say(undecided, Language.ET)
    one_more = await speech.open_stream(Language.EN, SPEECH_RATE_HERTZ)
    for stream in (undecided, one_more):
        await stream.abandon()

"""A recogniser that is used again hears as a new one does: nothing of one citizen reaches the next."""

import functools
import json
import shutil
import subprocess
from pathlib import Path

import pytest
from vosk import KaldiRecognizer, Model

from assistant.adapters import vosk_models
from assistant.adapters.sound_files import decode_wav
from assistant.adapters.vosk_models import END_OF_SPEECH, Recogniser, VoskModel
from assistant.adapters.vosk_speech import VoskSpeech
from assistant.core.audio import SPEECH_RATE_HERTZ
from assistant.core.languages import Language
from assistant.core.turns import Word

pytestmark = pytest.mark.integration

MODEL = Path(__file__).resolve().parents[2] / "models" / "speech" / "en"
REQUESTS = (
    ("when does my passport expire", "slt"),
    ("please register me at saareleht farm", "rms"),
    ("no", "slt"),
    ("do i have any fines", "rms"),
    ("when does my passport expire", "slt"),
)
HEARD_SURELY = frozenset(text for text, _ in REQUESTS if "saareleht" not in text)
HAIR = 0.01
PIECE = SPEECH_RATE_HERTZ // 5


@functools.cache
def said(text: str, voice: str) -> bytes:
    command = ["flite", "-voice", voice, "-t", text, "-o", "/dev/stdout"]
    pcm = decode_wav(subprocess.run(command, capture_output=True, check=True).stdout, 60)
    assert pcm.rate_hertz == SPEECH_RATE_HERTZ
    return pcm.samples + END_OF_SPEECH


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The model without dither, the noise that Kaldi adds to sound: whatever differs now, differs for a reason."""
    folder = tmp_path_factory.mktemp("models") / "en"
    shutil.copytree(MODEL, folder, ignore=shutil.ignore_patterns("source"))
    with (folder / "conf" / "mfcc.conf").open("a") as settings:
        settings.write("--dither=0\n")
    return folder


@pytest.fixture(scope="module")
def model(folder: Path) -> Model:
    return Model(str(folder))


def heard(recogniser: Recogniser, sound: bytes) -> tuple[list[str], list[Word]]:
    """Partial transcripts and words."""
    partials, words = [], list[Word]()
    for start in range(0, len(sound), PIECE):
        words += recogniser.accept(sound[start : start + PIECE])
        partials.append(" ".join(recogniser.partial()))
    return partials, words + recogniser.finish()


def is_same(one: list[Word], other: list[Word]) -> bool:
    """Word for word; the graph's states are numbered as they are met, which moves the search by a hair."""
    return [word.text for word in one] == [word.text for word in other] and all(
        abs(mine.confidence - theirs.confidence) < HAIR and abs(mine.start_seconds - theirs.start_seconds) < 0.1
        for mine, theirs in zip(one, other, strict=True)
    )


def test_recogniser_when_used_again_hears_word_for_word_what_a_new_one_does(model: Model) -> None:
    again = Recogniser(model)
    for text, voice in REQUESTS:
        sound = said(text, voice)
        partials, words = heard(again, sound)
        expected_partials, expected_words = heard(Recogniser(model), sound)
        assert partials == expected_partials
        assert is_same(words, expected_words)


def test_recogniser_when_others_asked_for_several_readings_before_hears_the_same(model: Model) -> None:
    again = Recogniser(model)
    for text, voice in REQUESTS[:3]:
        sound = said(text, voice)
        words = heard(again, sound)[1]
        assert is_same(words, heard(Recogniser(model), sound)[1])
        readings = again.readings(sound, 5)
        fresh = Recogniser(model).readings(sound, 5)
        assert [reading.text for reading in readings] == [reading.text for reading in fresh]
        # Of what is no word of the model, the likeliest words one by one need not be the likeliest reading.
        if text in HEARD_SURELY:
            assert readings[0].text == " ".join(word.text for word in words) == text


def test_reset_of_vosk_within_an_utterance_lets_words_through_to_the_next(model: Model) -> None:
    """Why `Recogniser` ends an utterance by its final result: `Reset` leaves sound behind that is not decoded yet."""
    vosk = KaldiRecognizer(model, SPEECH_RATE_HERTZ)
    vosk.AcceptWaveform(said(*REQUESTS[1])[:30_000])
    vosk.Reset()
    vosk.AcceptWaveform(said(*REQUESTS[0]))
    first_word, rest = json.loads(vosk.FinalResult())["text"].split(maxsplit=1)
    assert first_word.startswith("register")
    assert rest == REQUESTS[0][0]


def test_model_when_a_recogniser_comes_back_lends_it_again_until_it_is_worn(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = VoskModel(folder)
    first = model.take()
    second = model.take()
    assert second is not first
    model.give_back(first)
    assert model.take() is first
    monkeypatch.setattr(vosk_models, "RETIRED_BYTES", PIECE)
    heard(first, said(*REQUESTS[0]))
    model.give_back(first)
    assert model.take() is not first


async def test_stream_when_it_is_abandoned_takes_its_recogniser_along(folder: Path) -> None:
    """Half an utterance of somebody is in it."""
    speech = VoskSpeech({Language.EN: folder}, streams=1)
    lent: list[Recogniser] = []
    for ends in ("finish", "abandon", "finish"):
        stream = await speech.open_stream(Language.EN, SPEECH_RATE_HERTZ)
        lent.append(stream._decoding._recogniser)
        await stream.accept(said(*REQUESTS[0])[:40_000])
        await getattr(stream, ends)()
    assert lent[0] is lent[1]
    assert lent[1] is not lent[2]
    speech.close()

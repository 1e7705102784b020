"""`kratt speech build` and `words` in processes of their own, and the real Vosk with what was built."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soxr
from vosk import KaldiRecognizer, Model

from assistant.adapters.sound_files import decode_wav
from assistant.adapters.vosk_speech import VoskSpeech
from assistant.content.project import read_content
from assistant.content.pronunciations import FILE, read_wording
from assistant.core.languages import Language
from assistant.operate.speech_words import towns
from assistant.settings import PROJECT
from assistant.speech_model.sentences import content_sentences
from assistant.speech_model.vocabulary import known_words, missing_words

pytestmark = [pytest.mark.integration, pytest.mark.timeout(300)]

MODEL = Path("speech") / "en"
VOICES = {
    "espeak-ng": ["espeak-ng", "-v", "en-us", "--stdout"],
    "flite": ["flite", "-voice", "rms", "-o", "/dev/stdout"],
}


def run(content: Path, models: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "assistant.cli", *words],
        cwd=PROJECT,
        env={"PATH": "/usr/bin:/bin", "KRATT_CONTENT": str(content), "KRATT_MODELS": str(models)},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model, built from the content and two new names: one guessed, one said by an editor."""
    folder = tmp_path_factory.mktemp("built")
    shutil.copytree(PROJECT / "nlu_data", folder / "content")
    shutil.copytree(PROJECT / "models" / MODEL, folder / "models" / MODEL)
    service = folder / "content" / "services" / "office_information"
    examples = service / "nlu.en.yml"
    examples.write_text(
        examples.read_text()
        + "- intent: office_information\n  examples: |\n    - where is the kredex office\n"
        + "    - when is the jaaniussi office open\n"
    )
    (service / FILE).write_text("pronunciations: {jaaniussi: [Y AA N IY UH S IY, JH AA N IY UH S IY]}\n")
    done = run(folder / "content", folder / "models", "speech", "build")
    assert done.returncode == 0, done.stderr
    return folder / "models" / MODEL


def heard(model: Path, text: str, voice: str = "espeak-ng", phrases: str = "") -> str:
    command = [*VOICES[voice], *(["-t"] if voice == "flite" else []), text]
    pcm = decode_wav(subprocess.run(command, capture_output=True, check=True).stdout, 60)
    recogniser = KaldiRecognizer(Model(str(model)), 16_000, *([phrases] if phrases else []))
    recogniser.AcceptWaveform(_at_16_kilohertz(pcm.samples, pcm.rate_hertz) + bytes(9_600))
    return str(recogniser.FinalResult())


def _at_16_kilohertz(samples: bytes, rate: int) -> bytes:
    return bytes(soxr.resample(np.frombuffer(samples, "<i2"), rate, 16_000).astype("<i2").tobytes())


@pytest.mark.parametrize("voice", VOICES)
@pytest.mark.parametrize("name", ["kredex", "jaaniussi"])
def test_build_when_content_has_a_new_name_then_it_is_heard(built, name, voice):
    said = {"kredex": "where is the kredex office", "jaaniussi": "when is the yaanyussi office open"}[name]
    assert name not in (PROJECT / "models" / MODEL / "graph" / "words.txt").read_text()
    assert name in heard(built, said, voice)


def test_build_when_done_then_only_the_graph_is_new(built):
    bundled = PROJECT / "models" / MODEL
    assert sorted(path.name for path in built.iterdir()) == sorted(path.name for path in bundled.iterdir())
    assert (built / "am" / "final.mdl").read_bytes() == (bundled / "am" / "final.mdl").read_bytes()
    VoskSpeech({Language.EN: built}, streams=1).close()


def test_build_when_a_recogniser_is_given_a_few_phrases_then_it_hears_no_other(built):
    assert "yes" in heard(built, "yes", phrases='["yes", "no", "[unk]"]')


def test_build_when_a_pronunciation_is_wrong_then_the_old_graph_stays(built, tmp_path):
    shutil.copytree(PROJECT / "nlu_data", tmp_path / "content")
    (tmp_path / "content" / "services" / "office_information" / FILE).write_text("pronunciations: {luna: [L X]}\n")
    before = (built / "graph" / "Gr.fst").read_bytes()
    done = run(tmp_path / "content", built.parents[1], "speech", "build")
    assert (done.returncode, "X is no phone" in done.stderr) == (1, True)
    assert (built / "graph" / "Gr.fst").read_bytes() == before


def test_words_when_content_is_newer_then_they_are_told_with_place_and_sound_until_it_is_built(built):
    content, bundled = built.parents[2] / "content", PROJECT / "models"
    told = run(content, bundled, "speech", "words")
    assert told.returncode == 1, told.stderr
    told_by_editor, guessed, summary, _ = told.stdout.splitlines()
    place = "services/office_information/nlu.en.yml:"
    assert re.fullmatch(rf"jaaniussi: Y AA .*, JH AA .* by pronunciations.en.yml; {place}\d+, .*", told_by_editor)
    assert re.fullmatch(rf"kredex: K R .* by espeak-ng's guess; {place}\d+", guessed)
    assert "lacks: 2." in summary
    assert "jaaniussi, kredex" in run(content, bundled, "content", "check").stdout
    told = run(content, built.parents[1], "speech", "words")
    assert (told.returncode, told.stdout.splitlines()[0]) == (0, "The speech model has every word of the content.")
    assert "make speech" not in run(content, built.parents[1], "content", "check").stdout


def test_bundled_model_when_compared_with_the_content_then_it_knows_every_word():
    content = PROJECT / "nlu_data"
    sentences = content_sentences(read_content(content), read_wording(content), towns())
    assert not missing_words(sentences, known_words(PROJECT / "models" / MODEL)), "run `make speech`"

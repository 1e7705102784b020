"""A model for a language that has none, from a few recordings; the real Vosk hears with it."""

import itertools
import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from vosk import KaldiRecognizer, Model

from assistant.adapters.sound_files import decode_wav
from assistant.content.project import read_content
from assistant.core.errors import OperationFailed, SettingsError
from assistant.core.languages import Language
from assistant.settings import PROJECT
from assistant.speech_model.acoustic.network import Shape
from assistant.speech_model.acoustic.train import Plan
from assistant.speech_model.acoustic.train_model import Speech, TrainAcousticModel
from assistant.speech_model.acoustic.voices import HELD_OUT_ACCENT, HELD_OUT_FLITE, installed_voices
from assistant.speech_model.ingredients import Ingredients, ingredients_so_far

pytestmark = [pytest.mark.integration, pytest.mark.timeout(300)]

WORDS = ("jah", "maja", "seitse", "politsei")
SAID = [" ".join(words) for words in itertools.permutations(WORDS, 3)]
SMALL = Plan(
    minutes=10, hours=0.5, first_rate=3e-3, last_rate=3e-4, warm_up_steps=10, batch_seconds=4, pool=60, flat_steps=120
)


def tiny(pdfs: int) -> Shape:
    return Shape(pdfs, width=96, bottleneck=32, layers=4, last=48)


def ingredients(folder: Path, model: Path) -> Ingredients:
    return ingredients_so_far(read_content(folder / "content"), model, (), Language.ET)


def train(folder: Path, plan: Plan = SMALL) -> list[str]:
    """What it told."""
    told: list[str] = []
    model = folder / "models" / "speech" / "et"
    speech = Speech(folder / "recordings", 0.0)
    TrainAcousticModel(ingredients(folder, model), model, speech, folder / "work", plan, tiny)(told.append)
    return told


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With recordings: synthetic ones, of two voices."""
    folder = tmp_path_factory.mktemp("speech_train")
    (folder / "recordings").mkdir()
    (folder / "content" / "common").mkdir(parents=True)
    (folder / "content" / "common" / "terms.yml").write_text("terms: {}\n")
    rows = []
    for number, text in enumerate(SAID):
        file = folder / "recordings" / f"{number}.wav"
        command = ["espeak-ng", "-v", ("et+m3", "et+f2")[number % 2], "-s", "140", "-w", str(file), text]
        subprocess.run(command, check=True)
        rows.append(json.dumps({"file": file.name, "text": text.capitalize() + "."}))
    (folder / "recordings" / "train.jsonl").write_text("\n".join(rows) + "\n")
    return folder


@pytest.fixture(scope="module")
def trained(folder: Path) -> Path:
    """The model, trained in two runs, with its graph."""
    told = train(folder, replace(SMALL, hours=0.02))
    assert told[-2].endswith("per frame")
    before = (folder / "models" / "speech" / "et" / "am" / "final.mdl").read_bytes()
    train(folder)
    assert (folder / "models" / "speech" / "et" / "am" / "final.mdl").read_bytes() != before
    environment = {"PATH": "/usr/bin:/bin"}
    environment |= {"KRATT_CONTENT": str(folder / "content"), "KRATT_MODELS": str(folder / "models")}
    command = [sys.executable, "-m", "assistant.cli", "speech", "build", "et"]
    done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "the network knows not all their sounds: " in done.stdout
    return folder / "models" / "speech" / "et"


def right(folder: Path, model: Path) -> float:
    """The share of the recordings that Vosk hears word for word."""
    loaded = Model(str(model))
    heard = []
    for number in range(len(SAID)):
        pcm = decode_wav((folder / "recordings" / f"{number}.wav").read_bytes(), 60)
        recogniser = KaldiRecognizer(loaded, pcm.rate_hertz, json.dumps(WORDS))
        recogniser.AcceptWaveform(pcm.samples)
        heard.append(json.loads(recogniser.FinalResult())["text"])
    return sum(text == said for text, said in zip(heard, SAID, strict=True)) / len(SAID)


def test_train_when_there_are_a_few_recordings_then_vosk_hears_what_they_say(folder, trained):
    assert right(folder, trained) > 0.6


def test_train_when_the_model_has_learned_before_then_it_goes_on_from_that(folder, trained, tmp_path):
    model = shutil.copytree(trained, tmp_path / "et")
    before = (model / "am" / "final.mdl").read_bytes()
    told: list[str] = []
    few_seconds = replace(SMALL, hours=0.004)
    speech = Speech(folder / "recordings", 0.0)
    TrainAcousticModel(ingredients(folder, model), model, speech, tmp_path / "work", few_seconds, tiny)(told.append)
    assert f"going on from {model / 'source' / 'network.npz'}" in told
    assert (model / "am" / "final.mdl").read_bytes() != before
    assert right(folder, model) > 0.6  # nobody learns that in a few seconds


def test_train_when_the_language_is_new_then_its_phones_are_those_of_its_words(trained):
    assert {"j", "ɑ", "s"} & set((trained / "source" / "phones.txt").read_text().split())
    words = {line.split("\t")[0] for line in (trained / "source" / "lexicon.tsv").read_text().splitlines()}
    assert words == set(WORDS)


def test_train_when_the_plan_is_over_then_only_the_model_is_written(folder, trained):
    assert len(train(folder)) == 2


def test_train_when_the_network_is_another_then_it_says_so(folder, trained):
    speech = Speech(folder / "recordings", 0.0)
    run = TrainAcousticModel(ingredients(folder, trained), trained, speech, folder / "work", SMALL)
    with pytest.raises(SettingsError, match="is of another network: move it away"):
        run(lambda _: None)


def test_train_when_there_is_no_speech_then_it_says_so(folder, tmp_path):
    run = TrainAcousticModel(
        ingredients(folder, tmp_path / "et"), tmp_path / "et", Speech(None, 0.0), tmp_path / "work", SMALL
    )
    with pytest.raises(OperationFailed, match="nothing to learn from"):
        run(lambda _: None)


def test_installed_voices_when_they_speak_then_none_is_held_out_and_all_are_heard():
    voices = installed_voices(Language.EN)
    assert HELD_OUT_ACCENT not in voices.accents
    assert not HELD_OUT_FLITE & set(voices.flite)
    assert len(voices.variants) > 20

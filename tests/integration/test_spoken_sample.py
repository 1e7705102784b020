"""Requests of a draft, really spoken and really heard, with words that the recogniser lacks among them."""

import json
import shutil
from pathlib import Path

import pytest

from assistant.adapters import spoken_sample
from assistant.bootstrap.spoken_sample import sample_hearing
from assistant.core.languages import Language
from assistant.settings import PROJECT, Settings

pytestmark = [pytest.mark.integration, pytest.mark.timeout(300)]

KNOWN, NEW = ("when does my passport expire", Language.EN), ("is my firkin fixed", Language.EN)
IN_ESTONIAN = ("millal mu pass aegub", Language.ET)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    models = tmp_path / "models"
    shutil.copytree(PROJECT / "models" / "speech" / "en", models / "speech" / "en")
    return Settings(models=models, state=tmp_path / "state")


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    return Path(shutil.copytree(PROJECT / "nlu_data", tmp_path / "draft"))


def test_requests_when_spoken_then_are_heard_once_and_with_the_drafts_words(settings, draft, monkeypatch) -> None:
    hear = sample_hearing(settings)
    first = hear(draft, [KNOWN, IN_ESTONIAN])
    assert first.transcripts[KNOWN].text == KNOWN[0]
    assert first.transcripts[KNOWN].confidence > 0.6
    assert first.skipped == {Language.ET: "there is no speech model of it (`kratt speech pull et`)"}
    assert (first.unknown, first.is_of_draft) == ((), False)
    file = draft / "services" / "vehicle" / "nlu.en.yml"
    heading = "- intent: vehicle\n  examples: |\n"
    file.write_text(file.read_text("utf-8").replace(heading, f"{heading}    - {NEW[0]}\n", 1), "utf-8")
    with_words = hear(draft, [KNOWN, NEW])
    assert with_words.is_of_draft
    assert "firkin" in with_words.transcripts[NEW].text.split()
    vocabulary = settings.models / "speech" / "en" / "graph" / "words.txt"
    assert "firkin" not in vocabulary.read_text("utf-8")  # citizens are heard as before
    monkeypatch.setattr(spoken_sample, "VoskSpeech", None)  # nothing is spoken again
    assert hear(draft, [KNOWN, NEW]) == with_words


def test_requests_when_the_vocabulary_cannot_be_built_or_nothing_can_be_heard_then_says_which_words_and_why(
    settings, draft
) -> None:
    file = draft / "services" / "vehicle" / "nlu.en.yml"
    heading = "- intent: vehicle\n  examples: |\n"
    file.write_text(file.read_text("utf-8").replace(heading, f"{heading}    - {NEW[0]}\n", 1), "utf-8")
    model = settings.models / "speech" / "en"
    (model / "source" / "lm.txt").unlink()
    found = sample_hearing(settings)(draft, [KNOWN])
    assert (found.unknown, found.is_of_draft) == (("firkin",), False)
    assert found.transcripts[KNOWN].text == KNOWN[0]
    kept = next((settings.state / "spoken" / "heard").iterdir())
    kept.write_text(json.dumps("nothing of use"))
    (model / "am" / "final.mdl").write_bytes(b"")
    broken = sample_hearing(settings)(draft, [KNOWN])
    assert broken.transcripts == {}
    assert broken.skipped[Language.EN].startswith("it could not be heard: no speech model")

"""Which voices speak, and what is kept spoken."""

import sys
from pathlib import Path

import pytest

from assistant.bootstrap.voices import fixed_sentences, voice_of
from assistant.core.errors import SettingsError
from assistant.core.languages import Language
from assistant.settings import Settings

pytestmark = pytest.mark.unit


def test_fixed_sentences_when_taken_from_our_content_then_none_has_a_value(content) -> None:
    fixed = fixed_sentences(content)
    assert ("Hea küll, räägin nüüd aeglasemalt.", Language.ET) in fixed
    assert not [text for text, _ in fixed if "{" in text or "}" in text]


def test_voices_when_set_then_each_language_has_its_own(content, tmp_path: Path) -> None:
    for file in ("ru.onnx", "ru.onnx.json"):
        (tmp_path / file).touch()
    settings = Settings(
        state=tmp_path, voice_et="et+f3", voice_ru=str(tmp_path / "ru.onnx"), piper_python=Path(sys.executable)
    )
    names = {language: voice.name(language) for language, voice in voice_of(settings, content)._voices.items()}
    assert names[Language.EN].startswith("espeak-ng")
    assert names[Language.EN].endswith(" en")
    assert names[Language.ET].endswith(" et+f3")
    assert names[Language.RU].startswith("piper")
    assert names[Language.RU].endswith("ru.onnx")


def test_voice_when_its_file_is_missing_then_the_setting_is_named(content, tmp_path: Path) -> None:
    settings = Settings(state=tmp_path, voice_en="/nowhere/en.onnx", piper_python=Path(sys.executable))
    with pytest.raises(SettingsError, match=r"KRATT_VOICE_EN: there is no file /nowhere/en.onnx"):
        voice_of(settings, content)

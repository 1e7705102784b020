from pathlib import Path
from types import SimpleNamespace

import pytest

from assistant.bootstrap.words import towns
from assistant.core.errors import SettingsError
from assistant.operate.speech_words import unheard_hint
from assistant.speech_model.vocabulary import known_words

pytestmark = pytest.mark.unit


def test_hint_when_a_model_does_not_tell_its_words_then_there_is_none(tmp_path: Path):
    settings = SimpleNamespace(models=tmp_path, content=tmp_path / "unread")
    assert unheard_hint(settings) == ""  # type: ignore[arg-type]
    with pytest.raises(SettingsError, match=r"words\.txt is missing"):
        known_words(tmp_path)


def test_towns_when_named_for_a_recogniser_then_each_is_there_once_in_latin_letters():
    assert {"Tallinn", "Jõhvi"} <= set(towns())
    assert len(set(towns())) == len(towns())
    assert "Нарва" not in towns()

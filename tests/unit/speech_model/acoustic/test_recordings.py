import json

import numpy as np
import pytest
import soundfile

from assistant.content.pronunciations import Wording
from assistant.core.errors import ContentError, SettingsError
from assistant.speech_model.acoustic.recordings import store_recordings
from assistant.speech_model.acoustic.store import SpeechStore

pytestmark = pytest.mark.unit


def gathered(folder, lines):
    (folder / "train.jsonl").write_text("".join(f"{line}\n" for line in lines))
    store = SpeechStore(folder / "work", "recordings")
    store_recordings(folder, store, Wording(), lambda _: None)
    return store


def test_store_recordings_when_a_file_is_stereo_at_another_rate_then_it_is_mono_at_ours(tmp_path):
    soundfile.write(tmp_path / "a.flac", np.full((8_000, 2), 0.5), 8_000)
    line = json.dumps({"file": "a.flac", "text": "Tere, 2!", "speaker": "x"})
    store = gathered(tmp_path, [line])
    assert [each.text for each in store.utterances] == ["tere two"]
    assert store.utterances[0].length == 16_000
    assert np.abs(store.sound(store.utterances[0])[4_000:12_000] - 16_383).max() < 50


def test_store_recordings_when_some_are_there_then_they_are_not_decoded_again(tmp_path):
    soundfile.write(tmp_path / "a.wav", np.zeros(1_600), 16_000)
    line = json.dumps({"file": "a.wav", "text": "one"})
    gathered(tmp_path, [line])
    assert len(gathered(tmp_path, [line, line]).utterances) == 2


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("{", "is not like"),
        ('{"file": "a.wav"}', "is not like"),
        ('{"file": "none.wav", "text": "one"}', "none.wav is not in"),
        ('{"file": "train.jsonl", "text": "one"}', "cannot be decoded"),
    ],
)
def test_store_recordings_when_something_is_wrong_then_it_is_named(tmp_path, line, complaint):
    with pytest.raises(ContentError, match=complaint):
        gathered(tmp_path, [line])


def test_store_recordings_when_there_are_no_transcripts_then_it_says_how_they_look(tmp_path):
    with pytest.raises(SettingsError, match=r"has no train\.jsonl: a line such as \{"):
        store_recordings(tmp_path, SpeechStore(tmp_path, "x"), Wording(), lambda _: None)

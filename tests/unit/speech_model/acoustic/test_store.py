import numpy as np
import pytest

from assistant.speech_model.acoustic.store import SpeechStore

pytestmark = pytest.mark.unit


def test_store_when_it_is_opened_again_then_it_has_what_was_said(tmp_path):
    store = SpeechStore(tmp_path, "some")
    store.add(0, "tere", np.arange(5, dtype=np.float32))
    store.add(3, "head aega", np.array([-40_000, 0.6, 40_000], np.float32))
    again = SpeechStore(tmp_path, "some")
    assert again.next_number == 4
    assert again.words == {"tere", "head", "aega"}
    assert again.sound(again.utterances[0]).tolist() == [0, 1, 2, 3, 4]
    assert again.sound(again.utterances[1]).tolist() == [-32_767, 1, 32_767]


def test_store_when_it_was_interrupted_then_it_goes_on_after_the_last_whole_utterance(tmp_path):
    store = SpeechStore(tmp_path, "some")
    store.add(0, "tere", np.ones(5, np.float32))
    with (tmp_path / "some.pcm").open("ab") as file:
        file.write(b"half")
    with (tmp_path / "some.jsonl").open("a") as file:
        file.write('{"number": 1, "te')
    again = SpeechStore(tmp_path, "some")
    assert again.next_number == 1
    again.add(1, "veel", np.full(2, 7, np.float32))
    once_more = SpeechStore(tmp_path, "some")
    assert once_more.sound(once_more.utterances[1]).tolist() == [7, 7]

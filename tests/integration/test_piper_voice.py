"""The real Piper in its worker processes, with the smallest voice there can be: a tone for each sound of a language."""

import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper
from piper.phoneme_ids import DEFAULT_PHONEME_ID_MAP

from assistant.adapters.piper_voice import PiperVoice
from assistant.core.audio import ORDINARY, Manner, Pcm
from assistant.core.deadline import Deadline
from assistant.core.errors import SettingsError, TextToSpeechFailed
from assistant.core.languages import Language

pytestmark = pytest.mark.integration

PYTHON = Path(sys.executable)
RATE_HERTZ = 16_000
SAMPLES_A_SOUND = 800.0
SECONDS = 20.0


def write_voice(folder: Path, language: Language) -> Path:
    """The two files of a voice; its network makes a tone, longer for more phonemes and for a larger length scale."""

    def constant(name: str, *values: float, is_index: bool = False) -> onnx.NodeProto:
        kind = TensorProto.INT64 if is_index else TensorProto.FLOAT
        shape = [len(values)] if is_index else []
        return helper.make_node("Constant", [], [name], value=helper.make_tensor(name, kind, shape, values))

    nodes = [
        constant("samples", SAMPLES_A_SOUND),
        constant("zero", 0.0),
        constant("one", 1.0),
        constant("step", 0.1),
        constant("second", 1, is_index=True),
        constant("shape", 1, 1, 1, -1, is_index=True),
        helper.make_node("Cast", ["input_lengths"], ["count"], to=TensorProto.FLOAT),
        helper.make_node("Gather", ["scales", "second"], ["scale"]),
        helper.make_node("Mul", ["count", "scale"], ["length"]),
        helper.make_node("Mul", ["length", "samples"], ["last"]),
        helper.make_node("Squeeze", ["last"], ["end"]),
        helper.make_node("Range", ["zero", "end", "one"], ["times"]),
        helper.make_node("Mul", ["times", "step"], ["angles"]),
        helper.make_node("Sin", ["angles"], ["wave"]),
        helper.make_node("Reshape", ["wave", "shape"], ["output"]),
    ]
    inputs = [
        helper.make_tensor_value_info("input", TensorProto.INT64, [1, None]),
        helper.make_tensor_value_info("input_lengths", TensorProto.INT64, [1]),
        helper.make_tensor_value_info("scales", TensorProto.FLOAT, [3]),
    ]
    output = helper.make_tensor_value_info("output", TensorProto.FLOAT, [1, 1, 1, None])
    graph = helper.make_graph(nodes, "tone", inputs, [output])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    path = folder / f"{language.value}.onnx"
    onnx.save(model, path)
    config = {
        "audio": {"sample_rate": RATE_HERTZ},
        "espeak": {"voice": language.value},
        "num_symbols": 256,
        "num_speakers": 1,
        "phoneme_id_map": DEFAULT_PHONEME_ID_MAP,
    }
    Path(f"{path}.json").write_text(json.dumps(config))
    return path


@pytest.fixture
async def voice(tmp_path: Path) -> AsyncIterator[PiperVoice]:
    voice = PiperVoice(PYTHON, {language: write_voice(tmp_path, language) for language in Language})
    yield voice
    await voice.close()


async def speak(voice: PiperVoice, text: str, language: Language = Language.EN, manner: Manner = ORDINARY) -> Pcm:
    return await voice.speak(text, language, Deadline.after(SECONDS), manner)


async def test_piper_when_it_speaks_then_sounds_in_each_language_and_longer_for_more_words(voice: PiperVoice) -> None:
    for language, (short, long) in {
        Language.EN: ("Yes.", "Your passport expires in May."),
        Language.ET: ("Jah.", "Teie pass aegub mais."),
        Language.RU: ("Да.", "Срок вашего паспорта истекает в мае."),
    }.items():
        one, more = await speak(voice, short, language), await speak(voice, long, language)
        assert one.rate_hertz == more.rate_hertz == RATE_HERTZ
        assert 0.1 < one.seconds < more.seconds
        assert np.abs(np.frombuffer(more.samples, "<i2")).max() > 10_000


async def test_piper_when_asked_for_another_manner_then_is_slower_and_quieter(voice: PiperVoice) -> None:
    plain = await speak(voice, "Your passport expires.")
    other = await speak(voice, "Your passport expires.", manner=Manner(speed=0.5, volume=0.5))
    assert other.seconds == pytest.approx(2 * plain.seconds, rel=0.05)
    loudest = [np.abs(np.frombuffer(sound.samples, "<i2")).max() for sound in (plain, other)]
    assert loudest[1] == pytest.approx(loudest[0] / 2, rel=0.05)


async def test_piper_when_the_file_is_no_voice_then_the_turn_goes_on_without_sound(tmp_path: Path) -> None:
    path = write_voice(tmp_path, Language.EN)
    Path(f"{path}.json").write_text("{}")
    voice = PiperVoice(PYTHON, {Language.EN: path})
    with pytest.raises(TextToSpeechFailed, match="KeyError"):
        await speak(voice, "Yes.")
    await voice.close()


@pytest.mark.parametrize(
    ("missing", "named"),
    [("python", "KRATT_PIPER_PYTHON"), ("en.onnx", "KRATT_VOICE_EN"), ("en.onnx.json", "KRATT_VOICE_EN")],
)
def test_piper_when_a_file_is_missing_then_the_setting_is_named(tmp_path: Path, missing: str, named: str) -> None:
    path = write_voice(tmp_path, Language.EN)
    (tmp_path / "python").touch()
    (tmp_path / missing).unlink()
    with pytest.raises(SettingsError, match=f"{named}.*{missing}"):
        PiperVoice(tmp_path / "python", {Language.EN: path})


def test_voice_when_it_is_another_file_then_has_another_name(tmp_path: Path) -> None:
    path = write_voice(tmp_path, Language.EN)
    first = PiperVoice(PYTHON, {Language.EN: path}).name(Language.EN)
    path.write_bytes(path.read_bytes() + b" ")
    assert PiperVoice(PYTHON, {Language.EN: path}).name(Language.EN) != first

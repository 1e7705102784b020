import io
import json
import tarfile
from pathlib import Path

import pytest

from assistant.content.model_bank import Made, ModelBank
from assistant.content.trained_examples import checksum, examples_of_model, live_examples

pytestmark = pytest.mark.unit

FACTS = "components/train_assistant.engine.components.request_intents.RequestIntents1/facts.json"


def a_model(folder: Path, name: str = FACTS, facts: object = None) -> Path:
    file = folder / "trained.tar.gz"
    told = json.dumps({"examples": [checksum("greet", "hello there")]} if facts is None else facts).encode()
    with tarfile.open(file, "w:gz") as archive:
        entry = tarfile.TarInfo(name)
        entry.size = len(told)
        archive.addfile(entry, io.BytesIO(told))
    return file


def test_examples_when_the_live_model_tells_them_then_those_of_the_same_intent_are_known(tmp_path):
    bank = ModelBank(tmp_path / "models")
    assert not live_examples(bank).is_known
    bank.make_live(bank.add(a_model(tmp_path), Made("0" * 64)).version)
    trained = live_examples(bank)
    assert trained.is_known
    assert trained.has("greet", "hello there")
    assert trained.has("greet", "hello [there](place)")
    assert not trained.has("thank", "hello there")
    assert not trained.has("greet", "hello")


@pytest.mark.parametrize(
    ("name", "facts"), [("components/another/facts.json", None), (FACTS, {}), (FACTS, []), (FACTS, {"examples": 1})]
)
def test_examples_when_a_model_does_not_tell_them_then_nothing_is_known(tmp_path, name, facts):
    assert not examples_of_model(a_model(tmp_path, name, facts)).is_known


def test_examples_when_there_is_no_model_then_nothing_is_known(tmp_path):
    (tmp_path / "model").write_text("no archive")
    assert not examples_of_model(tmp_path / "model").is_known
    assert not examples_of_model(tmp_path / "nowhere").is_known

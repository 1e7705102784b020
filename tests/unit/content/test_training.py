import json
import stat
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.content import training as training_module
from assistant.content.checks import complaints
from assistant.content.model_bank import MANIFEST, MODEL, ModelBank
from assistant.content.project import Content, read_content
from assistant.content.training import TrainDialogue
from assistant.core.errors import ContentError, SettingsError
from assistant.settings import PROJECT

pytestmark = pytest.mark.unit

TRAINS = '#!/bin/sh\nmkdir -p out\necho model > out/dialogue.tar.gz\necho trained "$@"\n'
FAILS = "#!/bin/sh\necho rasa says no\nexit 3\n"


@pytest.fixture(autouse=True)
def own_content_is_read_and_checked_once(content: Content, monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes seconds, and test_checks.py shows that nothing is wrong with it."""
    own = {PROJECT / "nlu_data": content}
    monkeypatch.setattr(training_module, "read_content", lambda folder: own.get(folder) or read_content(folder))
    monkeypatch.setattr(training_module, "complaints", lambda read: [] if read is content else complaints(read))


@pytest.fixture
def training(tmp_path: Path):
    """Training with a program in place of Rasa's Python."""

    def prepare(program: str) -> TrainDialogue:
        python = tmp_path / "python"
        python.write_text(program)
        python.chmod(python.stat().st_mode | stat.S_IXUSR)
        return TrainDialogue(PROJECT / "nlu_data", ModelBank(tmp_path / "models"), python, tmp_path / "train.log")

    return prepare


def test_train_when_there_is_no_model_makes_one_with_a_manifest(training) -> None:
    train = training(TRAINS)
    assert train(lambda _: None)
    manifest = json.loads((train.bank.folder / MANIFEST).read_text())["dialogue"]
    assert (train.bank.folder / MODEL).read_text() == "model\n"
    live = train.bank.live
    assert live
    assert manifest["version"] == live.version
    assert manifest["content_sha256"] == live.made.content_sha256


def test_train_when_the_content_is_the_same_does_nothing(training) -> None:
    assert training(TRAINS)(lambda _: None)
    assert not training(FAILS)(lambda _: None)


def test_train_when_the_content_has_changed_trains_again(training, content, changed, monkeypatch) -> None:
    assert training(TRAINS)(lambda _: None)
    monkeypatch.setattr(training_module, "read_content", lambda _: changed("responses", "utter_greet", None))
    monkeypatch.setattr(training_module, "complaints", lambda _: [])
    assert training(TRAINS)(lambda _: None)


@pytest.mark.parametrize("file", [MODEL, MANIFEST])
def test_train_when_model_or_manifest_is_damaged_makes_new_ones(training, file) -> None:
    train = training(TRAINS)
    assert train(lambda _: None)
    (train.bank.folder / file).write_bytes(b"\xff damaged")
    assert train(lambda _: None)
    assert not train(lambda _: None)


def test_train_when_it_runs_then_its_log_is_for_its_owner_only(training, tmp_path) -> None:
    train = replace(training(TRAINS), log=tmp_path / "var" / "logs" / "train.log")
    train(lambda _: None)
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (train.log, train.log.parent, train.log.parent.parent)]
    assert modes == [0o600, 0o700, 0o700]


def test_train_when_its_log_cannot_be_written_then_the_setting_is_named(training, tmp_path) -> None:
    (tmp_path / "var").touch()
    train = replace(training(TRAINS), log=tmp_path / "var" / "logs" / "train.log")
    with pytest.raises(SettingsError, match=r"^KRATT_STATE: "):
        train(lambda _: None)


def test_train_when_rasa_fails_keeps_the_old_model_and_shows_the_log(training) -> None:
    train = training(FAILS)
    (train.bank.folder / MODEL).parent.mkdir(parents=True)
    (train.bank.folder / MODEL).write_text("old")
    with pytest.raises(SettingsError, match="rasa says no"):
        train(lambda _: None)
    assert (train.bank.folder / MODEL).read_text() == "old"


def test_train_when_the_content_is_wrong_lists_every_complaint(training, tmp_path) -> None:
    train = TrainDialogue(tmp_path / "nothing", ModelBank(tmp_path), tmp_path / "python", tmp_path / "log")
    with pytest.raises(ContentError, match="there is no such content folder"):
        train(lambda _: None)


def test_train_when_the_engine_is_not_set_up_says_how(training, tmp_path) -> None:
    train = TrainDialogue(PROJECT / "nlu_data", ModelBank(tmp_path), tmp_path / "nowhere", tmp_path / "log")
    with pytest.raises(SettingsError, match="make setup"):
        train(lambda _: None)


def test_train_when_the_content_goes_back_then_its_model_comes_from_the_bank(
    training, content, changed, monkeypatch
) -> None:
    train = replace(training(TRAINS), by="Mari", note="greets better", authors=("Jaan",))
    assert train(lambda _: None)
    first = train.bank.live
    assert first
    monkeypatch.setattr(training_module, "complaints", lambda _: [])
    monkeypatch.setattr(training_module, "read_content", lambda _: changed("responses", "utter_greet", None))
    assert train(lambda _: None)
    monkeypatch.setattr(training_module, "read_content", lambda _: content)
    assert replace(train, engine_python=training(FAILS).engine_python)(lambda _: None)
    assert train.bank.live == first
    assert (first.made.by, first.made.note, first.made.authors) == ("Mari", "greets better", ("Jaan",))


def test_candidate_when_it_is_trained_then_what_is_live_stays_so(training, changed, monkeypatch) -> None:
    train = training(TRAINS)
    assert train(lambda _: None)
    live = train.bank.live
    monkeypatch.setattr(training_module, "complaints", lambda _: [])
    monkeypatch.setattr(training_module, "read_content", lambda _: changed("responses", "utter_greet", None))
    candidate = train.candidate(lambda _: None)
    assert train.bank.live == live
    assert {each.version for each in train.bank.models()} == {live.version, candidate.version}


LEARNED = """#!/bin/sh
mkdir -p out components/train_assistant.engine.components.request_intents.RequestIntents1
[ -f earlier/facts.json ] && cp earlier/facts.json seen
echo "{}" > components/train_assistant.engine.components.request_intents.RequestIntents1/facts.json
tar czf out/dialogue.tar.gz components $(ls seen 2>/dev/null)
"""


def test_training_when_it_is_quick_then_it_gets_what_the_live_model_has_learned(training, changed, monkeypatch) -> None:
    train = replace(training(LEARNED), is_quick=True)
    assert train(lambda _: None)
    first = train.bank.live
    monkeypatch.setattr(training_module, "complaints", lambda _: [])
    monkeypatch.setattr(training_module, "read_content", lambda _: changed("responses", "utter_greet", None))
    second = train.candidate(lambda _: None)
    assert (first.made.generation, second.made.generation) == (0, 1)
    with tarfile.open(train.bank.archive(second.version)) as model:
        assert "seen" in model.getnames()


@pytest.mark.parametrize("is_old", [True, False])
def test_training_when_there_is_nothing_to_go_on_from_then_all_is_learned_anew(
    training, changed, monkeypatch, is_old
) -> None:
    train = training(LEARNED if is_old else TRAINS)
    assert train(lambda _: None)
    monkeypatch.setattr(training_module, "MOST_GENERATIONS", 0 if is_old else 10)
    monkeypatch.setattr(training_module, "complaints", lambda _: [])
    monkeypatch.setattr(training_module, "read_content", lambda _: changed("responses", "utter_greet", None))
    assert replace(train, is_quick=True).candidate(lambda _: None).made.generation == 0

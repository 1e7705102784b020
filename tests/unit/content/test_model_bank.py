import io
import json
import tarfile
from pathlib import Path

import pytest

from assistant.content import model_bank as bank_module
from assistant.content.model_bank import MANIFEST, MODEL, Made, ModelBank, model_id_of
from assistant.core.errors import OperationFailed

pytestmark = pytest.mark.unit


@pytest.fixture
def bank(tmp_path: Path) -> ModelBank:
    return ModelBank(tmp_path / "models", kept=3)


@pytest.fixture
def put_in(bank: ModelBank, tmp_path: Path):
    """Puts a model in whose archive holds these words."""

    def put(words: str) -> str:
        archive = tmp_path / "trained"
        archive.write_text(words)
        return bank.add(archive, Made(words.encode().hex().ljust(8, "0"), by="Mari")).version

    return put


def versions(bank: ModelBank) -> list[str]:
    return [each.version for each in bank.models()]


def test_model_when_it_is_put_in_then_it_is_found_whole(bank, put_in):
    version = put_in("one")
    model = bank.model(version)
    assert bank.archive(version).read_text() == "one"
    assert (model.made.by, model.is_pinned) == ("Mari", False)
    assert bank.made_from(model.made.content_sha256) == model
    bank.archive(version).write_text("damaged")
    assert bank.made_from(model.made.content_sha256) is None


def test_model_when_it_is_unknown_then_the_list_is_named(bank):
    with pytest.raises(OperationFailed, match="kratt model list"):
        bank.model("20260101-000000-00000000")


def test_live_when_models_follow_each_other_then_one_can_step_back_through_them(bank, put_in):
    one, two, three = (put_in(words) for words in ("one", "two", "three"))
    for version in (one, two, three):
        bank.make_live(version)
    assert (bank.live.version, bank.previous.version) == (three, two)
    assert (bank.folder / MODEL).read_text() == "three"
    assert bank.step_back().version == two
    assert (bank.folder / MODEL).read_text() == "two"
    assert bank.step_back().version == one
    assert bank.live.version == one
    with pytest.raises(OperationFailed, match="no earlier model"):
        bank.step_back()


def test_live_when_it_is_made_live_again_then_it_is_not_its_own_predecessor(bank, put_in):
    one, two = put_in("one"), put_in("two")
    for version in (one, two, two):
        bank.make_live(version)
    assert bank.previous.version == one


def test_bank_when_it_is_full_then_the_oldest_goes_but_none_that_is_needed(bank, put_in):
    live, pinned = put_in("live"), put_in("pinned")
    bank.make_live(live)
    bank.pin(pinned, is_pinned=True)
    old, new = put_in("old"), put_in("new")
    assert set(versions(bank)) == {live, pinned, new}
    assert old not in versions(bank)


def test_live_when_it_is_older_than_the_bank_then_it_is_taken_in(bank):
    (bank.folder / MODEL).parent.mkdir(parents=True)
    (bank.folder / MODEL).write_text("old")
    facts = {"content_sha256": "c" * 64, "model_sha256": bank_module.sha256_of(bank.folder / MODEL)}
    (bank.folder / MANIFEST).write_text(json.dumps({"dialogue": facts}))
    live = bank.live
    assert live.made.content_sha256 == "c" * 64
    assert bank.live == live
    assert versions(bank) == [live.version]


@pytest.mark.parametrize("text", ["", "[]", "{", '{"dialogue": []}', '{"dialogue": {}}'])
def test_live_when_the_manifest_is_broken_then_there_is_none(bank, text):
    bank.folder.mkdir()
    (bank.folder / MANIFEST).write_text(text)
    assert (bank.live, bank.previous, bank.models()) == (None, None, ())


def test_bank_when_a_folder_in_it_is_none_of_ours_then_it_is_left_alone(bank, put_in):
    version = put_in("one")
    for name, text in (("other", "{}"), (".new-half", "{")):
        (bank.folder / "bank" / name).mkdir()
        (bank.folder / "bank" / name / "model.json").write_text(text)
    assert versions(bank) == [version]


def test_model_id_when_the_archive_is_the_engines_then_it_is_its_own(tmp_path: Path):
    archive = tmp_path / "model.tar.gz"
    assert model_id_of(archive) == ""
    metadata = b'{"model_id": "f00"}'
    with tarfile.open(archive, "w:gz") as model:
        entry = tarfile.TarInfo("metadata.json")
        entry.size = len(metadata)
        model.addfile(entry, io.BytesIO(metadata))
    assert model_id_of(archive) == "f00"

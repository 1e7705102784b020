"""Choosing, checking and unpacking speech models."""

import stat
import zipfile
from pathlib import Path

import pytest

from assistant.adapters import speech_models
from assistant.adapters.speech_models import OfficialModel, missing_files, models_in, newest_small_model, unpack
from assistant.core.errors import SpeechToTextFailed
from assistant.core.languages import Language

pytestmark = pytest.mark.unit

MODEL_FILES = {
    "am/final.mdl": b"network",
    "conf/mfcc.conf": b"--sample-frequency=16000",
    "conf/model.conf": b"--endpoint.silence-phones=1:2",
    "graph/HCLr.fst": b"graph",
    "graph/Gr.fst": b"grammar",
    "graph/disambig_tid.int": b"1",
}


def official(version: str, **changes: object) -> OfficialModel:
    name = f"vosk-model-small-ru-{version}"
    facts = {"name": name, "lang": "ru", "type": "small", "obsolete": "false", "version": version, "size": 9, "md5": ""}
    return OfficialModel.model_validate(facts | changes)


def lay_out(folder: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def zip_of(folder: Path, members: dict[str, bytes], mode: int = stat.S_IFREG | 0o644) -> Path:
    archive = folder / "model.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for name, content in members.items():
            member = zipfile.ZipInfo(name)
            member.external_attr = mode << 16
            file.writestr(member, content, zipfile.ZIP_DEFLATED)
    return archive


def test_newest_small_model_of_many_is_the_highest_version_that_fits() -> None:
    models = [
        official("0.4"),
        official("0.22"),
        official("0.30", obsolete="true"),
        official("0.42", type="big"),
        official("0.50", lang="uk"),
        official("0.9"),
    ]
    assert newest_small_model(models, Language.RU).version == "0.22"


def test_newest_small_model_of_a_language_without_one_says_so() -> None:
    with pytest.raises(SpeechToTextFailed, match="no official small speech model for et"):
        newest_small_model([official("0.22")], Language.ET)


@pytest.mark.parametrize("changes", [{"name": "vosk-model-small-../../x"}, {"name": "x"}, {"size": 10**9}])
def test_newest_small_model_when_impossible_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(SpeechToTextFailed, match="impossible"):
        newest_small_model([official("0.22", **changes)], Language.RU)


def test_models_in_a_folder_are_its_folders_named_by_a_language(tmp_path: Path) -> None:
    for name in ("en", "ru", "xx", ".ru-half"):
        (tmp_path / name).mkdir()
    (tmp_path / "et").write_text("a file")
    assert models_in(tmp_path) == {Language.EN: tmp_path / "en", Language.RU: tmp_path / "ru"}


def test_models_in_no_folder_are_none(tmp_path: Path) -> None:
    assert models_in(tmp_path / "absent") == {}


def test_missing_files_of_a_whole_model_are_none(tmp_path: Path) -> None:
    assert missing_files(lay_out(tmp_path, MODEL_FILES)) == ()


def test_missing_files_of_the_flat_layout_are_none(tmp_path: Path) -> None:
    assert missing_files(lay_out(tmp_path, {"final.mdl": b"x", "mfcc.conf": b"x", "HCLG.fst": b"x"})) == ()


@pytest.mark.parametrize("file", MODEL_FILES)
def test_missing_files_of_a_model_without_a_file_name_it(tmp_path: Path, file: str) -> None:
    lay_out(tmp_path, MODEL_FILES | {file: b""})
    assert missing_files(tmp_path) == (file,)


def test_missing_files_of_a_model_without_silence_phones_name_the_setting(tmp_path: Path) -> None:
    lay_out(tmp_path, MODEL_FILES | {"conf/model.conf": b"--beam=13.0"})
    assert "--endpoint.silence-phones" in missing_files(tmp_path)[0]


def test_unpack_of_plain_files_keeps_them(tmp_path: Path) -> None:
    unpack(zip_of(tmp_path, {"model/am/final.mdl": b"network"}), tmp_path / "out")
    assert (tmp_path / "out/model/am/final.mdl").read_bytes() == b"network"


@pytest.mark.parametrize("name", ["../evil", "a/../../evil", "/tmp/evil", "C:evil", "a\\..\\evil"])
def test_unpack_of_names_that_reach_outside_refuses_all(tmp_path: Path, name: str) -> None:
    with pytest.raises(SpeechToTextFailed, match="files and folders of its own"):
        unpack(zip_of(tmp_path, {"good": b"", name: b"x"}), tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("mode", [stat.S_IFLNK | 0o777, stat.S_IFIFO | 0o644, stat.S_IFCHR | 0o644])
def test_unpack_of_links_and_devices_refuses_them(tmp_path: Path, mode: int) -> None:
    with pytest.raises(SpeechToTextFailed, match="files and folders of its own"):
        unpack(zip_of(tmp_path, {"link": b"/etc/passwd"}, mode), tmp_path / "out")


def test_unpack_of_too_many_files_refuses_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speech_models, "UNPACKED_FILES", 2)
    with pytest.raises(SpeechToTextFailed, match="larger"):
        unpack(zip_of(tmp_path, dict.fromkeys("abc", b"")), tmp_path / "out")


def test_unpack_of_a_bomb_refuses_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speech_models, "UNPACKED_BYTES", 10_000)
    archive = zip_of(tmp_path, {"zeros": bytes(10_001)})
    assert archive.stat().st_size < 1_000
    with pytest.raises(SpeechToTextFailed, match="larger"):
        unpack(archive, tmp_path / "out")


def test_unpack_of_a_bomb_with_a_lying_header_writes_no_more_than_promised(tmp_path: Path) -> None:
    archive = zip_of(tmp_path, {"zeros": bytes(1_000_000)})
    honest, lying = (1_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little")
    archive.write_bytes(archive.read_bytes().replace(honest, lying))
    with pytest.raises(SpeechToTextFailed, match="damaged"):
        unpack(archive, tmp_path / "out")
    assert (tmp_path / "out/zeros").stat().st_size <= 10


@pytest.mark.parametrize("content", [b"", b"PK", b"<html>not here</html>"])
def test_unpack_of_no_zip_file_says_damaged(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "model.zip").write_bytes(content)
    with pytest.raises(SpeechToTextFailed, match="damaged"):
        unpack(tmp_path / "model.zip", tmp_path / "out")

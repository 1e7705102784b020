"""Projects that somebody else made, to be imported."""

import stat
import zipfile
from pathlib import Path

import pytest

from assistant.content.exchange import source
from assistant.content.exchange.exporting import export_project
from assistant.content.exchange.importing import import_project
from assistant.content.exchange.source import read_source
from assistant.core.errors import ContentError
from assistant.core.languages import Language

pytestmark = pytest.mark.attack

NLU = "nlu:\n- intent: greet\n  examples: |\n    - hello\n"


def packed(folder: Path, *names: str, data: str = NLU, attributes: int = 0) -> Path:
    with zipfile.ZipFile(folder / "project.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            entry = zipfile.ZipInfo(name)
            entry.external_attr = attributes
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return folder / "project.zip"


@pytest.mark.parametrize(
    "name",
    [
        "../nlu.yml",
        "data/../../nlu.yml",
        "/etc/nlu.yml",
        "data\\..\\nlu.yml",
        "C:/nlu.yml",
        "data//nlu.yml",
        "./nlu.yml",
    ],
)
def test_zip_when_a_path_leads_out_of_it_then_nothing_is_imported(tmp_path, name):
    with pytest.raises(ContentError, match="leads out"):
        import_project(packed(tmp_path, name, "data/nlu.yml"), tmp_path / "content", Language.EN)
    assert [each.name for each in tmp_path.iterdir()] == ["project.zip"]


def test_zip_when_it_is_a_bomb_then_it_is_refused_before_it_is_unpacked(tmp_path, monkeypatch):
    bomb = packed(tmp_path, *(f"data/{number}.yml" for number in range(11)), data="#" * 10_000_000)
    monkeypatch.setattr(zipfile.ZipFile, "read", lambda *_: pytest.fail("it is unpacked"))
    with pytest.raises(ContentError, match="larger than 100 MB"):
        read_source(bomb)


def test_zip_when_it_lies_about_its_sizes_then_no_more_than_it_says_is_unpacked(tmp_path):
    file = packed(tmp_path, "data/nlu.yml", data="#" * 10_000_000)
    real, lie = (10_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little")
    file.write_bytes(file.read_bytes().replace(real, lie))
    with pytest.raises(ContentError, match="cannot be read"):
        read_source(file)


@pytest.mark.parametrize("names", [("a.yml", "a.yml"), ("a", "a/b.yml"), ("a/b.yml", "a")])
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_zip_when_two_entries_are_one_file_then_nothing_is_imported(tmp_path, names):
    with pytest.raises(ContentError, match="twice"):
        read_source(packed(tmp_path, *names))


def test_zip_when_it_is_damaged_then_one_line_says_so(tmp_path):
    file = packed(tmp_path, "data/nlu.yml", data="".join(map(chr, range(32, 3000))))
    data = bytearray(file.read_bytes())
    data[60:200] = b"\xff" * 140
    file.write_bytes(data)
    with pytest.raises(ContentError, match="cannot be read"):
        read_source(file)


def test_source_when_it_has_too_many_files_then_it_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(source, "MOST_FILES", 2)
    with pytest.raises(ContentError, match="more than 2 files"):
        read_source(packed(tmp_path, "1.yml", "2.yml", "3.yml"))


def test_zip_when_an_entry_is_a_link_then_nothing_is_imported(tmp_path):
    linked = packed(tmp_path, "data/nlu.yml", data="/etc/passwd", attributes=(stat.S_IFLNK | 0o777) << 16)
    with pytest.raises(ContentError, match="links"):
        read_source(linked)


@pytest.mark.parametrize("target", ["/etc/passwd", "/etc"])
def test_folder_when_it_has_a_link_then_nothing_is_imported(tmp_path, target):
    (tmp_path / "project" / "data").mkdir(parents=True)
    (tmp_path / "project" / "data" / "nlu.yml").symlink_to(target)
    with pytest.raises(ContentError, match="links"):
        import_project(tmp_path / "project", tmp_path / "content", Language.EN)
    assert not (tmp_path / "content").exists()


@pytest.mark.parametrize("text", ["[" * 100_000, "- " * 100_000, "{a: " * 100_000, "? " * 100_000])
def test_yaml_when_it_is_nested_without_end_then_it_is_a_finding_and_the_process_lives(tmp_path, text):
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / "deep.yml").write_text(text)
    (finding,) = import_project(tmp_path / "project", tmp_path / "content", Language.EN).findings
    assert finding.why == "it is nested too deeply"


def test_yaml_when_its_anchors_multiply_then_it_is_not_written_out(tmp_path):
    levels = "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]\n" for n in range(1, 20))
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / "laughs.yml").write_text(f"l0: &l0 [lol]\n{levels}")
    imported = import_project(tmp_path / "project", tmp_path / "content", Language.EN)
    assert all(len(str(finding)) < 1000 for finding in imported.findings)


def test_hidden_files_when_there_are_some_then_their_secrets_are_not_kept(tmp_path):
    imported = import_project(packed(tmp_path, "data/nlu.yml", ".env"), tmp_path / "content", Language.EN)
    assert ".env" in {finding.file for finding in imported.findings}
    assert not [path for path in (tmp_path / "content").rglob("*") if ".env" in path.name]


def test_intent_when_its_name_is_a_path_then_nothing_is_written_outside_of_the_target(tmp_path):
    project, content, out = tmp_path / "project", tmp_path / "content", tmp_path / "deep" / "er" / "out"
    (project / "tests").mkdir(parents=True)
    (project / "data" / "nlu").mkdir(parents=True)
    (project / "data" / "nlu" / "greet_nlu.yml").write_text(NLU)
    (project / "tests" / "test_nlu.yml").write_text(NLU.replace("greet", '"../../../evil: x"').replace("hello", "bye"))
    import_project(project, content, Language.EN)
    nlu = content / "common" / "nlu.en.yml"
    nlu.write_text(nlu.read_text() + "- intent: evil_x\n  examples: |\n    - something new\n")
    export_project(content, out)
    assert {path.relative_to(out).as_posix() for path in (tmp_path / "deep").rglob("*.yml")} == {
        "data/nlu/greet_nlu.yml",
        "data/nlu/evil_x_nlu.yml",
        "domain.yml",
        "tests/test_nlu.yml",
    }

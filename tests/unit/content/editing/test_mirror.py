import pytest

from assistant.content.editing.content_files import ContentFiles
from assistant.content.editing.mirror import Mirror

pytestmark = pytest.mark.unit


def texts(folder) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in files}


def test_mirror_when_files_change_in_memory_and_on_disk_then_shows_them_and_leaves_the_folder_alone(tmp_path) -> None:
    (tmp_path / "common").mkdir()
    (tmp_path / "common" / "nlu.en.yml").write_text("old", encoding="utf-8")
    (tmp_path / "common" / "terms.yml").write_text("terms", encoding="utf-8")
    mirror, files = Mirror(tmp_path), ContentFiles(tmp_path)
    files.change("common/nlu.en.yml", "new")
    files.change("services/pension/service.yml", "another")
    files.remove("common/terms.yml")
    for _ in range(2):
        with mirror.showing(files) as folder:
            assert texts(folder) == {"common/nlu.en.yml": "new", "services/pension/service.yml": "another"}
    assert texts(tmp_path) == {"common/nlu.en.yml": "old", "common/terms.yml": "terms"}
    (tmp_path / "common" / "nlu.en.yml").write_text("saved", encoding="utf-8")
    (tmp_path / "common" / "terms.yml").unlink()
    (tmp_path / "common" / "page.en.yml").write_text("page", encoding="utf-8")
    with mirror.showing(ContentFiles(tmp_path)) as folder:
        assert texts(folder) == {"common/nlu.en.yml": "saved", "common/page.en.yml": "page"}
        assert [path.name for path in folder.iterdir()] == ["common"]  # a service without files is a fault


def test_mirror_when_looking_fails_then_the_next_look_is_right(tmp_path) -> None:
    (tmp_path / "a.yml").write_text("old", encoding="utf-8")
    mirror, files = Mirror(tmp_path), ContentFiles(tmp_path)
    files.change("a.yml", "new")
    with pytest.raises(ValueError, match="broken"), mirror.showing(files):
        raise ValueError("broken")
    with mirror.showing(ContentFiles(tmp_path)) as folder:
        assert texts(folder) == {"a.yml": "old"}

"""Content goes out as the project that it came from, with what was changed since."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from assistant.content.editing.content_files import ContentFiles, write_changes
from assistant.content.editing.examples import add_examples, delete_examples, edit_example
from assistant.content.editing.responses import delete_response, write_response
from assistant.content.exchange.exporting import export_project
from assistant.content.exchange.importing import import_project
from assistant.content.project import read_content
from assistant.core.errors import ContentError
from assistant.core.languages import Language
from assistant.settings import PROJECT

pytestmark = pytest.mark.unit


def bytes_of(folder: Path) -> dict[str, bytes]:
    places = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in places}


def parsed(folder: Path, path: str) -> object:
    return YAML(typ="safe").load((folder / path).read_text(encoding="utf-8"))


@pytest.fixture
def changed(tmp_path) -> Callable[..., set[str]]:
    """Imports a project, edits the content, exports it, and tells which lines are new or gone."""

    def run(project: Path, edit: Callable[[ContentFiles], object]) -> tuple[set[str], tuple[object, ...]]:
        content, out = tmp_path / "content", tmp_path / "out"
        import_project(project, content)
        files = ContentFiles(content)
        edit(files)
        write_changes(content, files.changes)
        findings = export_project(content, out)
        before, after = bytes_of(project), bytes_of(out)
        lines = set()
        for path in before.keys() | after.keys():
            old = before.get(path, b"").decode().splitlines()
            new = after.get(path, b"").decode().splitlines()
            lines |= {f"{path} - {each.strip()}" for each in old if each not in new}
            lines |= {f"{path} + {each.strip()}" for each in new if each not in old}
        return lines, tuple(map(str, findings))

    return run


@pytest.mark.parametrize("layout", ["rasa", "burokratt"])
def test_project_when_it_comes_in_and_goes_out_then_every_byte_is_as_it_was(request, tmp_path, layout):
    project = request.getfixturevalue(layout)
    (project / "data" / "broken.yml").write_text("nlu: [\n")
    (project / "data" / "twice.yml").write_text("nlu: []\nnlu: []\n")
    (project / "results").mkdir(exist_ok=True)
    (project / "results" / "matrix.png").write_bytes(b"\x89PNG\xff\x00")
    import_project(project, tmp_path / "content")
    assert export_project(tmp_path / "content", tmp_path / "out") == ()
    assert bytes_of(tmp_path / "out") == bytes_of(project)


def test_project_when_it_goes_out_as_a_zip_then_it_comes_in_alike(burokratt, tmp_path):
    first = import_project(burokratt, tmp_path / "content")
    export_project(tmp_path / "content", tmp_path / "out.zip")
    assert import_project(tmp_path / "out.zip", tmp_path / "again") == first
    with pytest.raises(ContentError, match="new folder"):
        export_project(tmp_path / "content", tmp_path / "out.zip")


def test_examples_when_changed_then_only_their_lines_are_other_in_the_project(burokratt, changed):
    def edit(files: ContentFiles) -> None:
        add_examples(files, "tooaeg", Language.ET, ["kas te olete avatud"])
        edit_example(files, "common_tere", Language.ET, "hei", "heihei")

    assert changed(burokratt, edit) == (
        {
            "data/nlu/tööaeg_nlu.yml + - kas te olete avatud",
            "data/nlu/common_tere_nlu.yml - - hei",
            "data/nlu/common_tere_nlu.yml + - heihei",
        },
        (),
    )


def test_response_when_changed_then_what_does_not_map_of_it_stays(rasa, changed, tmp_path):
    changed(rasa, lambda files: write_response(files, "utter_choice", {Language.EN: ["Which of them?", "Which?"]}))
    assert parsed(tmp_path / "out", "domain.yml")["responses"]["utter_choice"] == [
        {
            "text": "Which of them?",
            "buttons": [{"title": "Tax", "payload": "land tax"}, {"title": "Other", "payload": "/other"}],
        },
        {"text": "Which?"},
        {"text": "For one channel", "channel": "slack"},
    ]


def test_intent_when_new_then_it_has_a_file_of_its_own_and_is_in_the_domain(burokratt, changed, tmp_path):
    def edit(files: ContentFiles) -> None:
        path = "common/nlu.et.yml"
        files.change(path, files.read(path) + "\n- intent: uudis\n  examples: |\n    - mis uudist\n")
        write_response(files, "utter_uudis", {Language.ET: "Pole uudiseid."})

    changed(burokratt, edit)
    out = tmp_path / "out"
    assert parsed(out, "data/nlu/uudis_nlu.yml")["nlu"] == [{"intent": "uudis", "examples": "- mis uudist\n"}]
    domain = parsed(out, "data/domain.yml")
    assert domain["intents"] == ["common_tere", "tööaeg", "uudis"]
    assert domain["responses"]["utter_uudis"] == [{"text": "Pole uudiseid."}]
    assert parsed(out, "data/rules.yml")["rules"][-1] == {
        "rule": "uudis",
        "steps": [{"intent": "uudis"}, {"action": "utter_uudis"}],
    }


def test_intent_when_deleted_then_rules_that_name_it_still_are_told(burokratt, changed, tmp_path):
    def edit(files: ContentFiles) -> None:
        delete_examples(files, "common_tere", Language.ET, ["tere", "hei"])
        files.remove("common/tests.yml")
        delete_response(files, "utter_common_tere")

    _, findings = changed(burokratt, edit)
    assert parsed(tmp_path / "out", "data/domain.yml")["intents"] == ["tööaeg"]
    assert set(findings) == {
        "data/rules.yml:5: common_tere: it is named here still, but was deleted",
        "data/rules.yml:6: utter_common_tere: it is named here still, but was deleted",
        "tests/test_stories.yml:6: common_tere: it is named here still, but was deleted",
        "tests/test_stories.yml:7: utter_common_tere: it is named here still, but was deleted",
    }


def test_content_of_our_own_when_it_goes_out_and_comes_in_then_it_has_the_same_examples_and_responses(tmp_path):
    ours = tmp_path / "ours"
    for part in ("common", "services/vehicle"):
        shutil.copytree(PROJECT / "nlu_data" / part, ours / part)
    with pytest.raises(ContentError, match="--lang"):
        export_project(ours, tmp_path / "out")
    findings = export_project(ours, tmp_path / "out", Language.ET)
    assert {each.file for each in findings} == {f"services/vehicle/{each}.yml" for each in ("service", "tests")} | {
        "common/tests.yml"
    }
    import_project(tmp_path / "out", tmp_path / "again", Language.ET)
    before, after = read_content(ours), read_content(tmp_path / "again")
    for attribute in ("intents", "synonyms", "responses"):
        assert {name: by[Language.ET] for name, by in getattr(before, attribute).items()} == {
            name: by[Language.ET] for name, by in getattr(after, attribute).items()
        }


def test_held_out_and_listed_examples_when_changed_then_are_written_in_their_own_shape(project, changed, tmp_path):
    listed = (
        "nlu:\n- intent: greet\n  examples:\n  - text: |\n      - hello\n    metadata: {by: me}\n  - text: hi there\n"
    )
    held_out = "nlu:\n- intent: greet\n  examples: |\n    - good [day](time)\n    - morning\n"
    files = {"config.yml": "language: en\n", "data/nlu.yml": listed, "tests/test_nlu.yml": held_out}

    def edit(files: ContentFiles) -> None:
        edit_example(files, "greet", Language.EN, "hi there", "hey there")
        path = "held_out/en.yml"
        files.change(path, files.read(path).replace("good day", "good evening"))

    changed(project(files), edit)
    assert parsed(tmp_path / "out", "data/nlu.yml")["nlu"][0]["examples"] == [
        {"text": "- hello\n", "metadata": {"by": "me"}},
        {"text": "- hey there\n"},
    ]
    assert parsed(tmp_path / "out", "tests/test_nlu.yml")["nlu"][0]["examples"] == "- morning\n- good evening\n"

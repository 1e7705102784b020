"""Drafts in real git repositories: one that is all content, and one that holds content among other things."""

import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from assistant.content.editing.content_files import ContentFiles
from assistant.content.editing.draft import Draft, Saved, Seen
from assistant.content.editing.drafts import Drafts
from assistant.content.editing.examples import add_examples, delete_examples, edit_example
from assistant.content.editing.history import Editor
from assistant.content.editing.merging import Conflict, merge_texts
from assistant.core.errors import ContentError, EditRefused, OperationFailed
from assistant.core.languages import Language

pytestmark = pytest.mark.integration

MARI, JUKU = Editor("Mari Maasikas", "mari@example.ee"), Editor("Juku Õun", "juku@example.ee")
HEAD = 'version: "3.1"\n\nnlu:\n- intent: greet\n  examples: |\n'
NLU = HEAD + "".join(f"    - {each}\n" for each in ("hello", "good day", "hi", "hey", "yo"))
PATH = "common/nlu.en.yml"
EN = Language.EN


@pytest.fixture
def content(tmp_path) -> Path:
    """The content folder of a bigger repository with one commit."""
    return repository(tmp_path / "repository", "data/nlu_data/")


@pytest.fixture
def drafts(content, tmp_path) -> Drafts:
    return Drafts(content, tmp_path / "state")


def repository(root: Path, prefix: str) -> Path:
    folder = root / prefix
    (folder / "common").mkdir(parents=True)
    (folder / PATH).write_text(NLU, encoding="utf-8")
    (root / "code.py").write_text("print()\n", encoding="utf-8")
    git(root, "init", "--quiet", "--initial-branch=main")
    commit_all(root)
    return folder


def git(folder: Path, *words: str) -> str:
    identity = ["-c", "user.name=Ants", "-c", "user.email=ants@example.ee"]
    done = subprocess.run(["git", "-C", str(folder), *identity, *words], capture_output=True, text=True, check=True)
    return done.stdout


def commit_all(folder: Path, why: str = "By hand") -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "-m", why)


def add(draft: Draft, text: str, by: Editor = MARI) -> Saved:
    return draft.edit(lambda files: add_examples(files, "greet", EN, [text]), by, f"Citizens say “{text}”")


def test_draft_when_opened_holds_the_content_and_nothing_else(drafts, content) -> None:
    draft = drafts.open("greetings")
    assert draft.read(PATH).text == NLU
    assert [path.name for path in draft.folder.parent.parent.rglob("*.*") if path.is_file()] == [".git", "nlu.en.yml"]


def test_drafts_when_the_repository_is_all_content_work_as_well(tmp_path) -> None:
    content = repository(tmp_path / "repository", "")
    drafts = Drafts(content, tmp_path / "state")
    draft = drafts.open("greetings")
    undone = draft.undo(add(draft, "good evening").commit, MARI)
    saved = draft.save({PATH: NLU + "    - salut\n"}, {PATH: draft.read(PATH).version}, MARI, "Salut")
    assert isinstance(undone, Saved)
    assert isinstance(saved, Saved)
    assert saved.files == (PATH,)
    (content / "code.py").write_text("print(1)\n")
    commit_all(content)
    assert drafts.merge("greetings", JUKU, "Greetings").files == (PATH,)
    assert (content / PATH).read_text() == NLU + "    - salut\n"


def test_edit_when_saved_is_a_commit_with_who_when_and_why_and_main_stays(drafts, content) -> None:
    draft = drafts.open("greetings")
    saved = add(draft, "good evening")
    assert saved.files == (PATH,)
    change = draft.history(PATH)[0]
    assert (change.commit, change.name, change.email) == (saved.commit, "Mari Maasikas", "mari@example.ee")
    assert change.why == "Citizens say “good evening”"
    assert change.at.tzinfo
    assert "+    - good evening\n" in draft.difference(change.commit)
    assert "+    - good evening\n" in draft.whole_difference()
    assert [each.commit for each in draft.own_changes()] == [saved.commit]
    assert (content / PATH).read_text() == NLU
    assert git(content, "status", "--porcelain") == ""


def test_edit_when_nothing_is_different_makes_no_commit(drafts) -> None:
    draft = drafts.open("greetings")
    assert add(draft, "Hello!") == Saved()
    assert len(draft.history()) == 1


def test_draft_when_opened_again_is_the_same_even_if_its_folder_is_gone(drafts, tmp_path) -> None:
    draft = drafts.open("greetings")
    add(draft, "good evening")
    subprocess.run(["rm", "-r", str(tmp_path / "state")], check=True)
    assert "good evening" in drafts.open("greetings").read(PATH).text


def test_list_when_there_are_drafts_tells_who_changed_them_and_how_far_they_are(drafts, content) -> None:
    add(drafts.open("one"), "good evening")
    drafts.open("two")
    (content / PATH).write_text(NLU + "    - salut\n")
    commit_all(content)
    listed = {each.name: each for each in drafts.all()}
    assert (listed["one"].by, listed["one"].ahead, listed["one"].behind) == ("Mari Maasikas", 1, 1)
    assert (listed["two"].by, listed["two"].ahead, listed["two"].behind) == ("Ants", 0, 1)


def test_save_when_two_change_different_lines_keeps_both(drafts) -> None:
    draft = drafts.open("greetings")
    seen = {PATH: draft.read(PATH).version}
    assert isinstance(draft.save({PATH: NLU.replace("hello", "hello there")}, seen, MARI, "One"), Saved)
    assert isinstance(draft.save({PATH: NLU.replace("yo\n", "yo man\n")}, seen, JUKU, "Two"), Saved)
    assert draft.read(PATH).text == NLU.replace("hello", "hello there").replace("yo\n", "yo man\n")


def test_save_when_two_add_examples_in_the_same_place_keeps_both(drafts) -> None:
    draft = drafts.open("greetings")
    seen = {PATH: draft.read(PATH).version}
    draft.save({PATH: NLU + "    - salut\n"}, seen, MARI, "One")
    draft.save({PATH: NLU + "    - servus\n"}, seen, JUKU, "Two")
    assert {"    - salut", "    - servus"} <= set(draft.read(PATH).text.splitlines())


def test_save_when_two_change_the_same_line_shows_both_and_changes_nothing(drafts) -> None:
    draft = drafts.open("greetings")
    seen = {PATH: draft.read(PATH).version}
    draft.save({PATH: NLU.replace("hello", "hello Mari")}, seen, MARI, "One")
    theirs = draft.read(PATH)
    conflict = draft.save({PATH: NLU.replace("hello", "hello Juku")}, seen, JUKU, "Two")
    assert isinstance(conflict, Conflict)
    (file,) = conflict.files
    assert (file.path, file.base, file.theirs) == (PATH, NLU, theirs.text)
    assert file.mine == NLU.replace("hello", "hello Juku")
    assert file.version == theirs.version
    assert "hello Mari" in file.marked
    assert "hello Juku" in file.marked
    assert draft.read(PATH) == theirs
    settled = draft.save({PATH: NLU.replace("hello", "hello both")}, {PATH: file.version}, JUKU, "Settled")
    assert isinstance(settled, Saved)
    assert "hello both" in draft.read(PATH).text


def test_save_when_a_file_was_deleted_or_made_meanwhile_is_a_conflict(drafts) -> None:
    draft = drafts.open("greetings")
    seen = {PATH: draft.read(PATH).version}
    draft.save({PATH: None, "common/new.yml": "a: 1\n"}, seen, MARI, "Gone")
    conflict = draft.save({PATH: NLU + "    - salut\n", "common/new.yml": "a: 2\n"}, seen, JUKU, "Changed")
    assert isinstance(conflict, Conflict)
    assert {each.path: each.theirs for each in conflict.files} == {PATH: None, "common/new.yml": "a: 1\n"}


def test_edit_when_the_example_was_changed_meanwhile_is_refused_with_what_is_not_there(drafts) -> None:
    draft = drafts.open("greetings")
    draft.edit(lambda files: edit_example(files, "greet", EN, "hello", "hello Mari"), MARI, "One")
    with pytest.raises(EditRefused, match="“hello” is no example of greet in en any more"):
        draft.edit(lambda files: edit_example(files, "greet", EN, "hello", "hello Juku"), JUKU, "Two")


def test_edit_when_many_save_at_once_loses_nothing(drafts) -> None:
    draft = drafts.open("greetings")
    with ThreadPoolExecutor(6) as pool:
        assert all(pool.map(lambda number: add(draft, f"greeting number {number}"), range(12)))
    text = draft.read(PATH).text
    assert all(f"    - greeting number {number}\n" in text for number in range(12))
    assert len(draft.own_changes()) == 12


def test_undo_when_later_changes_do_not_touch_it_takes_one_change_back(drafts) -> None:
    draft = drafts.open("greetings")
    first = draft.edit(lambda files: edit_example(files, "greet", EN, "hello", "hello there"), MARI, "One")
    add(draft, "good evening")
    undone = draft.undo(first.commit, JUKU)
    assert isinstance(undone, Saved)
    assert draft.read(PATH).text == NLU + "    - good evening\n"
    assert (draft.history()[0].name, draft.history()[0].why) == ("Juku Õun", "Undo: One")


def test_undo_when_a_later_change_stands_on_it_is_a_conflict(drafts) -> None:
    draft = drafts.open("greetings")
    first = draft.edit(lambda files: edit_example(files, "greet", EN, "hello", "hello there"), MARI, "One")
    draft.edit(lambda files: edit_example(files, "greet", EN, "hello there", "hello you there"), MARI, "Two")
    before = draft.read(PATH)
    assert isinstance(draft.undo(first.commit, JUKU), Conflict)
    assert draft.read(PATH) == before
    assert add(draft, "good evening").commit


@pytest.mark.parametrize("commit", ["--help", "HEAD", "0" * 40, ""])
def test_undo_when_there_is_no_such_change_is_refused(drafts, commit) -> None:
    with pytest.raises(EditRefused, match="there is no change"):
        drafts.open("greetings").undo(commit, MARI)


def test_update_when_main_went_on_brings_its_changes_in(drafts, content) -> None:
    draft = drafts.open("greetings")
    add(draft, "good evening")
    (content / PATH).write_text(NLU.replace("hello", "hello from main") + "    - salut\n")
    commit_all(content)
    assert isinstance(draft.update(MARI), Saved)
    assert {"    - good evening", "    - salut", "    - hello from main"} <= set(draft.read(PATH).text.splitlines())
    assert draft.update(MARI) == Saved()


def test_update_when_both_changed_a_line_is_a_conflict_until_it_is_settled(drafts, content) -> None:
    draft = drafts.open("greetings")
    draft.edit(lambda files: edit_example(files, "greet", EN, "hello", "hello Mari"), MARI, "One")
    (content / PATH).write_text(NLU.replace("hello", "hello main"))
    commit_all(content)
    before = draft.read(PATH)
    conflict = draft.update(MARI)
    assert isinstance(conflict, Conflict)
    assert draft.read(PATH) == before
    (file,) = conflict.files
    assert isinstance(draft.update(MARI, {PATH: Seen("stale", "0" * 40)}), Conflict)
    both = NLU.replace("hello", "hello Mari and main")
    assert isinstance(draft.update(MARI, {PATH: Seen(both, file.version)}), Saved)
    assert draft.read(PATH).text == both
    assert isinstance(drafts.merge("greetings", MARI, "Greetings"), Saved)


def test_merge_when_nothing_speaks_against_it_moves_main_and_its_checkout(drafts, content) -> None:
    draft = drafts.open("greetings")
    add(draft, "good evening")
    merged = drafts.merge("greetings", JUKU, "More greetings")
    assert isinstance(merged, Saved)
    assert merged.files == (PATH,)
    assert (content / PATH).read_text() == NLU + "    - good evening\n"
    assert git(content, "status", "--porcelain") == ""
    assert drafts.all() == ()
    assert not draft.folder.exists()
    newest = drafts.history()[0]
    assert {each.why for each in drafts.history(PATH)} >= {"Citizens say “good evening”"}
    assert newest.name in {"Juku Õun", "Mari Maasikas"}
    assert git(content, "log", "-1", "--format=%an %s", "main") == "Juku Õun More greetings\n"


def test_merge_when_nobody_has_main_checked_out_moves_it_alone(drafts, content) -> None:
    git(content, "switch", "--quiet", "-c", "elsewhere")
    add(drafts.open("greetings"), "good evening")
    assert isinstance(drafts.merge("greetings", JUKU, "More greetings"), Saved)
    assert "good evening" in git(content, "show", f"main:{drafts.prefix}{PATH}")
    assert (content / PATH).read_text() == NLU


def test_merge_when_somebody_edits_the_checkout_by_hand_keeps_their_work(drafts, content) -> None:
    add(drafts.open("greetings"), "good evening")
    (content / PATH).write_text(NLU + "    - by hand\n")
    with pytest.raises(EditRefused, match="main cannot move on"):
        drafts.merge("greetings", JUKU, "More greetings")
    assert (content / PATH).read_text() == NLU + "    - by hand\n"
    assert [each.name for each in drafts.all()] == ["greetings"]


def test_merge_when_main_conflicts_shows_the_conflict_and_changes_nothing(drafts, content) -> None:
    draft = drafts.open("greetings")
    draft.edit(lambda files: delete_examples(files, "greet", EN, ["hello"]), MARI, "One")
    (content / PATH).write_text(NLU.replace("hello", "hello main"))
    commit_all(content)
    head = git(content, "rev-parse", "main")
    assert isinstance(drafts.merge("greetings", MARI, "Less"), Conflict)
    assert git(content, "rev-parse", "main") == head


def test_merge_when_the_draft_changes_nothing_is_refused(drafts) -> None:
    drafts.open("greetings")
    with pytest.raises(EditRefused, match="changes nothing"):
        drafts.merge("greetings", MARI, "Nothing")


def test_discard_when_done_keeps_the_commits(drafts, content) -> None:
    draft = drafts.open("greetings")
    saved = add(draft, "good evening")
    drafts.discard("greetings")
    assert drafts.all() == ()
    with pytest.raises(EditRefused, match="was merged or discarded"):
        add(draft, "too late")
    with pytest.raises(EditRefused, match="there is no draft greetings"):
        drafts.get("greetings")
    assert saved.commit in git(content, "for-each-ref", "--format=%(objectname)", "refs/discarded/")


def test_draft_when_somebody_writes_into_its_folder_by_hand_commits_that_apart(drafts) -> None:
    draft = drafts.open("greetings")
    (draft.folder / PATH).write_text(NLU + "    - by hand\n")
    add(draft, "good evening")
    assert [each.why for each in draft.own_changes()] == [
        "Citizens say “good evening”",
        "Found in the folder of the draft",
    ]


@pytest.mark.parametrize("name", ["", "Draft", "../x", "-x", "a b", "x" * 64, "a.lock"])
def test_open_when_the_name_is_none_is_refused(drafts, name) -> None:
    with pytest.raises(EditRefused, match="small letters"):
        drafts.open(name)


@pytest.mark.parametrize(("name", "email"), [("", "x@y"), ("A\nB", "x@y"), ("A", "<x@y>"), ("A", " ")])
def test_editor_when_a_history_cannot_hold_the_name_is_refused(name, email) -> None:
    with pytest.raises(EditRefused, match="a name and an e-mail"):
        Editor(name, email)


def test_edit_when_nobody_says_why_is_refused(drafts) -> None:
    draft = drafts.open("greetings")
    with pytest.raises(EditRefused, match="say why"):
        draft.edit(lambda files: add_examples(files, "greet", EN, ["x y"]), MARI, " ")
    assert draft.read(PATH).text == NLU


def test_read_when_there_is_no_such_file_says_so(drafts) -> None:
    draft = drafts.open("greetings")
    for path in ("common/none.yml", "../code.py", "common"):
        with pytest.raises(ContentError):
            draft.read(path)


def test_check_when_the_draft_is_wrong_names_files_from_its_folder_on(drafts) -> None:
    draft = drafts.open("greetings")
    draft.edit(lambda files: ContentFiles.change(files, PATH, "version: [\n"), MARI, "Broken")
    assert [(each.file, each.line) for each in draft.check()] == [(PATH, 2)]


def test_drafts_when_the_content_is_in_no_repository_says_so(tmp_path) -> None:
    (tmp_path / "content").mkdir()
    with pytest.raises(OperationFailed, match="git repository"):
        Drafts(tmp_path / "content", tmp_path / "state")


def test_drafts_when_there_is_no_git_says_so(content, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(OperationFailed, match="git is not installed"):
        Drafts(content, tmp_path / "state")


@pytest.mark.parametrize("name", ["GIT_DIR", "GIT_INDEX_FILE"])
def test_drafts_when_git_started_us_is_not_led_astray(drafts, monkeypatch, name) -> None:
    monkeypatch.setenv(name, "/nowhere")
    assert drafts.open("greetings").read(PATH).text == NLU


def test_merge_texts_when_an_example_is_changed_by_one_and_gone_by_the_other_do_not_fit() -> None:
    merged, fits = merge_texts("a\n", "a\n    - x\n", "a\n    - y\n")
    assert not fits
    assert "    - y\n" in merged

import io
import subprocess
import tarfile
from collections import Counter
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from assistant.content.evaluation import Changes, Origin, evaluation_of
from assistant.content.held_out import HeldOut
from assistant.content.judging import OUT_OF_SCOPE, Utterance, Verdict
from assistant.core.errors import DialogueFailed, OperationFailed
from assistant.core.languages import Language
from assistant.core.turns import Intent, Transcript, Understanding
from assistant.operate.evaluation import AskEverything, sample_of
from assistant.operate.evaluation_origin import check_model, read_origin
from assistant.operate.evaluation_text import changes_text, evaluation_text, write_files
from assistant.settings import Settings

pytestmark = pytest.mark.unit

REQUESTS = [HeldOut(f"{language}{n}", language, "greet", {}) for language in Language for n in range(5)]
WRONG = Verdict("my car", Language.EN, "vehicle", "land_tax", 0.8, "land_tax", starts_service=True)
RIGHT = Verdict("hello", Language.EN, "greet", "greet", 0.9, "greet", milliseconds=3.14)
UTTERANCE = Utterance("flite awb", "cafe 6 dB", "hello", words=4, word_errors=1, seconds=2.0, recognition_seconds=0.2)
ORIGIN = Origin("2026-11-25T12:00:00+00:00", "a" * 40, False, "c" * 64, "d" * 64)


class FakeDialogue:
    """Takes every text to be in the language that the client names, if it tells languages at all."""

    def __init__(self, *, tells_language: bool = True, is_down: bool = False) -> None:
        self.asked: list[tuple[str | Transcript, Language]] = []
        self.tells_language, self.is_down = tells_language, is_down

    async def check(self) -> str:
        if self.is_down:
            raise DialogueFailed("no answer from the engine")
        return "model"

    async def parse(self, said, language, deadline) -> Understanding:
        self.asked.append((said, language))
        return Understanding((Intent("greet", 0.9),), (), language if self.tells_language else None)


def asking(dialogue: FakeDialogue) -> AskEverything:
    return AskEverything(dialogue, 1.0, lambda _: None)


async def test_typed_when_the_engine_tells_languages_then_each_is_asked_in_another_one_too():
    answers = await asking(FakeDialogue()).typed(REQUESTS)
    assert [each.request for each in answers] == REQUESTS
    for each in answers:
        assert each.understanding.language is each.request.language
        assert each.elsewhere
        assert each.elsewhere.language is not each.request.language
        assert each.milliseconds >= 0


async def test_typed_when_the_engine_tells_no_language_then_each_is_asked_once():
    dialogue = FakeDialogue(tells_language=False)
    answers = await asking(dialogue).typed(REQUESTS[:5])
    assert all(each.elsewhere is None for each in answers)
    assert Counter(dialogue.asked)["en1", Language.EN] == 1


async def test_check_when_the_engine_is_down_then_it_says_how_to_start_it():
    with pytest.raises(OperationFailed, match="make run"):
        await asking(FakeDialogue(is_down=True)).check()


async def test_heard_when_nothing_was_then_the_engine_is_not_asked():
    dialogue = FakeDialogue()
    assert await asking(dialogue).heard(Transcript("", Language.EN)) == Understanding()
    heard = Transcript("my car", Language.EN)
    assert (await asking(dialogue).heard(heard)).intent == Intent("greet", 0.9)
    assert dialogue.asked == [(heard, Language.EN)]


@pytest.mark.parametrize(("number", "texts"), [(2, ["en0", "en2"]), (9, ["en0", "en1", "en2", "en3", "en4"])])
def test_sample_when_a_number_is_given_then_it_is_spread_over_each_language(number: int, texts: list[str]):
    chosen = sample_of(REQUESTS, number)
    assert [each.text for each in chosen if each.language is Language.EN] == texts
    assert len(chosen) == 3 * len(texts)
    assert sample_of(REQUESTS, None) == REQUESTS


def test_origin_when_the_content_is_in_git_then_its_last_commit_is_named_and_changes_are_told(tmp_path: Path):
    settings = a_project(tmp_path)
    assert read_origin(settings, None).content_commit is None
    for words in (["init", "-q"], ["add", "."], ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "a"]):
        subprocess.run(["git", "-C", str(tmp_path), *words], check=True)
    origin = read_origin(settings, 7)
    assert origin.content_commit
    assert len(origin.content_commit) == 40
    assert (origin.content_is_changed, origin.content_sha256, origin.model_sha256) == (False, "c", "d")
    assert origin.sample == 7
    (settings.content / "a.yml").write_text("b")
    assert read_origin(settings, None).content_is_changed


def test_origin_when_there_is_no_model_then_it_says_how_to_train_one(tmp_path: Path):
    settings = a_project(tmp_path)
    (settings.models / "manifest.json").unlink()
    with pytest.raises(OperationFailed, match="kratt train"):
        read_origin(settings, None)


def test_model_when_the_engine_serves_another_one_then_it_says_to_restart(tmp_path: Path):
    settings = a_project(tmp_path)
    with pytest.raises(OperationFailed, match="kratt train"):
        check_model(settings, "served")
    archive = settings.models / "dialogue" / "dialogue.tar.gz"
    archive.parent.mkdir()
    metadata = b'{"model_id": "served"}'
    with tarfile.open(archive, "w:gz") as model:
        entry = tarfile.TarInfo("metadata.json")
        entry.size = len(metadata)
        model.addfile(entry, io.BytesIO(metadata))
    check_model(settings, "served")
    with pytest.raises(OperationFailed, match="restart"):
        check_model(settings, "an older one")


def a_project(folder: Path) -> Settings:
    settings = SimpleNamespace(content=folder / "content", models=folder / "models")
    settings.content.mkdir()
    settings.models.mkdir()
    (settings.content / "a.yml").write_text("a")
    (settings.models / "manifest.json").write_text('{"dialogue": {"content_sha256": "c", "model_sha256": "d"}}')
    return settings  # type: ignore[return-value]


def test_text_when_some_figures_are_unknown_then_their_rows_are_left_out():
    said = replace(RIGHT, utterance=UTTERANCE)
    text = evaluation_text(evaluation_of(ORIGIN, [WRONG, RIGHT], [said]))
    assert "|  | en | all |" in text
    assert "| held-out requests | 2 | 2 |" in text
    assert "| first intent right | 50.0 % | 50.0 % |" in text
    assert "| time of a parse, p95 | 3.1 ms | 3.1 ms |" in text
    assert "out of scope" not in text
    assert "  1 vehicle -> land_tax" in text
    spoken = text.partition("|  | en typed")[2]
    assert spoken.startswith(" | en spoken | cafe 6 dB |\n")
    assert "| words wrong | - | 25.0 % | 25.0 % |" in spoken
    assert "| real-time factor | - | 0.100 | 0.100 |" in spoken
    assert "| intent and values right | 50.0 % | 100.0 % | 100.0 % |" in spoken
    assert "|  | flite awb |" in spoken


def test_changes_text_when_sentences_changed_sides_then_both_are_listed():
    text = changes_text(Changes((WRONG,), (RIGHT,), (("en", "accuracy", 0.5, 0.75),)))
    assert "  en my car: vehicle -> land_tax" in text
    assert "  en hello: greet" in text
    assert "  en first intent right: 50.0 % -> 75.0 %" in text


def test_files_when_written_then_there_is_one_evaluation_and_pictures_for_each_column(tmp_path: Path):
    typed, said = [WRONG, replace(RIGHT, intent=OUT_OF_SCOPE)], [replace(RIGHT, utterance=UTTERANCE)]
    files = write_files(evaluation_of(ORIGIN, typed, said), tmp_path / "a", tmp_path / "b")
    assert [file.relative_to(tmp_path).as_posix() for file in files] == [
        f"a/{'a' * 12}-{'d' * 8}-spoken.json",
        *(
            f"b/{name}.svg"
            for column in ("en", "all")
            for name in (f"reliability-{column}", f"confusion-{column}", f"reliability-{column}-spoken")
        ),
    ]
    assert all(file.stat().st_size for file in files)

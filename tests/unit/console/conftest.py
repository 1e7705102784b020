"""A whole console on a real database and a real git repository; only the login service is a fake."""

import html
import io
import json
import re
import subprocess
import tarfile
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from shutil import copyfile, copytree
from urllib.parse import urlencode

import httpx
import numpy as np
import pytest
from fastapi import FastAPI

from assistant.adapters.jwt_editor_sessions import JwtEditorSessions
from assistant.adapters.request_meanings import Floats, assign
from assistant.adapters.sql_form_counts import SqlFormCounts
from assistant.adapters.sql_inbox import Grouping, SqlInbox
from assistant.adapters.sql_publishing import SqlPublishing
from assistant.adapters.sql_request_counts import SqlRequestCounts
from assistant.adapters.sql_turn_counts import SqlTurnCounts
from assistant.console.access import COOKIE
from assistant.console.app import create_app
from assistant.console.parts import ConsoleParts
from assistant.console.trainer import Trainer, Wanted
from assistant.content.comparison import Changed, Comparison, to_json
from assistant.content.content_commit import content_commit
from assistant.content.cross_validation import examples_of
from assistant.content.editing.drafts import Drafts
from assistant.content.model_bank import Made, ModelBank
from assistant.content.project import read_content
from assistant.content.pronunciations import CMU_PHONES, Phones, SpokenWord, read_wording
from assistant.content.publish import AskToPublish
from assistant.content.trained_examples import checksum
from assistant.core.audio import ORDINARY, Manner, Pcm
from assistant.core.deadline import Deadline
from assistant.core.editors import Editor, Editors, Role
from assistant.core.errors import TextToSpeechFailed
from assistant.core.identity import Assurance
from assistant.core.inbox import Reason, Unclear
from assistant.core.languages import Language
from assistant.core.ports import Login, Person
from assistant.core.progress import Progress, Report
from assistant.core.turns import Transcript, Word
from assistant.database import SqlDatabase
from assistant.pipeline.speaking import Speak
from assistant.settings import PROJECT

URL = "https://console.example"
SECRET = "the operator's secret, which is long enough"
EDITOR = Editor("EE60001019906", "Mari Maasikas", "mari@example.ee", frozenset({Role.EDITOR}))
ANALYST = Editor("EE38001085718", "Jaan Jaaniste", "jaan@example.ee", frozenset({Role.ANALYST}))
REVIEWER = Editor("EE39001010014", "Rein Raud", "rein@example.ee", frozenset({Role.REVIEWER, Role.PUBLISHER}))
PUBLISHER = Editor("EE47101010033", "Peeter Paju", "peeter@example.ee", frozenset({Role.PUBLISHER, Role.EDITOR}))
GIT = ("git", "-c", "user.name=Test", "-c", "user.email=test@example.ee")


class FakeIdentity:
    """A login service that vouches for whoever the code names."""

    def begin(self, language: Language) -> Login:
        return Login("https://tara.example/?" + urlencode({"state": "a state"}), "a state", "a nonce")

    async def finish(self, code: str, nonce: str) -> Person:
        assert nonce == "a nonce"
        return Person(code, "Somebody", Assurance.SUBSTANTIAL)


class FakeVoice:
    """A voice that makes as many samples as a text has characters."""

    async def speak(self, text: str, language: Language, deadline: Deadline, manner: Manner = ORDINARY) -> Pcm:
        if "unspeakable" in text:
            raise TextToSpeechFailed
        return Pcm(bytes(2 * len(text)), 16_000)

    async def check(self) -> None:
        pass


class FakeWords:
    """A recogniser that lacks one word until an editor says how it is said."""

    phones = CMU_PHONES

    def unheard(self, content: Path) -> tuple[SpokenWord, ...]:
        return self.said(content, "firewood")

    def said(self, content: Path, text: str) -> tuple[SpokenWord, ...]:
        ways = read_wording(content).pronunciations
        return tuple(
            SpokenWord(
                word,
                ("common/nlu.en.yml:7",),
                ways.get(word, (("F", "AY"),)),
                "an editor" if word in ways else "a guess",
            )
            for word in text.split()
        )

    def sound(self, phones: Phones) -> bytes:
        return Pcm(bytes(2 * len(phones)), 16_000).to_wav()


class FakeEars:
    """A recogniser of English and Estonian that hears the letters of the recording, and lacks long words."""

    def languages(self) -> frozenset[Language]:
        return frozenset({Language.EN, Language.ET})

    async def hear(self, recording: bytes, language: Language) -> Transcript:
        words = tuple(Word(each, 0.0, 0.1, 0.9) for each in recording.decode().split())
        return Transcript(" ".join(each.text for each in words), language, words, ("something else",))

    def lacking(self, language: Language, words: Sequence[str]) -> tuple[str, ...]:
        return tuple(word for word in words if len(word) > 16)


def first_words(texts: Sequence[str]) -> Floats:
    """Texts with the same first word mean the same."""
    rows = np.zeros((len(texts), 26), np.float32)
    for row, text in zip(rows, texts, strict=True):
        row[ord(text[0].lower()) - ord("a")] = 1
    return rows


RANKER_FACTS = "components/assistant.engine.components.request_intents.RequestIntents1/facts.json"


def _learned(wanted: Wanted) -> dict[str, object]:
    """What a model keeps of the examples that it was trained with."""
    return {"examples": [checksum(intent, text) for text, _, intent in examples_of(read_content(wanted.content))]}


@dataclass
class FakeTraining:
    """Puts an empty archive into the bank, and finds what `refusals` says; the real one is tried in the browser."""

    bank: ModelBank
    archive: Path
    refusals: tuple[str, ...] = ()
    fails: Exception | None = None
    finds: dict[str, object] = field(default_factory=dict)
    """What else is in the comparison."""
    wanted: Wanted | None = None

    def __call__(self, wanted: Wanted, report: Report) -> Comparison:
        self.wanted = wanted
        report(Progress("check and train", 0, 2, 30.0))
        if self.fails:
            raise self.fails
        self.archive.write_bytes(wanted.note.encode())
        with tarfile.open(self.archive, "w:gz") as archive:
            for name, facts in {"metadata.json": {"model_id": wanted.note}, RANKER_FACTS: _learned(wanted)}.items():
                told = json.dumps(facts).encode()
                entry = tarfile.TarInfo(name)
                entry.size = len(told)
                archive.addfile(entry, io.BytesIO(told))
        commit, is_changed = content_commit(wanted.content)
        made = Made("0" * 64, commit, is_changed, by=wanted.by, note=wanted.note, authors=wanted.authors)
        model = self.bank.add(self.archive, made)
        live = self.bank.live or model
        changed = (Changed("old words", Language.EN, "greet", "greet", "thank", was_right=True, is_right=False),)
        comparison = Comparison(model.version, live.version, {}, {}, changed, (), (), 3, refusals=self.refusals)
        comparison = replace(comparison, **self.finds)  # type: ignore[arg-type]  # a test knows
        kept = self.bank.archive(model.version).with_name("comparison.json")
        kept.write_text(to_json(comparison), encoding="utf-8")
        return comparison


@dataclass(frozen=True)
class Console:
    """What a test holds: the console's parts, and browsers in front of it."""

    app: FastAPI
    inbox: SqlInbox
    training: FakeTraining
    turn_counts: SqlTurnCounts
    request_counts: SqlRequestCounts
    form_counts: SqlFormCounts
    browser: Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]

    @property
    def parts(self) -> ConsoleParts:
        parts: ConsoleParts = self.app.state.parts
        return parts

    def change(self, **parts: object) -> None:
        """Give it other parts."""
        self.app.state.parts = replace(self.parts, **parts)  # type: ignore[arg-type]  # a test knows

    async def asked(self, text: str, person: str = "somebody", reason: Reason = Reason.OUT_OF_SCOPE) -> None:
        """A citizen asks something in vain."""
        await self.inbox.note(Unclear(text, Language.EN, "web", reason, "out_of_scope", 0.4, person))


@pytest.fixture(scope="session")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A part of Kratt's content in a repository of its own."""
    folder = tmp_path_factory.mktemp("console") / "content"
    copytree(PROJECT / "nlu_data" / "common", folder / "common")
    copyfile(PROJECT / "nlu_data" / "config.yml", folder / "config.yml")
    for service in ("document_renew", "pension"):
        copytree(PROJECT / "nlu_data" / "services" / service, folder / "services" / service)
    for words in (("init", "-q", "-b", "main"), ("add", "."), ("commit", "-q", "-m", "As it was")):
        subprocess.run([*GIT, *words], cwd=folder, check=True)
    return folder


@pytest.fixture
def content(repository, tmp_path) -> Path:
    return Path(copytree(repository, tmp_path / "content"))


@pytest.fixture
async def console(content, tmp_path) -> AsyncIterator[Console]:
    database = SqlDatabase(f"sqlite+aiosqlite:///{tmp_path / 'kratt.db'}", "KRATT_DATABASE")
    inbox = SqlInbox(database, SECRET, days=90, grouping=Grouping(first_words, assign))
    await inbox.open()
    bank, publishing = ModelBank(tmp_path / "models"), SqlPublishing(database)
    await publishing.open()
    turn_counts = SqlTurnCounts(database)
    await turn_counts.open()
    request_counts = SqlRequestCounts(database)
    await request_counts.open()
    form_counts = SqlFormCounts(database)
    await form_counts.open()
    trained = FakeTraining(bank, tmp_path / "trained.tar.gz")
    editors = Editors({each.subject: each for each in (EDITOR, ANALYST, PUBLISHER, REVIEWER)})
    parts = ConsoleParts(
        identity=FakeIdentity(),
        editors=lambda: editors,
        sessions=JwtEditorSessions(SECRET),
        public_url=URL,
        inbox=inbox,
        content=content,
        drafts=Drafts(content, tmp_path / "state"),
        trainer=Trainer(trained),
        bank=bank,
        publications=publishing,
        ask_to_publish=AskToPublish(bank, publishing, is_gated=True),
        counted_turns=turn_counts,
        counted_requests=request_counts,
        counted_forms=form_counts,
        speak=Speak(FakeVoice()),
        words=lambda language: FakeWords() if language is Language.EN else None,
        ears=FakeEars(),
    )
    app = create_app(parts)

    @asynccontextmanager
    async def browser(editor: Editor | None = EDITOR) -> AsyncIterator[httpx.AsyncClient]:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=URL) as client:
            if editor:
                client.cookies.set(COOKIE, parts.sessions.issue(editor.subject), "console.example")
            yield client

    yield Console(app, inbox, trained, turn_counts, request_counts, form_counts, browser)
    await database.close()


@pytest.fixture
def write_answer() -> Callable[..., Awaitable[httpx.Response]]:
    async def write(
        browser: httpx.AsyncClient, answer: str, said: dict[str, str], shown: str | None = None
    ) -> httpx.Response:
        """Send the form of an answer as a page shows it, the page as it is now or as it was."""
        shown = shown or (await browser.get(f"/drafts/mine/answers/{answer}")).text
        form = {name: html.unescape(text) for name, text in re.findall(r'name="(seen\.\w\w)" value="([^"]*)"', shown)}
        assert len(form) == len(Language)
        return await browser.post(f"/drafts/mine/answers/{answer}", data=form | said)

    return write

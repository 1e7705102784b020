"""Talking to a draft: the second Kratt's engine and sandbox are fakes here, and real in tests/browser."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import pytest

from assistant.adapters.sql_try_outs import SqlTryOuts
from assistant.adapters.turn_signer import JwtTurnSigner
from assistant.console import try_it
from assistant.console.parts import TryItParts
from assistant.console.tried import Talks, TriedKratt, Uncounted, WatchedDialogue
from assistant.content.conversations import Exchange, read_conversations
from assistant.content.editing.content_files import ContentFiles
from assistant.content.editing.examples import list_examples
from assistant.content.model_bank import Made
from assistant.content.project import read_common_responses
from assistant.content.service_spec import read_services
from assistant.core.deadline import Deadline
from assistant.core.errors import DialogueFailed
from assistant.core.languages import Language
from assistant.core.outcomes import Outcome
from assistant.core.ports import DialogueAnswer, Message, Session
from assistant.core.try_outs import RegisterCall, Stage, TryOut
from assistant.core.turns import Entity, Intent, Transcript, Turn, Understanding
from assistant.pipeline.answer_turn import AnswerTurn
from assistant.pipeline.listen import Listen
from tests.unit.console.conftest import ANALYST, SECRET

pytestmark = pytest.mark.unit

MARY = "EE60001019906"
PENSION = "EE/GOV/70001975/pension"


@dataclass
class FakeSandbox:
    """Registers that are asked once in each turn, and once more when it is over."""

    calls: list[RegisterCall] = field(default_factory=list)
    begun: list[str] = field(default_factory=list)

    def ask(self, path: str) -> None:
        self.calls.append(RegisterCall(len(self.calls) + 1, "GET", PENSION, path, 200))

    async def after(self, number: int) -> tuple[RegisterCall, ...]:
        return tuple(self.calls[number:])

    async def begin_anew(self, person: str) -> None:
        self.begun.append(person)

    async def disturb(self, faults: Mapping[str, str], phones: Mapping[str, str]) -> None:
        raise NotImplementedError


@dataclass
class FakeEngine:
    """Answers every request in the same way, after it has asked a register."""

    sandbox: FakeSandbox
    sessions: list[Session] = field(default_factory=list)

    async def respond(self, turn: Turn, session: Session, turn_context: str, deadline: Deadline) -> DialogueAnswer:
        self.sessions.append(session)
        if turn.text == "break":
            raise DialogueFailed
        self.sandbox.ask(f"/v1/{turn.text.replace(' ', '-')}")
        return DialogueAnswer(
            (Message("You will get 912 euros.", "utter_pension", (), {"service": "pension", "outcome": "answered"}),),
            Understanding((Intent("pension", 0.91), Intent("greet", 0.02)), (Entity("pillar", "second", 0, 3),)),
            actions=("action_pension",),
        )

    async def parse(self, said: str | Transcript, language: Language, deadline: Deadline) -> Understanding:
        return Understanding()

    async def check(self) -> str:
        return "model-1"


@dataclass
class TriedConsole:
    console: object
    store: SqlTryOuts
    sandbox: FakeSandbox
    engine: FakeEngine

    async def get_ready(self) -> TryOut:
        """What the publisher does."""
        now = await self.store.now()
        await self.store.tell(now.number, Stage.READY)
        return now


def fingerprint(content: Path) -> str:
    """Quicker than the real one, which compiles the content."""
    files = sorted((content / "common").iterdir())
    return sha256(b"".join(each.read_bytes() for each in files)).hexdigest()


@pytest.fixture
async def tried(console, content, monkeypatch) -> TriedConsole:
    monkeypatch.setattr(try_it, "fingerprint_of", fingerprint)
    database = console.inbox._database
    store, sandbox = SqlTryOuts(database), FakeSandbox()
    await store.open()
    engine = FakeEngine(sandbox)

    async def attach(_: TryOut) -> TriedKratt:
        dialogue = WatchedDialogue(engine)
        answer_turn = AnswerTurn(
            listen=Listen(None, None),  # type: ignore[arg-type]  # nobody speaks here
            dialogue=dialogue,
            speak=console.parts.speak,
            signer=JwtTurnSigner(SECRET),
            responses=read_common_responses(content),
            turn_seconds=5,
            text_characters=100,
            metrics=Uncounted(),
        )
        return TriedKratt(answer_turn, dialogue, sandbox, {each.service: each for each in read_services(content)})

    console.change(try_it=TryItParts(store, Talks(attach, {MARY: "MARY"})))
    return TriedConsole(console, store, sandbox, engine)


@pytest.fixture
async def browser(tried):
    async with tried.console.browser() as browser:
        await browser.post("/drafts", data={"name": "mine"})
        draft = tried.console.parts.drafts.get("mine")
        archive = tried.console.training.archive
        archive.write_bytes(b"a model")
        tried.console.parts.bank.add(archive, Made(fingerprint(draft.folder)))
        yield browser


async def test_draft_when_talked_to_then_shows_how_each_turn_came_about(browser, tried) -> None:
    assert "Start" in (await browser.get("/drafts/mine/try")).text
    assert (await browser.post("/drafts/mine/try/start")).status_code == 303
    assert "data-again-seconds" in (await browser.get("/drafts/mine/try")).text
    await tried.get_ready()
    await browser.post("/drafts/mine/try/begin", data={"language": "et", "person": MARY})
    assert (await browser.post("/drafts/mine/try/say", data={"text": "kui suur"})).status_code == 303
    tried.sandbox.ask("/v1/after-the-turn")
    text = (await browser.get("/drafts/mine/try")).text
    for shown in (
        *("kui suur", "You will get 912 euros.", "pension 91 %", "greet 2 %", "pillar = second", "→ action_pension"),
        *("utter_pension", f"{PENSION}/v1/kui-suur → 200", "/v1/after-the-turn → 200", "may also ask", "/listen?"),
    ):
        assert shown in text, shown
    assert (tried.engine.sessions[0].subject, tried.sandbox.begun) == (MARY, [MARY])


async def test_turn_when_the_engine_fails_then_the_draft_says_so_in_its_own_words(browser, tried) -> None:
    await browser.post("/drafts/mine/try/start")
    await tried.get_ready()
    await browser.post("/drafts/mine/try/say", data={"text": "break"})
    assert "failed dialogue" in (await browser.get("/drafts/mine/try")).text


async def test_talk_when_begun_anew_or_of_another_try_out_then_nothing_of_the_old_one_is_left(browser, tried) -> None:
    await browser.post("/drafts/mine/try/start")
    await tried.get_ready()
    await browser.post("/drafts/mine/try/say", data={"text": "how much"})
    await browser.post("/drafts/mine/try/begin", data={"language": "en", "person": ""})
    await browser.post("/drafts/mine/try/say", data={"text": "how often"})
    first, second = tried.engine.sessions
    assert (first.dialogue_id != second.dialogue_id, second.subject) == (True, None)
    assert "how much" not in (await browser.get("/drafts/mine/try")).text
    await browser.post("/drafts/mine/try/start")
    await tried.get_ready()
    assert "how often" not in (await browser.get("/drafts/mine/try")).text


async def test_talk_when_the_draft_is_changed_meanwhile_then_says_that_it_is_not_heard(
    browser, tried, write_answer
) -> None:
    await browser.post("/drafts/mine/try/start")
    await tried.get_ready()
    form = {"en": "Good day.", "et": "Tere.", "ru": "Добрый день."}
    await write_answer(browser, "utter_greet", form)
    assert "The draft has changed since" in (await browser.get("/drafts/mine/try")).text
    response = await browser.post("/drafts/mine/try/start")
    assert (response.status_code, "train it first" in response.text) == (422, True)


async def test_draft_when_another_one_is_tried_then_says_whose_and_is_not_answered_by_it(browser, tried) -> None:
    await browser.post("/drafts/mine/try/start")
    await tried.get_ready()
    await browser.post("/drafts", data={"name": "other"})
    text = (await browser.get("/drafts/other/try")).text
    assert "Mari Maasikas tries the draft mine" in text
    assert (await browser.post("/drafts/other/try/say", data={"text": "hello"})).status_code == 422
    assert tried.engine.sessions == []


async def test_talk_when_it_was_good_then_is_saved_as_a_test_and_the_draft_is_no_other_for_it(browser, tried) -> None:
    await browser.post("/drafts/mine/try/start")
    await tried.get_ready()
    await browser.post("/drafts/mine/try/begin", data={"language": "en", "person": MARY})
    await browser.post("/drafts/mine/try/say", data={"text": "shall i be rich"})
    response = await browser.post("/drafts/mine/try/save", data={"name": "riches"})
    assert (response.status_code, response.headers["location"]) == (303, "/drafts/mine")
    draft = tried.console.parts.drafts.get("mine")
    kept = read_conversations(draft.folder)["pension-en: riches"]
    assert (kept.as_, kept.turns) == (
        MARY,
        (Exchange(say="shall i be rich", intent="pension", outcome=Outcome.ANSWERED),),
    )
    assert "The draft has changed since" not in (await browser.get("/drafts/mine/try")).text
    again = await browser.post("/drafts/mine/try/save", data={"name": "riches"})
    assert (again.status_code, "another name" in again.text) == (422, True)


async def test_talk_when_nothing_was_said_or_what_is_taught_then_is_no_test(browser, tried) -> None:
    await browser.post("/drafts/mine/try/start")
    await tried.get_ready()
    refused = await browser.post("/drafts/mine/try/save", data={"name": "nothing"})
    assert (refused.status_code, "say something first" in refused.text) == (422, True)
    draft = tried.console.parts.drafts.get("mine")
    taught = next(
        each.text
        for each in list_examples(ContentFiles(draft.folder), language=Language.EN)
        if each.text.count(" ") > 4
    )
    await browser.post("/drafts/mine/try/say", data={"text": taught})
    refused = await browser.post("/drafts/mine/try/save", data={"name": "known"})
    assert (refused.status_code, "tests nothing" in refused.text) == (422, True)


async def test_sound_when_there_is_too_much_of_it_then_is_refused(browser, tried) -> None:
    await browser.post("/drafts/mine/try/start")
    await tried.get_ready()
    response = await browser.post("/drafts/mine/try/hear", content=bytes(try_it.MOST_SOUND_BYTES + 1))
    assert response.status_code == 413


async def test_page_when_it_wants_the_microphone_then_gets_what_citizens_speak_with_and_nothing_else(browser) -> None:
    assert "class Microphone" in (await browser.get("/page/microphone.js")).text
    assert (await browser.get("/page/main.js")).status_code == 422


@pytest.mark.parametrize(
    ("form", "status"),
    [({"language": "fi"}, 400), ({"language": "en", "person": "EE00000000000"}, 400), ({}, 400)],
)
async def test_talk_when_begun_as_nobody_known_then_is_refused(browser, tried, form, status) -> None:
    await browser.post("/drafts/mine/try/start")
    await tried.get_ready()
    assert (await browser.post("/drafts/mine/try/begin", data=form)).status_code == status


async def test_draft_when_there_is_no_sandbox_then_the_page_says_so_and_nothing_starts(console) -> None:
    async with console.browser() as browser:
        await browser.post("/drafts", data={"name": "mine"})
        assert "never reaches a real register" in (await browser.get("/drafts/mine/try")).text
        for what in ("start", "end", "begin", "say", "hear", "save"):
            response = await browser.post(
                f"/drafts/mine/try/{what}", data={"text": "hello", "language": "en", "name": "x"}
            )
            assert response.status_code == 422, what


async def test_draft_when_somebody_may_only_look_then_they_do_not_talk_to_it(browser, tried) -> None:
    async with tried.console.browser(ANALYST) as analyst:
        assert (await analyst.get("/drafts/mine/try")).status_code == 200
        for what in ("start", "end", "begin", "say", "hear", "save"):
            assert (await analyst.post(f"/drafts/mine/try/{what}", data={"text": "hello"})).status_code == 403, what

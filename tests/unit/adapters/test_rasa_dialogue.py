import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest

from assistant.adapters import rasa_dialogue
from assistant.adapters.rasa_dialogue import RasaDialogue
from assistant.core.deadline import Deadline
from assistant.core.errors import DialogueFailed
from assistant.core.languages import Language
from assistant.core.ports import DialogueAnswer, Message, Session
from assistant.core.turns import Button, Entity, Intent, Transcript, Turn, Understanding, Word

SESSION = Session("conversation-1", "dialogue-1")
pytestmark = pytest.mark.unit

CANARY = "mari maasikas"
TURN = Turn("turn-1", "web", Language.ET, CANARY)
TRANSCRIPT = Transcript(
    "kaua pass", Language.ET, (Word("kaua", 0.0, 0.4, 0.75), Word("pass", 0.4, 0.9, 1.0)), ("kaua paas",)
)
HEARD = {"confidences": [0.75, 1.0], "alternatives": ["kaua paas"]}
ANSWER: dict[str, Any] = {
    "messages": [
        {
            "text": "Milline dokument?",
            "response": "utter_ask_document_type",
            "buttons": [{"title": "Pass", "payload": "passport"}],
            "facts": {"outcome": "answered", "sources": ["PPA"], "act_ms": 12.5},
        },
        {"text": "", "response": "", "buttons": [], "facts": {}},
    ],
    "language": "et",
    "intent_ranking": [{"name": "document_expiry", "confidence": 0.9}, {"name": "greet", "confidence": 0}],
    "entities": [{"name": "document_type", "value": "passport", "start": 0, "end": 4}],
    "awaiting": "document_type",
    "failed_action": False,
    "model": "model-1",
}
UNDERSTANDING = Understanding(
    (Intent("document_expiry", 0.9), Intent("greet", 0.0)), (Entity("document_type", "passport", 0, 4),), Language.ET
)


class FakeEngine:
    """Answers each request by the next of its answers, the last one for ever; keeps what it was asked."""

    def __init__(self) -> None:
        self.answers: list[Callable[[httpx.Request], httpx.Response] | httpx.Response | Exception] = []
        self.asked: list[httpx.Request] = []

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, httpx.Response) else answer(request)


@pytest.fixture
def engine() -> FakeEngine:
    engine = FakeEngine()
    engine.answers = [httpx.Response(200, json=ANSWER)]
    return engine


@pytest.fixture
async def dialogue(engine: FakeEngine, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[RasaDialogue]:
    monkeypatch.setattr(rasa_dialogue, "RECONNECT_PAUSE_SECONDS", 0.0)
    dialogue = RasaDialogue("http://engine.test/", "token-1", "data key", httpx.MockTransport(engine))
    yield dialogue
    await dialogue.close()


async def _respond(dialogue: RasaDialogue, seconds: float = 1.0) -> DialogueAnswer:
    return await dialogue.respond(TURN, SESSION, "signed", Deadline.after(seconds))


async def test_respond_when_engine_answers_then_its_json_becomes_an_answer(dialogue: RasaDialogue) -> None:
    assert await _respond(dialogue) == DialogueAnswer(
        messages=(
            Message(
                "Milline dokument?",
                "utter_ask_document_type",
                (Button("Pass", "passport"),),
                {"outcome": "answered", "sources": ["PPA"], "act_ms": 12.5},
            ),
            Message(""),
        ),
        understanding=UNDERSTANDING,
        awaiting="document_type",
        failed_action=False,
        model="model-1",
    )


async def test_respond_when_asking_then_sends_the_turn_and_the_token(
    dialogue: RasaDialogue, engine: FakeEngine
) -> None:
    await _respond(dialogue)
    [request] = engine.asked
    assert (request.method, str(request.url)) == ("POST", "http://engine.test/webhooks/kratt/turns")
    assert request.headers["authorization"] == "Bearer token-1"
    assert json.loads(request.content) == {
        "dialogue_id": "dialogue-1",
        "owner": "",
        "text": CANARY,
        "language": "et",
        "channel": "web",
        "turn_id": "turn-1",
        "turn_context": "signed",
    }


async def test_respond_when_the_turn_was_spoken_then_sends_how_it_was_heard(
    dialogue: RasaDialogue, engine: FakeEngine
) -> None:
    turn = replace(TURN, text=TRANSCRIPT.text, transcript=TRANSCRIPT)
    await dialogue.respond(turn, SESSION, "signed", Deadline.after(1))
    sent = json.loads(engine.asked[0].content)
    assert (sent["text"], sent["heard"]) == ("kaua pass", HEARD)


async def test_parse_when_words_were_spoken_then_sends_how_they_were_heard(
    dialogue: RasaDialogue, engine: FakeEngine
) -> None:
    assert await dialogue.parse(TRANSCRIPT, Language.ET, Deadline.after(1)) == UNDERSTANDING
    assert json.loads(engine.asked[0].content) == {"text": "kaua pass", "language": "et", "heard": HEARD}


async def test_respond_when_a_newer_engine_adds_fields_then_ignores_them(
    dialogue: RasaDialogue, engine: FakeEngine
) -> None:
    engine.answers = [httpx.Response(200, json={**ANSWER, "mood": "good", "messages": [{"text": "a", "new": 1}]})]
    assert (await _respond(dialogue)).messages == (Message("a"),)


async def test_parse_when_engine_answers_then_is_an_understanding(dialogue: RasaDialogue, engine: FakeEngine) -> None:
    assert await dialogue.parse("kaua pass kehtib", Language.ET, Deadline.after(1)) == UNDERSTANDING
    [request] = engine.asked
    assert (request.method, request.url.path) == ("POST", "/webhooks/kratt/parse")
    assert json.loads(request.content) == {"text": "kaua pass kehtib", "language": "et"}


async def test_check_when_a_model_is_loaded_then_names_it(dialogue: RasaDialogue, engine: FakeEngine) -> None:
    engine.answers = [httpx.Response(200, json={"model": "model-2"})]
    assert await dialogue.check() == "model-2"
    assert (engine.asked[0].method, engine.asked[0].url.path) == ("GET", "/webhooks/kratt/ready")


def _without(key: str) -> dict[str, Any]:
    return {name: value for name, value in ANSWER.items() if name != key}


def _message(**changes: object) -> dict[str, Any]:
    return {**ANSWER, "messages": [{**ANSWER["messages"][0], **changes}]}


WRONG_ANSWERS = [
    pytest.param(httpx.Response(500, json={"code": "dialogue_failed", "message": CANARY}), id="500"),
    pytest.param(httpx.Response(401, json={"code": "not_allowed"}), id="401"),
    pytest.param(httpx.Response(204), id="204"),
    pytest.param(httpx.Response(404, json=ANSWER), id="404 with an answer"),
    pytest.param(httpx.Response(302, headers={"location": "http://elsewhere.test/"}), id="redirect"),
    pytest.param(httpx.Response(200, text="<html>" + CANARY), id="HTML"),
    pytest.param(httpx.Response(200, content=b""), id="nothing"),
    pytest.param(httpx.Response(200, content=b'{"messages": ['), id="half of it"),
    pytest.param(httpx.Response(200, content=b"\xff\xfe"), id="no UTF-8"),
    pytest.param(httpx.Response(200, json=[]), id="a list, as Rasa's own channel"),
    pytest.param(httpx.Response(200, json=None), id="null"),
    *(pytest.param(httpx.Response(200, json=_without(key)), id=f"no {key}") for key in ANSWER),
    pytest.param(httpx.Response(200, json={**ANSWER, "messages": None}), id="messages null"),
    pytest.param(httpx.Response(200, json={**ANSWER, "messages": [CANARY]}), id="message a text"),
    pytest.param(httpx.Response(200, json={**ANSWER, "failed_action": "no"}), id="failed_action a text"),
    pytest.param(httpx.Response(200, json={**ANSWER, "awaiting": 1}), id="awaiting a number"),
    pytest.param(httpx.Response(200, json={**ANSWER, "intent_ranking": [{"name": "a"}]}), id="no confidence"),
    pytest.param(
        httpx.Response(200, json={**ANSWER, "intent_ranking": [{"name": "a", "confidence": "0.9"}]}),
        id="confidence a text",
    ),
    pytest.param(httpx.Response(200, json={**ANSWER, "entities": {"a": CANARY}}), id="entities an object"),
    pytest.param(httpx.Response(200, json=_message(text=5)), id="text a number"),
    pytest.param(httpx.Response(200, json=_message(text=None)), id="text null"),
    pytest.param(httpx.Response(200, json=_message(buttons=[{"title": CANARY}])), id="button without payload"),
    pytest.param(httpx.Response(200, json=_message(facts=[])), id="facts a list"),
]


@pytest.mark.parametrize("answer", WRONG_ANSWERS)
async def test_respond_when_answer_is_wrong_then_fails_without_quoting_it(
    dialogue: RasaDialogue, engine: FakeEngine, answer: httpx.Response
) -> None:
    engine.answers = [answer]
    with pytest.raises(DialogueFailed) as caught:
        await _respond(dialogue)
    assert CANARY not in str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    assert len(engine.asked) == 1


@pytest.mark.parametrize(
    "error",
    [
        httpx.ReadTimeout(CANARY),
        httpx.ReadError(CANARY),
        httpx.WriteError(CANARY),
        httpx.RemoteProtocolError(CANARY),
        httpx.PoolTimeout(CANARY),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_respond_when_the_wire_breaks_after_the_connection_then_asks_only_once(
    dialogue: RasaDialogue, engine: FakeEngine, error: Exception
) -> None:
    engine.answers = [error]
    with pytest.raises(DialogueFailed) as caught:
        await _respond(dialogue)
    assert CANARY not in str(caught.value)
    assert len(engine.asked) == 1


@pytest.mark.parametrize("error", [httpx.ConnectError("x"), httpx.ConnectTimeout("x")], ids=["refused", "no answer"])
async def test_respond_when_connection_fails_once_then_asks_again_and_answers(
    dialogue: RasaDialogue, engine: FakeEngine, error: Exception
) -> None:
    engine.answers = [error, httpx.Response(200, json=ANSWER)]
    assert (await _respond(dialogue)).model == "model-1"
    assert [request.content for request in engine.asked] == [engine.asked[0].content] * 2


async def test_respond_when_connection_fails_twice_then_gives_up(dialogue: RasaDialogue, engine: FakeEngine) -> None:
    engine.answers = [httpx.ConnectError("x")]
    with pytest.raises(DialogueFailed):
        await _respond(dialogue)
    assert len(engine.asked) == 2


async def test_respond_when_engine_is_late_then_fails_at_the_deadline() -> None:
    async def sleep(_: httpx.Request) -> httpx.Response:
        await asyncio.sleep(60)
        raise AssertionError

    dialogue = RasaDialogue("http://engine.test", "t", "k", httpx.MockTransport(sleep))
    with pytest.raises(DialogueFailed):
        await _respond(dialogue, seconds=0.003)
    await dialogue.close()


@pytest.mark.parametrize(
    "answer", [httpx.Response(503, json={"code": "dialogue_failed"}), httpx.Response(200, json={"model": None})]
)
async def test_check_when_no_model_is_loaded_then_fails(
    dialogue: RasaDialogue, engine: FakeEngine, answer: httpx.Response
) -> None:
    engine.answers = [answer]
    with pytest.raises(DialogueFailed):
        await dialogue.check()


async def test_respond_when_somebody_is_logged_in_then_the_engine_learns_a_pseudonym(
    dialogue: RasaDialogue, engine: FakeEngine
) -> None:
    for subject in ("EE60001019906", "EE60001019906", "EE38001085718"):
        await dialogue.respond(TURN, replace(SESSION, subject=subject), "signed", Deadline.after(1))
    mary, again, jaak = (json.loads(request.content)["owner"] for request in engine.asked)
    assert mary == again != jaak
    assert len(mary) == 64
    assert not any(b"60001019906" in request.content for request in engine.asked)


async def test_kept_data_when_asked_for_and_forgotten_then_is_the_owners(
    dialogue: RasaDialogue, engine: FakeEngine
) -> None:
    kept = {"last_turn_epoch_seconds": 1.5, "last_reply": ["Tere"], "values": {}}
    engine.answers = [httpx.Response(200, json={"dialogues": [kept]}), httpx.Response(200, json={"dialogues": 1})]
    assert list(await dialogue.kept_of("EE60001019906")) == [kept]
    assert await dialogue.forget("EE60001019906") == 1
    asked, deleted = engine.asked
    assert (asked.method, deleted.method, asked.url) == ("GET", "DELETE", deleted.url)
    assert "60001019906" not in str(asked.url)

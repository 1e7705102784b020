"""Alexa's requests, signed as Amazon signs them, and what it is answered."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from assistant.core.channels import Channel
from assistant.core.languages import Language
from assistant.core.ports import Counted
from connectors.alexa.responses import MOST_CARD, MOST_SPEECH
from tests.alexa import says
from tests.alexa_gateway import OWN_PAGE, AlexaWorld

pytestmark = pytest.mark.contract

MOST_BYTES = 24 * 1024
LISTENS = {
    "type": "Dialog.ElicitSlot",
    "slotToElicit": "words",
    "updatedIntent": {
        "name": "Words",
        "confirmationStatus": "NONE",
        "slots": {"words": {"name": "words", "confirmationStatus": "NONE"}},
    },
}


@pytest.fixture
async def world() -> AsyncIterator[AlexaWorld]:
    async with AlexaWorld() as world:
        yield world


async def tell(world: AlexaWorld, request_type: str = "IntentRequest", **request: Any) -> dict[str, Any]:
    answer = await world.post(world.amazon.envelope(request_type, **request))
    assert answer.status_code == 200
    assert len(answer.content) <= MOST_BYTES
    body: dict[str, Any] = answer.json()
    assert body["version"] == "1.0"
    return body["response"]


def spoken(response: dict[str, Any]) -> str:
    assert response["outputSpeech"]["type"] == "SSML"
    return response["outputSpeech"]["ssml"]


async def test_opening_when_launched_then_is_greeted_and_listened_to(world: AlexaWorld) -> None:
    response = await tell(world, "LaunchRequest")
    assert spoken(response) == "<speak>You said: hello One.  Two.</speak>"
    assert response["shouldEndSession"] is False
    assert response["reprompt"]["outputSpeech"]["ssml"] == "<speak>One.  Two.</speak>"
    assert response["directives"] == [LISTENS]


async def test_words_when_answered_then_the_session_ends(world: AlexaWorld) -> None:
    response = await tell(world, **says("is the office open", "Words_when"))
    assert "when is the office open" in spoken(response)
    assert response["shouldEndSession"] is True
    assert not {"reprompt", "directives", "card"} & response.keys()


async def test_words_when_the_answer_only_sounds_like_a_question_then_the_session_ends(world: AlexaWorld) -> None:
    response = await tell(world, **says("i wonder"))
    assert spoken(response) == "<speak>Who knows?</speak>"
    assert response["shouldEndSession"] is True


async def test_question_when_asked_back_then_any_words_are_its_answer(world: AlexaWorld) -> None:
    response = await tell(world, **says("office"))
    assert response["reprompt"]["outputSpeech"]["ssml"] == "<speak>Which office?  There are two.</speak>"
    assert (response["shouldEndSession"], response["directives"]) == (False, [LISTENS])
    await tell(world, **says("in tartu"))
    first, second = world.gateway.taken
    assert first[1] == second[1]
    assert [request.said for request, _ in world.gateway.taken] == ["office", "in tartu"]


async def test_turn_when_taken_then_is_that_of_a_speaker_linked_to_nobody(world: AlexaWorld) -> None:
    await tell(world, **says("hello"))
    [(request, session)] = world.gateway.taken
    assert (request.channel, request.language, request.is_read_aloud) == (Channel.SHARED_SPEAKER.value, "en", True)
    assert (session.subject, 0 < request.most_seconds <= 6, request.speak) == (None, True, False)


@pytest.mark.parametrize(
    ("name", "said", "is_open"),
    [
        ("AMAZON.HelpIntent", "help", True),
        ("AMAZON.StopIntent", "stop", False),
        ("AMAZON.CancelIntent", "stop", False),
        ("AMAZON.NavigateHomeIntent", "stop", False),
        ("AMAZON.YesIntent", "yes", False),
        ("AMAZON.NoIntent", "no", False),
        ("AMAZON.RepeatIntent", "repeat", False),
        ("vehicle", "vehicle", False),
    ],
)
async def test_intent_when_it_is_alexas_or_ours_then_is_a_sentence(
    world: AlexaWorld, name: str, said: str, is_open: bool
) -> None:
    response = await tell(world, intent={"name": name, "confirmationStatus": "NONE"})
    assert f"You said: {said}" in spoken(response)
    assert response["shouldEndSession"] is not is_open


@pytest.mark.parametrize("name", ["AMAZON.FallbackIntent", "Words", "SomethingElse"])
async def test_intent_when_it_tells_no_words_then_they_are_asked_for(world: AlexaWorld, name: str) -> None:
    response = await tell(world, intent={"name": name, "slots": {"words": {"name": "words"}}})
    assert "other words" in spoken(response)
    assert response["directives"] == [LISTENS]
    assert world.gateway.taken == []


@pytest.mark.parametrize(
    ("request_type", "fields"),
    [
        ("SessionEndedRequest", {"reason": "USER_INITIATED"}),
        ("SessionEndedRequest", {"reason": "ERROR", "error": {"type": "INVALID_RESPONSE", "message": "x"}}),
        ("System.ExceptionEncountered", {"error": {"type": "INTERNAL_ERROR", "message": "x"}, "cause": {}}),
        ("AlexaSkillEvent.SkillEnabled", {}),
        ("AlexaSkillEvent.SkillDisabled", {"body": {"userInformationPersistenceStatus": "NOT_PERSISTED"}}),
        ("Connections.Response", {"status": {"code": "200"}}),
        ("Anything.New", {}),
    ],
)
async def test_request_when_nobody_listens_then_nothing_is_said(
    world: AlexaWorld, request_type: str, fields: dict[str, Any]
) -> None:
    envelope = world.amazon.envelope(request_type, **fields)
    if request_type.startswith("AlexaSkillEvent"):
        del envelope["session"]
    answer = await world.post(envelope)
    assert (answer.status_code, answer.json()) == (200, {"version": "1.0", "response": {}})
    assert world.gateway.taken == []


@pytest.mark.parametrize(
    ("name", "verdict", "slot"),
    [("Words_when", "MAYBE", "YES"), ("Words", "MAYBE", "YES"), ("vehicle", "YES", "YES"), ("order_pizza", "NO", "NO")],
)
async def test_name_free_request_when_asked_about_then_is_told_if_it_may_be_answered(
    world: AlexaWorld, name: str, verdict: str, slot: str
) -> None:
    intent = {"name": name, "slots": {"words": {"name": "words", "value": "x"}}}
    response = await tell(world, "CanFulfillIntentRequest", intent=intent)
    each = {"words": {"canUnderstand": slot, "canFulfill": slot}}
    assert response == {"canFulfillIntent": {"canFulfill": verdict, "slots": each}}
    assert world.gateway.taken == []


async def test_personal_request_when_asked_then_the_app_shows_the_own_page(world: AlexaWorld) -> None:
    response = await tell(world, **says("asked_login"))
    assert response["card"] == {"type": "Simple", "title": "Kratt", "content": f"Sorry.\n{OWN_PAGE}"}
    assert response["shouldEndSession"] is True


@pytest.mark.parametrize("locale", ["de-DE", "xx", None])
async def test_locale_when_it_is_none_of_ours_then_that_is_said(world: AlexaWorld, locale: str | None) -> None:
    response = await tell(world, locale=locale, **says("hallo"))
    assert response["outputSpeech"]["ssml"].startswith("<speak>")
    assert (response["shouldEndSession"], world.gateway.taken) == (True, [])


async def test_speaker_when_asking_too_often_then_is_told_so() -> None:
    async with AlexaWorld({Counted.TURN_OF_DEVICE: 1}) as world:
        await tell(world, **says("hello"))
        response = await tell(world, **says("hello"))
    assert "You said" not in spoken(response)
    assert len(world.gateway.taken) == 1


async def test_words_when_there_are_too_many_then_that_is_said(world: AlexaWorld) -> None:
    assert "You said" not in spoken(await tell(world, **says("x" * 101)))


@pytest.mark.parametrize("language", list(Language))
async def test_answer_when_long_then_is_cut_to_what_alexa_takes(world: AlexaWorld, language: Language) -> None:
    world.gateway.length = 20_000
    response = await tell(world, **says("ask 🦊" if language is Language.EN else "ask õя"))
    assert len(spoken(response)) <= MOST_SPEECH
    assert len(response.get("card", {}).get("content", "")) <= MOST_CARD


async def test_answer_when_it_takes_long_then_alexa_says_that_it_comes() -> None:
    world = AlexaWorld(hold_on_after=0)
    world.gateway.before = world.amazon.was_told.wait
    async with world:
        await tell(world, **says("hello"))
    told = world.amazon.asked[-1]
    assert (told.method, str(told.url)) == ("POST", "https://api.eu.amazonalexa.com/v1/directives")
    assert told.headers["authorization"] == "Bearer token.of.this-request"
    assert world.amazon.told == [
        {
            "header": {"requestId": "amzn1.echo-api.request.1"},
            "directive": {"type": "VoicePlayer.Speak", "speech": "One moment, please"},
        }
    ]


@pytest.mark.parametrize("failure", [httpx.ConnectError("x"), httpx.Response(403)])
async def test_answer_when_alexa_cannot_be_told_to_wait_then_is_given_all_the_same(failure: Any) -> None:
    world = AlexaWorld(hold_on_after=0)
    world.amazon.failure = failure
    world.gateway.before = world.amazon.was_told.wait
    async with world:
        assert "You said: hello" in spoken(await tell(world, **says("hello")))


async def test_failure_when_it_comes_while_alexa_waits_then_is_told() -> None:
    world = AlexaWorld(hold_on_after=0)
    world.gateway.before = world.amazon.was_told.wait
    async with world:
        assert "You said" not in spoken(await tell(world, **says("\ue000")))


async def test_requests_when_from_two_sessions_then_each_has_a_dialogue(world: AlexaWorld) -> None:
    for session in ("one", "two", "one"):
        envelope = world.amazon.envelope("IntentRequest", **says("hello"))
        envelope["session"]["sessionId"] = session
        await world.post(envelope)
    assert [session.dialogue_id for _, session in world.gateway.taken] == ["dialogue 0", "dialogue 1", "dialogue 0"]


async def test_client_when_the_gateway_stops_then_is_closed(world: AlexaWorld) -> None:
    async with world.app.router.lifespan_context(world.app):
        assert not world.client.is_closed
    assert world.client.is_closed
